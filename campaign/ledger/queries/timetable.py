"""Queries on a run's timetable: when rows are due, and which calling hours apply to them. Read-only."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, Select, and_, func, or_, select

from campaign.domain.model import Contact
from campaign.ledger.port.reading import TimetableReader
from campaign.ledger.queries.in_order import rows_of, waiting_only
from campaign.ledger.queries.runs import contact_of, waiting_row
from campaign.ledger.records.runs import WAITING
from campaign.ledger.records.timetable import TimedRow, TimetableEntry
from campaign.ledger.schema.tables import delay, sheet_row, timetable

# A page of each zone is kept in memory, and a long sheet has hundreds of zones.
_PAGE = 50
_AT_ONCE = 5_000
# Of a run that is called again hardly any row waits: found by their state, and not among all that have an entry.
_OF_STATE = "INDEXED BY row_by_state"


def contacts_without_entry(engine: Engine, run_id: int) -> Iterator[tuple[int, Contact]]:
    """(row id, contact) of the waiting rows without a timetable entry, in the sheet's order."""
    having = select(timetable.c.row_id).where(timetable.c.row_id == sheet_row.c.id).exists()
    yield from _contacts(engine, select(sheet_row).where(~having), run_id)


def contacts_waiting(engine: Engine, run_id: int) -> Iterator[Contact]:
    """The contacts of all waiting rows of a run, which may still be loading, in the sheet's order."""
    found = _contacts(engine, select(sheet_row), run_id)
    yield from (contact for _, contact in found)


def entries_waiting(engine: Engine, run_id: int, *, from_round: int = 0) -> Iterator[TimetableEntry]:
    """The timetable entries of the waiting rows, in the sheet's order."""
    entries = (
        select(sheet_row.c.id, *(timetable.c[name] for name in ("number", "place", "due", "asked")))
        .join(timetable, timetable.c.row_id == sheet_row.c.id)
        .where(sheet_row.c.round >= from_round)
    )
    last = 0
    while page := rows_of(engine, waiting_only(entries, run_id, after=last, most=_AT_ONCE)):
        for row in page:
            yield TimetableEntry(row["id"], row["number"], row["place"], row["due"], bool(row["asked"]))
        last = page[-1]["id"]


def count_entries(engine: Engine, run_id: int) -> int:
    """Counts the rows of the run that request no time of their own: those that a stagger spreads."""
    statement = select(func.count()).where(timetable.c.run_id == run_id, timetable.c.asked == 0)
    with engine.connect() as connection:
        return int(connection.execute(statement).scalar_one())


def last_asked(engine: Engine, run_id: int) -> str | None:
    """The latest time that a waiting row requests; None if none does."""
    statement = (
        select(func.max(timetable.c.due))
        .select_from(sheet_row)
        .join(timetable, timetable.c.row_id == sheet_row.c.id)
        .where(sheet_row.c.run_id == run_id, _waits(), timetable.c.asked == 1)
        .with_hint(sheet_row, _OF_STATE, "sqlite")
    )
    with engine.connect() as connection:
        found: str | None = connection.execute(statement).scalar()
    return found


def count_places(engine: Engine, run_id: int, *, from_round: int) -> list[tuple[str, bool, int]]:
    """Counts waiting rows by zone: (zone key, whether its rows have a requested or planned time, how many wait)."""
    dated = timetable.c.due.is_not(None)
    statement = (
        select(timetable.c.place, dated, func.count())
        .select_from(sheet_row)
        .join(timetable, timetable.c.row_id == sheet_row.c.id)
        .where(sheet_row.c.run_id == run_id, _waits(), sheet_row.c.round >= from_round)
        .with_hint(sheet_row, _OF_STATE, "sqlite")
        .group_by(timetable.c.place, dated)
    )
    with engine.connect() as connection:
        return [(place, bool(has_due), count) for place, has_due, count in connection.execute(statement)]


