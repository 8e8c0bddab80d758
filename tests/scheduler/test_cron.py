"""When a schedule fires, above all where clocks are put forward or back."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from whenever import Date, Instant, PlainDateTime, RepeatedTime, SkippedTime

from campaign.domain.errors import UsageError
from campaign.scheduler.cron import (
    MOST_NOTED_ONE_BY_ONE,
    Timetable,
    all_passed,
    at_timetable,
    cron_timetable,
    due,
    known_zone,
)

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
# Changes of an hour, of half an hour and of two, at midnight and at two, in both halves of the year.
ZONES = (
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/St_Johns",
    "America/Havana",
    "America/Santiago",
    "Africa/Cairo",
    "Asia/Beirut",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Antarctica/Troll",
)
SCHEDULES = 17  # for each zone: 204 in all


@dataclass(frozen=True)
class Line:
    """A cron line, and what it says, not read out of it."""

    text: str
    minutes: tuple[int, ...]
    hours: tuple[int, ...]


def some_lines(seed: int) -> Iterator[Line]:
    chance = random.Random(seed)
    while True:
        minute, minutes = chance.choice(
            [(f"{(m := chance.randrange(60))}", (m,)), ("0,30", (0, 30)), ("*/20", (0, 20, 40)), ("5-7", (5, 6, 7))]
        )
        hour, hours = chance.choice(
            [
                (f"{(h := chance.randrange(5))}", (h,)),
                ("0-3", (0, 1, 2, 3)),
                ("1,2,9", (1, 2, 9)),
                ("*/2", tuple(range(0, 24, 2))),
                ("*", tuple(range(24))),
            ]
        )
        yield Line(f"{minute} {hour} * * *", minutes, hours)


def changes(zone: str) -> list[Date]:
    """The days of 2026 and 2027 on which the zone's clocks are changed."""
    found, instant = [], Instant.from_utc(2026, 1, 1)
    before = instant.to_tz(zone).offset
    while instant < Instant.from_utc(2028, 1, 1):
        instant = instant.add(hours=1)
        here = instant.to_tz(zone)
        if here.offset != before:
            found.append(here.date())
        before = here.offset
    return found


def expected(line: Line, zone: str, *, day: Date) -> list[str]:
    """The instants from the day before until the day after, by another library than the one that is used."""
    days = [day.subtract(days=1), day, day.add(days=1)]
    walls = [PlainDateTime(d.year, d.month, d.day, h, m) for d in days for h in line.hours for m in line.minutes]
    return sorted({only_instant(wall, zone).format_iso() for wall in walls})


def only_instant(wall: PlainDateTime, zone: str) -> Instant:
    while True:
        try:
            return wall.assume_tz(zone, disambiguation="raise").to_instant()
        except RepeatedTime:
            return wall.assume_tz(zone, disambiguation="earlier").to_instant()
        except SkippedTime:
            wall = wall.add(minutes=1, naive_arithmetic_ok=True)


@pytest.mark.parametrize("zone", ZONES)
def test_every_instant_near_a_change_of_the_clocks_is_that_of_an_independent_computation(zone: str) -> None:
    """A time that does not exist comes once, at the next that does; one that comes twice comes at the first."""
    days = changes(zone)
    assert len(days) >= 3
    for number, line in zip(range(SCHEDULES), some_lines(ZONES.index(zone)), strict=False):
        table, day = Timetable(zone=zone, cron=line.text), days[number % len(days)]
        before, after = day.subtract(days=1), day.add(days=2)
        since = only_instant(PlainDateTime(before.year, before.month, before.day), zone).to_stdlib()
        until = only_instant(PlainDateTime(after.year, after.month, after.day), zone).to_stdlib()
        # A look from any minute must see the same: nothing twice, and nothing lost.
        chance, found, at = random.Random(number), list[datetime](), since - timedelta(minutes=1)
        while at < until - timedelta(minutes=1):
            look = min(at + timedelta(minutes=chance.randrange(1, 300)), until - timedelta(minutes=1))
            found += table.between(at, until=look)
            at = look
        shown = [Instant(instant).format_iso() for instant in found]
        assert shown == expected(line, zone, day=day), (line, day)


@pytest.mark.parametrize(
    ("line", "day", "shown"),
    [
        ("30 2 * * *", (2027, 3, 28), ["03:00+02:00"]),
        ("0,30 2 * * *", (2027, 3, 28), ["03:00+02:00"]),
        ("*/15 2 * * *", (2027, 3, 28), ["03:00+02:00"]),
        ("30 2 * * *", (2027, 10, 31), ["02:30+02:00"]),
        ("*/30 2 * * *", (2027, 10, 31), ["02:00+02:00", "02:30+02:00"]),
        ("0 1-3 * * *", (2027, 10, 31), ["01:00+02:00", "02:00+02:00", "03:00+01:00"]),
        ("0 * * * *", (2027, 3, 28), ["00:00+01:00", "01:00+01:00", "03:00+02:00", "04:00+02:00"]),
        ("0 * * * *", (2027, 10, 31), ["00:00+02:00", "01:00+02:00", "02:00+02:00", "03:00+01:00", "04:00+01:00"]),
    ],
)
def test_a_wall_clock_time_fires_once_in_berlin(line: str, day: tuple[int, int, int], shown: list[str]) -> None:
    zone = known_zone("Europe/Berlin")
    table = cron_timetable(line, zone="Europe/Berlin")
    midnight = datetime(*day, tzinfo=zone)
    found = table.between(midnight.astimezone(UTC) - timedelta(seconds=1), until=midnight.replace(hour=4))
    assert [table.shown(instant)[-11:] for instant in found] == shown


