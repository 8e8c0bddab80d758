"""The timetable of a run: for each row that waits, whose hours hold for it and when it is due, where that matters.

A row's entry is made when its run is first dialled. `due` of a row that asked for a time of its own stays; any other is
a plan, and is made anew when it has been overtaken. Within a run no two rows are due at the same millisecond.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, Select, and_, bindparam, func, or_, select, update

from campaign.domain.model import Contact
from campaign.ledger.queries.runs import WAITING, WaitingRow, contact_of, waiting_row
from campaign.ledger.schema.tables import delay, sheet_row, timetable
from campaign.ledger.writes.statements import Prepared, prepared_insert

# Of each place a page is kept in memory, and there are hundreds of places in a long sheet.
_PAGE = 50
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One row's.

    Attributes:
        row_id: the ledger's own number of the row; `number` is the sheet's.
        place: names whose hours hold, in its owner's own words: rows with the same text have the same hours.
        due: when it is due, as the ledger writes instants; None for as soon as it may be.
        asked: whether the sheet itself asks for that time.
    """

    row_id: int
    number: int
    place: str
    due: str | None = None
    asked: bool = False


@dataclass(frozen=True, slots=True)
class DueRow:
    """A row that waits, and its entry's times."""

    row: WaitingRow
    due: str | None
    asked: bool


_ADD = prepared_insert(timetable, "row_id", "run_id", "number", "place", "due", "asked")
_PLAN = Prepared(
    update(timetable)
    .where(timetable.c.run_id == bindparam("b_run"), timetable.c.number == bindparam("b_number"))
    .values(due=bindparam("b_due"))
)


def add_entries(connection: Connection, run_id: int, entries: Iterable[Entry]) -> None:
    """Writes the entries of rows that have none yet."""
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
    """Writes when rows are due, by their number in the sheet; others that wait and did not ask are due at no time."""
    waiting = select(sheet_row.c.id).where(sheet_row.c.run_id == run_id, _waits())
    # At first none: of two rows that change places, the first would find its new time taken.
    connection.execute(
        update(timetable)
        .where(timetable.c.run_id == run_id, timetable.c.asked == 0, timetable.c.row_id.in_(waiting))
        .values(due=None)
    )
    rows = ({"b_run": run_id, "b_number": number, "b_due": due} for number, due in dues)
    while chunk := list(islice(rows, _AT_ONCE)):
        _PLAN.run(connection, chunk)


def contacts_without_entry(engine: Engine, run_id: int) -> Iterator[tuple[int, Contact]]:
    """(row id, contact) of the waiting rows that have no entry yet, in the sheet's order."""
    having = select(timetable.c.row_id).where(timetable.c.row_id == sheet_row.c.id).exists()
    yield from _contacts(engine, select(sheet_row).where(sheet_row.c.run_id == run_id, _waits(), ~having))


def contacts_waiting(engine: Engine, run_id: int) -> Iterator[Contact]:
    """All who wait to be called in a run that may still be loading, in the sheet's order."""
    found = _contacts(engine, select(sheet_row).where(sheet_row.c.run_id == run_id, _waits()))
    yield from (contact for _, contact in found)


def entries_waiting(engine: Engine, run_id: int, *, from_round: int = 0) -> Iterator[Entry]:
    """The entries of the rows that wait, in the sheet's order."""
    statement = (
        select(timetable)
        .join(sheet_row, sheet_row.c.id == timetable.c.row_id)
        .where(timetable.c.run_id == run_id, _waits(), sheet_row.c.round >= from_round)
        .order_by(timetable.c.row_id)
        .limit(_AT_ONCE)
    )
    last = 0
    while page := _read(engine, statement.where(timetable.c.row_id > last)):
        for row in page:
            yield Entry(row["row_id"], row["number"], row["place"], row["due"], bool(row["asked"]))
        last = page[-1]["row_id"]


def count_entries(engine: Engine, run_id: int) -> int:
    """How many rows of the run did not ask for a time of their own: all that a stagger spreads."""
    statement = select(func.count()).where(timetable.c.run_id == run_id, timetable.c.asked == 0)
    with engine.connect() as connection:
        return int(connection.execute(statement).scalar_one())


def last_asked(engine: Engine, run_id: int) -> str | None:
    """The latest time that a waiting row asks for; None if none does."""
    statement = (
        select(func.max(timetable.c.due))
        .join(sheet_row, sheet_row.c.id == timetable.c.row_id)
        .where(timetable.c.run_id == run_id, timetable.c.asked == 1, _waits())
    )
    with engine.connect() as connection:
        found: str | None = connection.execute(statement).scalar()
    return found


def count_places(engine: Engine, run_id: int, *, from_round: int) -> list[tuple[str, bool, int]]:
    """(place, whether its rows have a time of their own or a planned one, how many wait)."""
    dated = timetable.c.due.is_not(None)
    statement = (
        select(timetable.c.place, dated, func.count())
        .join(sheet_row, sheet_row.c.id == timetable.c.row_id)
        .where(timetable.c.run_id == run_id, _waits(), sheet_row.c.round >= from_round)
        .group_by(timetable.c.place, dated)
    )
    with engine.connect() as connection:
        return [(place, bool(has_due), count) for place, has_due, count in connection.execute(statement)]


def rows_of_place(engine: Engine, run_id: int, place: str, *, dated: bool, from_round: int) -> Iterator[DueRow]:
    """The place's rows that wait, read a page at a time: those with a time in its order, or those without one."""
    table = timetable.c
    statement = (
        select(sheet_row, table.due, table.asked)
        .join(timetable, table.row_id == sheet_row.c.id)
        .where(table.run_id == run_id, table.place == place, _waits(), sheet_row.c.round >= from_round)
        .where(table.due.is_not(None) if dated else table.due.is_(None))
        .order_by(table.due, table.row_id)
        .limit(_PAGE)
    )
    page = _read(engine, statement)
    while page:
        yield from (DueRow(waiting_row(row), row["due"], bool(row["asked"])) for row in page)
        last = page[-1]
        same = and_(table.due == last["due"], table.row_id > last["id"]) if dated else table.row_id > last["id"]
        page = _read(engine, statement.where(or_(table.due > last["due"], same) if dated else same))


def taken_times(engine: Engine, run_id: int) -> set[str]:
    """All times that rows of the run are due at, or that calls of it were sent with."""
    with engine.connect() as connection:
        due = select(timetable.c.due).where(timetable.c.run_id == run_id, timetable.c.due.is_not(None))
        sent = select(delay.c.until).where(delay.c.run_id == run_id)
        return {str(one) for one in connection.execute(due.union(sent)).scalars()}


def _contacts(engine: Engine, statement: Select[Any]) -> Iterator[tuple[int, Contact]]:
    last = 0
    while page := _read(engine, statement.where(sheet_row.c.id > last).order_by(sheet_row.c.id).limit(_AT_ONCE)):
        yield from ((row["id"], contact_of(row)) for row in page)
        last = page[-1]["id"]


def _waits() -> Any:
    return sheet_row.c.state.in_([state.value for state in WAITING])


def _read(engine: Engine, statement: Select[Any]) -> Sequence[RowMapping]:
    with engine.connect() as connection:
        return connection.execute(statement).mappings().all()
