"""When something goes wrong around a call: nobody else's call is touched, every call that left is written down."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import anyio
import pytest
from anyio.streams.memory import MemoryObjectReceiveStream
from trio.testing import MockClock

from campaign.domain.model import Attempt, Cause, Created, NotSent, Outcome, Rejected, RowState, Settled, Unknown
from campaign.domain.stop import StopCode
from campaign.engine.pacing.rate_limiter import RateLimiter
from tests.engine.account import Account
from tests.engine.recording import BEGIN, Recorder, Setup

pytestmark = pytest.mark.anyio


class PanicException(BaseException):
    """Derives from BaseException, as pyo3's does."""


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    """On trio time is virtual; on asyncio it is short."""
    return ("trio", {"clock": MockClock(autojump_threshold=0)}) if request.param == "trio" else "asyncio"


def saying(**said: Outcome | type[BaseException]) -> Callable[[Attempt], Outcome]:
    """Answers by row: `row_3=...` is the third row's every answer; all others are created."""

    def answer(attempt: Attempt) -> Outcome:
        what = said.get(f"row_{attempt.row_id}", Created(f"call-{attempt.row_id}"))
        if isinstance(what, type):
            raise what("the key is sk-123")
        return what

    return answer


def at_first(row: int, outcome: Outcome) -> Callable[[Attempt], Outcome]:
    """That outcome for the row's first attempt, created for all others."""
    return lambda attempt: (
        outcome if (attempt.row_id, attempt.number) == (row, 1) else Created(f"call-{attempt.row_id}")
    )


def settled(recorder: Recorder) -> dict[int, Outcome | None]:
    return {event.row: event.outcome for event in recorder.events if event.what == "settle"}


def assert_no_row_is_left_open(recorder: Recorder, *, except_rows: set[int] | None = None) -> None:
    """Each claim has its settling."""
    claims = [(e.row, e.number) for e in recorder.events if e.what == "claim" and e.row not in (except_rows or set())]
    settles = [(e.row, e.number) for e in recorder.events if e.what == "settle"]
    assert sorted(claims) == sorted(settles)
    assert len(claims) == len(set(claims))


def assert_nobody_is_sent_twice(recorder: Recorder) -> None:
    """Only an attempt that is proved not sent has a successor."""
    sent: set[int] = set()
    for event in recorder.events:
        if event.what == "send":
            assert event.row not in sent
            sent.add(event.row)
        elif event.what == "settle" and isinstance(event.outcome, NotSent):
            sent.discard(event.row)


@pytest.mark.parametrize("kind", [RuntimeError, MemoryError, RecursionError, PanicException, BaseException, OSError])
async def test_an_exception_out_of_one_call_touches_no_other(kind: type[BaseException]) -> None:
    """It once cancelled fifteen calls that had been made, and none of them was written down."""
    recorder = Recorder(answers=saying(row_3=kind), call_takes=lambda row: 0.01 if row == 3 else 0.05)
    setup = Setup(recorder, rows=20)
    pool = await setup.run()
    outcomes = settled(recorder)
    assert isinstance(outcomes[3], Unknown)
    assert "sk-123" not in repr(outcomes[3])
    assert {row for row, outcome in outcomes.items() if isinstance(outcome, Created)} == {*range(1, 21)} - {3}
    assert pool.stopped is None
    assert_no_row_is_left_open(recorder)
    assert_nobody_is_sent_twice(recorder)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
async def test_what_ends_the_program_in_a_call_is_written_down_first(kind: type[BaseException]) -> None:
    """Ctrl-C in the middle of a call does not mean that it was not made."""
    recorder = Recorder(answers=saying(row_1=kind), call_takes=lambda _: 0.0)
    setup = Setup(recorder, rows=1)
    send, receive = anyio.create_memory_object_stream[Settled](max_buffer_size=1)
    # One worker alone: it would take the event loop of the whole test with it.
    with send, receive, pytest.raises(kind):
        await (pool := setup.pool())._work(setup.waiting(), send)
    pool._workers_done = True
    await pool._publish_endings(send)
    assert isinstance(settled(recorder)[1], Unknown)


