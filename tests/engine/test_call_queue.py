"""Who is called when, on a virtual clock over the real ledger: nobody outside hours, nobody held up by another."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import anyio
import pytest
from trio.testing import MockClock

from campaign.domain.model import Attempt, Cause, Contact, Created, NotSent, Outcome, RowState
from campaign.preparation.forecast import outlook_of
from tests.engine.virtual import Campaign, World, load, opened, person, plan, utc

pytestmark = pytest.mark.anyio

NEW_YORK, CHICAGO, LOS_ANGELES, LONDON, TOKYO, KOLKATA = SIX = (
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "Europe/London",
    "Asia/Tokyo",
    "Asia/Kolkata",
)
NINE_TO_FIVE = {"from": time(9), "until": time(17)}
MONDAY = utc("2027-03-08T00:00")
HOUR = timedelta(hours=1)
Hourly = tuple[int, str]
NOON = utc("2026-12-01T12:00")  # a Tuesday; seven in New York


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, Any]]:
    return "trio", {"clock": MockClock()}


class Desk:
    """A folder with a ledger, and runs in it."""

    def __init__(self, home: Path, begin: datetime) -> None:
        self.world = World(begin)
        self.opened = opened(home, self.world)
        self.ledger = self.opened.__enter__()

    def run(self, *contacts: Contact, **rules: Any) -> Campaign:
        made = plan(**rules)
        return Campaign(self.world, self.ledger, load(self.ledger, contacts, made), made)

    def shown(self) -> list[tuple[int, str]]:
        """(row, when its phone rings), in the order in which they were submitted."""
        return [(ring.row, f"{ring.at:%d %H:%M}") for ring in self.world.rings]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "home", NOON)
    yield desk
    desk.opened.__exit__(None, None, None)


async def test_a_row_is_kept_until_its_phone_may_ring_and_holds_up_nobody(desk: Desk) -> None:
    """With one worker: whoever waits for the morning in Los Angeles must not keep it."""
    people = [person(2, LOS_ANGELES), person(3, NEW_YORK), person(4, LONDON), person(5, LOS_ANGELES)]
    await desk.run(*people, hours=NINE_TO_FIVE, max_in_flight=1).dial()
    assert desk.shown() == [(4, "01 12:00"), (3, "01 14:00"), (2, "01 17:00"), (5, "01 17:00")]
    assert all(not ring.delayed for ring in desk.world.rings)


async def test_hours_hold_in_all_zones_where_a_person_may_be(desk: Desk) -> None:
    """A number of Nebraska, say: nobody knows on which side of it the phone lies."""
    await desk.run(person(2, NEW_YORK, LOS_ANGELES), person(3, NEW_YORK, TOKYO), hours=NINE_TO_FIVE).dial()
    assert desk.shown() == [(2, "01 17:00")]
    assert desk.ledger.read.rows.count_states(1) == {RowState.CREATED: 1, RowState.PENDING: 1}


async def test_the_last_minute_is_kept_free(desk: Desk) -> None:
    """A phone takes a moment to ring; a call that is sent at 16:59:59 rings after five."""
    people = [person(row, LONDON) for row in range(2, 12)]
    rules = {"hours": {"from": time(9), "until": time(12, 2)}, "calls_per_second": 0.1, "max_in_flight": 1}
    await desk.run(*people, **rules).dial()
    today = [ring.at for ring in desk.world.rings if ring.at < utc("2026-12-01T13:00")]
    assert len(today) == 6
    assert max(today) < utc("2026-12-01T12:01")
    assert len(desk.world.rings) == 10
    assert min(ring.at for ring in desk.world.rings if ring.at > max(today)) == utc("2026-12-02T09:00")


async def test_a_row_whose_hours_end_while_it_waits_for_the_pace_goes_back_in_line(desk: Desk) -> None:
    """The moment that counts is the one of sending, not the one at which a worker took the row."""
    people = [person(row, LONDON) for row in range(2, 10)]
    rules = {"hours": {"from": time(9), "until": time(12, 2)}, "calls_per_second": 1 / 90, "max_in_flight": 8}
    await desk.run(*people, **rules).dial()
    assert {f"{ring.at:%H:%M}" for ring in desk.world.rings} <= {"12:00"} | {f"09:{m:02d}" for m in range(60)}
    assert sorted(ring.row for ring in desk.world.rings) == list(range(2, 10))


async def test_what_is_no_longer_allowed_between_promise_and_first_byte_is_taken_back(desk: Desk) -> None:
    """A disk that takes minutes for a commit, or a machine that sleeps in it: the promise is not kept at night."""
    run = desk.run(person(2, LONDON), person(3, LONDON), hours={"from": time(9), "until": time(13)})
    claim, world = desk.world.claim, desk.world

    async def slowly(attempt: Attempt) -> Any:
        found = await claim(attempt)
        if attempt.row_number == 2 and attempt.number == 1:
            world.begin += timedelta(
                hours=3
            )  # the wall clock's word; the circuit breaker would stop the run at its next slot
        return found

    world.claim = slowly  # type: ignore[method-assign]  # this one commit is slow
    with pytest.raises(AssertionError, match="the clock jumped"):
        await run.dial()
    assert world.rings == []
    assert desk.ledger.read.rows.count_states(1) == {RowState.PENDING: 2}


async def test_a_machine_that_slept_while_nobody_might_be_called_wakes_and_goes_on(desk: Desk) -> None:
    """A laptop that is closed overnight, with a run that waits for the morning: it is what waiting is for."""
    people = person(2, LONDON), person(3, LONDON, call_at=utc("2026-12-01T15:30"))
    run, world = desk.run(*people, hours=NINE_TO_FIVE, call_at=True), desk.world

    async def sleep_after_ten_minutes() -> None:
        await anyio.sleep(600)
        world.slept += timedelta(hours=2, minutes=45)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(sleep_after_ten_minutes)
        await run.dial()
    assert world.slept
    assert desk.shown() == [(2, "01 12:00"), (3, "01 15:30")]


async def test_a_row_that_asks_for_a_time_is_kept_until_then(desk: Desk) -> None:
    people = [
        person(2, LONDON, call_at=utc("2026-12-01T15:30")),
        person(3, LONDON),
        person(4, LONDON, call_at=utc("2026-12-01T20:00")),
        person(5, LONDON, call_at=utc("2026-12-01T15:30")),
    ]
    await desk.run(*people, hours=NINE_TO_FIVE, call_at=True).dial()
    assert desk.shown() == [(3, "01 12:00"), (2, "01 15:30"), (5, "01 15:30"), (4, "02 09:00")]


async def test_a_staggered_run_with_hours_keeps_its_distance_and_goes_on_in_the_morning(desk: Desk) -> None:
    people = [person(row, LONDON) for row in range(2, 10)]
    rules = {"hours": {"from": time(9), "until": time(12, 31)}, "stagger": {"every": timedelta(minutes=10)}}
    await desk.run(*people, **rules).dial()
    times = [ring.at for ring in desk.world.rings]
    assert [f"{at:%d %H:%M}" for at in times[:4]] == ["01 12:00", "01 12:10", "01 12:20", "02 09:00"]
    assert all(later - sooner >= timedelta(minutes=9, seconds=59) for sooner, later in pairwise(times))


async def test_rows_that_are_submitted_ahead_get_their_moment_each_its_own_millisecond(desk: Desk) -> None:
    """It comes back in the API's lists, and tells there whose call that is."""
    people = [person(row, SIX[row % 6]) for row in range(2, 122)]
    await desk.run(*people, hours=NINE_TO_FIVE | {"deliver": "delay"}).dial()
    delayed = [ring for ring in desk.world.rings if ring.delayed]
    assert len(desk.world.rings) == 120
    assert len({ring.at for ring in delayed}) == len(delayed) > 80
    assert all(ring.at > ring.submitted for ring in delayed)
    assert [ring for ring in desk.world.rings if not inside(ring.at, SIX[ring.row % 6])] == []
    assert desk.world.now() < NOON + timedelta(minutes=2)
    kept = {row.number: row.delayed_until for row in desk.ledger.read.rows.results(1)}
    assert kept == {
        ring.row: f"{ring.at:%Y-%m-%dT%H:%M:%S}.{ring.at.microsecond // 1000:03d}Z" if ring.delayed else None
        for ring in desk.world.rings
    }


