"""A pace that changes while calls go on: by a person, by a 429, and back; each change is told once, with its reason."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import anyio
import pytest
from trio.testing import MockClock

from campaign.domain.model import Attempt, Cause, Created, NotSent, Outcome
from campaign.timing.account_rate import AccountPace
from campaign.timing.found_rate import FoundRate
from campaign.timing.pace import PaceChange
from tests.engine.account import Account
from tests.engine.recording import BEGIN, Recorder, Setup
from tests.timing.limiters import Limit, SlidingWindow, always, moving

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, Any]]:
    """Time passes as soon as everybody waits for it."""
    return "trio", {"clock": MockClock(autojump_threshold=0)}


async def told(setup: Setup) -> list[str]:
    """Runs it to the end; what was said about its pace."""
    send, receive = anyio.create_memory_object_stream[PaceChange](max_buffer_size=float("inf"))
    setup.changes = send
    await setup.run()
    send.close()
    with receive:
        return [change.text async for change in receive]


def refusing(*rows: int, outcome: NotSent) -> Callable[[Attempt], Outcome]:
    """That outcome for the first sending of these rows."""
    return lambda attempt: (
        outcome if attempt.row_id in rows and attempt.number == 1 else Created(f"call-{attempt.row_id}")
    )


def limited_to(limit: Limit) -> Callable[[Attempt], Outcome]:
    """A server that counts by the second, and names no time."""
    limiter = SlidingWindow(limit)
    return lambda attempt: (
        Created(f"call-{attempt.row_id}")
        if limiter.takes(anyio.current_time())
        else NotSent(Cause.LIMITED, "429: slower")
    )


async def test_a_limit_is_found_told_in_few_lines_and_left_when_it_is_gone() -> None:
    """Whoever watches must see why it is slow, and not each small step."""
    recorder = Recorder(answers=limited_to(moving((0, 4.0), (240, 100.0))), call_takes=lambda row: 0.1 + row % 7 / 100)
    lines = await told(Setup(recorder, rows=1_900, rate=10.0, workers=16))
    assert 2 <= len(lines) <= 12
    assert "of what was asked for: 429: slower" in lines[0]
    assert lines[-1] == "pace: 10 calls/s, 100% of what was asked for: AICaller takes more than it did"


async def test_after_429s_the_run_goes_on_at_the_rate_that_is_taken() -> None:
    recorder = Recorder(answers=limited_to(always(4.0)), call_takes=lambda row: 0.1 + row % 7 / 100)
    await Setup(recorder, rows=800, rate=10.0, workers=16).run()
    steady = [event for event in recorder.events if event.what == "settle" and 30 < event.at < 180]
    taken = [event for event in steady if isinstance(event.outcome, Created)]
    assert len(taken) >= 0.85 * 4 * 150
    assert len(steady) - len(taken) <= 0.05 * len(steady)


async def test_one_429_alone_pauses_nobody_and_slows_nothing() -> None:
    """Only its own row waits."""
    recorder = Recorder(answers=refusing(5, outcome=NotSent(Cause.LIMITED, "429: slower")))
    assert await told(Setup(recorder, rows=40, rate=2.0, workers=4)) == []
    sends = recorder.times("send")
    assert [later - sooner for sooner, later in pairwise(sends)] == pytest.approx([0.505] * 40, abs=1e-5)


async def test_a_503_pauses_the_account_and_the_pace_stays() -> None:
    setup = Setup(Recorder(answers=refusing(5, outcome=NotSent(Cause.UNAVAILABLE, "503: wait", 10.0))), rows=40)
    assert await told(setup) == ["pace: no calls for 10 s: 503: wait"]


async def test_trouble_of_this_machine_alone_is_not_told_to_the_account() -> None:
    """Another process may well have a connection."""
    account = Account(lambda: BEGIN + timedelta(seconds=anyio.current_time()))
    recorder = Recorder(answers=refusing(5, outcome=NotSent(Cause.CONNECT, "no connection")))
    assert await told(Setup(recorder, rows=40, account=account)) == []
    assert account.seen.paused_until == 0.0


async def test_a_run_that_begins_slowed_down_says_so() -> None:
    """It would else look as if `--rate` did not work."""
    at = BEGIN.timestamp()
    slowed = AccountPace(revision=7, written_at=at, last_slot=at - 1, found=FoundRate(rate=1.0), why="429: slower")
    account = Account(lambda: BEGIN + timedelta(seconds=anyio.current_time()), seen=slowed)
    assert await told(Setup(Recorder(), rows=4, rate=2.0, account=account)) == [
        "pace: 1 calls/s, 50% of what was asked for: 429: slower"
    ]


async def test_another_rate_is_obeyed_at_once_however_slow_it_was() -> None:
    """At one call in an hour, the next slot is an hour away."""
    recorder = Recorder(call_takes=lambda _: 0.01)
    setup = Setup(recorder, rows=30, rate=1 / 3600)
    rate_limiter = setup.rate_limiter()
    pool = setup.pool(rate_limiter)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(partial(setup.run, pool))
        await recorder.until(1, "send")
        await anyio.sleep(10)
        rate_limiter.change(5.0)
        await recorder.until(10, "send")
        rate_limiter.change(1.0)
    sends = recorder.times("send")
    assert sends[1] <= 11.0
    assert [later - sooner for sooner, later in pairwise(sends[1:10])] == pytest.approx([0.202] * 8, abs=1e-5)
    assert [later - sooner for sooner, later in pairwise(sends[11:])] == pytest.approx([1.01] * 18, abs=1e-5)


async def test_more_may_be_on_their_way_at_once() -> None:
    recorder = Recorder(call_takes=lambda _: 5.0)
    setup = Setup(recorder, rows=60, rate=10.0, workers=2)
    pool = setup.pool()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(partial(setup.run, pool))
        await recorder.until(4, "send")
        assert recorder.open_at_once() == 2
        pool.allow(12)
    assert recorder.open_at_once() == 12
    assert sorted(recorder.rows("send")) == [*range(1, 61)]


async def test_fewer_may_be_on_their_way_from_the_next_call_on() -> None:
    """Also of those who have a row in hand already, and no row is forgotten for it."""
    recorder = Recorder(call_takes=lambda row: 3.0 + row % 3)
    setup = Setup(recorder, rows=60, rate=2.0, workers=12)
    pool = setup.pool()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(partial(setup.run, pool))
        await recorder.until(30, "send")
        assert recorder.open_at_once() < 12, "some wait for their slot, with a row in hand"
        pool.allow(3)
        at = len(recorder.events)
    open_now = recorder.open_after(at)
    assert max(now for now, claimed in open_now if claimed) <= 3
    assert sorted(recorder.rows("send")) == [*range(1, 61)]
    assert len(setup.heard) == 60


async def test_a_pool_that_has_ended_takes_no_more_workers() -> None:
    """The word may come a moment too late."""
    setup = Setup(Recorder(), rows=3)
    pool = await setup.run()
    pool.allow(50)
    assert len(setup.heard) == 3
