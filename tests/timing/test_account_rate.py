"""The row of an account, as pure arithmetic: who may call when, how slow all go after a 429, and how a clock heals."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from campaign.timing.account_rate import (
    HORIZON_SECONDS,
    LONGEST_PAUSE_SECONDS,
    AccountPace,
    Demand,
    NoSlotYet,
    Refusal,
    SlotRange,
    as_of,
    hand_out,
    slowed_down,
)
from campaign.timing.found_rate import FoundRate
from campaign.timing.pace import interval_of

NOW = 1_796_000_000.0


def asked(pace: AccountPace, *, now: float, rate: float, not_before: float = 0.0) -> tuple[AccountPace, SlotRange]:
    pace, given = hand_out(pace, now=now, interval=interval_of(rate), not_before=not_before)
    assert isinstance(given, SlotRange)
    return pace, given


def limited(
    pace: AccountPace, *, now: float, sent_at: float | None = None, wait: float = 0.0, too_fast: bool = True
) -> AccountPace:
    sent_at = now if sent_at is None else sent_at
    return slowed_down(
        pace, Refusal(until=now + wait, sent_at=sent_at, too_fast=too_fast, waits=wait, why="refused"), now=now
    )


def found(pace: AccountPace, rate: float) -> AccountPace:
    return replace(pace, last_slot=max(pace.last_slot, NOW - 1), found=FoundRate(rate=rate, fresh_after=NOW))


@pytest.mark.parametrize(
    ("rate", "slots"), [(0.01, 1), (1.0, 1), (4.0, 1), (10.0, 2), (50.0, 12), (500.0, 123), (10_000.0, 2475)]
)
def test_a_span_is_a_quarter_of_a_second_or_one_slot(rate: float, slots: int) -> None:
    """Fast runs ask for hundreds at a time, and slow ones alternate."""
    _, span = asked(AccountPace(), now=NOW, rate=rate)
    assert round((span.last - span.first) / span.step) + 1 == slots


@pytest.mark.parametrize(
    ("last", "waiting", "slots"),
    [
        pytest.param(NOW - 0.5, 7, 123, id="alone"),
        pytest.param(NOW - 0.7, 7, 7, id="another had a slot since"),
        pytest.param(None, 7, 7, id="it knows of others"),
        pytest.param(None, 1_000, 123, id="more wait than a span has"),
        pytest.param(NOW - 90.0, 7, 7, id="another begins"),
    ],
)
def test_of_several_runs_each_gets_no_more_slots_than_it_has_workers_waiting(
    last: float | None, waiting: int, slots: int
) -> None:
    """What a run has and cannot use, nobody can: four runs would be no faster than one."""
    before = replace(AccountPace(), last_slot=NOW - 0.5)
    _, span = hand_out(
        before, now=NOW, interval=interval_of(500.0), not_before=NOW, demand=Demand(waiting=waiting, last=last)
    )
    assert isinstance(span, SlotRange)
    assert round((span.last - span.first) / span.step) + 1 == slots
    assert span.shared is (last != NOW - 0.5)


def test_a_run_that_ended_is_no_other_run_for_long() -> None:
    before = replace(AccountPace(), last_slot=NOW - 3.0)
    _, span = hand_out(before, now=NOW, interval=interval_of(500.0), not_before=NOW, demand=Demand(1, last=NOW - 60.0))
    assert isinstance(span, SlotRange)
    assert not span.shared


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


def test_a_429_with_a_time_pauses_everybody() -> None:
    """Retry-After is obeyed by all runs of the account, also by one that heard of nothing."""
    pace, _ = asked(AccountPace(), now=NOW, rate=1.0)
    pace = limited(pace, now=NOW + 1, wait=30.0)
    _, early = hand_out(pace, now=NOW + 2, interval=1.01, not_before=0.0)
    assert early == NoSlotYet(NOW + 31 - HORIZON_SECONDS)
    _, span = asked(pace, now=NOW + 30, rate=1.0)
    assert span.first == NOW + 31


def test_all_runs_together_go_at_the_rate_that_was_found() -> None:
    """A limit is the account's: what one run leaves of it is the other's."""
    pace, first = asked(found(AccountPace(), 4.0), now=NOW, rate=10.0)
    pace, second = asked(pace, now=NOW, rate=2.0)
    _, third = asked(pace, now=NOW, rate=10.0)
    assert [first.step, second.first - first.last, third.first - second.last] == pytest.approx([0.25] * 3)


def test_a_run_that_asks_for_less_than_was_found_keeps_its_pace() -> None:
    _, span = asked(found(AccountPace(), 4.0), now=NOW, rate=2.0)
    assert span.step == interval_of(2.0)


def test_a_found_rate_above_what_is_asked_for_makes_nobody_faster() -> None:
    _, span = asked(found(AccountPace(), 400.0), now=NOW, rate=10.0)
    assert span.step == interval_of(10.0)


def test_calls_that_left_together_slow_down_once() -> None:
    """Sixteen on their way meet sixteen 429: that says one thing, not sixteen."""
    pace, _ = asked(AccountPace(), now=NOW, rate=10.0)
    for late in range(16):
        pace = limited(pace, now=NOW + 3 + late / 10, sent_at=NOW + late / 5)
    assert pace.found.rate >= 0.45 * 10
    again = limited(pace, now=NOW + 9, sent_at=NOW + 3)
    assert again.found == pace.found


def test_slots_that_were_handed_out_before_say_nothing_of_the_rate_after() -> None:
    """They leave at the old distance, a moment after the rate went down."""
    pace, span = asked(AccountPace(), now=NOW, rate=10.0)
    for _ in range(4):
        pace, span = asked(pace, now=NOW, rate=10.0)
    for late in range(8):
        pace = limited(pace, now=NOW + 0.3, sent_at=NOW - 1.2 + late / 5)
    assert pace.found.fresh_after == span.last > NOW + 0.8


def test_a_503_pauses_and_slows_nothing() -> None:
    """The server is down, which our rate may have nothing to do with."""
    pace = limited(asked(AccountPace(), now=NOW, rate=1.0)[0], now=NOW, wait=9.0, too_fast=False)
    assert (pace.paused_until, pace.found, pace.why) == (NOW + 9, FoundRate(), "refused")


def test_nobody_is_held_for_longer_than_a_day() -> None:
    """A server that says 31 years must not end an account."""
    assert limited(AccountPace(), now=NOW, wait=1e9).paused_until == NOW + LONGEST_PAUSE_SECONDS


@pytest.mark.parametrize("back", [10.0, 3_600.0, 86_400.0 * 365])
def test_a_clock_set_back_leaves_as_much_to_wait_as_there_was(back: float) -> None:
    """No more, or a wrong clock would stop an account for a year; no less, or Retry-After would be over at once."""
    pace, _ = asked(AccountPace(), now=NOW, rate=1.0)
    pace = found(limited(pace, now=NOW, wait=30.0), 0.5)
    healed = as_of(pace, NOW - back)
    assert healed.paused_until == pytest.approx(NOW - back + 30.0)
    assert healed.last_slot == pytest.approx(NOW - back)
    assert healed.found.fresh_after == pytest.approx(NOW - back)
    assert (healed.limit, healed.written_at) == (0.5, NOW - back)


def test_two_processes_that_read_the_clock_a_moment_apart_heal_nothing() -> None:
    """Each would move the row by that moment, and the rate would creep up."""
    pace, _ = asked(AccountPace(), now=NOW, rate=1.0)
    assert as_of(pace, NOW - 1.5) is pace


def test_each_change_counts() -> None:
    """So that a process knows which of two readings is the newer."""
    pace, _ = asked(AccountPace(), now=NOW, rate=1.0)
    later = limited(pace, now=NOW)
    assert (pace.revision, later.revision) == (1, 2)