def test_a_schedule_says_in_plain_words_when_it_fires() -> None:
    assert cron_timetable("0  9 * * MON-fri", zone="Europe/Berlin").in_words() == "At 09:00 on Monday through Friday"
    once = at_timetable("2026-12-01T09:00", zone="Europe/Berlin", now=NOW)
    assert once.in_words() == "Once, at 2026-12-01 09:00+01:00"
    assert once.at == datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("0 9 * *", "has 4 fields; write five"),
        ("0 0 9 * * *", "has 6 fields"),
        ("@daily", "has 1 fields"),
        ("0 25 * * *", "bad hour"),
        ("0 9 * * 8", "bad day-of-week"),
        ("0 9 31 2 *", "bad day-of-month"),
    ],
)
def test_a_wrong_cron_line_is_refused_in_one_line(line: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as raised:
        cron_timetable(line, zone="UTC")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("at", "message"),
    [
        ("2027-03-28T02:30", "does not exist in Europe/Berlin: .* write 2027-03-28T03:30\\+02:00"),
        ("2027-10-31T02:30", "comes twice .* write 2027-10-31T02:30\\+02:00 or 2027-10-31T02:30\\+01:00"),
        ("2027-10-31T02:30+05:00", "has another offset then"),
        ("2026-11-23T12:59", "is over; it is 2026-11-23T13:00\\+01:00 there"),
        ("2026-12-01", "is not a time"),
        ("01.12.2026 09:00", "is not a time"),
        ("2026-13-01T09:00", "is not a time"),
    ],
)
def test_a_time_that_cannot_be_meant_is_refused_with_the_cure(at: str, message: str) -> None:
    """An hour too early is a call in the night, and cannot be taken back."""
    with pytest.raises(UsageError, match=message):
        at_timetable(at, zone="Europe/Berlin", now=NOW)


@pytest.mark.parametrize(
    ("at", "utc"),
    [("2027-10-31T02:30+02:00", (0, 30)), ("2027-10-31T02:30+01:00", (1, 30)), ("2027-10-31T02:30Z", (2, 30))],
)
def test_an_offset_says_which_of_two_equal_times_is_meant(at: str, utc: tuple[int, int]) -> None:
    table = at_timetable(at, zone="Europe/Berlin", now=NOW)
    assert table.at == datetime(2027, 10, 31, *utc, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "message"),
    [
        ("europe/berlin", "did you mean Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("America/New York", "did you mean America/New_York"),
        ("EST", "name a place"),
        ("../../etc/passwd", "is not one"),
        ("", "is not one"),
    ],
)
def test_a_zone_that_is_none_or_keeps_no_summer_time_is_refused(zone: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        known_zone(zone)


HOURLY = Timetable(zone="UTC", cron="0 * * * *")


@pytest.mark.parametrize(
    ("away", "grace", "fires", "why"),
    [
        (timedelta(minutes=30), HOUR, 12, []),
        (HOUR * 3, HOUR, 12, ["missed", "as one"]),
        (HOUR * 3, HOUR / 2, 12, ["missed", "missed"]),
        (HOUR * 3, HOUR * 5, 12, ["as one", "as one"]),
    ],
)
def test_of_several_instants_that_are_due_the_latest_fires(
    *, away: timedelta, grace: timedelta, fires: int, why: list[str]
) -> None:
    """Whoever was away for a night must not ring everybody once for each hour of it."""
    decided = due(HOURLY, since=NOW - away, now=NOW, grace=grace)
    assert decided.fire == NOW.replace(hour=fires)
    assert ["missed" if each.missed else "as one" for each in decided.passed] == why
    assert all(("as one" in each.why) is not each.missed for each in decided.passed)


def test_an_instant_fires_within_its_grace_to_the_second_and_is_missed_after_it() -> None:
    at = Timetable(zone="UTC", at=NOW)
    for late, fires in ((HOUR, True), (HOUR + timedelta(seconds=1), False)):
        decided = due(at, since=NOW - HOUR, now=NOW + late, grace=HOUR)
        assert (decided.fire == NOW, [each.missed for each in decided.passed]) == (fires, [] if fires else [True])
    assert due(at, since=NOW, now=NOW + HOUR, grace=HOUR) == due(at, since=NOW - HOUR, now=NOW - HOUR / 2, grace=HOUR)


def test_a_year_of_minutes_is_told_with_its_number() -> None:
    minutely, month = Timetable(zone="UTC", cron="* * * * *"), timedelta(days=3)
    decided = due(minutely, since=NOW - month, now=NOW + timedelta(seconds=59), grace=timedelta(seconds=30))
    assert decided.fire is None
    first, *others = decided.passed
    assert len(others) == MOST_NOTED_ONE_BY_ONE
    assert f"nor for {3 * 24 * 60 - MOST_NOTED_ONE_BY_ONE - 1} more" in first.why
    assert others[0].instant == NOW - timedelta(minutes=MOST_NOTED_ONE_BY_ONE - 1)


def test_what_is_not_to_be_fired_has_the_reason_that_is_given() -> None:
    passed = all_passed(HOURLY, since=NOW - 2 * HOUR, now=NOW, why="paused")
    assert [(each.instant, each.why, each.missed) for each in passed] == [
        (NOW - HOUR, "paused", False),
        (NOW, "paused", False),
    ]
