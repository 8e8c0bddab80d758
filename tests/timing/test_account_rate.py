"""The row of an account, as pure arithmetic: who may call when, how slow all go after a 429, and how a clock heals."""

from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from campaign.timing.account_rate import (
    HORIZON_SECONDS,
    LEAST_BACKOFF_FACTOR,
    LONGEST_PAUSE_SECONDS,
    AccountPace,
    NoSlotYet,
    SlotRange,
    as_of,
    hand_out,
    slowed_down,
)
from campaign.timing.pace import interval_of

NOW = 1_796_000_000.0


def asked(pace: AccountPace, *, now: float, rate: float, not_before: float = 0.0) -> tuple[AccountPace, SlotRange]:
    pace, given = hand_out(pace, now=now, interval=interval_of(rate), not_before=not_before)
    assert isinstance(given, SlotRange)
    return pace, given


def limited(pace: AccountPace, *, now: float, sent_at: float | None = None, wait: float = 0.0) -> AccountPace:
    return slowed_down(
        pace, now=now, until=now + wait, sent_at=now if sent_at is None else sent_at, halve=True, why="429"
    )


@pytest.mark.parametrize(
    ("rate", "slots"), [(0.01, 1), (1.0, 1), (4.0, 1), (10.0, 2), (50.0, 12), (500.0, 123), (10_000.0, 2475)]
)
def test_a_span_is_a_quarter_of_a_second_or_one_slot(rate: float, slots: int) -> None:
    """Fast runs ask for hundreds at a time, and slow ones alternate."""
    _, span = asked(AccountPace(), now=NOW, rate=rate)
    assert round((span.last - span.first) / span.step) + 1 == slots


@given(
    asks=st.lists(
        st.tuples(st.floats(0, 3), st.sampled_from([0.1, 1.0, 5.0, 50.0, 500.0]), st.floats(0, 1)), min_size=2
    )
)
def test_spans_never_overlap_whoever_asks_and_at_whatever_rate(asks: list[tuple[float, float, float]]) -> None:
    """Two spans at one time are twice the rate. Between two slots there is the distance of the fastest run at least."""
    pace, now, spans = AccountPace(), NOW, list[SlotRange]()
    for wait, rate, ahead in asks:
        now += wait
        pace, given = hand_out(pace, now=now, interval=interval_of(rate), not_before=now + ahead)
        if isinstance(given, SlotRange):
            assert now + ahead <= given.first <= now + HORIZON_SECONDS
            spans.append(given)
    for sooner, later in pairwise(spans):
        assert later.first - sooner.last >= later.step - 1e-5


def test_nothing_is_handed_out_far_ahead() -> None:
    """What is handed out cannot be taken back when the pace is changed: at one call in an hour, that is an hour."""
    pace, _ = asked(AccountPace(), now=NOW, rate=1 / 3600)
    same, given = hand_out(pace, now=NOW + 1, interval=interval_of(1 / 3600), not_before=0.0)
    assert isinstance(given, NoSlotYet)
    assert given.at == pytest.approx(NOW + 3636 - HORIZON_SECONDS)
    assert same is pace, "nothing to write"


def test_a_gentle_run_takes_no_more_of_the_account_than_a_fast_one_leaves() -> None:
    """After its call the fast one goes on at its own distance; without a fast one it keeps its own."""
    pace, _ = asked(AccountPace(), now=NOW, rate=10.0)
    pace, gentle = asked(pace, now=NOW, rate=0.1)
    _, fast = asked(pace, now=NOW, rate=10.0)
    assert fast.first - gentle.last == pytest.approx(0.101)
    alone, first = asked(AccountPace(), now=NOW, rate=0.5)
    _, second = asked(alone, now=NOW + 1, rate=0.5)
    assert second.first - first.first == pytest.approx(2.02)


def test_a_429_pauses_everybody_and_halves_the_rate() -> None:
    """Retry-After first, then half."""
    pace, _ = asked(AccountPace(), now=NOW, rate=1.0)
    pace = limited(pace, now=NOW + 1, wait=30.0)
    _, early = hand_out(pace, now=NOW + 2, interval=1.01, not_before=0.0)
    assert early == NoSlotYet(NOW + 31 - HORIZON_SECONDS)
    pace, span = asked(pace, now=NOW + 30, rate=1.0)
    assert span.first == NOW + 31
    assert span.step == pytest.approx(2.02)