async def test_a_second_try_has_a_millisecond_of_its_own(desk: Desk) -> None:
    """The first may have been taken after all, whatever its answer said; two calls must not look alike in the lists."""
    tries: list[tuple[int, datetime | None]] = []

    def answer(attempt: Attempt) -> Outcome:
        tries.append((attempt.row_number, attempt.delayed_until))
        if attempt.number == 1:
            return NotSent(Cause.CONNECT, "refused")
        return Created(f"call-{attempt.row_id}")

    desk.world.answers = answer
    await desk.run(person(2, LOS_ANGELES), person(3, LOS_ANGELES), hours=NINE_TO_FIVE | {"deliver": "delay"}).dial()
    until = [at for _, at in tries]
    assert len(set(until)) == len(until) == 4
    assert all(at is not None and at >= utc("2026-12-01T17:00") for at in until)


async def test_a_stagger_alone_submits_now_for_later(desk: Desk) -> None:
    """Without hours, `[stagger]` is what the API's `callDelayedUntil` is for."""
    start = NOON + timedelta(hours=2)
    run = desk.run(*[person(row) for row in range(2, 6)], stagger={"start": start, "per_hour": 2.0})
    await run.dial()
    assert desk.shown() == [(2, "01 14:00"), (3, "01 14:30"), (4, "01 15:00"), (5, "01 15:30")]
    assert all(ring.delayed for ring in desk.world.rings)


