"""A phone rings only inside the hours, on the clock of wherever it may be: also when clocks are changed."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st
from whenever import Instant

from campaign.timing.hours.hours import Hours, Openings, Span, both, daily

ZONES = (
    "America/New_York",
    "America/Los_Angeles",
    "America/St_Johns",
    "America/Havana",  # its clocks are changed at midnight, so that a date begins at 01:00, or has two 00:30
    "America/Santiago",
    "Europe/London",
    "Europe/Berlin",
    "Africa/Cairo",
    "Asia/Beirut",
    "Australia/Sydney",
    "Australia/Lord_Howe",  # changes by half an hour
    "Pacific/Auckland",
)
MINUTE = timedelta(minutes=1)
HALF = timedelta(hours=8)
NINE_TO_EIGHT = daily([(time(9), time(20))])
MONDAY = datetime(2026, 12, 7, tzinfo=UTC)


def at(zone: str, *when: int) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo(zone)).astimezone(UTC)  # type: ignore[misc,arg-type]  # year to minute


@cache
def change(zone: str, after: datetime) -> datetime:
    """The minute at which the zone's clocks are next changed, by looking at each hour, then at each minute."""
    offset = after.astimezone(ZoneInfo(zone)).utcoffset()
    hour = next(
        one
        for count in range(9000)
        if (one := after + count * 60 * MINUTE).astimezone(ZoneInfo(zone)).utcoffset() != offset
    )
    return next(
        one
        for count in range(61)
        if (one := hour - (60 - count) * MINUTE).astimezone(ZoneInfo(zone)).utcoffset() != offset
    )


@cache
def clock(zone: str, around: datetime) -> tuple[tuple[date, int, time], ...]:
    """What the zone's clocks and calendars show in each minute of 16 hours: date, weekday, time.

    By another library than the rules go by, which reads the zones' data by itself.
    """
    first = Instant(around - HALF).to_tz(zone)
    shown = (first.add(minutes=count) for count in range(16 * 60))
    return tuple((one.date().to_stdlib(), one.date().day_of_week().value - 1, one.time().to_stdlib()) for one in shown)


def inside(shown: tuple[date, int, time], hours: Hours) -> bool:
    """Whether that is a time to call, by the plain meaning of the hours, for what a clock shows."""
    day, weekday, at_time = shown
    return day not in hours.skip and any(start <= at_time < end for start, end in hours.week[weekday])


def minute_by_minute(zones: tuple[str, ...], around: datetime, hours: Hours) -> list[bool]:
    """For each minute, whether it and the one after it lie inside, in all of the zones."""
    raw = [all(inside(shown, hours) for shown in row) for row in zip(*(clock(z, around) for z in zones), strict=True)]
    return [now and following for now, following in pairwise(raw)]


def some_hours(chance: random.Random) -> Hours:
    """One or two windows, some with an edge in the hours that are missing or come twice."""
    edges = sorted(chance.sample(range(0, 300, 15) if chance.random() < 0.7 else range(0, 1440, 30), 4))
    spans = [(time(*divmod(a, 60)), time(*divmod(b, 60))) for a, b in (edges[:2], edges[2:])]
    days = range(7) if chance.random() < 0.5 else sorted(chance.sample(range(7), 4))
    return daily(spans[: chance.choice([1, 2])], days=days)


@pytest.mark.parametrize("zone", ZONES)
def test_g05_hours_over_a_change_of_clocks_are_those_of_a_count_minute_by_minute(zone: str) -> None:
    """K23: 18 schedules a zone, 216 in all, every minute of the 16 hours around a change, in both directions."""
    chance = random.Random(zone)
    spring = change(zone, datetime(2027, 1, 1, tzinfo=UTC))
    for around in (spring, change(zone, spring)):
        for _ in range(9):
            hours = some_hours(chance)
            zones = (zone, *chance.sample(ZONES, chance.choice([0, 0, 1])))
            openings = Openings(hours, zones)
            expected = minute_by_minute(zones, around, hours)
            first = around - HALF
            found = [openings.allowed(first + count * MINUTE) for count in range(len(expected))]
            assert found == expected, (hours, zones)
            begin = chance.randrange(1440)
            nearest = next((count for count in range(begin, len(expected)) if expected[count]), None)
            if nearest is not None:
                assert openings.next_allowed(first + begin * MINUTE) == first + nearest * MINUTE


@pytest.mark.parametrize(
    ("span", "allowed"),
    [
        ((time(2, 30), time(3, 30)), ["07:00-07:29"]),  # 02:30 does not exist: clocks go from 01:59 to 03:00
        ((time(1, 30), time(2, 30)), ["06:30-06:59"]),  # the minute before the leap is kept free
        ((time(2), time(3)), []),
    ],
)
def test_g05_an_hour_that_does_not_exist_is_not_called_in(span: Span, allowed: list[str]) -> None:
    assert ringing(daily([span]), date(2026, 3, 8)) == allowed