def test_calls_that_left_together_halve_it_once() -> None:
    """Sixteen on their way meet sixteen 429: that says one thing, not sixteen."""
    pace = limited(AccountPace(), now=NOW)
    for _ in range(15):
        pace = limited(pace, now=NOW + 0.1, sent_at=NOW - 0.5)
    assert pace.backoff_factor == 0.5
    assert limited(pace, now=NOW + 5, sent_at=NOW + 1).backoff_factor == 0.25


def test_it_never_comes_to_a_standstill() -> None:
    pace = AccountPace()
    for second in range(100):
        pace = limited(pace, now=NOW + second)
    assert pace.backoff_factor == LEAST_BACKOFF_FACTOR


def test_a_503_pauses_and_halves_nothing() -> None:
    """The server is down, which our rate may have nothing to do with."""
    pace = slowed_down(AccountPace(), now=NOW, until=NOW + 9, sent_at=NOW, halve=False, why="503")
    assert (pace.paused_until, pace.backoff_factor, pace.why) == (NOW + 9, 1.0, "503")


def test_it_creeps_back_a_tenth_at_a_time_after_quiet_time() -> None:
    """At 10/s after every half minute without a 429, counted from the end of the pause."""
    pace, _ = asked(AccountPace(), now=NOW, rate=10.0)
    pace = limited(pace, now=NOW, wait=60.0)
    shares = [
        round((pace := as_of(pace, NOW + after)).backoff_factor, 3) for after in (60, 89.9, 90, 119, 120, 150, 180, 210)
    ]
    assert shares == [0.5, 0.5, 0.6, 0.6, 0.7, 0.8, 0.9, 1.0]
    assert as_of(pace, NOW + 10_000) is pace
    assert "no 429 for 30 s" in pace.why


def test_a_slow_run_has_to_make_some_calls_before_it_creeps_back() -> None:
    """At one call a minute, half a minute of quiet says nothing."""
    pace, _ = asked(AccountPace(), now=NOW, rate=1 / 60)
    pace = limited(pace, now=NOW)
    assert as_of(pace, NOW + 1_200).backoff_factor == 0.5
    assert as_of(pace, NOW + 1_300).backoff_factor == 0.6


def test_a_429_on_the_way_up_halves_again_and_begins_the_quiet_time_anew() -> None:
    pace = limited(AccountPace(), now=NOW)
    pace = as_of(pace, NOW + 31)
    pace = limited(pace, now=NOW + 40)
    assert pace.backoff_factor == pytest.approx(0.3)
    assert as_of(pace, NOW + 69).backoff_factor == pytest.approx(0.3)


def test_nobody_is_held_for_longer_than_a_day() -> None:
    """A server that says 31 years must not end an account."""
    assert limited(AccountPace(), now=NOW, wait=1e9).paused_until == NOW + LONGEST_PAUSE_SECONDS


@pytest.mark.parametrize("back", [10.0, 3_600.0, 86_400.0 * 365])
def test_a_clock_set_back_leaves_as_much_to_wait_as_there_was(back: float) -> None:
    """No more, or a wrong clock would stop an account for a year; no less, or Retry-After would be over at once."""
    pace, _ = asked(AccountPace(), now=NOW, rate=1.0)
    pace = limited(pace, now=NOW, wait=30.0)
    healed = as_of(pace, NOW - back)
    assert healed.paused_until == pytest.approx(NOW - back + 30.0)
    assert healed.last_slot == pytest.approx(NOW - back)
    assert (healed.backoff_factor, healed.written_at) == (0.5, NOW - back)


def test_two_processes_that_read_the_clock_a_moment_apart_heal_nothing() -> None:
    """Each would move the row by that moment, and the rate would creep up."""
    pace, _ = asked(AccountPace(), now=NOW, rate=1.0)
    assert as_of(pace, NOW - 1.5) is pace


def test_each_change_counts() -> None:
    """So that a process knows which of two readings is the newer."""
    pace, _ = asked(AccountPace(), now=NOW, rate=1.0)
    later = limited(pace, now=NOW)
    assert (pace.revision, later.revision) == (1, 2)