async def test_a_staggered_run_that_is_gone_on_with_late_is_spread_again(desk: Desk) -> None:
    """Its planned times are past: rung at once, they would be a hundred calls in a minute."""
    world = desk.world
    run = desk.run(*[person(row) for row in range(2, 12)], stagger={"every": timedelta(minutes=10)})
    await run.dial(limit=3)
    world.begin += timedelta(days=1)
    await run.dial()
    late = [ring.at for ring in world.rings[3:]]
    assert len({ring.row for ring in world.rings}) == 10
    assert min(late) >= NOON + timedelta(days=1)
    apart = [later - sooner for sooner, later in pairwise(sorted(late))]
    assert all(abs(one - timedelta(minutes=10)) < timedelta(seconds=5) for one in apart)


async def test_a_run_that_is_stopped_while_it_waits_stops_at_once_and_goes_on_later(desk: Desk) -> None:
    run = desk.run(person(2, LONDON), person(3, LOS_ANGELES), hours=NINE_TO_FIVE)
    await run.dial(until=NOON + timedelta(minutes=7))
    assert desk.world.now() <= NOON + timedelta(minutes=7, seconds=1)
    assert desk.shown() == [(2, "01 12:00")]
    assert desk.ledger.read.rows.count_states(1)[RowState.PENDING] == 1
    await run.dial()
    assert desk.shown() == [(2, "01 12:00"), (3, "01 17:00")]


async def test_nobody_is_called_after_the_end_and_nobody_waited_for(desk: Desk) -> None:
    run = desk.run(
        person(2, LONDON),
        person(3, LOS_ANGELES),
        hours=NINE_TO_FIVE,
        finish_by=utc("2026-12-01T16:00"),
    )
    queue = await run.dial()
    assert desk.shown() == [(2, "01 12:00")]
    assert queue.left_over
    assert desk.world.now() < NOON + timedelta(minutes=1)


