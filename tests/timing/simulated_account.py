"""Calls of one account against a server's limiter, event by event on a clock of their own: minutes in milliseconds.

    clients, each with its workers --> slot --> limiter --> answer, a latency later --> client

The clock stands at the next event; nothing is slept, and every run with the same seed is the same.
"""

import heapq
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from campaign.domain.model import Cause, Created, NotSent
from campaign.engine.pacing.circuit_breaker import CircuitBreaker, Pause
from campaign.timing.account_rate import AccountPace, NoSlotYet, Refusal, SlotRange, hand_out, slowed_down
from campaign.timing.pace import interval_of
from tests.timing.limiters import Limiter

EPOCH = 1_796_000_000.0
_WAY_SECONDS = 0.01  # The longest that a call is on its way to the limiter.


class Client(Protocol):
    """What decides when the calls of one run leave."""

    def due(self, now: float) -> float:
        """When to ask again, or to send."""

    def may_send(self, now: float) -> bool:
        """Takes the slot of now, if there is one."""

    def answered(self, *, now: float, sent_at: float, taken: bool, retry_after: float) -> None:
        """Receives an answer."""


@dataclass
class Row:
    """The account's row, shared by its runs."""

    pace: AccountPace = field(default_factory=AccountPace)
    decreases: list[float] = field(default_factory=list)

    def put(self, pace: AccountPace, *, now: float) -> None:
        if pace.found.fresh_after > self.pace.found.fresh_after:
            self.decreases.append(now)
        self.pace = pace


@dataclass
class AccountRun:
    """One run of an account, with the rules of the program: its row, its circuit breaker, its own pace."""

    row: Row
    asked: float
    chance: random.Random
    _next: float = 0.0
    breaker: CircuitBreaker = field(default_factory=lambda: CircuitBreaker(created_before=True))
    _spans: list[SlotRange] = field(default_factory=list)
    _accepted: int = 0

    def due(self, now: float) -> float:
        while True:
            self._spans = [span for span in self._spans if self._slot(span, now) <= span.last + span.step / 2]
            if self._spans:
                return self._slot(self._spans[0], now)
            pace, given = hand_out(
                self.row.pace,
                now=EPOCH + now,
                interval=interval_of(self.asked),
                not_before=EPOCH + self._next,
                accepted=self._accepted,
            )
            self._accepted = 0
            self.row.put(pace, now=now)
            if isinstance(given, NoSlotYet):
                return max(now + 1e-3, given.at - EPOCH)
            self._spans.append(SlotRange(given.first - EPOCH, given.last - EPOCH, given.step))

    def may_send(self, now: float) -> bool:
        if not self._spans or EPOCH + now < self.row.pace.paused_until:
            self._spans.clear()
            return False
        span = self._spans.pop(0)
        if now < span.last - span.step / 2:
            self._spans.insert(0, SlotRange(now + span.step, span.last, span.step))
        self._next = now + max(interval_of(self.asked), 1 / self.row.pace.limit)
        return True

    def answered(self, *, now: float, sent_at: float, taken: bool, retry_after: float) -> None:
        outcome = Created("call") if taken else NotSent(Cause.LIMITED, "429", retry_after or None)
        decision = self.breaker.record(outcome, sent_at=sent_at, now=now, chance=self.chance.random())
        if taken:
            self._accepted += 1
            return
        until = EPOCH + decision.until if isinstance(decision, Pause) else 0.0
        refusal = Refusal(until=until, sent_at=EPOCH + sent_at, too_fast=True, waits=retry_after, why="429")
        self.row.put(slowed_down(self.row.pace, refusal, now=EPOCH + now, accepted=self._accepted), now=now)
        self._accepted = 0

    def _slot(self, span: SlotRange, now: float) -> float:
        return max(now, span.first, self._next)


@dataclass
class Seen:
    """What the server saw: (instant, taken) of each call, in order."""

    calls: list[tuple[float, bool]] = field(default_factory=list)

    def taken_a_second(self, since: float, until: float) -> float:
        """Calls that were taken, a second."""
        return sum(taken for at, taken in self.calls if since <= at < until) / (until - since)

    def refused_part(self, since: float, until: float) -> float:
        """Which part of the answers were 429s."""
        answers = [taken for at, taken in self.calls if since <= at < until]
        return 1 - sum(answers) / len(answers)

    def sent(self) -> list[float]:
        """When the calls left."""
        return [at for at, _ in self.calls]


def simulated(
    clients: Sequence[Client],
    server: Limiter,
    *,
    seconds: float,
    latency: tuple[float, float] = (0.05, 0.05),
    retry_after: float = 0.0,
    seed: int = 1,
    workers: int = 400,
    begin: float = 0.0,
) -> list[Seen]:
    """Lets the clients call for so long; returns what the server saw of each, and of all as the last.

    Args:
        clients: of one account.
        server: its limiter.
        seconds: until when.
        latency: the shortest and the longest time to an answer.
        retry_after: what a refusal says; 0 for nothing.
        seed: of latencies.
        workers: how many calls of a client are on their way at most.
        begin: since when.
    """
    chance, now, order = random.Random(seed), begin, 0
    answers = list[tuple[float, int, int, float, bool]]()
    open_calls, seen = [0] * len(clients), [Seen() for _ in range(len(clients) + 1)]
    while now < seconds:
        free = [(clients[one].due(now), one) for one in range(len(clients)) if open_calls[one] < workers]
        at, one = min(free, default=(float("inf"), 0))
        if answers and answers[0][0] <= at:
            now, _, one, sent_at, taken = heapq.heappop(answers)
            open_calls[one] -= 1
            clients[one].answered(now=now, sent_at=sent_at, taken=taken, retry_after=0.0 if taken else retry_after)
            continue
        now = at
        if not clients[one].may_send(now):
            continue
        way = chance.uniform(0.0, _WAY_SECONDS)
        taken, order = server.takes(now + way), order + 1
        seen[one].calls.append((now, taken))
        seen[-1].calls.append((now, taken))
        open_calls[one] += 1
        heapq.heappush(answers, (now + max(way, chance.uniform(*latency)), order, one, now, taken))
    return seen
