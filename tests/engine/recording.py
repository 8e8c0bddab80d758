"""A ledger and a client that only write down what was asked of them, and when; and a pool between them."""

from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from campaign.domain.errors import LedgerError
from campaign.domain.model import Attempt, ClaimRefused, Created, Outcome, RowState, Settled
from campaign.domain.skip_reason import CalledRecentlyBy
from campaign.engine.pacing.circuit_breaker import CircuitBreaker
from campaign.engine.pacing.clock_guard import ClockGuard
from campaign.engine.pacing.rate_limiter import AccountPort, RateLimiter
from campaign.engine.pool import Pool
from campaign.engine.queue.ports import QueuePort
from campaign.timing.account_rate import AccountPace
from campaign.timing.pace import PaceChange
from tests.engine.account import Account

BEGIN = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


class Event(NamedTuple):
    at: float
    what: str
    row: int
    number: int
    outcome: Outcome | None = None
    wait_as: RowState | None = None


class _Unwritten(NamedTuple):
    at: float
    attempt: Attempt
    outcome: Outcome
    wait_as: RowState


@dataclass
class Recorder:
    """Both ports in one, so that the order of events is one list.

    Attributes:
        answers: what the client says to a row's attempt; it may raise.
        call_takes: seconds of one call, by row.
        claim_takes: seconds of one claim, by row; `settle_takes` likewise.
        claim_fails: rows whose claim raises; `settle_fails` likewise.
        recently: rows that were called by another run.
    """

    answers: Callable[[Attempt], Outcome] = lambda attempt: Created(f"call-{attempt.row_id}")
    call_takes: Callable[[int], float] = lambda _: 0.2
    claim_takes: Callable[[int], float] = lambda _: 0.0
    settle_takes: Callable[[int], float] = lambda _: 0.0
    claim_fails: frozenset[int] = frozenset()
    settle_fails: frozenset[int] = frozenset()
    recently: frozenset[int] = frozenset()
    events: list[Event] = field(default_factory=list)
    _unwritten: list[_Unwritten] = field(default_factory=list)
    _noted: anyio.Event | None = None

    async def claim(self, attempt: Attempt) -> ClaimRefused | None:
        self._note("asked", attempt)
        await anyio.sleep(self.claim_takes(attempt.row_id))
        # What was handed over before is written before, as the ledger does it.
        await anyio.sleep_until(self._unwritten[-1].at if self._unwritten else 0.0)
        self._write()
        if attempt.row_id in self.claim_fails:
            raise LedgerError("the disk is full")
        if attempt.row_id in self.recently:
            return ClaimRefused(CalledRecentlyBy("2026-12-01T09:00:00.000Z", "another", row=2))
        self._note("claim", attempt)
        return None

    def settle(
        self, attempt: Attempt, outcome: Outcome, *, wait_as: RowState = RowState.RETRY_WAIT
    ) -> Coroutine[Any, Any, Outcome]:
        at = anyio.current_time() + self.settle_takes(attempt.row_id)
        last = self._unwritten[-1].at if self._unwritten else 0.0
        self._unwritten.append(_Unwritten(max(at, last), attempt, outcome, wait_as))
        return self._confirmed(attempt, outcome, at=max(at, last))

    async def _confirmed(self, attempt: Attempt, outcome: Outcome, *, at: float) -> Outcome:
        await anyio.sleep_until(at)
        self._write()
        if attempt.row_id in self.settle_fails:
            raise LedgerError("the disk is full")
        return outcome

    def _write(self) -> None:
        while self._unwritten and self._unwritten[0].at <= anyio.current_time():
            _, attempt, outcome, wait_as = self._unwritten.pop(0)
            if attempt.row_id in self.settle_fails:
                self._note("settle failed", attempt)
            else:
                self._note("settle", attempt, outcome=outcome, wait_as=wait_as)

    async def send(self, attempt: Attempt) -> Outcome:
        self._note("send", attempt)
        await anyio.sleep(self.call_takes(attempt.row_id))
        return self.answers(attempt)

    async def until(self, number: int, what: str) -> None:
        """Waits for so many events of that kind."""
        while len(self.rows(what)) < number:
            self._noted = anyio.Event()
            await self._noted.wait()

    def times(self, what: str) -> list[float]:
        return [event.at for event in self.events if event.what == what]

    def rows(self, what: str) -> list[int]:
        return [event.row for event in self.events if event.what == what]

    def of_row(self, row: int) -> list[str]:
        return [event.what for event in self.events if event.row == row and event.what != "asked"]

    def open_at_once(self) -> int:
        """How many rows stood between claim and settle, at the most."""
        most = now = 0
        for event in self.events:
            now += {"claim": 1, "settle": -1}.get(event.what, 0)
            most = max(most, now)
        return most

    def open_after(self, index: int) -> list[tuple[int, bool]]:
        """For each later event: how many rows stand between claim and settle then, and whether it is a claim."""
        now, found = 0, list[tuple[int, bool]]()
        for number, event in enumerate(self.events):
            now += {"claim": 1, "settle": -1}.get(event.what, 0)
            if number >= index:
                found.append((now, event.what == "claim"))
        return found

    def _note(self, what: str, attempt: Attempt, **more: Any) -> None:
        self.events.append(Event(anyio.current_time(), what, attempt.row_id, attempt.number, **more))
        if self._noted is not None:
            self._noted.set()


