"""Several processes on one ledger share one rate: on a virtual clock, with the row in a real file."""

import random
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import anyio
import pytest
from trio.testing import MockClock

from campaign.domain.model import Attempt, Cause, Created, NotSent, Outcome
from campaign.domain.stop import StopCode
from tests.engine.shared import Machine, Share, machine, most_in_a_second, now_and_then, run_all

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, Any]]:
    """Time passes as soon as everybody waits for it."""
    return "trio", {"clock": MockClock(autojump_threshold=0)}


def share(seed: int) -> Share:
    return Share(call_takes=now_and_then(seed, 1.0), claim_takes=now_and_then(seed + 1, 0.005))


_RATES = {"1/s": (1.0, 120), "10/s": (10.0, 20), "50/s": (50.0, 8), "500/s": (500.0, 3)}
RATES = pytest.mark.parametrize(("rate", "seconds"), _RATES.values(), ids=_RATES)
# The last one alone takes as long as all others.
RATES_BY_DAY = pytest.mark.parametrize(
    ("rate", "seconds"),
    [pytest.param(*of, id=name, marks=pytest.mark.nightly if name == "500/s" else ()) for name, of in _RATES.items()],
)


def workers_for(rate: float) -> int:
    return max(8, round(rate * 0.32))


@RATES_BY_DAY
async def test_two_processes_keep_and_use_one_rate(tmp_path: Path, rate: float, seconds: int) -> None:
    """The carrier does not care how many programs of ours there are."""
    await keep_and_use_together(tmp_path, rate=rate, seconds=seconds)


@pytest.mark.soak
@pytest.mark.timeout(3_600)
@RATES
async def test_two_processes_keep_and_use_one_rate_for_long(tmp_path: Path, rate: float, seconds: int) -> None:
    """More calls than there is time for every day."""
    await keep_and_use_together(tmp_path, rate=rate, seconds=30 * seconds)


async def keep_and_use_together(home: Path, *, rate: float, seconds: int) -> None:
    first, second = share(1), share(5)
    workers = workers_for(rate)
    rows = round(rate * seconds / 2)
    with machine(home, takes=now_and_then(9, 0.005)) as shared:
        await run_all(
            shared.process(first, rate=rate, rows=rows, workers=workers),
            shared.process(second, rate=rate, rows=rows, workers=workers),
        )
    one, other = first.times("send"), second.times("send")
    both = sorted(one + other)
    assert len(both) == 2 * rows
    assert most_in_a_second(both) <= rate + 1
    together = [at for at in both if at <= min(one[-1], other[-1])]
    assert (len(together) - 1) / (together[-1] - together[0]) >= 0.97 * rate
    # The first to ask is alone for that moment, and keeps the span that it got.
    alone = 0.25 * rate
    assert len(together) >= 0.9 * (len(both) - alone), "one of them went hungry"


async def test_runs_that_are_bound_by_what_is_in_flight_do_not_keep_the_pace_from_each_other(tmp_path: Path) -> None:
    """Four with twelve calls in flight each make nearly four times what one makes: the rate is far away."""
    made = list[float]()
    for count in (1, 4):
        recorders = [Share(call_takes=lambda _: 0.1) for _ in range(count)]
        with machine(tmp_path / str(count), takes=lambda: 0.002) as shared:
            begun = anyio.current_time()
            await run_all(*(shared.process(one, rate=2_000.0, rows=240, workers=12) for one in recorders))
        calls = sorted(at for one in recorders for at in one.times("send"))
        assert most_in_a_second(calls) <= 2_000
        made.append(len(calls) / (anyio.current_time() - begun))
    one, four = made
    assert four >= 3.2 * one


async def test_a_fast_run_beside_another_goes_on_though_its_commits_take_longer_than_a_slot(tmp_path: Path) -> None:
    """The one slot for its one worker would be over each time before the ledger answers, for ever."""
    before, after = Share(), Share(call_takes=lambda _: 0.0)
    with machine(tmp_path, takes=lambda: 0.03) as shared:
        await shared.process(before, rate=5_000.0, rows=4).run()
        with anyio.fail_after(10):
            await shared.process(after, rate=5_000.0, rows=50, first=4, workers=1).run()
    assert len(after.times("send")) == 50


