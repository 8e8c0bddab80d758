"""A run on a virtual clock: the real ledger, the real pool and the real queue; only the phones are not there.

Time leaps to the next moment at which anybody wants to do something, but never while the ledger is writing: a commit
takes no time of this clock, however long the disk takes.
"""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import trio
import trio.testing

from campaign.config.run_plan import CallPlan, RunPlan
from campaign.domain.instants import to_call_delayed_until
from campaign.domain.model import Attempt, ClaimRefused, Contact, Created, Outcome, Row, RowState, Screened, Settled
from campaign.engine.pacing.circuit_breaker import CircuitBreaker
from campaign.engine.pacing.rate_limiter import LOOK_UP_SECONDS, RateLimiter
from campaign.engine.pool import Pool
from campaign.engine.queue.call_queue import CallQueue
from campaign.engine.queue.timetable import keep_timetable
from campaign.ledger.port.session import HeldRun
from campaign.ledger.records.runs import Draft, RunRecord, WaitingRow
from campaign.ledger.store import Ledger, open_ledger
from campaign.timing.hours.calling_hours import Ringing
from tests.engine.account import Account
from tests.engine.places import phone
from tests.loading import loaded_run

WINDOW = timedelta(hours=24)


@dataclass(frozen=True)
class Ring:
    """A phone that was asked to ring: which row's, when it was submitted, and when it rings."""

    row: int
    submitted: datetime
    at: datetime
    delayed: bool


@dataclass
class World:
    """The clock, the phones, and the ledger's client.

    Attributes:
        answers: what the service says to a row's attempt.
        takes: seconds of a request.
        slept: a jump of the wall clock, that the clock of seconds does not show.
    """

    begin: datetime
    answers: Callable[[Attempt], Outcome] = lambda attempt: Created(f"call-{attempt.row_id}-{attempt.number}")
    takes: float = 0.2
    look_up_seconds: float = LOOK_UP_SECONDS
    slept: timedelta = timedelta(0)
    rings: list[Ring] = field(default_factory=list)
    heard: list[Settled] = field(default_factory=list)
    writing: int = 0
    written: trio.Event = field(default_factory=trio.Event)
    held: HeldRun | None = None

    def now(self) -> datetime:
        try:
            return self.begin + timedelta(seconds=trio.current_time()) + self.slept
        except RuntimeError:  # before the loop, while the sheet is loaded
            return self.begin

    async def claim(self, attempt: Attempt) -> ClaimRefused | None:
        assert self.held is not None
        self.writing += 1
        try:
            return await self.held.claim(attempt)
        finally:
            self._wrote()

    def settle(
        self, attempt: Attempt, outcome: Outcome, *, wait_as: RowState = RowState.RETRY_WAIT
    ) -> Coroutine[Any, Any, Outcome]:
        assert self.held is not None
        confirmed = self.held.settle(attempt, outcome, wait_as=wait_as)
        self.writing += 1

        async def counted() -> Outcome:
            try:
                return await confirmed
            finally:
                self._wrote()

        return counted()

    async def send(self, attempt: Attempt) -> Outcome:
        outcome = self.answers(attempt)
        if isinstance(outcome, Created):
            at = attempt.delayed_until or self.now()
            self.rings.append(Ring(attempt.row_number, self.now(), at, attempt.delayed_until is not None))
        await anyio.sleep(self.takes)
        return outcome

    async def leap(self) -> None:
        """Lets time pass for as long as anybody waits for it."""
        clock = trio.lowlevel.current_clock()
        assert isinstance(clock, trio.testing.MockClock)
        while True:
            await trio.testing.wait_all_tasks_blocked()
            if self.writing:
                self.written = trio.Event()
                await self.written.wait()
                continue
            ahead = trio.lowlevel.current_statistics().seconds_to_next_deadline
            clock.jump(max(0.0, ahead) if ahead < 1e9 else 0.0)
            await trio.lowlevel.checkpoint()

    def _wrote(self) -> None:
        self.writing -= 1
        if not self.writing:
            self.written.set()


@dataclass
class Campaign:
    """One run of these people."""

    world: World
    ledger: Ledger
    record: RunRecord
    plan: RunPlan

    async def dial(self, *, until: datetime | None = None, limit: int | None = None) -> CallQueue:
        """Dials to the end, or until then, when it is stopped."""
        world, stop = self.world, anyio.Event()
        ringing = Ringing(self.plan.hours)
        with self.ledger.hold(self.record, call_again_after=WINDOW) as world.held:
            keep_timetable(self.ledger, self.record, plan=self.plan, ringing=ringing, now=world.now())
            queue = CallQueue(
                self.ledger, self.record, plan=self.plan, ringing=ringing, compose=body, now=world.now, limit=limit
            )
            pool = Pool(
                ledger=world,
                client=world,
                rate_limiter=RateLimiter(
                    Account(world.now),
                    calls_per_second=self.plan.calls_per_second,
                    stop=stop,
                    now=world.now,
                    look_up_seconds=world.look_up_seconds,
                ),
                circuit_breaker=CircuitBreaker(),
                max_in_flight=self.plan.max_in_flight,
                stop=stop,
                now=world.now,
                queue=queue,
            )
            send, receive = anyio.create_memory_object_stream[Settled](max_buffer_size=float("inf"))
            async with anyio.create_task_group() as clock, receive:
                clock.start_soon(world.leap)
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(partial(pool.run, queue, events=send))
                    if until is not None:
                        tasks.start_soon(_stop_at, world, until, stop)
                    async for settled in receive:
                        world.heard.append(settled)
                clock.cancel_scope.cancel()
        assert pool.stopped is None, pool.stopped
        return queue


async def _stop_at(world: World, until: datetime, stop: anyio.Event) -> None:
    with anyio.move_on_after((until - world.now()).total_seconds()):
        await stop.wait()
    stop.set()


def body(_row: WaitingRow, until: datetime | None) -> bytes:
    return b"{}" if until is None else f'{{"callDelayedUntil":"{to_call_delayed_until(until)}"}}'.encode()


def plan(**more: Any) -> RunPlan:
    """A plan of ten calls a second, but for what is said."""
    call = CallPlan(team_id="team", call_template_id="template")
    given = {"calls_per_second": 10.0, "max_in_flight": 8, "call_again_after": WINDOW} | more
    return RunPlan.model_validate({"call": call, **given})


def person(row: int, *zones: str, call_at: datetime | None = None, states: Sequence[str] = ()) -> Contact:
    return Contact(row, f"Person {row}", phone(row), zones=zones, call_at=call_at, states=tuple(states))


def load(ledger: Ledger, contacts: Sequence[Contact], plan: RunPlan) -> RunRecord:
    """A run of these people, ready to be dialled."""
    draft = Draft("virtual", "template", "people.csv", ("Name",), plan.model_dump_json())
    rows = [(f"key-{one.row}", Screened(Row(one.row, (one.name,)), one)) for one in contacts]
    return loaded_run(ledger, draft, rows, content="content", name="virtual")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def opened(home: Path, world: World) -> Any:
    return open_ledger(home, now=world.now)
