"""Passing copy of a ledger: what is written to it the real one never sees, and a crash may take it."""

import contextlib
import shutil
import sqlite3
from pathlib import Path

from sqlalchemy import Engine, event

from campaign.domain.errors import LedgerError
from campaign.ledger.sqlite.engine import KEY_FILE, LEDGER_FILE
from campaign.ledger.sqlite.open_files import OPEN_FILES


def copy_ledger(real: Path, home: Path) -> None:
    """Copies the ledger of one folder into another, with the key of its list; another process may have it open.

    Raises:
        LedgerError: it cannot be read, or there is no room for the copy.
    """
    try:
        with OPEN_FILES.opened(real) as file:
            file.writing.dispose()
            file.ends.callback(file.reading.dispose)
            with file.reading.connect() as connection:
                source = connection.connection.driver_connection
                assert isinstance(source, sqlite3.Connection)  # noqa: S101 - the dialect's driver
                with contextlib.closing(sqlite3.connect(home / LEDGER_FILE)) as target:
                    source.backup(target)
    except (OSError, sqlite3.Error) as error:
        raise LedgerError(_no_room(real, home, error)) from None
    copy_key(real, home)


def copy_key(real: Path, home: Path) -> None:
    """Copies the key of a folder's suppression list into another, if there is one.

    Raises:
        LedgerError: it cannot be read, or there is no room.
    """
    try:
        if (real / KEY_FILE).exists():
            shutil.copy(real / KEY_FILE, home / KEY_FILE)
    except OSError as error:
        raise LedgerError(_no_room(real, home, error)) from None


def leave_to_the_system(writing: Engine) -> None:
    """Lets the commits of this engine not wait for the disk: for a ledger that need not survive a crash."""
    # What is connected already is closed: the reading connection keeps the files.
    writing.dispose()

    @event.listens_for(writing, "connect")
    def _settle_in(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA synchronous=OFF").close()


def _no_room(real: Path, home: Path, error: Exception) -> str:
    return f"{real} cannot be copied for a rehearsal ({error}); free some room in {home.parent}"
