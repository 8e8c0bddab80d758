"""Opens the ledger's file: checks its folder and format, and sets the pragmas that make a commit durable."""

import os
import sqlite3
import stat
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError

from campaign.domain.errors import LedgerError
from campaign.domain.system_errors.open_files import NO_OPEN_FILES_LEFT, none_left
from campaign.ledger.schema.tables import SCHEMA_VERSION
from campaign.ledger.sqlite.compiler import DIALECT, STATEMENTS
from campaign.ledger.sqlite.disk import MOUNTS, refuse_network_disk
from campaign.ledger.sqlite.migrations import OLDEST, migrate
from campaign.ledger.sqlite.scripts import statements_of

APPLICATION_ID = 0x43414C31  # "CAL1"
LEDGER_FILE = "ledger.db"
KEY_FILE = "suppression.key"
_OURS = (
    "ledger.db*",
    "run-*.lock",
    "run-*.journal",
    "run-*.journal.other-*",
    "schedule-*.lock",
    f"{KEY_FILE}*",
    "sandbox.truth.jsonl",
)
BUSY_TIMEOUT_MS = 5000

# Terms of the file format: the schema cookie at byte 40, the application id at byte 68.
_HEADER = struct.Struct(">40xI24xI")

_CURE = "move it away, or point CAMPAIGN_HOME at another folder"
# A check of the whole file costs about 0.2 s per 100 MB; a larger file is left to a manual `PRAGMA`.
_CHECKED_UP_TO_BYTES = 256 * 1024 * 1024
_PATIENCE_MS = 20
_MOST_READERS = 8


def open_engines(
    home: Path,
    *,
    mounts: Path = MOUNTS,
    busy_ms: int = BUSY_TIMEOUT_MS,
    sleep: Callable[[float], object] = time.sleep,
) -> tuple[Engine, Engine]:
    """Opens the ledger of this folder, and creates it if absent: (engine for writing, engine for reading).

    Args:
        home: the folder.
        mounts: the system's list of mounts.
        busy_ms: milliseconds for which a lock of another program is waited for.
        sleep: waits that many seconds.

    Raises:
        LedgerError: the folder cannot be written, or the file is damaged, foreign, or of another version.
    """
    refuse_network_disk(home, mounts=mounts)
    path = _prepared_file(home)
    _refuse_foreign(path)
    writing, reading = _engines(path, busy_ms=busy_ms, sleep=sleep)
    try:
        _check_or_create(path, writing=writing, reading=reading)
    except BaseException as error:
        writing.dispose()
        reading.dispose()
        if isinstance(error, DBAPIError):
            raise LedgerError(trouble(path, error)) from None
        raise
    return writing, reading


def more_engines(home: Path) -> tuple[Engine, Engine]:
    """More engines for a process that has this ledger open, for one more thread: (for writing, for reading).

    Opening the file again by `open_engines` would destroy the ledger: on POSIX a process that closes any descriptor
    of a file drops all of its locks on that file, SQLite's too, and the next process removes the -wal.
    """
    return _engines(home / LEDGER_FILE, busy_ms=BUSY_TIMEOUT_MS, sleep=time.sleep)


def trouble(path: Path, error: DBAPIError) -> str:
    """One line for the user: what is wrong with the ledger's file, and the cure."""
    reason = str(error.orig)
    if "unable to open" in reason and none_left():
        return f"{path} cannot be opened: {NO_OPEN_FILES_LEFT}"
    if "not a database" in reason or "malformed" in reason:
        return f"{path} is damaged or not a ledger ({reason}); {_CURE}, and keep the file: it says who was called"
    if "no such column" in reason or "no such table" in reason:
        return (
            f"{path} was made by another build of campaign than this one ({reason}); nothing is wrong with the disk: "
            "go on with the build that made it, or point CAMPAIGN_HOME at another folder"
        )
    if "full" in reason:
        return f"{path}: the disk is full; free some space, then go on"
    if "locked" in reason:
        return f"{path}: another program keeps it locked; close that program, then go on"
    cut_off = ", and whether its -wal or -shm was cut off or taken away," if "disk I/O" in reason else ""
    check = f"check the disk{cut_off}" if cut_off else "check the disk and the folder's permissions,"
    return f"{path} cannot be written ({reason}); {check} then go on"


