"""Rate limiter: gives each of the pool's workers, in order, the instant at which its next call may leave.

    workers --> queue --> [ own pace | spans of the account's slots, asked for ahead | pause ] --> instant

A run has a pace of its own, and takes its slots from those of its account, which other processes share. Spans are asked
for a quarter of a second before they are needed, so that no worker waits for the disk while slots are left. While other
runs call as well, only slots for workers that wait are asked for.
"""

from collections import deque
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol

import anyio
from anyio.streams.memory import MemoryObjectSendStream

from campaign.aicaller.wire.loop_clock import loop_clock
from campaign.domain.model import Cause, NotSent
from campaign.domain.stop import Stop, StopCode
from campaign.engine.pacing.circuit_breaker import LONGEST_WAIT_SECONDS, Decision, GoOn, Pause
from campaign.timing.account_rate import AccountPace, Demand, NoSlotYet, Refusal, SlotRange
from campaign.timing.pace import PaceChange, Pacer, found_in_words, interval_of, rate_in_words

LEAD_SECONDS = 0.25
LOOK_UP_SECONDS = 0.5
"""A worker that waits long looks up now and then: the pace may have been changed meanwhile."""
# Spans that follow each other in the ledger do so here, however the two clocks drift; beyond that one was set.
_DRIFT_SECONDS = 0.1
_SAME_SECONDS = 1e-5
_OTHERS_COUNT_SECONDS = 10.0
_LATE_SECONDS = 0.01
"""By so much a run's few slots may be late among others', for the commit that they come from: of one second's calls no
more than a hundredth stray into the next, which the pace's guard bears."""
_SHORTEST_AHEAD_SECONDS, _LONGEST_AHEAD_SECONDS, _AHEAD_FALLS = 0.002, 0.25, 0.8
"""So long after the last sign of another run a run goes by it: the other's calls may take their time."""
# The wall clock is read in microseconds, and by others at another moment: a pause ends rather late than early.
_HOLD_GUARD_SECONDS = 0.01
_LONGER_SECONDS = 1.0
_SHORTEST_TOLD_SECONDS = 0.75
_LESS_WORTH_TELLING, _MORE_WORTH_TELLING = 0.8, 1.5
"""Parts of the rate that was told last, which are told: a probe above a limit, and its end, are not."""
_LONGEST_PAUSE_SECONDS = LONGEST_WAIT_SECONDS + 60.0
_ASKS_FOR_TIME = (Cause.LIMITED, Cause.UNAVAILABLE)


class PendingSpan(Protocol):
    """A requested span of slots that the ledger has not returned yet."""

    @property
    def done(self) -> bool:
        """Whether awaiting it returns at once."""

    def result(self) -> SlotRange | NoSlotYet:
        """The span, in seconds of the wall clock; raises LedgerError."""

    def __await__(self) -> Generator[Any, Any, SlotRange | NoSlotYet]:
        """Waits for it."""


class AccountPort(Protocol):
    """Port to the ledger's row that all runs of the account share."""

    @property
    def seen(self) -> AccountPace:
        """The row as it was last read."""

    def hand_out(
        self, *, interval: float, not_before: float, accepted: int = 0, demand: Demand | None = None
    ) -> PendingSpan:
        """Requests a span, and reports accepted calls; raises LedgerError, at once or when it is awaited."""

    def slow_down(self, refusal: Refusal, *, accepted: int = 0) -> None:
        """Makes all runs of the account pause, and go slower; reports accepted calls."""


