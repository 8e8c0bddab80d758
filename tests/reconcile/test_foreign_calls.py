"""Which listed calls say, while a run dials, that somebody else calls its people."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from campaign.aicaller.listed_call import ListedCall
from campaign.domain.stop import StopCode
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.store import Ledger, open_ledger
from campaign.reconcile.call_list import RecentCalls
from campaign.reconcile.foreign_calls import stop_for_foreign_calls
from campaign.reconcile.held_calls import HeldCalls
from tests.reconcile.lost import PLAN, Clock, begin, people

# What the second row's person is told, and their number.
WAITING = ListedCall(
    call_id="64b7f3a90000000000000001",
    phone="+12015550101",
    name="Zoë 1",
    variables=(("day", "Monday"), ("doctor", "Dr. 1")),
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def run(tmp_path: Path, clock: Clock) -> Iterator[tuple[Ledger, RunRecord]]:
    """A run of which nobody has been called yet."""
    with open_ledger(tmp_path, now=clock) as ledger:
        yield ledger, begin(ledger, people(3))


def stopped(run: tuple[Ledger, RunRecord], clock: Clock, *calls: ListedCall) -> str | None:
    ledger, record = run
    recent = RecentCalls(HeldCalls(ledger.scratch(), calls))
    stop = stop_for_foreign_calls(ledger, record, recent, plan=PLAN, since=clock())
    assert stop is None or stop.code == StopCode.TROUBLE
    return None if stop is None else stop.why


def test_a_new_call_to_a_waiting_person_stops_the_run(run: tuple[Ledger, RunRecord], clock: Clock) -> None:
    call = replace(WAITING, created_at=clock() + timedelta(seconds=5), name="somebody", variables=())
    assert WAITING.call_id in str(stopped(run, clock, call))


def test_a_call_with_the_same_words_stops_the_run_also_without_a_time(
    run: tuple[Ledger, RunRecord], clock: Clock
) -> None:
    """It may have been made just now."""
    assert WAITING.call_id in str(stopped(run, clock, WAITING))


def test_a_call_of_yesterday_to_a_person_who_may_not_be_called_again_yet_stops_the_run(
    run: tuple[Ledger, RunRecord], clock: Clock
) -> None:
    """It was not listed before the first call, and is now."""
    call = replace(WAITING, created_at=clock() - PLAN.call_again_after / 2, name="somebody", variables=())
    assert WAITING.call_id in str(stopped(run, clock, call))


def test_calls_of_long_ago_and_other_words_without_a_time_stop_nothing(
    run: tuple[Ledger, RunRecord], clock: Clock
) -> None:
    long_ago = clock() - PLAN.call_again_after - timedelta(days=1)
    assert stopped(run, clock) is None
    assert stopped(run, clock, replace(WAITING, created_at=long_ago)) is None
    assert stopped(run, clock, replace(WAITING, name="somebody")) is None
