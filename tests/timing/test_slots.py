"""Everybody gets one slot, in their hours, a distance from the others, and a millisecond of their own."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from campaign.domain.instants import HOUR, MINUTE, SECOND, instant_of, millis
from campaign.timing.hours.hours import Hours, Openings, daily
from campaign.timing.plan.slots import Milliseconds, Order, Slot, Spacing, WaitingSlot, line_up

SIX = ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "Europe/London", "Asia/Tokyo")
WEEKDAYS = daily([(time(9), time(12, 30)), (time(13, 30), time(20))], days=range(5), skip=[date(2027, 3, 16)])
BEGIN = millis(datetime(2027, 3, 12, 3, tzinfo=UTC))  # a Friday; clocks are changed in the United States on Sunday


def placed(rows: Sequence[WaitingSlot], *, gap: float = 1000.0, order: Order = "sheet") -> list[Slot]:
    return list(line_up(rows, begin=BEGIN, spacing=Spacing(gap), order=order))


def test_a_week_of_ten_thousand_rows_in_six_zones_rings_nobody_outside_hours() -> None:
    """K23, read off each person's clock and not off the openings; and each row once, at its own millisecond."""
    chance = random.Random(5)
    rows = [WaitingSlot(number, (chance.choice(SIX),), WEEKDAYS) for number in range(2, 10_002)]
    slots = list(
        line_up(rows, begin=BEGIN, spacing=Spacing(7 * 24 * HOUR / 10_000), jitter=lambda row: row * 7919 % 45_000)
    )
    assert sorted(slot.row for slot in slots) == list(range(2, 10_002))
    instants = [slot.at for slot in slots if slot.at is not None]
    assert len(set(instants)) == 10_000
    zones = {name: ZoneInfo(name) for name in SIX}
    shown = [instant_of(slot.at or 0).astimezone(zones[slot.zones[0]]) for slot in slots]
    assert Counter(one for one in shown if not may_ring(one)) == {}
    assert max(instants) - min(instants) > 7 * 24 * HOUR


def may_ring(shown: datetime) -> bool:
    at = shown.time()
    inside = time(9) <= at < time(12, 29) or time(13, 30) <= at < time(19, 59)
    return inside and shown.weekday() < 5 and shown.date() != date(2027, 3, 16)


HOURS = st.sampled_from([
    None,
    daily([(time(9), time(17))]),
    daily([(time(0), time(0, 30)), (time(23), time(23, 59))], days=[4, 5, 6]),
    daily([(time(2), time(4))], days=[6]),
])  # fmt: skip
ROWS = st.lists(st.tuples(st.sampled_from(SIX), HOURS), max_size=40).map(
    lambda some: [WaitingSlot(number, (zone,), hours) for number, (zone, hours) in enumerate(some, 2)]
)


@settings(max_examples=80, deadline=None)
@given(rows=ROWS, gap=st.sampled_from([0.25, 1000.0, 40 * MINUTE + 0.5]), order=st.sampled_from(["sheet", "zones"]))
def test_slots_are_those_of_going_through_them_one_by_one(rows: list[WaitingSlot], gap: float, order: Order) -> None:
    """The same rule, said plainly: at each slot the first in turn who may be called, and everybody in the end."""
    assert [(slot.row, slot.at) for slot in placed(rows, gap=gap, order=order)] == one_by_one(rows, gap, order)


def one_by_one(rows: list[WaitingSlot], gap: float, order: Order) -> list[tuple[int, int]]:
    turns = in_turn(rows, order)
    doors = {one.row: Openings(one.hours, one.zones) for one in rows}
    at, used, found = float(BEGIN), set[int](), list[tuple[int, int]]()
    while turns:
        ms = int(at)
        while ms in used:
            ms += 1
        first = next(
            (one for one in turns if doors[one.row].allowed_ms(ms) and doors[one.row].allowed_ms(int(at))), None
        )
        if first is None:
            at = float(min(doors[one.row].next_ms(int(at) + 1) or 0 for one in turns))
            continue
        turns.remove(first)
        used.add(ms)
        found.append((first.row, ms))
        at += gap
    return found


