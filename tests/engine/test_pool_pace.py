"""Hours of pacing on a virtual clock: never faster than the rate, hardly slower, and nothing out of order."""

import random
from bisect import bisect_left
from itertools import pairwise
from typing import Any

import pytest
from trio.testing import MockClock

from campaign.domain.model import Attempt, ClaimRefused, Created, Outcome
from tests.engine.recording import Recorder, Setup

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, Any]]:
    """Time passes as soon as everybody waits for it."""
    return "trio", {"clock": MockClock(autojump_threshold=0)}


def most_in_a_second(times: list[float]) -> int:
    """How many fall into one second, at the most, wherever that second begins."""
    ordered = sorted(times)
    return max(bisect_left(ordered, start + 1.0) - index for index, start in enumerate(ordered))


async def keep_and_use(rate: float, *, seconds: int, workers: int) -> None:
    """Dials at this rate for so long, and judges it."""
    chance = random.Random(7)

    def now_and_then(longest: float) -> float:
        return chance.uniform(0.0, longest) if chance.random() < 0.3 else 0.0

    recorder = Recorder(call_takes=lambda _: now_and_then(1.0), claim_takes=lambda _: now_and_then(0.005))
    setup = Setup(recorder, rows=round(rate * seconds), rate=rate, workers=workers)
    pool = await setup.run()
    sends = recorder.times("send")
    assert pool.stopped is None
    assert len(sends) == len(set(recorder.rows("send"))) == setup.rows
    assert most_in_a_second(sends) <= rate + 1
    assert (len(sends) - 1) / (sends[-1] - sends[0]) >= 0.97 * rate
    assert recorder.open_at_once() <= workers
    assert len(setup.heard) == setup.rows


@pytest.mark.parametrize(
    ("rate", "seconds", "workers"),
    [
        pytest.param(1.0, 600, 8, id="1/s for 10 minutes"),
        pytest.param(1.0, 3_600, 8, id="1/s for an hour", marks=pytest.mark.nightly),
        pytest.param(10.0, 60, 8, id="10/s for a minute"),
        pytest.param(50.0, 20, 24, id="50/s for 20 s"),
        pytest.param(500.0, 15, 160, id="500/s for 15 s", marks=pytest.mark.nightly),
    ],
)
async def test_the_rate_is_kept_and_used(rate: float, seconds: int, workers: int) -> None:
    """The carrier drops what comes faster, later and silently; slower, a campaign does not get done."""
    await keep_and_use(rate, seconds=seconds, workers=workers)


@pytest.mark.soak
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize(("rate", "workers"), [(10.0, 8), (50.0, 24), (500.0, 160)])
async def test_the_rate_is_kept_and_used_for_an_hour(rate: float, workers: int) -> None:
    """The hours that are too many calls for every day: 1.8 million at the last rate."""
    await keep_and_use(rate, seconds=3_600, workers=workers)


async def test_a_worker_does_not_wait_for_the_disk_before_its_next_row() -> None:
    """An ending needs no wait of its own: the next promise is not on the disk before it."""
    recorder = Recorder(call_takes=lambda _: 1.0, claim_takes=lambda _: 0.25, settle_takes=lambda _: 0.25)
    await Setup(recorder, rows=40, workers=1).run()
    ended, asked = recorder.times("send"), recorder.times("asked")
    assert asked[1:] == pytest.approx([at + 1.0 for at in ended[:-1]])
    assert recorder.open_at_once() == 1


async def test_each_row_is_claimed_then_sent_then_settled() -> None:
    """A crash between any two of these must leave a row that nobody calls twice."""
    recorder = Recorder(claim_takes=lambda _: 0.01, settle_takes=lambda _: 0.01)
    await Setup(recorder, rows=200).run()
    assert {tuple(recorder.of_row(row)) for row in range(1, 201)} == {("claim", "send", "settle")}


async def test_a_row_is_claimed_at_its_slot_and_never_ahead() -> None:
    """What is claimed is unknown after a crash: with the pace before the claim, that is at most what is on its way."""
    recorder = Recorder(call_takes=lambda _: 5.0)
    await Setup(recorder, rows=40, rate=1.0, workers=8).run()
    asked, sent = recorder.times("asked"), recorder.times("send")
    assert asked == sent
    assert all(later - sooner >= 1.0 for sooner, later in pairwise(asked))


@pytest.mark.parametrize("workers", [1, 3, 8])
async def test_no_more_rows_are_open_than_may_be_on_their_way(workers: int) -> None:
    """The user's limit, and the most that a crash can leave unknown."""
    recorder = Recorder(call_takes=lambda row: 0.1 + row % 5)
    setup = Setup(recorder, rows=60, workers=workers)
    await setup.run()
    assert recorder.open_at_once() == workers


async def test_rows_are_taken_only_as_workers_come_free() -> None:
    """Ten million rows are a matter of time, not of memory."""
    recorder = Recorder()
    setup = Setup(recorder, rows=10_000, workers=4)

    def answer(attempt: Attempt) -> Outcome:
        if attempt.row_id == 50:
            setup.stop.set()
        return Created(f"call-{attempt.row_id}")

    recorder.answers = answer
    await setup.run()
    assert setup.taken <= 50 + 4


async def test_a_worker_that_waits_long_for_its_slot_holds_up_nobody() -> None:
    """A call that takes a minute must not cost the others their slots."""
    recorder = Recorder(call_takes=lambda row: 60.0 if row == 1 else 0.1)
    await Setup(recorder, rows=50, rate=1.0, workers=2).run()
    assert recorder.times("send")[-1] <= 49 * 1.02


async def test_the_pace_holds_over_a_restart() -> None:
    """A run that is stopped and resumed in a loop would call as fast as one can type."""
    recorder = Recorder()
    await Setup(recorder, rows=3, rate=1.0, not_before=0.8).run()
    assert recorder.times("send") == pytest.approx([0.8, 1.81, 2.82])


async def test_a_row_that_another_run_called_recently_is_not_sent() -> None:
    """And does not end as one that was."""
    recorder = Recorder(recently=frozenset({2}))
    setup = Setup(recorder, rows=3)
    await setup.run()
    assert sorted(recorder.rows("send")) == [1, 3]
    assert sorted(recorder.rows("settle")) == [1, 3]
    assert [type(event.outcome) for event in setup.heard if event.attempt.row_id == 2] == [ClaimRefused]


async def test_news_says_when_a_row_was_promised() -> None:
    """The results show it."""
    setup = Setup(Recorder(), rows=1, not_before=5.0)
    await setup.run()
    promised = setup.heard[0].attempt.claimed_at
    assert promised is not None
    assert promised.isoformat() == "2026-12-01T09:00:05+00:00"
