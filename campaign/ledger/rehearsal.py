"""Ledger of a rehearsal: a copy of the real one in a folder of its own, which is removed again.

It knows whom the real one knows: who is never called, and who was called lately. What is written to it the real one
never sees. It survives no crash, and need not: its commits do not wait for the disk, and no thread makes them.
"""

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, event

from campaign.domain.errors import LedgerError
from campaign.ledger.home import ledger_exists
from campaign.ledger.sqlite.engine import KEY_FILE, LEDGER_FILE
from campaign.ledger.sqlite.open_files import OPEN_FILES
from campaign.ledger.store import Ledger
from campaign.ledger.writes.inline_writer import InlineWriter


@contextmanager
def open_rehearsal_ledger(real: Path, *, now: Callable[[], datetime]) -> Iterator[Ledger]:
    """Opens a ledger that begins as the one of that folder is, or empty; it is gone when the block ends.

    Args:
        real: the folder of the real ledger, of which nothing is changed.
        now: the rehearsal's clock; aware instants.

    Raises:
        LedgerError: the real one cannot be read, or there is no room for the copy.
    """
    with tempfile.TemporaryDirectory(prefix="campaign-rehearsal-") as folder:
        home = Path(folder)
        if ledger_exists(real):
            _copy(real, home)
        with OPEN_FILES.opened(home) as file:
            _leave_to_the_system(file.writing)
            ledger = Ledger(home, file, now=now, writer=InlineWriter)
            file.ends.callback(ledger.close)
            ledger._recognise(go_on_here=True)  # noqa: SLF001 - as `open_ledger`; a copy, on purpose
            yield ledger


def _copy(real: Path, home: Path) -> None:
    try:
        with OPEN_FILES.opened(real) as file:
            file.writing.dispose()
            file.ends.callback(file.reading.dispose)
            with file.reading.connect() as connection:
                source = connection.connection.driver_connection
                assert isinstance(source, sqlite3.Connection)  # noqa: S101 - the dialect's driver
                with contextlib.closing(sqlite3.connect(home / LEDGER_FILE)) as target:
                    source.backup(target)
        if (real / KEY_FILE).exists():
            shutil.copy(real / KEY_FILE, home / KEY_FILE)
    except (OSError, sqlite3.Error) as error:
        why = f"{real} cannot be copied for a rehearsal ({error})"
        raise LedgerError(f"{why}; free some room in {home.parent}") from None


def _leave_to_the_system(writing: Engine) -> None:
    # What is connected already is closed: the reading connection keeps the files.
    writing.dispose()

    @event.listens_for(writing, "connect")
    def _settle_in(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA synchronous=OFF").close()