class RateLimiter:
    """Rate limiter of one run; created and used in the pool's event loop."""

    def __init__(
        self,
        account: AccountPort,
        *,
        calls_per_second: float,
        stop: anyio.Event,
        now: Callable[[], datetime],
        changes: MemoryObjectSendStream[PaceChange] | None = None,
        look_up_seconds: float = LOOK_UP_SECONDS,
    ) -> None:
        """A rate limiter of one run.

        Args:
            account: the row that all runs of the account share.
            calls_per_second: the run's own pace.
            stop: ends all waiting.
            now: the wall clock, aware.
            changes: gets a line for each change of pace.
            look_up_seconds: the longest wait before a changed pace is noticed.
        """
        self._account, self._stop, self._now, self._changes = account, stop, now, changes
        self._clock, self._look_up_seconds = loop_clock(), look_up_seconds
        self._asked_for, self._pacer = calls_per_second, Pacer(calls_per_second)
        self._queue = anyio.Lock(fast_acquire=True)
        self._spans, self._until, self._until_wall = deque[SlotRange](), float("-inf"), float("-inf")
        self._coming: PendingSpan | None = None
        self._come_at = self._paused_until = self._shared_until = float("-inf")
        self._last_given, self._ahead, self._is_fresh = 0.0, 0.0, False
        self._known = AccountPace()
        self._accepted, self._told = 0, calls_per_second

    @property
    def calls_per_second(self) -> float:
        """The pace of this run as it is now: what was asked for, or what the server was found to take."""
        return min(self._asked_for, self._known.limit)

    async def slot(self) -> float:
        """The instant (pool's clock), soon, at which a call may leave; no other call gets it. Ends early at a stop.

        Raises:
            LedgerError: the ledger cannot say.
        """
        if not self._queue.locked() and (slot := self._take()) is not None:
            return slot
        async with self._queue:
            while not self._stop.is_set() and isinstance(self.check(), GoOn):
                if (slot := self._take()) is not None:
                    return slot
                await self._wait_for_more()
        return self._clock()

    def pause(self, until: float) -> None:
        """No worker sends before that instant of the pool's clock."""
        self._paused_until = max(self._paused_until, until)
        self._pacer.pause(until)

    def is_held(self) -> bool:
        """Whether a pause is on, as far as this process knows."""
        self.learn(self._account.seen)
        return self._clock() < self._paused_until

    def check(self) -> Decision:
        """Stops a run that would wait for too long because another run was told to pause."""
        if self._paused_until - self._clock() <= _LONGEST_PAUSE_SECONDS:
            return GoOn()
        until = datetime.fromtimestamp(self._known.paused_until, UTC).isoformat(timespec="seconds")
        return Stop(
            StopCode.TROUBLE, f"all runs of this account wait until {until} ({self._known.why}); go on after that"
        )

    def record(self, outcome: NotSent, decision: Decision, *, sent_at: datetime) -> None:
        """Records for all runs of the account that the server asks for time; a problem of this run alone is not shared.

        Args:
            outcome: what kept a call from being accepted.
            decision: what the circuit breaker makes of it.
            sent_at: when that call was claimed.
        """
        if outcome.cause not in _ASKS_FOR_TIME:
            return
        wait = max(decision.until - self._clock() if isinstance(decision, Pause) else 0.0, outcome.retry_after or 0.0)
        self._account.slow_down(
            Refusal(
                until=self._now().timestamp() + wait + _HOLD_GUARD_SECONDS if wait else 0.0,
                sent_at=sent_at.timestamp(),
                too_fast=outcome.cause is Cause.LIMITED,
                waits=outcome.retry_after or 0.0,
                why=outcome.reason,
            ),
            accepted=self._counted(),
        )

    def count_accepted(self) -> None:
        """Counts a call that the server did not refuse for its pace."""
        self._accepted += 1

    def change(self, calls_per_second: float) -> None:
        """Changes this run's pace, from the next slot on."""
        self._asked_for = self._told = calls_per_second
        self._pacer.change(calls_per_second, limit=self._known.limit)
        # A worker that was told to ask again later may ask sooner now.
        self._come_at = float("-inf")

    def learn(self, pace: AccountPace) -> None:
        """Receives the current state of the account's row."""
        known = self._known
        if pace.revision <= known.revision:
            return
        self._known = pace
        until = self._clock() + pace.paused_until - self._now().timestamp()
        if pace.paused_until > known.paused_until:
            self.pause(until)
        if pace.limit != known.limit:
            self._pacer.change(self._asked_for, limit=pace.limit)
        self._tell(known, pace, wait=until - self._clock())

    def _take(self) -> float | None:
        self.learn(self._account.seen)
        self._collect()
        now = self._clock()
        earliest = self._pacer.earliest(now)
        while self._spans:
            span = self._spans[0]
            slot = max(earliest, span.first)
            # A slot that was missed by less than half of its distance to the next one is still no other call's.
            if slot <= span.last + span.step / 2:
                self._pacer.take(slot)
                self._use_up(span, slot)
                if now >= self._asks_at(now):
                    self._ask(now, waiting=self._queue.statistics().tasks_waiting)
                return slot
            self._spans.popleft()
            if self._is_fresh and span.shared:
                # All of them were over when the ledger answered.
                self._ahead = min(max(2 * self._ahead, _SHORTEST_AHEAD_SECONDS), _LONGEST_AHEAD_SECONDS)
        return None

    def _use_up(self, span: SlotRange, slot: float) -> None:
        if self._is_fresh:
            self._is_fresh, self._ahead = False, _AHEAD_FALLS * self._ahead
        if slot < span.last - span.step / 2:
            self._spans[0] = replace(span, first=slot + span.step)
        else:
            self._spans.popleft()

    def _collect(self) -> None:
        if self._coming is None or not self._coming.done:
            return
        given, ahead = self._coming.result(), self._clock() - self._now().timestamp()
        self._coming = None
        if isinstance(given, NoSlotYet):
            self._come_at = given.at + ahead
            return
        first = given.first + ahead
        if abs(given.first - self._until_wall) < _SAME_SECONDS and abs(first - self._until) < _DRIFT_SECONDS:
            first = self._until
        self._last_given = given.last
        if given.shared:
            self._shared_until = self._clock() + _OTHERS_COUNT_SECONDS
        last = first + given.last - given.first
        self._until, self._until_wall = last + given.step, given.last + given.step
        self._is_fresh = not self._spans
        late = min(max(0.0, self._clock() - first), _LATE_SECONDS) if given.shared and self._is_fresh else 0.0
        self._spans.append(replace(given, first=first + late, last=last + late))

    async def _wait_for_more(self) -> None:
        now = self._clock()
        if self._coming is not None:
            await self._coming
        elif (wait := self._asks_at(now) - now) <= 0:
            self._ask(now, waiting=self._queue.statistics().tasks_waiting + 1)
        else:
            with anyio.move_on_after(min(wait, self._look_up_seconds)):
                await self._stop.wait()

    def _asks_at(self, now: float) -> float:
        """When to request the next span: shortly before it is needed, and not while one is pending."""
        if self._coming is not None:
            return float("inf")
        return max(self._needed_at(now) - LEAD_SECONDS, self._come_at)

    def _needed_at(self, now: float) -> float:
        earliest = self._pacer.earliest(now)
        return max(earliest, self._until) if self._spans else earliest

    def _ask(self, now: float, *, waiting: int) -> None:
        """Requests the next span, for so many workers; for none only while no other run could use it."""
        alone = now >= self._shared_until
        waiting -= sum(round((span.last - span.first) / span.step) + 1 for span in self._spans)
        if waiting <= 0 and not alone:
            return
        needed_at = self._needed_at(now)
        if not alone:
            # The few slots that are for who waits now must not be over when the ledger answers.
            needed_at = max(needed_at, now + self._ahead)
        not_before = needed_at - now + self._now().timestamp()
        self._coming = self._account.hand_out(
            interval=interval_of(self._asked_for),
            not_before=not_before,
            accepted=self._counted(),
            demand=Demand(max(1, waiting), last=self._last_given if alone else None),
        )

    def _counted(self) -> int:
        accepted, self._accepted = self._accepted, 0
        return accepted

    def _tell(self, known: AccountPace, pace: AccountPace, *, wait: float) -> None:
        # Answers that come together each move the end of one pause a little: that is one change.
        pauses = wait >= _SHORTEST_TOLD_SECONDS and pace.paused_until > known.paused_until + _LONGER_SECONDS
        rate = self.calls_per_second
        # The rate rises a little with every span, and falls back: small steps are not news.
        changed = (
            not _LESS_WORTH_TELLING < rate / self._told < _MORE_WORTH_TELLING or rate == self._asked_for != self._told
        )
        if not pauses and not changed:
            return
        slower, self._told = rate < self._told, rate
        words = rate_in_words(rate) if rate == self._asked_for else found_in_words(rate)
        share = f"{words}, {rate / self._asked_for:.0%} of what was asked for"
        if pauses:
            then = f", then {share}" if rate < self._asked_for else ""
            self._say(f"no calls for {wait:.0f} s{then}: {pace.why}")
        else:
            self._say(f"{share}: {pace.why if slower else 'AICaller takes more than it did'}")

    def _say(self, text: str) -> None:
        if self._changes is not None:
            # The stream has room for all of it; but its reader may have gone, and so may the pool.
            with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
                self._changes.send_nowait(PaceChange(f"pace: {text}"))
