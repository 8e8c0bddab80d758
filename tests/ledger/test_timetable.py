"""The timetable's rules, held by the database itself: one entry for a row, one row for a millisecond."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from campaign.domain.errors import LedgerError
from campaign.domain.model import Created, Rejected
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.records.timetable import TimetableEntry
from campaign.ledger.store import Ledger
from tests.ledger.backend import ADA, BOB, CY, DEE, Backend, hold, load, people, waiting

NINE, TEN = "2026-12-02T09:00:00.000Z", "2026-12-02T10:00:00.000Z"


@pytest.fixture
def ledger(backend: Backend) -> Iterator[Ledger]:
    with backend.open() as ledger:
        yield ledger


@pytest.fixture
def record(ledger: Ledger) -> RunRecord:
    made = load(ledger, people(ADA, BOB, CY, DEE))
    entries = [TimetableEntry(row.row_id, row.row_number, "London") for row in waiting(ledger, made)]
    ledger.add_to_timetable(made, entries)
    return made


def dues(ledger: Ledger, record: RunRecord) -> list[str | None]:
    return [entry.due for entry in ledger.read.timetable.entries_waiting(record.id)]


def test_no_two_rows_of_a_run_are_due_at_one_millisecond(backend: Backend, ledger: Ledger, record: RunRecord) -> None:
    ledger.plan_timetable(record, [(2, NINE), (3, TEN)])
    with pytest.raises(IntegrityError, match="timetable"):
        backend.tamper("UPDATE timetable SET due = :due WHERE number = 3", due=NINE)
    assert dues(ledger, record) == [NINE, TEN, None, None]


def test_rows_may_change_places_in_a_plan_that_is_made_anew(ledger: Ledger, record: RunRecord) -> None:
    """Written one by one, the first would find its new time taken."""
    ledger.plan_timetable(record, [(2, NINE), (3, TEN)])
    ledger.plan_timetable(record, [(2, TEN), (3, NINE)])
    assert dues(ledger, record) == [TEN, NINE, None, None]
    assert [
        due.row.number for due in ledger.read.timetable.rows_of_place(record.id, "London", dated=True, from_round=0)
    ] == [
        3,
        2,
    ]
    assert ledger.read.timetable.count_places(record.id, from_round=0) == [("London", False, 2), ("London", True, 2)]


def test_a_time_that_a_row_asked_for_stays(backend: Backend, ledger: Ledger) -> None:
    made = load(ledger, people(ADA, BOB), name="january")
    first, second = waiting(ledger, made)
    asked = TimetableEntry(first.row_id, first.row_number, "London", NINE, asked=True)
    ledger.add_to_timetable(made, [asked, TimetableEntry(second.row_id, second.row_number, "London")])
    ledger.plan_timetable(made, [(second.row_number, TEN)])
    ledger.plan_timetable(made, [])
    assert dues(ledger, made) == [NINE, None]
    with pytest.raises(IntegrityError, match="asked_has_time"):
        backend.tamper("UPDATE timetable SET due = NULL WHERE asked = 1")


def test_pages_of_a_place_hold_every_row_once(ledger: Ledger) -> None:
    """More rows than a page, with times out of the sheet's order."""
    made = load(ledger, people(*(f"+1212555{number:04d}" for number in range(100, 220))), name="long")
    rows = waiting(ledger, made)
    ledger.add_to_timetable(made, [TimetableEntry(row.row_id, row.row_number, "London") for row in rows])
    free = [one.row.number for one in ledger.read.timetable.rows_of_place(made.id, "London", dated=False, from_round=0)]
    assert free == [row.row_number for row in rows]
    plan = [(row.row_number, f"2026-12-02T09:00:00.{999 - at:03d}Z") for at, row in enumerate(rows)]
    ledger.plan_timetable(made, plan)
    dated = [one.row.number for one in ledger.read.timetable.rows_of_place(made.id, "London", dated=True, from_round=0)]
    assert dated == free[::-1]


def test_the_few_rows_of_a_rerun_are_those_of_its_pages(ledger: Ledger, record: RunRecord) -> None:
    """Two ways of reading the same: at once where few wait among many, a page at a time where many do."""
    ledger.plan_timetable(record, [(2, TEN), (4, NINE)])
    few = [(place, row.row.number) for place, row in ledger.read.timetable.rows_of_rerun(record.id, from_round=0)]
    pages = [
        [
            ("London", one.row.number)
            for one in ledger.read.timetable.rows_of_place(record.id, "London", dated=dated, from_round=0)
        ]
        for dated in (False, True)
    ]
    assert few == pages[0] + pages[1] == [("London", number) for number in (3, 5, 4, 2)]
    assert ledger.read.timetable.rows_of_rerun(record.id, from_round=1) == []


@pytest.mark.anyio
async def test_what_a_call_was_delayed_to_stands_with_its_attempt(
    backend: Backend, ledger: Ledger, record: RunRecord
) -> None:
    """The results show the latest attempt's; no attempt of the run may have it again."""
    until = datetime.fromisoformat(NINE)
    first, second, third, _ = waiting(ledger, record)
    with hold(ledger, record) as held:
        assert await held.claim(first._replace(delayed_until=until)) is None
        await held.settle(first, Created("id-1"))
        assert await held.claim(second) is None
        await held.settle(second, Rejected(400, "no"))
        with pytest.raises(LedgerError):
            await held.claim(third._replace(delayed_until=until))
    shown = {row.number: (row.status, row.delayed_until) for row in ledger.read.rows.results(record.id)}
    assert shown[first.row_number] == ("created", NINE)
    assert shown[second.row_number] == ("rejected", None)
    assert shown[third.row_number] == ("pending", None)
    assert ledger.read.timetable.taken_times(record.id) == {NINE}
    later = (until + timedelta(seconds=1)).isoformat()
    with pytest.raises(IntegrityError):
        backend.tamper(f"INSERT INTO delay VALUES ({third.row_id}, 1, {record.id}, '{later}')")  # noqa: S608 - no input
