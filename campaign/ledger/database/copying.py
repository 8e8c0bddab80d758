"""Copies a whole ledger from one database into another, empty one, table by table, and compares the two.

source: one transaction, which sees one state --> target: one transaction, which is there whole or not at all
"""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, Select, Table, func, insert, select, text

from campaign.domain.errors import LedgerError
from campaign.ledger.database.protocol import Database
from campaign.ledger.schema import (
    account_table,
    draft_tables,
    home_table,
    outcome_tables,
    schedule_tables,
    serving_tables,
)
from campaign.ledger.schema.tables import metadata, transition
from campaign.ledger.schema.text import storable

_AT_ONCE = 2_000
_DEFINED = (
    account_table.account_pace,
    draft_tables.draft,
    home_table.home,
    outcome_tables.call_outcome,
    schedule_tables.firing,
    serving_tables.upload,
)
"""One of each module of tables: they are in `metadata` once their modules are loaded."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied: table -> its rows."""

    rows: Mapping[str, int]

    @property
    def total(self) -> int:
        """All rows of all tables."""
        return sum(self.rows.values())


def copy_into(target: Database, *, source: Database) -> Copied:
    """Copies everything into an empty ledger.

    Raises:
        LedgerError: the target has a run or an entry already; or it cannot be written.
    """
    with source.reading.connect() as reading, target.writing.begin() as writing:
        refuse_filled(writing, target.place)
        return copy_tables(writing, source=reading)


def refuse_filled(target: Connection, place: str) -> None:
    """Refuses a ledger that says anything already.

    Raises:
        LedgerError: it does.
    """
    for table in tables():
        if table.name != home_table.home.name and target.execute(select(table).limit(1)).first() is not None:
            raise LedgerError(f"{place} holds a ledger with content ({table.name}); name an empty database")


def copy_tables(target: Connection, *, source: Connection) -> Copied:
    """Copies all tables in the caller's transactions; what the target says of its own identity is replaced."""
    target.execute(home_table.home.delete())
    counts = dict[str, int]()
    for table in tables():
        counts[table.name] = _write(target, table, _rows(source, table))
        _go_on_counting(target, table)
    return Copied(counts)


def compare_tables(target: Connection, *, source: Connection) -> None:
    """Compares all tables, row by row.

    Raises:
        LedgerError: naming the first table that differs.
    """
    for table in tables():
        with closing(_rows(source, table)) as before, closing(_rows(target, table)) as after:
            for ours, theirs in zip_longest(before, after):
                if ours is None or theirs is None or tuple(map(_stored, ours)) != tuple(map(_stored, theirs)):
                    raise LedgerError(f"what was copied is not what stood there: table {table.name} differs")


def tables() -> Sequence[Table]:
    """All tables that have content of their own, each after those that it refers to."""
    assert _DEFINED  # noqa: S101 - a mention, so that nobody takes the imports away
    return [table for table in metadata.sorted_tables if table is not transition]


def _rows(connection: Connection, table: Table) -> Generator[tuple[Any, ...], None, None]:
    statement: Select[Any] = select(*(_columns(table))).order_by(*table.primary_key.columns)
    with connection.execute(statement.execution_options(stream_results=True, yield_per=_AT_ONCE)) as found:
        for part in found.partitions():
            yield from (tuple(row) for row in part)


def _columns(table: Table) -> list[Any]:
    return [column for column in table.columns if column.computed is None]


def _write(connection: Connection, table: Table, rows: Iterable[tuple[Any, ...]]) -> int:
    if connection.dialect.name == "postgresql":
        return copy_rows(connection, table, names=[column.name for column in _columns(table)], rows=rows)
    names, count = [column.name for column in _columns(table)], 0
    for part in _parts(rows):
        connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in part])
        count += len(part)
    return count


def copy_rows(connection: Connection, table: Table, *, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Writes rows by COPY, which only PostgreSQL knows; returns how many."""
    quote, count = connection.dialect.identifier_preparer.quote, 0
    columns = ", ".join(map(quote, names))
    cursor = connection.connection.cursor()
    try:
        with cursor.copy(f"COPY {quote(table.name)} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
                count += 1
    finally:
        cursor.close()
    return count


def _parts(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    part = list[tuple[Any, ...]]()
    for row in rows:
        part.append(row)
        if len(part) == _AT_ONCE:
            yield part
            part = []
    if part:
        yield part


def _go_on_counting(connection: Connection, table: Table) -> None:
    """Lets the numbers that a table gives out go on after those that it has."""
    column = table.columns.get("id")
    if column is None or connection.dialect.name != "postgresql":
        return
    last = connection.execute(select(func.max(column))).scalar()
    if last is not None:
        sequence = {"table": table.name, "last": last}
        connection.execute(text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last)"), sequence)


def _stored(value: Any) -> Any:
    return storable(value).replace("\0", "\\x00") if isinstance(value, str) else value