def test_g05_an_hour_that_comes_twice_is_called_in_twice() -> None:
    """Until 01:30, on the night when it is 01:00 to 02:00 twice: both times, and not in between."""
    assert ringing(daily([(time(0, 30), time(1, 30))]), date(2026, 11, 1)) == ["04:30-05:29", "06:00-06:29"]


def test_a_window_over_both_passes_of_an_hour_is_one_window() -> None:
    """No minute is kept free in its middle."""
    assert ringing(daily([(time(0, 30), time(3))]), date(2026, 11, 1)) == ["04:30-07:59"]


def ringing(hours: Hours, day: date) -> list[str]:
    """The stretches of a UTC day in which New York may be called, as first and first-not minute."""
    midnight = datetime.combine(day, time(), UTC)
    openings = Openings(hours, ("America/New_York",))
    minutes = [count for count in range(1440) if openings.allowed(midnight + count * MINUTE)]
    edges = [a for a in minutes if a - 1 not in minutes], [b + 1 for b in minutes if b + 1 not in minutes]
    return [f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in zip(*edges, strict=True)]


def test_the_last_minute_of_a_window_is_kept_free() -> None:
    """A call that is accepted at 19:59:58 rings at 20:00:03."""
    openings = Openings(NINE_TO_EIGHT, ("Europe/London",))
    assert openings.allowed(at("Europe/London", 2026, 12, 1, 19, 58))
    assert openings.allowed(at("Europe/London", 2026, 12, 1, 19, 58) + timedelta(milliseconds=59_999))
    assert not openings.allowed(at("Europe/London", 2026, 12, 1, 19, 59))


def test_from_the_moment_when_a_window_shuts_the_next_one_counts() -> None:
    """The end itself is outside, to the millisecond."""
    openings = Openings(NINE_TO_EIGHT, ("Europe/London",))
    end = at("Europe/London", 2026, 12, 1, 19, 59)
    assert openings.next_allowed(end) == at("Europe/London", 2026, 12, 2, 9)
    assert openings.next_allowed(end - timedelta(milliseconds=1)) == end - timedelta(milliseconds=1)


def test_a_window_opens_on_its_minute_and_not_a_millisecond_earlier() -> None:
    openings = Openings(NINE_TO_EIGHT, ("Europe/London",))
    nine = at("Europe/London", 2026, 12, 1, 9)
    assert openings.allowed(nine)
    assert not openings.allowed(nine - timedelta(milliseconds=1))
    assert openings.next_allowed(nine - timedelta(microseconds=1)) == nine


def test_hours_must_hold_wherever_the_phone_may_be() -> None:
    """Idaho is in two zones: nine in the west is ten in the south, and eight in the evening is seven."""
    openings = Openings(NINE_TO_EIGHT, ("America/Boise", "America/Los_Angeles"))
    assert openings.next_allowed(at("America/Boise", 2026, 12, 1, 9)) == at("America/Boise", 2026, 12, 1, 10)
    assert not openings.allowed(at("America/Los_Angeles", 2026, 12, 1, 19, 30))


def test_weekdays_are_those_of_the_person() -> None:
    """It is Saturday in Auckland while it is Friday here."""
    openings = Openings(daily([(time(9), time(17))], days=range(5)), ("Pacific/Auckland",))
    friday_evening = datetime(2026, 12, 4, 20, tzinfo=UTC)
    assert openings.next_allowed(friday_evening) == at("Pacific/Auckland", 2026, 12, 7, 9)


def test_own_dates_and_holidays_are_skipped_where_the_person_is() -> None:
    def holiday(day: date) -> str | None:
        return "Christmas Day" if (day.month, day.day) == (12, 25) else None

    hours = daily([(time(9), time(17))], skip=[date(2026, 12, 24)], holiday=holiday)
    openings = Openings(hours, ("Asia/Tokyo",))
    assert openings.next_allowed(at("Asia/Tokyo", 2026, 12, 23, 17)) == at("Asia/Tokyo", 2026, 12, 26, 9)


def test_a_holiday_in_one_possible_zone_is_kept_in_all() -> None:
    """At 05:00 UTC it is the 25th in New York, and still the 24th in Los Angeles."""
    hours = daily([(time(0), time(23, 59))], skip=[date(2026, 12, 25)])
    openings = Openings(hours, ("America/New_York", "America/Los_Angeles"))
    assert openings.next_allowed(datetime(2026, 12, 25, 5, tzinfo=UTC)) == at("America/Los_Angeles", 2026, 12, 26, 0)


