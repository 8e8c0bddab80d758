"""What a run will come to is known before its first call, by the very simulation that plans it."""

import random
from collections import Counter
from datetime import UTC, datetime, time, timedelta

import pytest

from campaign.domain.instants import instant_of, millis
from campaign.presentation.heatmap import plot
from campaign.timing.hours.hours import daily
from campaign.timing.plan.forecast import Forecast, Pace, forecast, row_ranges, time_left
from campaign.timing.plan.slots import Spacing, WaitingSlot, line_up
from campaign.timing.plan.stagger import Stagger

NOW = datetime(2026, 12, 1, 6, tzinfo=UTC)
NINE = datetime(2026, 12, 1, 9, tzinfo=UTC)
OFFICE = daily([(time(9), time(17))])
LONDON, NEW_YORK = ("Europe/London",), ("America/New_York",)
PACE = Pace(calls_per_second=1.0, max_in_flight=8, seconds_in_flight=0.5)


def london(count: int) -> list[WaitingSlot]:
    return [WaitingSlot(number, LONDON, OFFICE) for number in range(2, 2 + count)]


def test_the_first_and_the_last_ring_are_those_of_the_plan() -> None:
    rows = [WaitingSlot(number, (LONDON, NEW_YORK)[number % 2], OFFICE) for number in range(2, 3000)]
    slots = list(line_up(rows, begin=millis(NOW), spacing=Spacing(PACE.gap, 8, 500.0)))
    found = forecast(rows, now=NOW, pace=PACE)
    instants = [slot.at for slot in slots if slot.at is not None]
    assert (found.first, found.last) == (NINE, instant_of(max(instants)))
    assert found.fits == found.most_calls == len(rows)


def test_the_hourly_counts_are_those_of_each_hour_and_zone() -> None:
    rows = [
        WaitingSlot(2, LONDON, OFFICE),
        WaitingSlot(3, NEW_YORK, OFFICE),
        WaitingSlot(4, LONDON, OFFICE),
        WaitingSlot(5, NEW_YORK),
    ]
    assert forecast(rows, now=NOW, pace=PACE).hourly == (
        (NOW, "America/New_York", 1),
        (NINE, "Europe/London", 2),
        (NINE + timedelta(hours=5), "America/New_York", 1),
    )


def test_what_does_not_fit_is_counted_and_named() -> None:
    """20 calls an hour from nine: at noon 60 of 100 have rung, and the rest is told apart."""
    found = forecast(
        london(100),
        now=NOW,
        pace=PACE,
        stagger=Stagger(per_hour=20),
        finish_by=datetime(2026, 12, 1, 12, tzinfo=UTC),
    )
    assert found.fits == 60
    assert row_ranges(found.late) == "62-101"
    assert found.last == datetime(2026, 12, 1, 11, 57, tzinfo=UTC)


def test_a_call_at_the_very_end_does_not_fit() -> None:
    assert forecast([WaitingSlot(2)], now=NOW, pace=PACE, finish_by=NOW).late == (2,)
    assert forecast([WaitingSlot(2)], now=NOW, pace=PACE, finish_by=NOW + timedelta(milliseconds=1)).fits == 1


def test_rows_that_never_ring_are_named() -> None:
    found = forecast([WaitingSlot(2, (*LONDON, "Asia/Tokyo"), OFFICE), WaitingSlot(3)], now=NOW, pace=PACE)
    assert found.never == (2,)
    assert found.fits == 1


def test_nothing_rings_without_rows() -> None:
    assert forecast([], now=NOW, pace=PACE) == Forecast(None, None, (), (), (), 0)
    assert plot(forecast([], now=NOW, pace=PACE)) == []


def test_the_pace_and_the_calls_on_their_way_both_bound_it() -> None:
    """Ten requests of eight seconds each, two at a time, take longer than ten at one a second."""
    slow = Pace(calls_per_second=1.0, max_in_flight=2, seconds_in_flight=8.0)
    quick = Pace(calls_per_second=1.0, max_in_flight=100, seconds_in_flight=8.0)
    rows = [WaitingSlot(number) for number in range(2, 12)]
    assert forecast(rows, now=NOW, pace=quick).last == NOW + timedelta(seconds=9 * 1.01)
    assert forecast(rows, now=NOW, pace=slow).last == NOW + timedelta(seconds=4 * 8 + 1.01)


def test_a_row_that_may_be_tried_again_counts_with_all_of_its_tries() -> None:
    """What a run may cost at most is known before it begins."""
    assert forecast(london(10), now=NOW, pace=PACE, tries=3).most_calls == 30


def test_the_stagger_begins_at_its_start_and_not_in_the_past() -> None:
    later = Stagger(start=NINE, per_hour=60)
    assert forecast([WaitingSlot(2)], now=NOW, pace=PACE, stagger=later).first == NINE
    assert forecast(
        [WaitingSlot(2)], now=NINE + timedelta(hours=1), pace=PACE, stagger=later
    ).first == NINE + timedelta(hours=1)


def test_the_time_left_is_the_forecast_of_the_rows_that_still_wait() -> None:
    """Half of the rows gone, half of the time is left: the same simulation, asked again."""
    rows, spread = london(200), Stagger(per_hour=60)
    whole = forecast(rows, now=NINE, pace=PACE, stagger=spread)
    assert whole.last is not None
    halfway = NINE + timedelta(minutes=100)
    rest = forecast(rows[100:], now=halfway, pace=PACE, stagger=spread)
    assert rest.last == whole.last == NINE + timedelta(minutes=199)