@pytest.mark.parametrize("rate", [10.0, 40.0])
async def test_a_slot_that_was_missed_is_not_made_up_for_in_the_time_of_another_process(
    tmp_path: Path, rate: float
) -> None:
    """Workers who come free too late for their slots: what is left of a span is not moved into the next one."""
    chance = random.Random(3)
    late, punctual = Share(call_takes=lambda _: chance.uniform(0.0, 6.0 / rate)), Share()
    with machine(tmp_path) as shared:
        await run_all(
            shared.process(late, rate=rate, rows=60, workers=1),
            shared.process(punctual, rate=rate, rows=120, workers=workers_for(rate)),
        )
    both = sorted(late.times("send") + punctual.times("send"))
    assert most_in_a_second(both) <= rate + 1
    assert min(later - sooner for sooner, later in pairwise(both)) >= 0.5 / rate


async def test_at_the_default_pace_two_processes_alternate(tmp_path: Path) -> None:
    """Eight workers of one would else take eight seconds in a row."""
    first, second = Share(), Share()
    with machine(tmp_path) as shared:
        await run_all(shared.process(first, rate=1.0, rows=30), shared.process(second, rate=1.0, rows=30))
    whose = [
        name
        for _, name in sorted([(at, "A") for at in first.times("send")] + [(at, "B") for at in second.times("send")])
    ]
    assert "".join(whose) in ("AB" * 30, "BA" * 30)


async def test_a_gentle_run_and_a_fast_one_each_keep_their_own_pace(tmp_path: Path) -> None:
    """The account goes as fast as its fastest run was told to; nobody is hurried, and nobody held up."""
    gentle, fast = Share(), Share()
    with machine(tmp_path) as shared:
        await run_all(shared.process(gentle, rate=0.1, rows=6), shared.process(fast, rate=10.0, rows=500))
    assert most_in_a_second(gentle.times("send") + fast.times("send")) <= 11
    assert all(later - sooner >= 10.0 for sooner, later in pairwise(gentle.times("send")))
    assert fast.times("send")[-1] <= 500 / 10 * 1.04
    assert gentle.times("send")[-1] <= 5 * 10 * 1.04


@pytest.mark.parametrize("rate", [0.1, 1.0, 10.0, pytest.param(500.0, marks=pytest.mark.nightly)])
async def test_the_pace_holds_over_restarts(tmp_path: Path, rate: float) -> None:
    """A run that is stopped and resumed in a loop would call as fast as one can type."""
    sends = list[float]()
    with machine(tmp_path) as shared:
        for start in range(20):
            recorder = Share(call_takes=lambda _: 0.0)
            await shared.process(recorder, rate=rate, rows=2, first=2 * start).run()
            sends += recorder.times("send")
    assert most_in_a_second(sends) <= rate + 1
    assert all(later - sooner >= 1.0 / rate for sooner, later in pairwise(sends))


@pytest.mark.parametrize("hours", [-1.0, -48.0, 1.0], ids=["set back an hour", "set back two days", "set ahead"])
async def test_a_clock_that_was_wrong_heals(tmp_path: Path, hours: float) -> None:
    """A row written in the future must not keep anybody waiting until then, nor one of the past allow a burst."""
    before, after = Share(), Share()
    with machine(tmp_path) as shared:
        await shared.process(before, rate=1.0, rows=5).run()
        shared.set_by = timedelta(hours=hours)
        begun = anyio.current_time()
        await shared.process(after, rate=1.0, rows=5, first=5).run()
    assert after.times("send")[0] - begun <= 3.0
    assert most_in_a_second(before.times("send") + after.times("send")) <= 2


def storms(*, every: int, retry_after: float) -> Callable[[Attempt], Outcome]:
    """A 429 for each so many-th row's first sending."""

    def answer(attempt: Attempt) -> Outcome:
        if attempt.row_id % every == 0 and attempt.number == 1:
            return NotSent(Cause.LIMITED, "429: slower", retry_after)
        return Created(f"call-{attempt.row_id}")

    return answer


