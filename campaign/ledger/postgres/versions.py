"""The schema in a PostgreSQL database: made when it is empty, brought up to date when it is older, refused otherwise.

    lock by name --> table `campaign_ledger` says the version --> create, or step after step --> COMMIT

Two that begin at once wait for each other. A process that dies on the way leaves what was there before.
"""

import re
from importlib.resources import files

from sqlalchemy import Connection, Engine, text

from campaign.config.database import DatabaseAddress
from campaign.domain.errors import LedgerError
from campaign.ledger.postgres.keys import Locked, class_of
from campaign.ledger.schema.tables import SCHEMA_VERSION

_FOLDER = files("campaign.ledger.postgres") / "sql"
_STEP = re.compile(r"(\d{4})_to_(\d{4})\.sql")
_CURE = "name another database, or another schema by the URL's options"
_EXISTS = text("SELECT to_regclass('campaign_ledger') IS NOT NULL")
# By its own catalogue: a table of another schema on the path is none of this one.
_STRANGERS = text(
    "SELECT count(*) FROM pg_class "
    "WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm')"
)
_MADE = """
CREATE TABLE campaign_ledger (
    id INTEGER PRIMARY KEY CONSTRAINT one_campaign_ledger CHECK (id = 1),
    version INTEGER NOT NULL
);
INSERT INTO campaign_ledger (id, version) VALUES (1, {});
"""


def ready_schema(writing: Engine, address: DatabaseAddress, *, schema: str) -> None:
    """Creates the ledger's tables, or brings them up to date.

    Raises:
        LedgerError: the database is another program's, or of a newer version.
        sqlalchemy.exc.DBAPIError: it cannot be written; it is unchanged.
    """
    with writing.begin() as connection:
        if _version(connection, address) == SCHEMA_VERSION:
            return
    with writing.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key, 0)"), {"key": class_of(Locked.SCHEMA, schema)})
        found = _version(connection, address)  # another process may have been faster
        if found is None:
            _run(connection, f"{SCHEMA_VERSION:04}_schema.sql")
            connection.exec_driver_sql(_MADE.format(SCHEMA_VERSION))
            return
        while found < SCHEMA_VERSION:
            found = _take_step(connection, address, found)
        connection.execute(text("UPDATE campaign_ledger SET version = :version"), {"version": found})


def _version(connection: Connection, address: DatabaseAddress) -> int | None:
    """The schema's version; None where there is nothing at all."""
    if not connection.execute(_EXISTS).scalar_one():
        if connection.execute(_STRANGERS).scalar_one():
            raise LedgerError(f"{address} belongs to another program: it has tables, and none of a ledger; {_CURE}")
        return None
    version = int(connection.execute(text("SELECT version FROM campaign_ledger")).scalar_one())
    if version > SCHEMA_VERSION:
        raise LedgerError(f"{address} was written by a newer version of campaign; install that version, or {_CURE}")
    return version


def _take_step(connection: Connection, address: DatabaseAddress, version: int) -> int:
    for name in sorted(entry.name for entry in _FOLDER.iterdir()):
        if (step := _STEP.fullmatch(name)) is not None and int(step[1]) == version:
            _run(connection, name)
            return int(step[2])
    raise LedgerError(f"{address} was written by an old version of campaign that this one cannot read; {_CURE}")


def _run(connection: Connection, name: str) -> None:
    # Without parameters, so that a percent sign is one, and all statements go at once.
    cursor = connection.connection.cursor()
    try:
        cursor.execute((_FOLDER / name).read_text("utf-8"))
    finally:
        cursor.close()
