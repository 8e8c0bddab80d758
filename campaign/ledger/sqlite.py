"""Opening the ledger's file: where it lies, whether it is ours, and the pragmas that make a commit last."""

import os
import sqlite3
import stat
import struct
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError

from campaign.errors import LedgerError
from campaign.ledger.tables import LEGAL_MOVES, SCHEMA_VERSION, metadata, transition

APPLICATION_ID = 0x43414C31  # "CAL1"
LEDGER_FILE = "ledger.db"

# The file format's own words: the schema cookie at byte 40, the application id at byte 68.
_HEADER = struct.Struct(">40xI24xI")

_CURE = "move it away, or point CAMPAIGN_HOME at another folder"
# A check of the whole file costs about 0.2 s per 100 MB; beyond this it is left to a person's own `PRAGMA`.
_CHECKED_UP_TO_BYTES = 256 * 1024 * 1024


def open_engines(home: Path) -> tuple[Engine, Engine]:
    """Opens, and where needed makes, the ledger of this folder: (for writing, for reading).

    Raises:
        LedgerError: the folder cannot be written, or the file is damaged, foreign, or of another version.
    """
    path = _prepared_file(home)
    _refuse_foreign(path)
    writing, reading = _engine(path, begin="BEGIN IMMEDIATE"), _engine(path, begin="BEGIN")
    try:
        with writing.begin() as connection:
            _check_or_create(connection, path)
    except DBAPIError as error:
        raise LedgerError(trouble(path, error)) from None
    return writing, reading


def ledger_exists(home: Path) -> bool:
    """Whether this folder has a ledger, or what could be one."""
    return (home / LEDGER_FILE).exists()


def trouble(path: Path, error: DBAPIError) -> str:
    """One line for a person: what ails the ledger's file, and the cure."""
    reason = str(error.orig)
    if "not a database" in reason or "malformed" in reason:
        return f"{path} is damaged or not a ledger ({reason}); {_CURE}, and keep the file: it says who was called"
    if "full" in reason:
        return f"{path}: the disk is full; free some space, then go on"
    if "locked" in reason:
        return f"{path}: another program keeps it locked; close that program, then go on"
    return f"{path} cannot be written ({reason}); check the disk and the folder's permissions, then go on"


def _prepared_file(home: Path) -> Path:
    path = home / LEDGER_FILE
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A folder that was made by hand may be open to others; the ledger holds people's numbers.
        if os.name == "posix" and stat.S_IMODE(home.stat().st_mode) & 0o077:
            home.chmod(0o700)
        # Made before SQLite opens it, so that it is never open to others, and -wal and -shm take its mode.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(0o600)
    except OSError as error:
        raise LedgerError(
            f"the ledger's folder {home} cannot be written: {error.strerror}; "
            "make it writable, or point CAMPAIGN_HOME at another folder"
        ) from None
    return path


def _refuse_foreign(path: Path) -> None:
    """Looks at the file's first 100 bytes, so that another program's database is left as it was, to the byte."""
    with path.open("rb") as file:
        header = file.read(_HEADER.size)
    if not header:
        return
    if len(header) < _HEADER.size or not header.startswith(b"SQLite format 3\0"):
        raise LedgerError(f"{path} is damaged, or not a ledger at all; {_CURE}")
    schema_cookie, application = _HEADER.unpack(header)
    # A new ledger whose first transaction is still in the -wal file has no schema yet.
    if application != APPLICATION_ID and schema_cookie:
        raise LedgerError(f"{path} belongs to another program; {_CURE}")


def _engine(path: Path, *, begin: str) -> Engine:
    # Each engine is used by one thread alone: one connection, kept open.
    engine = create_engine(f"sqlite:///{path}", poolclass=QueuePool, pool_size=1, max_overflow=0)

    @event.listens_for(engine, "connect")
    def _settle_in(connection: sqlite3.Connection, _record: object) -> None:
        # SQLAlchemy's own BEGIN is wanted, not the driver's late one.
        connection.isolation_level = None
        for pragma in ("busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _check_or_create(connection: Connection, path: Path) -> None:
    application, version = _pragma(connection, "application_id"), _pragma(connection, "user_version")
    if not connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar():
        _create(connection)
        return
    if application != APPLICATION_ID:
        raise LedgerError(f"{path} belongs to another program; {_CURE}")
    if version > SCHEMA_VERSION:
        raise LedgerError(f"{path} was written by a newer version of campaign; install that version, or {_CURE}")
    if version < SCHEMA_VERSION:
        raise LedgerError(f"{path} was written by an old version of campaign that this one cannot read; {_CURE}")
    if path.stat().st_size <= _CHECKED_UP_TO_BYTES and (found := _pragma(connection, "quick_check(1)")) != "ok":
        raise LedgerError(f"{path} is damaged ({found}); {_CURE}, and keep the file: it says who was called")


def _create(connection: Connection) -> None:
    metadata.create_all(connection)
    connection.execute(transition.insert(), [{"from_state": a, "to_state": b} for a, b in LEGAL_MOVES])
    connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA_VERSION}")


def _pragma(connection: Connection, name: str) -> Any:
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar()