async def test_a_claim_that_fails_sends_nothing_and_stops_the_run() -> None:
    """Without the promise on the disk no call may be made; those on their way are still written down."""
    recorder = Recorder(claim_fails=frozenset({4}), call_takes=lambda _: 0.05)
    pool = await Setup(recorder, rows=100, workers=8).run()
    assert pool.stopped is not None
    assert pool.stopped.code is StopCode.TROUBLE
    assert "disk is full" in pool.stopped.why
    assert 4 not in recorder.rows("send")
    assert max(recorder.rows("claim")) <= 8
    assert_no_row_is_left_open(recorder)


async def test_a_settling_that_fails_stops_the_run_and_no_other_call() -> None:
    """The ledger has kept that ending in its journal; the others must still be written."""
    recorder = Recorder(settle_fails=frozenset({4}), call_takes=lambda row: 0.01 if row == 4 else 0.05)
    setup = Setup(recorder, rows=100, workers=8)
    pool = await setup.run()
    assert pool.stopped is not None
    assert pool.stopped.code is StopCode.TROUBLE
    assert recorder.rows("settle failed") == [4]
    assert max(recorder.rows("claim")) <= 16
    assert_no_row_is_left_open(recorder, except_rows={4})
    assert 4 not in [event.attempt.row_id for event in setup.heard]


@pytest.mark.parametrize("kind", [ZeroDivisionError, PanicException])
async def test_a_row_source_that_breaks_stops_the_run_and_no_call(kind: type[BaseException]) -> None:
    """A bug is told, after the calls that are on their way have ended."""
    recorder = Recorder(call_takes=lambda _: 0.05)
    setup = Setup(recorder, rows=4, workers=2)
    pool = setup.pool()
    send, receive = anyio.create_memory_object_stream[Settled](max_buffer_size=100)

    def breaking() -> object:
        yield from setup.waiting()
        raise kind

    with receive, pytest.raises(kind):
        await pool.run(breaking(), events=send)  # type: ignore[arg-type] # an iterator for all that matters
    assert len(settled(recorder)) == 4
    assert_no_row_is_left_open(recorder)


async def test_after_a_stop_no_row_is_claimed_and_calls_on_their_way_are_written_down() -> None:
    """Ctrl-C without it left fifteen unknown, of which nine had been made."""
    recorder = Recorder(call_takes=lambda _: 0.1)
    setup = Setup(recorder, rows=1_000, workers=8)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(setup.run)
        await recorder.until(8, "send")
        setup.stop.set()
        claims = len(recorder.rows("claim"))
    assert len(recorder.rows("claim")) == claims
    assert all(isinstance(outcome, Created) for outcome in settled(recorder).values())
    assert_no_row_is_left_open(recorder)


async def test_a_stop_between_claim_and_call_puts_the_row_back() -> None:
    """No byte has left: the row waits as it did before."""
    recorder = Recorder(claim_takes=lambda _: 0.1)
    setup = Setup(recorder, rows=100, workers=4)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(setup.run)
        await recorder.until(4, "asked")
        setup.stop.set()
    assert recorder.rows("send") == []
    assert {event.wait_as for event in recorder.events if event.what == "settle"} == {RowState.PENDING}
    assert all(isinstance(o, NotSent) and o.cause is Cause.STOPPED for o in settled(recorder).values())
    assert_no_row_is_left_open(recorder)


async def test_a_stop_before_the_run_calls_nobody() -> None:
    """The signal may come while the rows are still being loaded."""
    setup = Setup(Recorder(), rows=10)
    setup.stop.set()
    await setup.run()
    assert setup.recorder.events == []


@pytest.mark.parametrize("slow", ["claim", "call", "settle"])
async def test_a_cancelled_run_still_writes_down_the_calls_on_their_way(slow: str) -> None:
    """Whoever cancels the scope around it cannot part a call from its record, nor begin a new one."""
    recorder = Recorder(
        call_takes=lambda _: 0.1 if slow == "call" else 0.0,
        claim_takes=lambda _: 0.1 if slow == "claim" else 0.0,
        settle_takes=lambda _: 0.1 if slow == "settle" else 0.0,
    )
    setup = Setup(recorder, rows=1_000, workers=8)
    with anyio.CancelScope() as scope:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(setup.run)
            await recorder.until(8, "asked")
            scope.cancel()
            asked = len(recorder.rows("asked"))
    assert scope.cancelled_caught
    assert len(recorder.rows("asked")) == asked
    assert len(recorder.rows("settle")) >= 8
    assert_no_row_is_left_open(recorder)


