"""The ledgers that this process has open: a second opening joins the first, without opening the file directly.

On POSIX a process that closes any descriptor of a file drops all of its locks on that file, SQLite's too. The first
opening reads the file's header directly, before anything is locked; a later one, in any thread, must not.
"""

import contextlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from campaign.ledger.sqlite.engine import LEDGER_FILE, more_engines, open_engines
from campaign.ledger.sqlite.file_watch import FileWatch


@dataclass(frozen=True, slots=True)
class OpenFile:
    """One opening of a ledger: its engines, and the watch that all openings of this process share.

    Attributes:
        ends: what closes the engines. It runs while no other thread can open the ledger: the last connection takes two
            of the files with it, and who joins at that moment would find them lost.
    """

    writing: Engine
    reading: Engine
    watch: FileWatch
    ends: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)


class OpenFiles:
    """The ledgers that are open in this process, each with its watch and its number of openings."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[tuple[int, str], tuple[FileWatch, int]] = {}

    @contextmanager
    def opened(self, home: Path) -> Iterator[OpenFile]:
        """One more opening. What closes its engines is left with its `ends`.

        Raises:
            LedgerError: see `open_engines`.
        """
        # A forked process has none of its parent's locks.
        key = os.getpid(), os.path.realpath(home / LEDGER_FILE)
        with self._lock:
            file = self._joined(home, *self._open[key]) if key in self._open else _first(home)
            self._open[key] = file.watch, self._open.get(key, (file.watch, 0))[1] + 1
        try:
            yield file
        finally:
            with self._lock:
                try:
                    file.ends.close()
                finally:
                    self._left(key)

    def _left(self, key: tuple[int, str]) -> None:
        watch, openings = self._open[key]
        if openings == 1:
            # Under the lock, so that no thread opens it meanwhile: closing a descriptor drops its locks.
            watch.close()
            del self._open[key]
        else:
            self._open[key] = watch, openings - 1

    def _joined(self, home: Path, watch: FileWatch, _openings: int) -> OpenFile:
        watch.check()
        writing, reading = more_engines(home)
        # Connected now, and not when something is first asked: the others may close theirs before that.
        with contextlib.ExitStack() as opened:
            opened.callback(reading.dispose)
            with reading.begin() as connection:
                connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
            opened.pop_all()
        return OpenFile(writing, reading, watch)


def _first(home: Path) -> OpenFile:
    with contextlib.ExitStack() as opened:
        engines = open_engines(home)
        for engine in engines:
            opened.callback(engine.dispose)
        watch = FileWatch(home / LEDGER_FILE)
        opened.callback(watch.close)
        watch.check()
        opened.pop_all()
        return OpenFile(*engines, watch)


OPEN_FILES = OpenFiles()
"""Those of this process: one for all of its threads, as the system's locks are."""
