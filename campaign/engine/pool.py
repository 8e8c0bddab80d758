"""Pool: concurrent workers at one pace; each row goes through pace, claim, send, settle, in that order.

    waiting rows --> worker: slot, in order --> claim (on disk) --> POST --> settle (handed over)
                                                                                   `--> books: on disk --> events

A row is claimed only by the worker that sends it next, so a crash leaves at most `max_in_flight` rows unknown: the
ledger commits in the order in which it is asked, so a worker's last ending is on the disk when its next claim is. From
the claim to its ending a worker is shielded: neither a stop nor another worker's error can separate a call from its
record. A stop only keeps new rows from being claimed.
"""

import random
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, NamedTuple

import anyio
import anyio.lowlevel
from anyio.streams.memory import MemoryObjectSendStream

from campaign.aicaller.wire.loop_clock import loop_clock
from campaign.domain.errors import LedgerError
from campaign.domain.model import Attempt, Cause, ClaimRefused, Created, NotSent, Outcome, RowState, Settled, Unknown
from campaign.domain.stop import Stop, StopCode
from campaign.domain.system_errors.foreign_errors import told
from campaign.engine.pacing.circuit_breaker import CircuitBreaker, Decision, GoOn, Pause, with_cure
from campaign.engine.pacing.clock_guard import ClockGuard
from campaign.engine.pacing.rate_limiter import RateLimiter
from campaign.engine.queue.ports import CallClient, LedgerPort, NotYet, QueuePort, UntimedQueue
from campaign.timing.backoff import backoff, retries_exhausted

_SURPLUS_WAITS_SECONDS = 0.05
_WAITS = RowState.RETRY_WAIT  # For an ending after which no row waits, so that it says nothing.

# A machine that slept wakes up in the middle of a wait, and its clock of seconds may not have gone on meanwhile.
_LONGEST_WAIT_SECONDS = 30.0
_SHORTEST_WAIT_SECONDS = 0.001
# A stop may come so late; listening for it takes almost three times a plain sleep's processor time.
_SLEPT_THROUGH_SECONDS = 0.1


class _PendingEnding(NamedTuple):
    """An ending that the ledger has accepted, and has still to confirm."""

    attempt: Attempt
    outcome: Outcome
    confirmed: Coroutine[Any, Any, Outcome]


