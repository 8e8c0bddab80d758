"""Statements of a run's timetable: for each waiting row, its calling hours and due time, where they matter.

A row's entry is made when its run is first dialled. `due` of a row that requests its own time stays; any other is
a plan, and is remade when it is out of date. Within a run no two rows are due at the same millisecond.
"""

import json
from collections.abc import Iterable
from itertools import islice

from sqlalchemy import Connection, Select, bindparam, delete, select, update

from campaign.domain.model import Contact
from campaign.ledger.records.runs import WAITING
from campaign.ledger.records.timetable import TimetableEntry
from campaign.ledger.schema.tables import run, sheet_row, timetable
from campaign.ledger.writes.load import contact_text
from campaign.ledger.writes.statements import Prepared, prepared_insert
from campaign.timing.hours.calling_hours import zone_key_of

_AT_ONCE = 5_000
_ADD = prepared_insert(timetable, "row_id", "run_id", "number", "place", "due", "asked")
_CONTACT = Prepared(
    update(sheet_row).where(sheet_row.c.id == bindparam("b_row")).values(contact=bindparam("b_contact"))
)
_PLACE = Prepared(update(timetable).where(timetable.c.row_id == bindparam("b_row")).values(place=bindparam("b_place")))
_PLAN = Prepared(
    update(timetable)
    .where(timetable.c.run_id == bindparam("b_run"), timetable.c.number == bindparam("b_number"))
    .values(due=bindparam("b_due"))
)


def add_entries(connection: Connection, run_id: int, entries: Iterable[TimetableEntry]) -> None:
    """Inserts entries for rows that have none yet."""
    rows = (
        {
            "row_id": one.row_id,
            "run_id": run_id,
            "number": one.number,
            "place": one.place,
            "due": one.due,
            "asked": int(one.asked),
        }
        for one in entries
    )
    while chunk := list(islice(rows, _AT_ONCE)):
        _ADD.run(connection, chunk)


def plan_entries(connection: Connection, run_id: int, dues: Iterable[tuple[int, str]]) -> None:
    """Sets when rows are due, by their number in the sheet; other waiting rows lose their planned time."""
    waiting = _waiting(run_id)
    # Cleared first: of two rows that swap times, the first would find its new time taken.
    connection.execute(
        update(timetable)
        .where(timetable.c.run_id == run_id, timetable.c.asked == 0, timetable.c.row_id.in_(waiting))
        .values(due=None)
    )
    rows = ({"b_run": run_id, "b_number": number, "b_due": due} for number, due in dues)
    while chunk := list(islice(rows, _AT_ONCE)):
        _PLAN.run(connection, chunk)


def adopt(connection: Connection, run_id: int, *, plan: str, moved: Iterable[tuple[int, Contact]] | None) -> None:
    """Replaces a run's plan; see the port `RunWriter.adopt_plan`."""
    if moved is not None:
        rows = (
            {"b_row": row_id, "b_contact": contact_text(contact), "b_place": json.dumps(zone_key_of(contact))}
            for row_id, contact in moved
        )
        while chunk := list(islice(rows, _AT_ONCE)):
            _CONTACT.run(connection, chunk)
            # A row that was called keeps its entry, and goes by the new hours if it is ever called again.
            _PLACE.run(connection, chunk)
        # The dialling makes the entries of those that wait anew.
        entries = delete(timetable).where(timetable.c.run_id == run_id, timetable.c.row_id.in_(_waiting(run_id)))
        connection.execute(entries)
    connection.execute(update(run).where(run.c.id == run_id).values(plan=plan))


def _waiting(run_id: int) -> Select[tuple[int]]:
    states = [state.value for state in WAITING]
    return select(sheet_row.c.id).where(sheet_row.c.run_id == run_id, sheet_row.c.state.in_(states))
