"""Calls are spread as the template says; and what was planned is checked again when it is sent."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from campaign.domain.instants import instant_of, millis, to_call_delayed_until
from campaign.timing.hours.hours import Openings, daily
from campaign.timing.plan.slots import Milliseconds, WaitingSlot
from campaign.timing.plan.stagger import LEAST_DELAY, NeverAllowed, RingAt, RingNow, Stagger, at_send, planned

NOW = datetime(2026, 12, 1, 8, 0, 0, 123456, tzinfo=UTC)  # a Tuesday, in London and in UTC alike
NINE = datetime(2026, 12, 1, 9, tzinfo=UTC)
ALWAYS = Openings(None, ())
OFFICE = Openings(daily([(time(9), time(17))], days=range(5)), ("Europe/London",))


JITTER = [2331, 2833, 4237]


def times(stagger: Stagger, *, count: int = 4, least_gap: float = 0.0) -> list[datetime]:
    rows = [WaitingSlot(number) for number in range(2, 2 + count)]
    slots = planned(rows, stagger=stagger, count=count, now=NOW, least_gap=least_gap)
    return [instant_of(slot.at or 0) for slot in slots]


@pytest.mark.parametrize(
    ("stagger", "apart"),
    [
        (Stagger(start=NINE, every=timedelta(seconds=30)), 30),
        (Stagger(start=NINE, per_hour=120), 30),
        (Stagger(start=NINE, over=timedelta(minutes=2)), 30),
    ],
)
def test_three_ways_to_say_the_same_distance(stagger: Stagger, apart: int) -> None:
    assert times(stagger) == [NINE + timedelta(seconds=apart) * place for place in range(4)]


def test_all_calls_fit_into_the_time_over_which_they_are_spread() -> None:
    """The last one rings before the three hours are over, and not when they are."""
    instants = times(Stagger(start=NINE, over=timedelta(hours=3)), count=1000)
    assert timedelta(hours=2, minutes=59) < instants[-1] - NINE < timedelta(hours=3)


def test_the_pace_holds_where_the_stagger_asks_for_more() -> None:
    assert times(Stagger(start=NINE, every=timedelta(milliseconds=1)), count=2, least_gap=1010.0)[
        1
    ] == NINE + timedelta(milliseconds=1010)


def test_rows_that_are_planned_again_keep_clear_of_the_calls_that_were_sent() -> None:
    stagger = Stagger(start=NINE, every=timedelta(seconds=30))
    slots = planned([WaitingSlot(2), WaitingSlot(3)], stagger=stagger, count=2, now=NOW, taken=[millis(NINE)])
    assert [(slot.at or 0) - millis(NINE) for slot in slots] == [1, 30_000]


@pytest.mark.parametrize("start", [None, NOW - timedelta(days=1), NOW])
def test_nothing_is_planned_in_the_past(start: datetime | None) -> None:
    """A start of yesterday, or of a template used again, must not become a burst of calls that are all due."""
    instants = times(Stagger(start=start, every=timedelta(seconds=30)))
    assert all(NOW < instant < NOW + timedelta(minutes=2) for instant in instants)


def test_a_jitter_is_the_same_on_every_machine_and_another_for_another_seed() -> None:
    """Figures that were written down: a resumed run elsewhere must find its own times again."""
    stagger = Stagger(every=timedelta(seconds=30), jitter=timedelta(seconds=10), seed=1)
    assert [stagger.jitter_of(row) for row in (2, 3, 4)] == JITTER
    other = Stagger(every=timedelta(seconds=30), jitter=timedelta(seconds=10), seed=2)
    assert [other.jitter_of(row) for row in (2, 3, 4)] != JITTER


def test_a_jitter_stays_within_its_bound_and_uses_it() -> None:
    stagger = Stagger(start=NINE, every=timedelta(seconds=30), jitter=timedelta(seconds=10))
    late = [instant - NINE - timedelta(seconds=30) * place for place, instant in enumerate(times(stagger, count=500))]
    assert min(late) < timedelta(seconds=1)
    assert timedelta(seconds=9) < max(late) <= timedelta(seconds=10)
    assert any(later - earlier != timedelta(seconds=30) for earlier, later in pairwise(late))


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ({}, "one of every, per_hour and over"),
        ({"every": timedelta(seconds=1), "per_hour": 5}, "one of every, per_hour and over"),
        ({"per_hour": 0}, "more than nothing"),
        ({"every": timedelta(0)}, "more than nothing"),
        ({"over": timedelta(hours=-1)}, "more than nothing"),
        ({"per_hour": 5, "jitter": timedelta(seconds=-1)}, "jitter"),
        ({"per_hour": 5, "start": datetime(2026, 12, 1, 9)}, "needs a time zone"),  # noqa: DTZ001 - the fault
    ],
)
def test_a_stagger_that_cannot_be_meant_is_refused(keys: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Stagger(**keys)


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (NINE, "2026-12-01T09:00:00.000Z"),
        (NINE + timedelta(milliseconds=7), "2026-12-01T09:00:00.007Z"),
        (NINE.astimezone(tz=None), "2026-12-01T09:00:00.000Z"),
        (datetime.fromisoformat("2026-12-01T14:30:00.5+05:30"), "2026-12-01T09:00:00.500Z"),
    ],
)
def test_g06_a_delay_is_written_in_utc_with_milliseconds(instant: datetime, text: str) -> None:
    """The only form that the API documents; +00:00 or microseconds might come back as something else."""
    assert to_call_delayed_until(instant) == text


def test_milliseconds_survive_the_way_there_and_back() -> None:
    assert [millis(instant_of(ms)) for ms in range(1_796_000_000_000, 1_796_000_001_000)] == [
        *range(1_796_000_000_000, 1_796_000_001_000)
    ]


def sent(plan: datetime | None, *, now: datetime = NOW, openings: Openings = ALWAYS) -> RingNow | RingAt | NeverAllowed:
    return at_send(plan, now=now, openings=openings, own=Milliseconds([] if plan is None else [millis(plan)]))


def test_a_plan_that_holds_is_sent_with_its_own_millisecond() -> None:
    plan = NINE + timedelta(milliseconds=17)
    assert sent(plan, openings=OFFICE) == RingAt(plan)


@pytest.mark.parametrize("ago", [timedelta(0), timedelta(seconds=1), timedelta(days=1), -LEAST_DELAY / 2])
def test_g08_a_plan_that_is_past_rings_now(ago: timedelta) -> None:
    """A run that crashed yesterday is resumed: its times are recomputed, and not sent as they were."""
    assert sent(NOW - ago) == RingNow()


def test_g08_a_plan_that_is_past_is_moved_into_the_hours() -> None:
    """Resumed at night: nobody is rung then, and not at the old time either."""
    night = datetime(2026, 12, 5, 22, tzinfo=UTC)  # a Saturday
    assert sent(NINE, now=night, openings=OFFICE) == RingAt(datetime(2026, 12, 7, 9, tzinfo=UTC))


def test_a_plan_outside_of_the_hours_is_moved_into_them() -> None:
    """The hours of the template were narrowed since."""
    assert sent(NINE - timedelta(minutes=30), openings=OFFICE) == RingAt(NINE)


def test_what_is_moved_gets_a_millisecond_that_nobody_has() -> None:
    own = Milliseconds([millis(NINE), millis(NINE) + 1])
    assert at_send(None, now=NOW, openings=OFFICE, own=own) == RingAt(NINE + timedelta(milliseconds=2))
    assert at_send(None, now=NOW, openings=OFFICE, own=own) == RingAt(NINE + timedelta(milliseconds=3))


def test_what_is_moved_in_the_last_seconds_before_the_hours_is_still_ahead_when_it_arrives() -> None:
    now = NINE - timedelta(seconds=2)
    assert sent(None, now=now, openings=OFFICE) == RingAt(now + LEAST_DELAY)


def test_no_moment_at_all_is_said() -> None:
    assert (
        sent(NINE, openings=Openings(daily([(time(9), time(11))]), ("Europe/London", "Pacific/Honolulu")))
        == NeverAllowed()
    )


@settings(max_examples=300)
@given(plan=st.none() | st.integers(-10_000_000, 10_000_000), late=st.integers(0, 400_000_000))
def test_nothing_is_ever_sent_for_the_past_or_outside_of_the_hours(plan: int | None, late: int) -> None:
    now = NOW + timedelta(milliseconds=late)
    plan_at = None if plan is None else instant_of(millis(now) + plan)
    match sent(plan_at, now=now, openings=OFFICE):
        case RingNow():
            assert OFFICE.allowed(now)
            assert plan_at is None or plan_at < now + LEAST_DELAY
        case RingAt(instant):
            assert instant >= instant_of(millis(now + LEAST_DELAY))
            assert OFFICE.allowed(instant)
        case NeverAllowed():
            pytest.fail("there is always a next working day")
