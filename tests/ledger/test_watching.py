"""What pages of runs read again and again: pages of rows without a gap, calls by minute, who holds what."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from campaign.domain.model import RowState
from campaign.ledger.sqlite.engine import LEDGER_FILE
from campaign.ledger.store import Ledger, open_ledger
from tests.ledger.backend import ADA, BOB, load, people
from tests.ledger.plans.seeding import seed_rows

ROWS = 3_000


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A ledger with a run that was dialled, some of it waiting, and one that was not."""
    home = tmp_path_factory.mktemp("watched") / "home"
    with open_ledger(home, now=lambda: datetime.now(UTC)) as opened:
        long = load(opened, people(), name="long")
        load(opened, people(ADA, BOB), name="short")
    seed_rows(home / LEDGER_FILE, run_id=long.id, rows=ROWS, waiting=True)
    with open_ledger(home, now=lambda: datetime.now(UTC)) as opened:
        yield opened


def run_id(ledger: Ledger, name: str = "long") -> int:
    record = ledger.read.runs.find(name)
    assert record is not None
    return record.id


@pytest.mark.parametrize(
    "states", [None, [RowState.CREATED], [RowState.PENDING, RowState.SENDING, RowState.RETRY_WAIT], [RowState.UNKNOWN]]
)
def test_pages_of_rows_have_every_row_once_in_the_sheet_s_order(ledger: Ledger, states: list[RowState] | None) -> None:
    of, after, seen = run_id(ledger), 0, list[int]()
    while page := ledger.read.runs.watch.rows(of, state=states, after=after, most=70):
        assert all(states is None or row.state in states for row in page)
        seen += [row.number for row in page]
        after = page[-1].number
    counts = ledger.read.rows.count_states(of)
    assert len(seen) == sum(count for state, count in counts.items() if states is None or state in states) > 0
    assert seen == sorted(set(seen))


def test_a_page_begins_after_a_row_that_is_not_there_any_more(ledger: Ledger) -> None:
    """The address of a page is kept, and a person may type any number."""
    of = run_id(ledger)
    assert [row.number for row in ledger.read.runs.watch.rows(of, state=None, after=5, most=1)] == [11]
    assert ledger.read.runs.watch.rows(of, state=None, after=10**8, most=1) == []


def test_calls_are_counted_in_the_minute_of_their_claim(ledger: Ledger) -> None:
    of = run_id(ledger)
    last = ledger.read.runs.last_claim(of)
    assert last is not None
    end = last.replace(second=0, microsecond=0)
    minutes = [end - timedelta(minutes=back) for back in range(10)]
    counted = ledger.read.runs.watch.claims_by_minute(of, minutes)
    called = {RowState.CREATED, RowState.REJECTED, RowState.UNKNOWN}
    made = sum(count for state, count in ledger.read.rows.count_states(of).items() if state in called)
    assert sum(counted.values()) == made
    assert counted[end - timedelta(minutes=9)] == 0


def test_the_latest_attempts_come_newest_first(ledger: Ledger) -> None:
    found = ledger.read.runs.watch.attempts(run_id(ledger), most=5)
    assert len(found) == 5
    assert [one.claimed_at for one in found] == sorted((one.claimed_at for one in found), reverse=True)
    assert found[0].row > found[-1].row


def test_rows_called_since_counts_rows_and_not_attempts(ledger: Ledger) -> None:
    of = run_id(ledger)
    last = ledger.read.runs.last_claim(of)
    assert last is not None
    assert ledger.read.runs.watch.rows_called_since(of, last) == 1
    assert ledger.read.runs.watch.rows_called_since(of, last + timedelta(seconds=1)) == 0


def test_ends_are_counted_as_following_counts_them(ledger: Ledger) -> None:
    of = run_id(ledger)
    assert ledger.read.runs.watch.ends(of) == ledger.read.outcomes.count(of).ends


@pytest.mark.every_database
@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="this system does not list its locks")
def test_who_is_held_is_seen_without_taking_a_lock(ledger: Ledger) -> None:
    """Whoever only looks must not stand in the way of a process that begins."""
    record = ledger.read.runs.find("short")
    assert record is not None
    with ledger.lock_run(record):
        assert ledger.read.runs.watch.held() == {record.id}
    assert ledger.read.runs.watch.held() == frozenset()


def test_runs_are_listed_newest_first_from_any_of_them_on(ledger: Ledger) -> None:
    assert [one.name for one in ledger.read.runs.watch.runs(most=5)] == ["short", "long"]
    assert [one.name for one in ledger.read.runs.watch.runs(before=run_id(ledger, "short"), most=5)] == ["long"]