@pytest.mark.parametrize("count", [1, 700, 6_000])
@pytest.mark.parametrize(
    "spread", [None, Stagger(per_hour=900), Stagger(start=NINE + timedelta(days=2), per_hour=3600)]
)
def test_the_time_left_of_many_rows_is_that_of_a_sample_of_them(count: int, spread: Stagger | None) -> None:
    """A progress bar asks every few seconds, of a million rows too."""
    chance = random.Random(count)
    rows = [WaitingSlot(number, chance.choice([LONDON, NEW_YORK, ("Asia/Tokyo",)]), OFFICE) for number in range(count)]
    counts = Counter(one.zones for one in rows)
    waiting = [(WaitingSlot(2, zones, OFFICE), number) for zones, number in counts.items()]
    last = forecast(rows, now=NOW, pace=PACE, stagger=spread).last
    left = time_left(waiting, now=NOW, pace=PACE, stagger=spread)
    assert last is not None
    assert left is not None
    assert left == pytest.approx(last - NOW, abs=max(timedelta(seconds=5), (last - NOW) * 0.01))


def test_a_run_with_nobody_left_to_call_has_no_time_left() -> None:
    assert time_left([], now=NOW, pace=PACE) is None
    assert time_left([(WaitingSlot(2, (*LONDON, "Asia/Tokyo"), OFFICE), 5)], now=NOW, pace=PACE) is None


def test_the_time_left_of_ten_million_rows_asks_for_a_sample_only() -> None:
    """10 million calls, a hundred a second, 8 hours a day: 3.5 days; the gap between two openings counts."""
    waiting = [(WaitingSlot(2, LONDON, OFFICE), 10_000_000)]
    left = time_left(waiting, now=NINE, pace=Pace(calls_per_second=101.0, max_in_flight=1000))
    assert left is not None
    assert timedelta(days=3, hours=3) < left < timedelta(days=3, hours=5)


def test_a_week_over_six_zones_is_foreseen() -> None:
    """All six zones get their share of each of the seven days, and the sums are right."""
    chance = random.Random(3)
    zones = ("America/New_York", "America/Denver", "America/Los_Angeles", "Europe/London", "Asia/Kolkata", "Asia/Tokyo")
    rows = [WaitingSlot(number, (chance.choice(zones),), OFFICE) for number in range(2, 10_002)]
    spread = Stagger(over=timedelta(days=7), order="zones", jitter=timedelta(seconds=20))
    found = forecast(rows, now=NOW, pace=PACE, stagger=spread, count=10_000)
    assert found.fits == 10_000
    assert found.never == found.late == ()
    totals: Counter[str] = Counter()
    for _, zone, count in found.hourly:
        totals[zone] += count
    assert totals == Counter(one.zones[0] for one in rows)


@pytest.mark.parametrize(
    ("rows", "text"),
    [((), ""), ((4,), "4"), ((2, 3, 4, 9), "2-4, 9"), ((2, 4, 6), "2, 4, 6"), ((7, 8), "7-8")],
)
def test_rows_are_shown_as_ranges(rows: tuple[int, ...], text: str) -> None:
    assert row_ranges(rows) == text


def test_the_plot_shows_when_each_zone_is_called() -> None:
    rows = [
        WaitingSlot(number, (LONDON, NEW_YORK, (*NEW_YORK, "America/Chicago"))[number % 3], OFFICE)
        for number in range(2, 1202)
    ]
    found = forecast(rows, now=NOW, pace=PACE, stagger=Stagger(per_hour=200))
    assert plot(found, here=UTC) == [
        "calls an hour, UTC: from . for the fewest to @ for 200",
        "America/New_York          @ ++  400",
        "America/New_York +1        @++  400",
        "Europe/London        @@         400",
        "                     |",
        "                     1 Dec 9h",
    ]


def test_long_runs_are_plotted_in_columns_of_several_hours() -> None:
    lines = plot(forecast(london(2000), now=NOW, pace=PACE, stagger=Stagger(per_hour=60)), here=UTC)
    assert lines == [
        "calls in 2 hours, UTC: from . for the fewest to @ for 120",
        "Europe/London  @@@@        @@@@        @@@@        @@@@        #  2,000",
        "               |        |        |         |         |",
        "               1 Dec 9h 2 Dec 3h 2 Dec 21h 3 Dec 17h 4 Dec 13h",
    ]


def test_the_plot_fits_its_width() -> None:
    rows = [WaitingSlot(number, (LONDON, NEW_YORK)[number % 2], OFFICE) for number in range(2, 2002)]
    for each in (1, 5, 60):
        found = forecast(rows, now=NOW, pace=PACE, stagger=Stagger(per_hour=each))
        for width in (40, 60, 78, 120):
            lines = plot(found, width=width)
            assert max(map(len, lines[1:])) <= width
            assert all(line.isascii() for line in lines)


def test_a_single_call_is_a_plot_too() -> None:
    lines = plot(forecast([WaitingSlot(2)], now=NOW, pace=PACE), here=UTC)
    assert lines == [
        "calls an hour, UTC: from . for the fewest to @ for 1",
        "anywhere  @  1",
        "          |",
        "          1 Dec 6h",
    ]