class Pool:
    """Dials the waiting rows of one run.

    Attributes:
        stopped: why the pool stopped itself, or None.
    """

    def __init__(  # noqa: PLR0913 - the parts that meet here
        self,
        *,
        ledger: LedgerPort,
        client: CallClient,
        rate_limiter: RateLimiter,
        circuit_breaker: CircuitBreaker,
        max_in_flight: int,
        stop: anyio.Event,
        now: Callable[[], datetime],
        clock_guard: ClockGuard | None = None,
        chance: Callable[[], float] = random.random,
        queue: QueuePort | None = None,
    ) -> None:
        """Made in the event loop that runs it.

        `stop` ends the run from outside; `now` is the wall clock, aware, which a sleeping machine moves; `clock_guard`
        compares it with AICaller's; `queue` says which row may be sent at a moment, None for any at any time.
        """
        self.stopped: Stop | None = None
        self._ledger, self._client, self._rate_limiter, self._circuit_breaker = (
            ledger,
            client,
            rate_limiter,
            circuit_breaker,
        )
        self._max_in_flight, self._stop, self._now, self._chance = max_in_flight, stop, now, chance
        self._clock_guard = clock_guard
        self._working = self._sending = 0
        self._hire: Callable[[], object] = lambda: None
        self._queue, self._asking = queue or UntimedQueue(), anyio.Lock()
        self._clock = loop_clock()
        self._pending_endings, self._more = deque[_PendingEnding](), anyio.Event()
        self._workers_done = False
        self._bug: BaseException | None = None

    async def run(self, waiting: Iterator[Attempt | NotYet], *, events: MemoryObjectSendStream[Settled]) -> None:
        """Dials until no row waits, or the pool stops; returns when no call is in flight any more.

        Args:
            waiting: the rows, taken one at a time as workers come free; or when to ask for one again.
            events: gets every ending; give it room, since nothing may block a worker.
        """
        async with events, anyio.create_task_group() as books:
            books.start_soon(self._publish_endings, events)
            try:
                async with anyio.create_task_group() as workers:
                    self._hire = lambda: workers.start_soon(self._work, waiting, events)
                    self._working = 0
                    self._fill_up()
            finally:
                self._workers_done = True
                self._more.set()
        if self._bug is not None:
            raise self._bug

    def allow(self, max_in_flight: int) -> None:
        """Sets the maximum number of calls in flight; call it in the pool's event loop, before or during `run`."""
        self._max_in_flight = max_in_flight
        # Without workers the pool has not begun, or has come to its end.
        if self._working:
            self._fill_up()

    def stop_for(self, reason: Stop) -> None:
        """Stops the pool for a reason that shows outside of it; call it in the pool's event loop."""
        self._apply(reason)

    def _fill_up(self) -> None:
        while self._working < self._max_in_flight:
            self._working += 1
            self._hire()

    async def _publish_endings(self, events: MemoryObjectSendStream[Settled]) -> None:
        """Receives the ledger's confirmation of each ending, in order, and publishes it."""
        with anyio.CancelScope(shield=True):
            while self._pending_endings or not self._workers_done:
                if not self._pending_endings:
                    self._more = anyio.Event()
                    await self._more.wait()
                    continue
                attempt, outcome, confirmed = self._pending_endings.popleft()
                with self._stop_on_error():
                    stands = await confirmed
                    if isinstance(outcome, Created) and isinstance(stands, Unknown):
                        self._apply(self._circuit_breaker.record_repeated_id(stands))
                    self._settled(Settled(attempt, stands), events)

    async def _work(self, waiting: Iterator[Attempt | NotYet], events: MemoryObjectSendStream[Settled]) -> None:
        with self._stop_on_error():
            while not self._is_one_too_many() and (attempt := next(waiting, None)) is not None:
                if isinstance(attempt, NotYet) and (attempt := await self._next_in_time(waiting)) is None:
                    break
                await self._send_until_settled(attempt, events)
        self._working -= 1

    async def _next_in_time(self, waiting: Iterator[Attempt | NotYet]) -> Attempt | None:
        """Waits until a row may be sent; None when none is left, or the pool stops."""
        # One worker waits for the clock, the others for that worker.
        async with self._asking:
            while not self._is_stopping():
                found = next(waiting, None)
                if not isinstance(found, NotYet):
                    return found
                wait = (found.until - self._now()).total_seconds()
                idle = not self._sending
                with anyio.move_on_after(min(max(wait, _SHORTEST_WAIT_SECONDS), _LONGEST_WAIT_SECONDS)):
                    await self._stop.wait()
                if idle and not self._sending:
                    # A machine that slept while nobody was to be called has missed nothing: rows go by the wall clock,
                    # and the clock guard asks AICaller what the time is before the next one.
                    self._circuit_breaker.forget_clocks()
        return None

    @contextmanager
    def _stop_on_error(self) -> Iterator[None]:
        """Turns an exception into a stop of the run: none may cancel another worker's call."""
        try:
            yield
        except LedgerError as error:
            self._apply(Stop(StopCode.TROUBLE, str(error)))
        except (KeyboardInterrupt, SystemExit, GeneratorExit, anyio.get_cancelled_exc_class()):
            raise
        except BaseException as error:  # noqa: BLE001 - it must not cancel the workers; raised when they are done
            self._bug = self._bug or error
            self._apply(Stop(StopCode.TROUBLE, f"a fault of this program: {told(error)}"))

    async def _send_until_settled(self, attempt: Attempt, events: MemoryObjectSendStream[Settled]) -> None:
        """Sends a row until it has an ending, or the pool stops."""
        tries, failing_since = 0, 0.0
        while await self._slot_came():
            fresh = self._queue.next_to_send(attempt)
            if isinstance(fresh, NotYet):
                return
            # Another row may have taken the place of one that may not be called for now.
            tries = tries if fresh.row_id == attempt.row_id else 0
            attempt = fresh
            # The danger is here: what happens between claim and settle happens to a person's phone.
            with anyio.CancelScope(shield=True):
                attempt = attempt._replace(claimed_at=self._now())
                self._sending += 1
                outcome = await self._attempt(attempt)
                self._sending -= 1
            if isinstance(outcome, ClaimRefused):
                self._settled(Settled(attempt, outcome), events)
            if not isinstance(outcome, NotSent):
                return
            attempt = attempt._replace(number=attempt.number + 1)
            if outcome.cause is Cause.STOPPED:
                continue
            attempt = attempt._replace(waiting_as=RowState.RETRY_WAIT)
            # Counted from the first failure: waiting for a slot, however long, is no trouble.
            failing_since = failing_since if tries else self._clock()
            tries += 1
            if retries_exhausted(tries, trying_for=self._clock() - failing_since):
                self._apply(Stop(StopCode.TROUBLE, with_cure(outcome, f"given up after {tries} tries of one row")))
            if outcome.cause is Cause.LIMITED and not outcome.retry_after:
                # Others may go on, at the pace that is found: this row's worker alone waits.
                with anyio.move_on_after(backoff(tries, chance=self._chance())):
                    await self._stop.wait()

    async def _attempt(self, attempt: Attempt) -> Outcome | ClaimRefused:
        claimed_at = self._clock()
        refused = await self._ledger.claim(attempt)
        if refused is not None:
            return refused
        if self._is_stopping() or self._rate_limiter.is_held() or not self._queue.may_still_send(attempt):
            # No byte has left yet: the claim can still be withdrawn.
            outcome: Outcome = NotSent(cause=Cause.STOPPED, reason="put back: the run was stopping or pausing")
            self._record(attempt, outcome, wait_as=attempt.waiting_as)
            return outcome
        outcome = self._circuit_breaker.as_seen(await self._send(attempt))
        self._record(attempt, outcome, wait_as=outcome.wait_as if isinstance(outcome, NotSent) else _WAITS)
        now = self._clock()
        decision = self._circuit_breaker.record(outcome, sent_at=claimed_at, now=now, chance=self._chance())
        self._apply(decision)
        if isinstance(outcome, NotSent):
            self._rate_limiter.record(outcome, decision, sent_at=attempt.claimed_at or self._now())
        elif not isinstance(outcome, Unknown):
            self._rate_limiter.count_accepted()
        return outcome

    async def _send(self, attempt: Attempt) -> Outcome:
        try:
            return await self._client.send(attempt)
        except GeneratorExit:
            raise  # The event loop itself is going away: nothing can be awaited any more.
        except BaseException as error:
            outcome = Unknown(reason=f"the answer was lost ({type(error).__name__})")
            if isinstance(error, KeyboardInterrupt | SystemExit | anyio.get_cancelled_exc_class()):
                # It is raised again, but the call may have been made, and that is written first.
                self._record(attempt, outcome, wait_as=_WAITS)
                raise
            return outcome

    def _record(self, attempt: Attempt, outcome: Outcome, *, wait_as: RowState) -> None:
        """Gives an ending to the ledger without waiting for the disk: the next claim does that."""
        confirmed = self._ledger.settle(attempt, outcome, wait_as=wait_as)
        self._pending_endings.append(_PendingEnding(attempt, outcome, confirmed))
        self._more.set()

    def _settled(self, settled: Settled, events: MemoryObjectSendStream[Settled]) -> None:
        """Tells the queue, which depends on it, and the listener."""
        self._queue.settled(settled)
        # Without a listener nothing is lost: the ledger has it.
        with suppress(anyio.BrokenResourceError, anyio.WouldBlock):
            events.send_nowait(settled)

    async def _slot_came(self) -> bool:
        """Waits for this worker's slot; False when the pool stopped before it came."""
        while not self._is_stopping():
            wait = await self._rate_limiter.slot() - self._clock()
            # Timers keep no less than a millisecond, and a worker of a burst would wait for longer than its slot is
            # away. To be early by less is within the pace's guard, which has to bear the commits' jitter as well.
            if wait > _SLEPT_THROUGH_SECONDS:
                with anyio.move_on_after(wait):
                    await self._stop.wait()
            elif wait > _SHORTEST_WAIT_SECONDS:
                await anyio.sleep(wait)
            # A slot that is due costs no turn of the event loop; it is still the place where a cancelled run ends, and
            # the last one: what cancels it may have come together with the slot.
            await anyio.lowlevel.checkpoint_if_cancelled()
            self._apply(self._circuit_breaker.checks_clocks(wall=self._now().timestamp(), monotonic=self._clock()))
            self._apply(self._rate_limiter.check())
            self._apply(GoOn() if self._clock_guard is None else self._clock_guard.check())
            if not self._rate_limiter.is_held():
                if self._sending < self._allowed_at_once():
                    break
                # Fewer may be on their way than there are workers: a surplus one has a row to see through, and waits.
                await anyio.sleep(_SURPLUS_WAITS_SECONDS)
        return not self._is_stopping()

    def _allowed_at_once(self) -> int:
        return self._max_in_flight if self._clock_guard is None else self._clock_guard.at_most(self._max_in_flight)

    def _apply(self, decision: Decision) -> None:
        if isinstance(decision, GoOn):
            return
        match decision:
            case Pause():
                self._rate_limiter.pause(decision.until)
            case Stop():
                self.stopped = self.stopped or decision
                self._stop.set()

    def _is_stopping(self) -> bool:
        return self._stop.is_set()

    def _is_one_too_many(self) -> bool:
        return self._is_stopping() or self._working > self._max_in_flight
