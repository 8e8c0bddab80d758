"""The ledgers that this process has open: a second opening joins the first, without opening the file directly.

On POSIX a process that closes any descriptor of a file drops all of its locks on that file, SQLite's too. The first
opening reads the file's header directly, before anything is locked; a later one, in any thread, must not.
"""

import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from campaign.ledger.sqlite.engine import LEDGER_FILE, more_engines, open_engines


class OpenFiles:
    """The ledgers that are open in this process, each with its number of openings."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: Counter[tuple[int, str]] = Counter()

    @contextmanager
    def engines(self, home: Path) -> Iterator[tuple[Engine, Engine]]:
        """Engines of one more opening: (for writing, for reading). The caller closes them before the block ends.

        Raises:
            LedgerError: see `open_engines`.
        """
        # A forked process has none of its parent's locks.
        key = os.getpid(), os.path.realpath(home / LEDGER_FILE)
        with self._lock:
            engines = more_engines(home) if self._open[key] else open_engines(home)
            self._open[key] += 1
        try:
            yield engines
        finally:
            with self._lock:
                self._open[key] -= 1


OPEN_FILES = OpenFiles()
"""Those of this process: one for all of its threads, as the system's locks are."""