def rows_of_place(engine: Engine, run_id: int, place: str, *, dated: bool, from_round: int) -> Iterator[TimedRow]:
    """A zone's waiting rows, read a page at a time: those with a time, ordered by it, or those without one."""
    table = timetable.c
    statement = (
        select(sheet_row, table.due, table.asked)
        .join(timetable, table.row_id == sheet_row.c.id)
        .where(table.run_id == run_id, table.place == place, _waits(), sheet_row.c.round >= from_round)
        .where(table.due.is_not(None) if dated else table.due.is_(None))
        .order_by(table.due, table.row_id)
        .limit(_PAGE)
    )
    page = rows_of(engine, statement)
    while page:
        yield from (TimedRow(waiting_row(row), row["due"], bool(row["asked"])) for row in page)
        last = page[-1]
        beyond = table.row_id > last["id"]
        if dated:  # the first condition finds the place in the index, which the other alone would not
            beyond = and_(table.due >= last["due"], or_(table.due > last["due"], beyond))
        page = rows_of(engine, statement.where(beyond))


def rows_of_rerun(engine: Engine, run_id: int, *, from_round: int) -> list[tuple[str, TimedRow]]:
    """All rows that wait in this round of reruns or a later one, in the order of a page, each with its zone key."""
    statement = (
        select(sheet_row, timetable.c.place, timetable.c.due, timetable.c.asked)
        .join(timetable, timetable.c.row_id == sheet_row.c.id)
        .where(sheet_row.c.run_id == run_id, _waits(), sheet_row.c.round >= from_round)
        .with_hint(sheet_row, _OF_STATE, "sqlite")
    )
    rows = sorted(rows_of(engine, statement), key=lambda row: (row["due"] or "", row["id"]))
    return [(row["place"], TimedRow(waiting_row(row), row["due"], bool(row["asked"]))) for row in rows]


def taken_times(engine: Engine, run_id: int) -> set[str]:
    """All times at which rows of the run are due, or with which its calls were sent."""
    with engine.connect() as connection:
        due = select(timetable.c.due).where(timetable.c.run_id == run_id, timetable.c.due.is_not(None))
        sent = select(delay.c.until).where(delay.c.run_id == run_id)
        return {str(one) for one in connection.execute(due.union(sent)).scalars()}


def _contacts(engine: Engine, statement: Select[Any], run_id: int) -> Iterator[tuple[int, Contact]]:
    last = 0
    while page := rows_of(engine, waiting_only(statement, run_id, after=last, most=_AT_ONCE)):
        yield from ((row["id"], contact_of(row)) for row in page)
        last = page[-1]["id"]


def _waits() -> Any:
    return sheet_row.c.state.in_([state.value for state in WAITING])


class EngineTimetableReader(TimetableReader):
    """Reads over one engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def contacts_waiting(self, run_id: int) -> Iterator[Contact]:
        """See the port."""
        return contacts_waiting(self._engine, run_id)

    def contacts_without_entry(self, run_id: int) -> Iterator[tuple[int, Contact]]:
        """See the port."""
        return contacts_without_entry(self._engine, run_id)

    def entries_waiting(self, run_id: int, *, from_round: int = 0) -> Iterator[TimetableEntry]:
        """See the port."""
        return entries_waiting(self._engine, run_id, from_round=from_round)

    def count_entries(self, run_id: int) -> int:
        """See the port."""
        return count_entries(self._engine, run_id)

    def last_asked(self, run_id: int) -> str | None:
        """See the port."""
        return last_asked(self._engine, run_id)

    def count_places(self, run_id: int, *, from_round: int) -> list[tuple[str, bool, int]]:
        """See the port."""
        return count_places(self._engine, run_id, from_round=from_round)

    def rows_of_place(self, run_id: int, place: str, *, dated: bool, from_round: int) -> Iterator[TimedRow]:
        """See the port."""
        return rows_of_place(self._engine, run_id, place, dated=dated, from_round=from_round)

    def rows_of_rerun(self, run_id: int, *, from_round: int) -> list[tuple[str, TimedRow]]:
        """See the port."""
        return rows_of_rerun(self._engine, run_id, from_round=from_round)

    def taken_times(self, run_id: int) -> set[str]:
        """See the port."""
        return taken_times(self._engine, run_id)