def _prepared_file(home: Path) -> Path:
    path = home / LEDGER_FILE
    if home.exists() and not home.is_dir():
        raise LedgerError(f"{home} is a file, and must be the ledger's folder; point CAMPAIGN_HOME at a folder")
    if not path.exists() and (home / KEY_FILE).exists():
        raise LedgerError(
            f"{path} is missing, and {KEY_FILE} beside it shows that there was one: it said who may never be called; "
            f"put it back, or, to begin without that list, remove {KEY_FILE}"
        )
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A folder that was created by hand may be open to others; the ledger holds personal data. One that holds more
        # than a ledger (a home folder, /tmp) keeps its mode.
        if os.name == "posix" and stat.S_IMODE(home.stat().st_mode) & 0o077 and _holds_only_a_ledger(home):
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


def _holds_only_a_ledger(home: Path) -> bool:
    return all(any(entry.match(pattern) for pattern in _OURS) for entry in home.iterdir())


def _refuse_foreign(path: Path) -> None:
    """Checks the file's first 100 bytes, so that another program's database stays unchanged, to the byte."""
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


def _engines(path: Path, *, busy_ms: int, sleep: Callable[[float], object]) -> tuple[Engine, Engine]:
    writing, reading = (
        _engine(path, begin=begin, most=most, busy_ms=busy_ms, sleep=sleep)
        for begin, most in (("BEGIN IMMEDIATE", 1), ("BEGIN", _MOST_READERS))
    )

    @event.listens_for(reading, "handle_error")
    def _in_our_words(context: ExceptionContext) -> None:
        # Read everywhere, so mapped here: what SQLAlchemy says of an error is for programmers. The writer maps its own.
        if isinstance(context.sqlalchemy_exception, DBAPIError):
            raise LedgerError(trouble(path, context.sqlalchemy_exception)) from None

    return writing, reading


def _engine(path: Path, *, begin: str, most: int, busy_ms: int, sleep: Callable[[float], object]) -> Engine:
    # A connection for each thread that works with it at one time, kept open: the writer, or an event loop and what it
    # has read aside.
    # The plain path: in a URL, a "?" in a folder's name would end it.
    address = URL.create(DIALECT, database=str(path.absolute()))
    engine = create_engine(
        address,
        poolclass=QueuePool,
        pool_size=most,
        max_overflow=0,
        hide_parameters=True,
        execution_options={"compiled_cache": STATEMENTS},
    )

    @event.listens_for(engine, "connect")
    def _settle_in(connection: sqlite3.Connection, _record: object) -> None:
        # SQLAlchemy's own BEGIN is wanted, not the driver's late one.
        connection.isolation_level = None
        _to_wal(connection, busy_ms=busy_ms, sleep=sleep)
        for pragma in (f"busy_timeout={busy_ms}", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _to_wal(connection: sqlite3.Connection, *, busy_ms: int, sleep: Callable[[float], object]) -> None:
    """Switches to WAL mode, with its own retries: of two programs that create a ledger, one would fail at once."""
    connection.execute("PRAGMA busy_timeout=0").close()
    for tries_left in reversed(range(busy_ms // _PATIENCE_MS + 1)):
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or not tries_left:
                raise
            sleep(_PATIENCE_MS / 1000)
        else:
            return


def _check_or_create(path: Path, *, writing: Engine, reading: Engine) -> None:
    # Checked without a write lock: a check of a large ledger must not block a run that is writing to it.
    with reading.begin() as connection:
        empty = _is_empty(connection)
        if not empty:
            _check(connection, path)
        old = not empty and _pragma(connection, "user_version") < SCHEMA_VERSION
    if empty:
        with writing.begin() as connection:
            if _is_empty(connection):
                _create(connection)
    elif old:
        migrate(writing, reading, path=path)


def _is_empty(connection: Connection) -> bool:
    return not connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()


def _check(connection: Connection, path: Path) -> None:
    application, version = _pragma(connection, "application_id"), _pragma(connection, "user_version")
    if application != APPLICATION_ID:
        raise LedgerError(f"{path} belongs to another program; {_CURE}")
    if version > SCHEMA_VERSION:
        raise LedgerError(f"{path} was written by a newer version of campaign; install that version, or {_CURE}")
    if version < OLDEST:
        raise LedgerError(f"{path} was written by an old version of campaign that this one cannot read; {_CURE}")
    if path.stat().st_size <= _CHECKED_UP_TO_BYTES and (found := _pragma(connection, "quick_check(1)")) != "ok":
        reason = " ".join(str(found).split())  # what is found may come on lines of its own
        raise LedgerError(f"{path} is damaged ({reason}); {_CURE}, and keep the file: it says who was called")


def _create(connection: Connection) -> None:
    for statement in statements_of(f"{SCHEMA_VERSION:04}_schema.sql"):
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA_VERSION}")


def _pragma(connection: Connection, name: str) -> Any:
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar()
