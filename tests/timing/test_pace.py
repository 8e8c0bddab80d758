"""Calls leave evenly, and never earlier than their slot: what was missed is not made up for."""

from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from campaign.timing.pace import Pacer, rate_in_words

RATES = st.floats(min_value=0.01, max_value=1000)


@given(rate=RATES, waits=st.lists(st.floats(min_value=0, max_value=100), min_size=2, max_size=50))
def test_slots_are_never_closer_than_the_rate_allows(rate: float, waits: list[float]) -> None:
    """Whoever asks, and whenever: the called system was promised this rate."""
    pacer, now, slots = Pacer(rate), 0.0, list[float]()
    for wait in waits:
        now += wait
        slots.append(pacer.reserve(now))
        assert slots[-1] >= now
    gaps = [later - earlier for earlier, later in pairwise(slots)]
    assert all(gap * rate >= 1.0 - 1e-6 for gap in gaps)


@given(rate=st.integers(min_value=1, max_value=100), late=st.floats(min_value=0, max_value=0.009))
def test_no_second_sees_more_than_one_call_above_the_rate(rate: int, late: float) -> None:
    """A call leaves a little after its slot: the first of a window at its latest, the others on time."""
    pacer = Pacer(float(rate))
    slots = [pacer.reserve(0.0) for _ in range(3 * rate + 3)]
    left = [slots[0] + late / rate, *slots[1:]]
    assert all(sum(first <= one < first + 1.0 for one in left) <= rate + 1 for first in left)


def test_a_slot_that_nobody_took_is_gone() -> None:
    """After an hour without calls there must not be an hour's worth of them at once."""
    pacer = Pacer(1.0)
    pacer.reserve(0.0)
    assert pacer.reserve(3600.0) == 3600.0
    assert pacer.reserve(3600.0) == pytest.approx(3601.01)


def test_everyone_who_asks_at_once_gets_a_slot_of_their_own() -> None:
    """Workers ask together when calls end together."""
    pacer = Pacer(2.0)
    assert [pacer.reserve(10.0) for _ in range(4)] == pytest.approx([10.0, 10.505, 11.01, 11.515])


def test_a_pause_moves_all_later_slots_and_keeps_their_distance() -> None:
    """The server asked everybody to wait: when the wait is over, the pace goes on, not a burst."""
    pacer = Pacer(1.0)
    pacer.reserve(0.0)
    pacer.pause(60.0)
    assert pacer.reserve(1.0) == 60.0
    assert pacer.reserve(1.0) == pytest.approx(61.01)


def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    """Two answers ask to wait: both are obeyed."""
    pacer = Pacer(1.0)
    pacer.pause(60.0)
    pacer.pause(5.0)
    assert pacer.reserve(0.0) == 60.0


def test_the_pace_holds_over_a_restart() -> None:
    """A run that is stopped and resumed in a loop must not call faster for it."""
    first = Pacer(0.1)
    last = first.reserve(100.0)
    assert Pacer(0.1, not_before=last + first.interval).reserve(101.0) == pytest.approx(110.1)


def test_a_restart_after_a_long_while_begins_at_once() -> None:
    """Nothing is owed by then."""
    assert Pacer(0.1, not_before=110.1).reserve(500.0) == 500.0


def test_the_first_call_leaves_at_once() -> None:
    """A run of one row must not wait for a slot."""
    assert Pacer(0.01).reserve(7.0) == 7.0


def test_another_rate_holds_from_the_next_slot_on() -> None:
    """Whoever slows a run down, or hurries it, does not want to wait for a slot of the old pace."""
    pacer = Pacer(1 / 3600)
    pacer.reserve(0.0)
    pacer.change(2.0)
    assert pacer.reserve(0.1) == pytest.approx(0.505)
    pacer.change(0.1)
    assert pacer.reserve(0.6) == pytest.approx(10.605)


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (1.0, "1 calls/s"),
        (0.5, "0.5 calls/s"),
        (2 / 3, "0.667 calls/s"),
        (0.2, "12 calls/min"),
        (0.01, "0.6 calls/min"),
    ],
)
def test_a_rate_is_said_in_the_unit_in_which_it_is_easy_to_picture(rate: float, words: str) -> None:
    assert rate_in_words(rate) == words