async def test_a_run_that_is_cancelled_as_a_slot_comes_begins_no_call() -> None:
    """The wait is over then, and will not be cancelled any more; what follows is shielded."""
    setup = Setup(Recorder(call_takes=lambda _: 0.0), rows=10, rate=20.0, workers=1)
    with anyio.CancelScope() as scope:

        class Cancelling(RateLimiter):
            async def slot(self) -> float:
                slot = await super().slot()
                await anyio.sleep_until(slot)
                if setup.recorder.rows("asked"):
                    scope.cancel()
                return slot

        limiter = Cancelling(Account(setup.now), calls_per_second=setup.rate, stop=setup.stop, now=setup.now)
        await setup.run(setup.pool(limiter))
    assert scope.cancelled_caught
    assert setup.recorder.rows("asked") == [1]
    assert_no_row_is_left_open(setup.recorder)


async def test_a_listener_that_goes_away_harms_nothing() -> None:
    """The ledger has it."""
    recorder = Recorder()
    setup = Setup(recorder, rows=30)
    send, receive = anyio.create_memory_object_stream[Settled](max_buffer_size=1)

    async def hear_a_little(events: MemoryObjectReceiveStream[Settled]) -> None:
        async with events:
            await events.receive()

    recorder.call_takes = lambda _: 0.001
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(hear_a_little, receive)
        tasks.start_soon(partial(setup.pool().run, setup.waiting(), events=send))
    assert len(settled(recorder)) == 30


async def test_a_listener_that_is_slow_holds_up_nobody() -> None:
    """A full stream of events must not keep a call from being written down."""
    recorder = Recorder(call_takes=lambda _: 0.0)
    setup = Setup(recorder, rows=30)
    send, receive = anyio.create_memory_object_stream[Settled](max_buffer_size=1)
    with receive:
        await setup.pool().run(setup.waiting(), events=send)
    assert len(settled(recorder)) == 30


@pytest.mark.parametrize(
    "refusal",
    [NotSent(Cause.ACCOUNT, "401: no", status=401), NotSent(Cause.ACCOUNT, "402: no", status=402), Rejected(404, "no")],
)
async def test_a_refusal_of_the_account_stops_the_run_and_rejects_no_row(refusal: Outcome) -> None:
    """Each further row would be refused as well: they all wait, those on their way included."""
    recorder = Recorder(answers=saying(row_1=refusal), call_takes=lambda row: 0.01 if row == 1 else 0.05)
    pool = await Setup(recorder, rows=100, workers=4).run()
    assert pool.stopped is not None
    assert pool.stopped.code is StopCode.REFUSED
    assert not [one for one in settled(recorder).values() if isinstance(one, Rejected)]
    assert len(recorder.rows("claim")) <= 8
    assert_no_row_is_left_open(recorder)


async def test_a_clock_that_jumps_stops_the_run_before_the_next_claim() -> None:
    """A laptop that slept through the night must not ring people at three."""
    setup = Setup(Recorder(call_takes=lambda _: 0.01), rows=100, workers=2)
    setup.now = lambda: (
        BEGIN + timedelta(seconds=anyio.current_time() + (28_800 if len(setup.recorder.rows("settle")) >= 10 else 0))
    )
    pool = await setup.run()
    assert pool.stopped is not None
    assert "clock" in pool.stopped.why
    assert len(setup.recorder.rows("claim")) <= 12
    assert_no_row_is_left_open(setup.recorder)


async def test_a_row_that_was_not_sent_is_sent_again_as_its_next_attempt() -> None:
    """Each attempt has a line of its own in the ledger."""
    recorder = Recorder(answers=at_first(1, NotSent(Cause.CONNECT, "no connection")))
    setup = Setup(recorder, rows=1)
    await setup.run()
    ends = [(e.what, e.number, e.wait_as) for e in recorder.events if e.what in ("claim", "settle")]
    assert ends == [
        ("claim", 1, None),
        ("settle", 1, RowState.RETRY_WAIT),
        ("claim", 2, None),
        ("settle", 2, RowState.RETRY_WAIT),
    ]
    assert [event.attempt.waiting_as for event in setup.heard] == [RowState.PENDING, RowState.RETRY_WAIT]