@dataclass
class Setup:
    """A pool over a recorder, with all that can be turned.

    Attributes:
        taken: how many rows the pool has taken so far.
        heard: the events.
    """

    recorder: Recorder
    rows: int
    rate: float = 1_000.0
    workers: int = 8
    not_before: float = 0.0
    circuit_breaker: CircuitBreaker = field(default_factory=CircuitBreaker)
    now: Callable[[], datetime] = lambda: BEGIN + timedelta(seconds=anyio.current_time())
    account: AccountPort | None = None
    first: int = 0
    changes: MemoryObjectSendStream[PaceChange] | None = None
    queue: QueuePort | None = None
    clock_guard: ClockGuard | None = None
    taken: int = 0
    heard: list[Settled] = field(default_factory=list)
    stop: anyio.Event = field(default_factory=anyio.Event)

    def pool(self, rate_limiter: RateLimiter | None = None) -> Pool:
        return Pool(
            ledger=self.recorder,
            client=self.recorder,
            rate_limiter=rate_limiter or self.rate_limiter(),
            circuit_breaker=self.circuit_breaker,
            max_in_flight=self.workers,
            stop=self.stop,
            now=self.now,
            chance=lambda: 0.0,
            clock_guard=self.clock_guard,
            queue=self.queue,
        )

    def rate_limiter(self) -> RateLimiter:
        held = AccountPace(paused_until=(BEGIN + timedelta(seconds=self.not_before)).timestamp())
        return RateLimiter(
            self.account or Account(self.now, seen=held),
            calls_per_second=self.rate,
            stop=self.stop,
            now=self.now,
            changes=self.changes,
        )

    async def run(self, pool: Pool | None = None) -> Pool:
        """Runs to the end, and keeps all events."""
        pool = pool or self.pool()
        send, receive = anyio.create_memory_object_stream[Settled](max_buffer_size=float("inf"))
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(partial(pool.run, self.waiting(), events=send))
            await self._hear(receive)
        return pool

    def waiting(self) -> Iterator[Attempt]:
        for number in range(self.first + 1, self.first + self.rows + 1):
            self.taken += 1
            yield Attempt(row_id=number, row_number=number + 1, number=1, phone="+12025550143", body=b"{}")

    async def _hear(self, events: MemoryObjectReceiveStream[Settled]) -> None:
        async with events:
            async for settled in events:
                self.heard.append(settled)