def in_turn(rows: list[WaitingSlot], order: Order) -> list[WaitingSlot]:
    if order == "sheet":
        return list(rows)
    groups: dict[object, list[WaitingSlot]] = {}
    for one in rows:
        groups.setdefault((one.zones, one.hours), []).append(one)
    shares = [
        ((place + 0.5) / len(group), number, one)
        for number, group in enumerate(groups.values())
        for place, one in enumerate(group)
    ]
    return [one for _, _, one in sorted(shares, key=lambda share: share[:2])]


def test_slots_keep_their_distance() -> None:
    rows = [WaitingSlot(number, ("Europe/London",), WEEKDAYS) for number in range(2, 2002)]
    instants = [slot.at or 0 for slot in placed(rows, gap=30 * SECOND)]
    assert min(later - earlier for earlier, later in pairwise(instants)) == 30 * SECOND


def test_an_opening_begins_with_one_call_and_not_with_all_that_waited() -> None:
    """A night's rows all moved to nine sharp would be a burst, and the callers' lines would not stand it."""
    hours = daily([(time(9), time(17))])
    slots = placed([WaitingSlot(number, ("Asia/Tokyo",), hours) for number in range(2, 100)], gap=60 * SECOND)
    assert [((slot.at or 0) - (slots[0].at or 0)) // MINUTE for slot in slots] == list(range(98))


def test_who_may_not_be_called_yet_holds_up_nobody() -> None:
    rows = [
        WaitingSlot(2, ("Asia/Tokyo",), daily([(time(11), time(13))])),
        WaitingSlot(3, ("Asia/Tokyo",), None),
        WaitingSlot(4),
    ]
    assert [slot.row for slot in placed(rows)] == [2, 3, 4]  # 03:00 UTC is noon there
    rows = [WaitingSlot(2, ("Asia/Tokyo",), daily([(time(14), time(15))])), WaitingSlot(3), WaitingSlot(4)]
    assert [slot.row for slot in placed(rows)] == [3, 4, 2]


def test_every_zone_gets_its_share_of_the_whole_line() -> None:
    """900 rows in New York come first in the sheet: Denver's 100 must not have to wait for them."""
    rows = [
        WaitingSlot(number, ("America/Denver" if number > 901 else "America/New_York",)) for number in range(2, 1002)
    ]
    by_sheet, by_zones = placed(rows), placed(rows, order="zones")
    assert [slot.zones[0] for slot in by_sheet[:900]] == ["America/New_York"] * 900
    for first in range(0, 1000, 100):
        shares = Counter(slot.zones[0] for slot in by_zones[first : first + 100])
        assert 9 <= shares["America/Denver"] <= 11
    assert [slot.row for slot in by_zones if slot.row <= 901] == list(range(2, 902))


def test_rows_that_can_never_be_called_say_so() -> None:
    nowhen = daily([(time(9), time(11))])
    rows = [WaitingSlot(2, ("Europe/London", "Pacific/Honolulu"), nowhen), WaitingSlot(3)]
    assert placed(rows) == [Slot(3, (), BEGIN), Slot(2, ("Europe/London", "Pacific/Honolulu"), None)]


def test_a_row_with_its_own_time_takes_no_slot() -> None:
    """The sheet's own time wins; two rows at nine sharp ring at nine, a millisecond apart."""
    nine = instant_of(BEGIN + 6 * HOUR)
    rows = [WaitingSlot(2, call_at=nine), WaitingSlot(3), WaitingSlot(4, call_at=nine), WaitingSlot(5)]
    found = {slot.row: slot.at for slot in placed(rows)}
    assert found == {2: BEGIN + 6 * HOUR, 4: BEGIN + 6 * HOUR + 1, 3: BEGIN, 5: BEGIN + 1000}


def test_a_rows_own_time_obeys_the_hours_and_is_never_past() -> None:
    early = WaitingSlot(2, ("Europe/London",), daily([(time(9), time(17))]), instant_of(BEGIN + HOUR))
    past = WaitingSlot(3, call_at=instant_of(BEGIN - HOUR))
    assert [slot.at for slot in placed([early, past])] == [BEGIN, BEGIN + 6 * HOUR]


def test_calls_on_their_way_bound_the_pace() -> None:
    """Two at once, ten seconds each: no more than two in any ten seconds, whatever the pace."""
    slots = line_up([WaitingSlot(number) for number in range(2, 8)], begin=0, spacing=Spacing(1000.0, 2, 10_000.0))
    assert [slot.at for slot in slots] == [0, 1000, 10_000, 11_000, 20_000, 21_000]


def test_a_call_has_ended_by_the_time_when_its_line_is_used_again() -> None:
    """Slots that come late on their own do not wait for lines."""
    slots = line_up([WaitingSlot(number) for number in range(2, 6)], begin=0, spacing=Spacing(6000.0, 2, 10_000.0))
    assert [slot.at for slot in slots] == [0, 6000, 12_000, 18_000]


@given(st.lists(st.integers(0, 30), max_size=60))
def test_no_two_rows_have_the_same_millisecond(wanted: list[int]) -> None:
    """It comes back in the API's lists, and tells whose call it is."""
    own = Milliseconds()
    given_out = [own.take(ms) for ms in wanted]
    assert len(set(given_out)) == len(wanted)
    assert all(ms <= got for ms, got in zip(wanted, given_out, strict=True))
    again = Milliseconds()
    assert [again.take(ms) for ms in wanted] == given_out


def test_a_millisecond_that_is_taken_is_not_given_again() -> None:
    assert Milliseconds([5, 6, 8]).take(5) == 7
    slots = line_up([WaitingSlot(2), WaitingSlot(3)], begin=BEGIN, spacing=Spacing(1.0), taken=[BEGIN, BEGIN + 1])
    assert [slot.at for slot in slots] == [BEGIN + 2, BEGIN + 3]


def test_tidying_up_keeps_what_is_still_to_come() -> None:
    own = Milliseconds(range(300_000))
    own.tidy(before=299_000)
    assert own.take(299_500) == 300_000
    assert len(own._following) < 2000


def test_more_calls_than_milliseconds_spill_into_the_next() -> None:
    slots = placed([WaitingSlot(number) for number in range(2, 5002)], gap=0.25)
    assert [slot.at for slot in slots] == list(range(BEGIN, BEGIN + 5000))


def test_the_same_rows_get_the_same_slots_again() -> None:
    rows = [WaitingSlot(number, (SIX[number % 6],), WEEKDAYS) for number in range(2, 500)]
    assert placed(rows, order="zones") == placed(list(rows), order="zones")


def test_chance_is_left_out_where_it_would_cost_the_row_its_day() -> None:
    hours = daily([(time(3), time(3, 10))])
    row = WaitingSlot(2, ("Etc/UTC",), hours)
    slots = line_up([row], begin=BEGIN + 8 * MINUTE, spacing=Spacing(1.0), jitter=lambda _: 5 * MINUTE)
    assert [slot.at for slot in slots] == [BEGIN + 8 * MINUTE]


@pytest.mark.parametrize("jitter", [0, 1, 59_000, 10**9])
def test_chance_leads_nobody_out_of_their_hours(jitter: int) -> None:
    hours: Hours = daily([(time(9), time(9, 10))])
    rows = [WaitingSlot(number, ("Europe/London",), hours) for number in range(2, 60)]
    openings = Openings(hours, ("Europe/London",))
    slots = list(line_up(rows, begin=BEGIN, spacing=Spacing(20_000.0), jitter=lambda row: jitter * row % 60_001))
    assert len({slot.at for slot in slots}) == 58
    assert all(slot.at is not None and openings.allowed_ms(slot.at) for slot in slots)
