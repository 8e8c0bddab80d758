"""Nobody is called by a clock that AICaller's contradicts: seen before, in the first answer, and while it goes on."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import anyio
import pytest
from trio.testing import MockClock

from campaign.aicaller.server_date import AnswerTime
from campaign.domain.model import Attempt, Outcome
from campaign.domain.stop import Stop, StopCode
from campaign.engine.pacing.clock_guard import ClockGuard
from campaign.engine.pacing.server_clock import ClocksApart, ServerClock
from tests.engine.recording import BEGIN, Recorder, Setup

pytestmark = pytest.mark.anyio

HOUR = 3600.0


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, Any]]:
    """Time passes as soon as everybody waits for it."""
    return "trio", {"clock": MockClock(autojump_threshold=0)}


def ours() -> datetime:
    """Our wall clock: right by itself."""
    return BEGIN + timedelta(seconds=anyio.current_time())


def answered(*, ahead: float = 0.0, took: float = 0.2, age: float = 0.0) -> AnswerTime:
    """An answer that comes now, of a server whose clock is so far ahead; `age` seconds old, which it does not say."""
    now = anyio.current_time()
    made = ours().timestamp() - took / 2 + ahead - age
    return AnswerTime(float(int(made)), now - took, now)


# How far apart they are


async def test_without_an_answer_and_without_a_date_nothing_is_known() -> None:
    clock = ServerClock(ours)
    assert (clock.answered, clock.ahead(), clock.apart()) == (False, None, None)
    clock.see(AnswerTime(None, 0.0, 0.1))
    assert (clock.answered, clock.ahead(), clock.apart()) == (True, None, None)


@pytest.mark.parametrize("ahead", [0.0, 1.0, -1.0, 119.0, -119.0])
async def test_two_minutes_are_borne(ahead: float) -> None:
    clock = ServerClock(ours)
    clock.see(answered(ahead=ahead))
    assert clock.apart() is None


@pytest.mark.parametrize("ahead", [123.0, -123.0, 9 * HOUR, -48 * HOUR])
async def test_more_is_told_with_both_times(ahead: float) -> None:
    clock = ServerClock(ours)
    clock.see(answered(ahead=ahead))
    apart = clock.apart()
    assert apart is not None
    assert (apart.theirs - apart.ours).total_seconds() == pytest.approx(ahead, abs=2)
    assert apart.text.startswith("this machine's clock says 2026-12-01 09:00:0")


async def test_an_answer_that_took_long_proves_no_more_than_its_request_and_its_end_allow() -> None:
    """It may have been made at its beginning, and read when a stopped process went on."""
    await anyio.sleep(8 * HOUR)
    clock = ServerClock(ours)
    clock.see(answered(ahead=-4 * HOUR + 60, took=8 * HOUR))
    assert clock.apart() is None


async def test_a_stale_answer_of_a_cache_stops_nothing_once_another_one_is_right() -> None:
    """Its Date lies back, and may say no Age; the highest of several is the best."""
    clock = ServerClock(ours)
    clock.see(answered())
    for _ in range(6):
        clock.see(answered(age=48 * HOUR))
    assert clock.apart() is None


async def test_a_wall_clock_that_is_set_is_noticed_without_another_answer() -> None:
    off = 0.0
    clock = ServerClock(lambda: ours() + timedelta(seconds=off))
    clock.see(answered())
    off = 48 * HOUR
    apart = clock.apart()
    assert apart is not None
    assert (apart.ours - apart.theirs) > timedelta(hours=47)
    off = 0.0
    assert clock.apart() is None


# The pool


@dataclass
class Service(Recorder):
    """Answers each call with its time, as its clock is then.

    Attributes:
        ahead: how far that is ahead, from an instant of the pool's clock on: (instant, seconds).
        asked: when it was asked for the time.
    """

    clock: ServerClock | None = None
    ahead: tuple[tuple[float, float], ...] = ((0.0, 0.0),)
    asked: list[float] = field(default_factory=list)
    changes: list[ClocksApart | None] = field(default_factory=list)

    async def send(self, attempt: Attempt) -> Outcome:
        outcome = await super().send(attempt)
        self._say()
        return outcome

    async def ask(self) -> None:
        self.asked.append(anyio.current_time())
        self._say()

    def _say(self) -> None:
        assert self.clock is not None
        now = anyio.current_time()
        self.clock.see(answered(ahead=next(ahead for since, ahead in reversed(self.ahead) if since <= now)))


async def dialled(service: Service, *, known: bool, trusted: bool = False, rows: int = 60) -> Stop | None:
    """Twenty calls a second, by eight workers; `known`: the clocks were compared before. Why it stopped, if it did."""
    service.clock = ServerClock(ours)
    if known:
        await service.ask()
    guard = ClockGuard(service.clock, trusted=trusted, ask=service.ask, on_change=service.changes.append)
    setup = Setup(service, rows=rows, rate=20.0, workers=8, clock_guard=guard, now=ours)
    pool, stop = setup.pool(), anyio.Event()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(lambda: guard.run(stop=stop))
        await setup.run(pool)
        stop.set()
    return pool.stopped


async def test_when_nothing_is_known_the_first_answer_is_the_check() -> None:
    """One call at a time until then: eight at once would be eight people at four in the morning."""
    service = Service(ahead=((0.0, -48 * HOUR),))
    stopped = await dialled(service, known=False)
    assert service.rows("send") == [1]
    assert stopped is not None
    assert stopped.code is StopCode.TROUBLE
    assert "this machine's clock says 2026-12-01 09:00:00 UTC, and AICaller's 2026-11-29 09:00" in stopped.why


async def test_when_the_first_answer_agrees_the_rest_goes_at_full_pace() -> None:
    service = Service(call_takes=lambda _: 1.0)
    await dialled(service, known=False, rows=40)
    first, second = service.times("send")[:2]
    assert second - first >= 1.0
    assert service.open_at_once() == 8
    assert len(service.rows("send")) == 40


async def test_a_drift_while_dialling_pauses_says_so_and_goes_on_when_it_is_over() -> None:
    service = Service(ahead=((0.0, 0.0), (1.0, -HOUR), (100.0, 0.0)))
    assert await dialled(service, known=True) is None
    sent = service.times("send")
    assert len(sent) == 60, "nobody is lost"
    # The eight of the latest answers have to be its own, since one that lies back may be a stale one.
    assert [at for at in sent if 3.0 < at < 100.0] == []
    before, after = service.changes
    assert before is not None
    assert before.ours - before.theirs > timedelta(minutes=59)
    assert after is None
    assert len([at for at in service.asked if 3.0 < at < 100.0]) >= 8


async def test_a_server_that_is_ahead_is_believed_at_once() -> None:
    """No cache makes a Date that is still to come."""
    service = Service(ahead=((0.0, 0.0), (1.0, HOUR), (100.0, 0.0)), call_takes=lambda _: 0.1)
    await dialled(service, known=True)
    assert len([at for at in service.times("send") if 1.0 < at < 100.0]) <= 4
    assert len(service.times("send")) == 60


async def test_a_trusted_clock_neither_stops_nor_pauses_anything() -> None:
    service = Service(ahead=((0.0, -48 * HOUR),))
    await dialled(service, known=False, trusted=True, rows=40)
    assert len(service.rows("send")) == 40
    assert service.changes == []