async def test_a_limit_counts_calls_and_not_those_who_wait(desk: Desk) -> None:
    people = [person(2, LOS_ANGELES), person(3, LONDON), person(4, LONDON), person(5, LONDON)]
    queue = await desk.run(*people, hours=NINE_TO_FIVE).dial(limit=2)
    assert desk.shown() == [(3, "01 12:00"), (4, "01 12:00")]
    assert not queue.left_over


async def a_week(desk: Desk, *, people: int, rate: float) -> tuple[Counter[Hourly], Counter[Hourly]]:
    """Runs a sheet over six zones, two windows a day, a week with a change of clocks in it, and judges it.

    Returns how many rang in each hour and zone, and how many were foreseen.
    """
    chance = random.Random(11)
    contacts = [person(row, chance.choice(SIX)) for row in range(2, people + 2)]
    windows = [{"from": time(9), "until": time(12, 30)}, {"from": time(13, 30), "until": time(20)}]
    weekdays, skip = ("mon", "tue", "wed", "thu", "fri"), (date(2027, 3, 16),)
    hours = {"windows": windows, "days": weekdays, "skip": skip}
    run = desk.run(*contacts, hours=hours, calls_per_second=rate)
    seen = outlook_of(desk.ledger, run.record.id, plan=run.plan, count=people).forecast
    await run.dial()
    rings = desk.world.rings
    assert sorted(ring.row for ring in rings) == list(range(2, people + 2))
    zones = {contact.row: ZoneInfo(contact.zones[0]) for contact in contacts}
    assert [ring for ring in rings if not in_windows(ring.at.astimezone(zones[ring.row]))] == []
    assert rings[-1].at - rings[0].at > timedelta(days=5)
    happened = Counter(((ring.at - MONDAY) // HOUR, contacts[ring.row - 2].zones[0]) for ring in rings)
    foreseen = Counter({((hour - MONDAY) // HOUR, zone): count for hour, zone, count in seen.hourly})
    assert seen.first is not None
    assert seen.last is not None
    length = rings[-1].at - rings[0].at
    assert abs(seen.first - rings[0].at) + abs(seen.last - rings[-1].at) <= 0.01 * length
    # At no time are more than one in a hundred ahead of the forecast, or behind it.
    ahead = 0
    for hour in sorted({hour for hour, _ in happened | foreseen}):
        ahead += sum(happened[hour, zone] - foreseen[hour, zone] for zone in SIX)
        assert abs(ahead) <= 0.01 * people
    return happened, foreseen


def in_windows(shown: datetime) -> bool:
    at = shown.time()
    inside = time(9) <= at < time(12, 29) or time(13, 30) <= at < time(19, 59)
    return inside and shown.weekday() < 5 and shown.date() != date(2027, 3, 16)


def inside(at: datetime, zone: str) -> bool:
    return time(9) <= at.astimezone(ZoneInfo(zone)).time() < time(16, 59)


@pytest.fixture
def friday(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "home", utc("2027-03-12T03:00"))
    yield desk
    desk.opened.__exit__(None, None, None)


async def test_a_week_of_a_run_rings_nobody_outside_hours_and_is_as_foreseen(friday: Desk) -> None:
    """The short form: fewer people, slower."""
    # Nobody changes the pace here: to look for that twice a second of a week is all that would take time.
    friday.world.look_up_seconds = 60.0
    await a_week(friday, people=450, rate=0.0016)


@pytest.mark.soak
@pytest.mark.timeout(3_600)
async def test_a_week_of_fifty_thousand_rings_nobody_outside_hours_and_is_as_foreseen(friday: Desk) -> None:
    """Long enough for many calls in each hour of each zone, so that these are compared one by one."""
    happened, foreseen = await a_week(friday, people=50_000, rate=0.18)
    off = sum(abs(happened[key] - foreseen[key]) for key in happened | foreseen)
    assert off <= 0.01 * 50_000 * 2  # a call in the next hour is one too few and one too many