def refused_at(recorder: Share) -> list[float]:
    return [event.at for event in recorder.events if event.what == "settle" and is_limited(event.outcome)]


def is_limited(outcome: Outcome | None) -> bool:
    return isinstance(outcome, NotSent) and outcome.cause is Cause.LIMITED


def allowed(shared: Machine, *, rate: float, until: float) -> float:
    """How many calls the row allowed in all: what was asked for, or found, while nobody was held."""
    total = 0.0
    for (at, row), (ended, _) in pairwise([*shared.rows, (until, shared.rows[-1][1])]):
        held = row.paused_until - (shared.now().timestamp() - anyio.current_time())
        total += max(0.0, min(ended, until) - max(at, held)) * min(rate, row.limit)
    return total


@RATES_BY_DAY
async def test_in_a_storm_of_429_nobody_sends_before_its_time_and_the_rest_is_used(
    tmp_path: Path, rate: float, seconds: int
) -> None:
    """The other process has heard nothing itself: the row tells it, at its next claim."""
    rows = round(rate * seconds / 2)
    await weather_storms(tmp_path, rate=rate, rows=rows, every=round(rows / 2.5))


@pytest.mark.soak
@pytest.mark.timeout(3_600)
@RATES
async def test_in_storms_without_end_nobody_sends_before_their_time(tmp_path: Path, rate: float, seconds: int) -> None:
    """So many that it is hardly ever quiet."""
    rows = round(10 * rate * seconds)
    await weather_storms(tmp_path, rate=rate, rows=rows, every=rows // 20)


async def weather_storms(home: Path, *, rate: float, rows: int, every: int) -> None:
    first, second = share(1), share(5)
    first.answers = storms(every=every, retry_after=7.0)
    second.answers = storms(every=every + 7, retry_after=3.0)
    with machine(home, takes=now_and_then(9, 0.005)) as shared:
        setups = [shared.process(one, rate=rate, rows=rows, workers=workers_for(rate)) for one in (first, second)]
        await run_all(*setups)
        both = sorted(first.times("send") + second.times("send"))
        # As long as every worker of both has a row.
        until = min(one.times("send")[rows - workers_for(rate)] for one in (first, second))
        offered = allowed(shared, rate=rate, until=until)
    for recorder, wait in ((first, 7.0), (second, 3.0)):
        assert refused_at(recorder)
        for at in refused_at(recorder):
            assert [one - at for one in both if at < one < at + wait] == []
    assert most_in_a_second(both) <= rate + 1
    assert len([at for at in both if at <= until]) >= 0.97 * offered - 2
    # A storm of a few among hundreds a second says nothing of the limit, and holds everybody all the same.
    assert any(row.paused_until for _, row in shared.rows)
    assert all(
        isinstance(one.outcome, Created) for setup in setups for one in setup.heard if not is_not_sent(one.outcome)
    )


def is_not_sent(outcome: object) -> bool:
    return isinstance(outcome, NotSent)


async def test_a_run_that_begins_later_waits_as_well(tmp_path: Path) -> None:
    """The server has told the account, not the process."""
    told, later = Share(answers=storms(every=1, retry_after=60.0)), Share()
    with machine(tmp_path) as shared:
        setup = shared.process(told, rate=1.0, rows=1)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(setup.run)
            await told.until(1, "settle")
            await shared.process(later, rate=1.0, rows=1, first=1).run()
    assert min(later.times("send")) >= refused_at(told)[0] + 60.0


async def test_who_is_to_wait_for_hours_stops_and_says_until_when(tmp_path: Path) -> None:
    """And so does whoever starts the run again: the time is not over for having been forgotten."""
    told, again = Share(answers=storms(every=1, retry_after=7_200.0)), Share()
    with machine(tmp_path) as shared:
        first = await shared.process(told, rate=1.0, rows=1).run()
        second = await shared.process(again, rate=1.0, rows=1).run()
    assert first.stopped is not None
    assert second.stopped is not None
    assert second.stopped.code is StopCode.TROUBLE
    assert "wait until 2026-12-01T11:00:00" in second.stopped.why
    assert again.times("claim") == []
