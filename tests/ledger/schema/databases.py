"""What the tests of the schema ask of a database: to be made from its files, and to say what it holds."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event, text

from campaign.ledger.schema import (
    account_table,
    draft_tables,
    outcome_tables,
    schedule_tables,
    serving_tables,
    worker_tables,
)
from campaign.ledger.schema.tables import SCHEMA_VERSION, metadata
from campaign.ledger.schema.types import WHERE, WITHOUT_ROWID
from campaign.ledger.sqlite.scripts import statements_of

# What these files define is part of `metadata` once they are read.
_DEFINED = (
    outcome_tables.call_outcome,
    schedule_tables.firing,
    draft_tables.draft,
    account_table.account_pace,
    serving_tables.upload,
    worker_tables.worker,
)
assert {table.name for table in _DEFINED} <= set(metadata.tables)

_CONSTRAINTS = """
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND contype <> 't'
"""
_INDEXES = "SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()"
_COLUMNS = """
SELECT 'column', table_name, column_name,
    concat_ws(' ', data_type, 'collate', collation_name, 'null', is_nullable, 'default', column_default)
FROM information_schema.columns WHERE table_schema = current_schema()
"""
_TRIGGERS = """
SELECT tgname AS name, tgrelid::regclass::text AS of FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE NOT tgisinternal AND tgenabled = 'O' AND relnamespace = current_schema()::regnamespace
"""


@contextmanager
def sqlite_in_memory() -> Iterator[Engine]:
    engine = create_engine("sqlite://", poolclass=StaticPool)

    @event.listens_for(engine, "connect")
    def _with_the_rules_on(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA foreign_keys=ON").close()

    try:
        yield engine
    finally:
        engine.dispose()


def make_from_tables(connection: Connection) -> None:
    """What the tables say, with what is only written down there: conditions of partial indexes; no column on demand."""
    for table in metadata.tables.values():
        for column in table.columns:
            if column.computed is not None:  # SQLite adds only such a column to a table; PostgreSQL 15 has no such
                column.computed.persisted = True if connection.dialect.name == "postgresql" else None
        table.dialect_options["sqlite"]["with_rowid"] = WITHOUT_ROWID not in table.info
        for index in table.indexes:
            if WHERE in index.info:
                index.dialect_options[connection.dialect.name]["where"] = text(index.info[WHERE])
    metadata.create_all(connection)


def make_from_files(connection: Connection) -> None:
    """The whole schema of a new ledger."""
    name = f"{SCHEMA_VERSION:04}_schema.sql"
    if connection.dialect.name == "sqlite":
        for statement in statements_of(name):
            connection.exec_driver_sql(statement)
    else:
        connection.exec_driver_sql((files("campaign.ledger.postgres") / "sql" / name).read_text("utf-8"))


def described(connection: Connection) -> set[tuple[str, ...]]:
    """All that the database itself says of its tables, columns, constraints and indexes, in one spelling."""
    if connection.dialect.name == "sqlite":
        made = connection.exec_driver_sql("SELECT type, tbl_name, name, sql FROM sqlite_master WHERE type <> 'trigger'")
        return {(kind, table, name, "".join((sql or "").split())) for kind, table, name, sql in made}
    return {tuple(row) for asked in (_CONSTRAINTS, _INDEXES, _COLUMNS) for row in connection.exec_driver_sql(asked)}


def triggers(connection: Connection) -> dict[str, str]:
    """Name -> table, of those that are there and switched on."""
    sqlite = "SELECT name, tbl_name AS of FROM sqlite_master WHERE type = 'trigger'"
    found = connection.exec_driver_sql(sqlite if connection.dialect.name == "sqlite" else _TRIGGERS)
    return {row.name: row.of for row in found}