def test_no_hours_are_always_open() -> None:
    assert Openings(None, ()).next_allowed(MONDAY) == MONDAY


def test_hours_that_never_hold_everywhere_have_no_next_moment() -> None:
    """London's morning is Honolulu's evening: such a row is told so, and does not wait for ever."""
    assert Openings(daily([(time(9), time(11))]), ("Europe/London", "Pacific/Honolulu")).next_allowed(MONDAY) is None


def test_the_horizon_bounds_the_search() -> None:
    openings = Openings(daily([(time(9), time(17))], days=[6]), ("Etc/UTC",))
    assert openings.next_allowed(MONDAY, horizon=timedelta(days=6)) is None
    assert openings.next_allowed(MONDAY, horizon=timedelta(days=7)) == MONDAY + timedelta(days=6, hours=9)


def test_hours_without_a_zone_are_refused() -> None:
    """Nobody's clock would be obeyed."""
    with pytest.raises(ValueError, match="at least one zone"):
        Openings(NINE_TO_EIGHT, ())


@pytest.mark.parametrize(
    ("build", "reason"),
    [
        (lambda: daily([(time(22), time(6))]), "over midnight"),
        (lambda: daily([(time(9), time(9))]), "over midnight, or is no time"),
        (lambda: daily([(time(9), time(9, 1))]), "too short"),
        (lambda: daily([(time(9), time(13)), (time(12), time(17))]), "reaches the one from 12:00"),
        (lambda: daily([(time(9), time(12)), (time(12), time(17))]), "make them one"),
        (lambda: daily([(time(8), time(9)), (time(10), time(11)), (time(12), time(13))]), "3 windows a day"),
        (lambda: daily([(time(9), time(17))], days=[]), "name at least one of mon"),
        (lambda: daily([]), "give from and until"),
        (lambda: daily([(time(9, tzinfo=UTC), time(17, tzinfo=UTC))]), "without a time zone"),
        (lambda: Hours((((time(9), time(17)),),)), "seven days"),
    ],
)
def test_hours_that_cannot_be_meant_are_refused(build: Callable[[], Hours], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        build()


def test_two_rules_hold_together() -> None:
    mine = daily([(time(9), time(12)), (time(13), time(21))], skip=[date(2026, 12, 24)])
    law = daily([(time(8), time(20))], days=range(6), holiday=lambda day: "New Year" if day.day == 1 else None)
    held = both(mine, law)
    assert held.spans_on(date(2026, 12, 7)) == ((time(9), time(12)), (time(13), time(20)))
    assert [held.spans_on(date(2026, 12, day)) for day in (6, 24)] == [(), ()]
    assert held.spans_on(date(2027, 1, 1)) == ()


def test_the_holidays_of_two_rules_are_all_kept() -> None:
    def first(day: date) -> str | None:
        return "New Year" if day.day == 1 else None

    def second(day: date) -> str | None:
        return "Second Day" if day.day == 2 else None

    span = [(time(9), time(17))]
    mine, law, plain = daily(span, holiday=first), daily(span, holiday=second), daily(span)
    assert [bool(both(mine, law).spans_on(date(2027, 1, day))) for day in (1, 2, 3)] == [False, False, True]
    assert both(mine, plain) == both(plain, mine) == both(mine, mine) == mine


def test_two_rules_that_leave_less_than_the_margin_leave_nothing() -> None:
    assert both(daily([(time(9), time(12))]), daily([(time(11, 59), time(20))])).week == ((),) * 7


INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
WINDOWS = st.builds(
    lambda edges, days: daily(
        [(time(*divmod(a, 60)), time(*divmod(b, 60))) for a, b in pairwise(edges)][::2], days=days
    ),
    st.lists(st.integers(0, 719), min_size=4, max_size=4, unique=True).map(
        lambda some: [2 * one for one in sorted(some)]
    ),
    st.sets(st.integers(0, 6), min_size=1),
)


@settings(max_examples=80, deadline=None)
@given(instant=INSTANTS, hours=WINDOWS, zones=st.sets(st.sampled_from(ZONES), min_size=1, max_size=3))
def test_the_next_moment_is_allowed_and_none_before_it_is(instant: datetime, hours: Hours, zones: set[str]) -> None:
    """Too early is a wrong call, too late is a lost one."""
    openings = Openings(hours, tuple(sorted(zones)))
    found = openings.next_allowed(instant, horizon=timedelta(days=9))
    assert found is None or (found >= instant and openings.allowed(found))
    end = found or instant + timedelta(days=9)
    before = [instant + (end - instant) * part / 100 for part in range(100)]
    assert not any(openings.allowed(one) for one in before if one + timedelta(milliseconds=1) < end)
    assert end - instant < timedelta(milliseconds=2) or not openings.allowed(end - timedelta(milliseconds=1))
