"""From an older schema to this version's: one step from each version to the next, all of them in one transaction.

    BEGIN IMMEDIATE --> a copy of the file beside it --> step 1 --> step 2 --> ... --> user_version --> COMMIT

A step is literal SQL and is never edited again: `tables` says what is true now, a step says what was added then. A
process that dies on the way leaves the old version, which opens again.
"""

import contextlib
import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from campaign.errors import LedgerError
from campaign.ledger.disk import sync_folder
from campaign.ledger.outcome_tables import ADD_OUTCOMES

# Only additions, so that a run of the older version that goes on in another process is not disturbed.
_ADD_SUPPRESSION = (
    """
    CREATE TABLE suppression (
        id INTEGER NOT NULL,
        digest TEXT NOT NULL,
        last_digits TEXT NOT NULL,
        added_at TEXT NOT NULL,
        reason TEXT NOT NULL,
        source TEXT NOT NULL,
        removed_at TEXT,
        removed_reason TEXT,
        PRIMARY KEY (id),
        CONSTRAINT suppression_digest CHECK (length(digest) = 64),
        CONSTRAINT suppression_keeps_no_number CHECK (length(last_digits) <= 4),
        CONSTRAINT suppression_reason CHECK (length(reason) <= 200
            AND (removed_reason IS NULL OR length(removed_reason) <= 200)),
        CONSTRAINT suppression_removed CHECK ((removed_at IS NULL) = (removed_reason IS NULL))
    )
    """,
    "CREATE UNIQUE INDEX one_suppression_per_number ON suppression (digest) WHERE removed_at IS NULL",
    """
    CREATE TABLE suppression_key (
        id INTEGER NOT NULL,
        fingerprint TEXT NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT one_suppression_key CHECK (id = 1)
    )
    """,
    """
    CREATE TRIGGER suppression_no_delete BEFORE DELETE ON suppression
    BEGIN SELECT RAISE(ABORT, 'an entry of the suppression list can only be removed, and once'); END
    """,
    """
    CREATE TRIGGER suppression_only_removed BEFORE UPDATE ON suppression
    WHEN OLD.removed_at IS NOT NULL OR NEW.removed_at IS NULL
    OR (NEW.id, NEW.digest, NEW.last_digits, NEW.added_at, NEW.reason, NEW.source)
    <> (OLD.id, OLD.digest, OLD.last_digits, OLD.added_at, OLD.reason, OLD.source)
    BEGIN SELECT RAISE(ABORT, 'an entry of the suppression list can only be removed, and once'); END
    """,
)

STEPS: Mapping[int, tuple[str, ...]] = {1: _ADD_SUPPRESSION, 2: ADD_OUTCOMES}
"""Version -> what leads from it to the next one."""

OLDEST = min(STEPS)
"""The oldest version that can be brought up to date."""


def migrate(writing: Engine, reading: Engine, *, path: Path) -> None:
    """Brings a ledger of an older version up to date; of two processes, one does it and the other waits.

    Raises:
        LedgerError: no room for the copy of the file that is made before.
        sqlalchemy.exc.DBAPIError: the ledger cannot be written; it is as it was.
    """
    with writing.begin() as connection:
        version = _version(connection)
        if version not in STEPS:
            return  # Another process was faster.
        _copy(reading, path, version=version)
        while version in STEPS:
            for statement in STEPS[version]:
                connection.exec_driver_sql(statement)
            version += 1
        connection.exec_driver_sql(f"PRAGMA user_version={version}")


def backup_path(path: Path, *, version: int) -> Path:
    """Where the copy of a ledger of that version is kept."""
    return path.with_name(f"{path.name}.v{version}-backup")


def _version(connection: Connection) -> int:
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def _copy(reading: Engine, path: Path, *, version: int) -> None:
    """Copies what is committed. The caller holds the write lock: nothing can be promised behind the copy's back."""
    kept, part = backup_path(path, version=version), path.with_name(f"{path.name}.v{version}-part")
    try:
        part.unlink(missing_ok=True)
        # Made before SQLite opens it, so that it is never open to others.
        os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        with reading.connect() as connection:
            _copy_to(part, source=connection.connection.driver_connection)
        part.replace(kept)
        sync_folder(path.parent)
    except (OSError, sqlite3.Error) as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise LedgerError(
            f"{path} was written by an older version of campaign, and is copied before it is brought up to date; "
            f"the copy {kept.name} cannot be written ({error}); free some space, then go on"
        ) from None


def _copy_to(part: Path, *, source: Any) -> None:
    with contextlib.closing(sqlite3.connect(part)) as copy:
        # It is not there under its name until it is whole, so a journal of its own would be for nothing.
        copy.execute("PRAGMA journal_mode=OFF").close()
        source.backup(copy)
    descriptor = os.open(part, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
