"""Migrations of an older schema to this version's: one step for each version, all of them in one transaction.

    BEGIN IMMEDIATE --> a copy of the file beside it --> step 1 --> step 2 --> ... --> user_version --> COMMIT

The files of `sql/` hold the steps. A process that dies on the way leaves the old version, which opens again.
"""

import contextlib
import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine

from campaign.domain.errors import LedgerError
from campaign.ledger.sqlite.disk import sync_folder
from campaign.ledger.sqlite.scripts import STEPS

OLDEST = min(STEPS)
"""The oldest version that can be brought up to date."""


class Copy(Protocol):
    """Protocol: keeps a copy of the committed ledger."""

    def __call__(self, reading: Engine, path: Path, *, version: int) -> None:
        """The caller holds the write lock: nothing can be claimed while the copy is made."""


def migrate(
    writing: Engine,
    reading: Engine,
    *,
    path: Path,
    steps: Mapping[int, Sequence[str]] = STEPS,
    copy: Copy | None = None,
) -> None:
    """Migrates a ledger of an older version; of two processes, one does it and the other waits.

    Args:
        writing: its transactions hold the write lock.
        reading: for reading.
        path: the ledger's file.
        steps: version -> the statements that lead from it to the next one.
        copy: makes the copy; `copy_beside` by default.

    Raises:
        LedgerError: no room for the copy of the file that is made before.
        sqlalchemy.exc.DBAPIError: the ledger cannot be written; it is unchanged.
    """
    with writing.begin() as connection:
        version = _version(connection)
        if version not in steps:
            return  # Another process was faster.
        (copy or copy_beside)(reading, path, version=version)
        while version in steps:
            for statement in steps[version]:
                connection.exec_driver_sql(statement)
            version += 1
        connection.exec_driver_sql(f"PRAGMA user_version={version}")


def backup_path(path: Path, *, version: int) -> Path:
    """The path of the copy of a ledger of that version."""
    return path.with_name(f"{path.name}.v{version}-backup")


def _version(connection: Connection) -> int:
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def copy_beside(reading: Engine, path: Path, *, version: int, fsync: Callable[[int], object] = os.fsync) -> None:
    """Copies the committed ledger into a file beside it, as `Copy` says.

    Raises:
        LedgerError: there is no room for it.
    """
    kept, part = backup_path(path, version=version), path.with_name(f"{path.name}.v{version}-part")
    try:
        part.unlink(missing_ok=True)
        # Made before SQLite opens it, so that it is never open to others.
        os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        with reading.connect() as connection:
            _copy_to(part, source=connection.connection.driver_connection, fsync=fsync)
        part.replace(kept)
        sync_folder(path.parent)
    except (OSError, sqlite3.Error) as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise LedgerError(
            f"{path} was written by an older version of campaign, and is copied before it is brought up to date; "
            f"the copy {kept.name} cannot be written ({error}); free some space, then go on"
        ) from None


def _copy_to(part: Path, *, source: Any, fsync: Callable[[int], object]) -> None:
    with contextlib.closing(sqlite3.connect(part)) as copy:
        # It gets its final name once it is whole, so it needs no journal of its own.
        copy.execute("PRAGMA journal_mode=OFF").close()
        source.backup(copy)
    descriptor = os.open(part, os.O_RDWR)
    try:
        fsync(descriptor)
    finally:
        os.close(descriptor)
