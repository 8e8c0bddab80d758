"""When the server asks for time, the whole pool gives it; when it asks for ever, the run stops and nobody is lost."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import anyio
import pytest
from trio.testing import MockClock

from campaign.domain.model import Attempt, Cause, Created, NotSent, Outcome, RowState
from campaign.domain.stop import StopCode
from tests.engine.recording import Recorder, Setup
from tests.engine.test_pool_trouble import assert_no_row_is_left_open, assert_nobody_is_sent_twice, settled

pytestmark = pytest.mark.anyio
UNREACHED = NotSent(Cause.CONNECT, "no connection")


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, Any]]:
    """Time passes as soon as everybody waits for it."""
    return "trio", {"clock": MockClock(autojump_threshold=0)}


def limited(retry_after: float | None) -> NotSent:
    return NotSent(Cause.LIMITED, "429: slower", retry_after)


def first_time(*rows: int, outcome: Outcome) -> Callable[[Attempt], Outcome]:
    """That outcome for these rows' first sending."""
    asked: set[int] = set()

    def answer(attempt: Attempt) -> Outcome:
        if attempt.row_id in rows and attempt.row_id not in asked:
            asked.add(attempt.row_id)
            return outcome
        return Created(f"call-{attempt.row_id}")

    return answer


@pytest.mark.parametrize("claim_takes", [0.0, 0.3], ids=["claims at once", "claims slowly"])
async def test_a_429_pauses_everybody_until_its_time(claim_takes: float) -> None:
    """Also those who had a slot, or had promised a call: one worker that goes on is one too many."""
    recorder = Recorder(
        answers=first_time(5, outcome=limited(30.0)), call_takes=lambda _: 0.05, claim_takes=lambda _: claim_takes
    )
    setup = Setup(recorder, rows=60, rate=20.0, workers=16)
    await setup.run()
    answered = next(event.at for event in recorder.events if event.what == "settle" and event.outcome == limited(30.0))
    assert [at for at in recorder.times("send") if answered < at < answered + 30.0] == []
    assert [at for at in recorder.times("asked") if answered < at < answered + 30.0] == []
    assert sorted(row for row, outcome in settled(recorder).items() if isinstance(outcome, Created)) == [*range(1, 61)]
    assert_no_row_is_left_open(recorder)
    assert_nobody_is_sent_twice(recorder)


async def test_who_had_promised_when_the_pause_came_is_put_back_as_he_was() -> None:
    """The promise is taken back, and does not count as a try."""
    recorder = Recorder(
        answers=first_time(1, outcome=limited(10.0)),
        call_takes=lambda _: 0.1,
        claim_takes=lambda row: 0.0 if row == 1 else 0.5,
    )
    setup = Setup(recorder, rows=4, workers=4)
    await setup.run()
    back = [e for e in recorder.events if isinstance(e.outcome, NotSent) and e.outcome.cause is Cause.STOPPED]
    assert sorted(event.row for event in back) == [2, 3, 4]
    assert {event.wait_as for event in back} == {RowState.PENDING}
    assert [e.number for e in recorder.events if e.row == 2 and e.what == "claim"] == [1, 2]
    assert all(at >= 10.0 for at in recorder.times("send")[1:])
    assert_no_row_is_left_open(recorder)


async def test_the_pace_is_kept_after_a_pause() -> None:
    """All who waited wake at the same instant; they do not call at the same instant."""
    recorder = Recorder(answers=first_time(2, outcome=limited(30.0)), call_takes=lambda _: 0.01)
    await Setup(recorder, rows=30, rate=2.0, workers=16).run()
    sends = recorder.times("send")
    assert all(later - sooner >= 0.5 for sooner, later in pairwise(sends))


async def test_a_429_without_a_time_backs_off_further_and_further() -> None:
    """A server that only says "slower" is asked less and less often."""
    recorder = Recorder(answers=lambda _: limited(None), call_takes=lambda _: 0.0)
    setup = Setup(recorder, rows=100, workers=1)
    pool = await setup.run()
    gaps = [later - sooner for sooner, later in pairwise(recorder.times("send"))]
    assert gaps == pytest.approx([0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0], abs=0.02)
    assert pool.stopped is not None
    assert pool.stopped.code is StopCode.TROUBLE


@pytest.mark.parametrize("workers", [1, 8])
@pytest.mark.parametrize("outcome", [limited(None), limited(1.0), UNREACHED], ids=["429", "429 after 1", "unreached"])
async def test_trouble_without_end_stops_the_run_and_leaves_its_rows_waiting(outcome: NotSent, workers: int) -> None:
    """They are pending, not failed: the run can go on tomorrow."""
    recorder = Recorder(answers=lambda _: outcome, call_takes=lambda _: 0.01)
    pool = await Setup(recorder, rows=100, workers=workers).run()
    assert pool.stopped is not None
    assert pool.stopped.code is StopCode.TROUBLE
    assert "given up" in pool.stopped.why
    assert {event.wait_as for event in recorder.events if event.what == "settle"} <= {
        RowState.RETRY_WAIT,
        RowState.PENDING,
    }
    assert len(recorder.rows("send")) <= 8 * workers
    assert_no_row_is_left_open(recorder)


async def test_one_row_that_is_never_taken_stops_the_run_after_eight_tries() -> None:
    """Others go through in between, so the circuit breaker's rounds begin anew; the row's own tries do not."""
    recorder = Recorder(
        answers=lambda attempt: limited(0.0) if attempt.row_id == 1 else Created(f"call-{attempt.row_id}"),
        call_takes=lambda _: 0.1,
    )
    pool = await Setup(recorder, rows=10_000, workers=4, rate=100.0).run()
    assert pool.stopped is not None
    assert "8 tries of one row" in pool.stopped.why
    assert recorder.rows("send").count(1) == 8


async def test_a_row_that_waited_long_for_its_slot_is_not_given_up_at_its_first_failure() -> None:
    """At one call in ten minutes the fourth row waits for half an hour: that is pace, not trouble."""
    recorder = Recorder(answers=first_time(5, outcome=limited(1.0)))
    pool = await Setup(recorder, rows=8, workers=8, rate=1 / 600).run()
    assert pool.stopped is None
    assert len(settled(recorder)) == 8
    assert all(isinstance(outcome, Created) for outcome in settled(recorder).values())


async def test_more_than_an_hour_stops_the_run_and_says_when() -> None:
    """Nobody wants a terminal that seems to hang until tomorrow."""
    recorder = Recorder(answers=lambda _: limited(7_200.0))
    pool = await Setup(recorder, rows=100, workers=1).run()
    assert pool.stopped is not None
    assert "7200 seconds" in pool.stopped.why
    assert recorder.rows("send") == [1]
    assert recorder.events[-1].wait_as is RowState.RETRY_WAIT


async def test_a_stop_ends_a_pause() -> None:
    """Ctrl-C in a pause of an hour is not answered after an hour."""
    recorder = Recorder(answers=lambda _: limited(3_600.0))
    setup = Setup(recorder, rows=100, workers=4)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(setup.run)
        await recorder.until(4, "settle")
        stopped_at = anyio.current_time()
        setup.stop.set()
    assert anyio.current_time() - stopped_at < 1.0
    assert len(recorder.rows("send")) <= 4
