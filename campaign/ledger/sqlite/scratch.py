"""Implements `Scratch` as a database of its own, which spills to a file that nobody else can open, and ends with it."""

import contextlib
import json
import sqlite3
import weakref
from collections.abc import Collection, Iterable, Iterator

from campaign.ledger.port import scratch as port
from campaign.ledger.port.scratch import NoRoomError, ScratchText

# With nothing but a temporary table: once that is long, it is in a file that only this connection knows.
_TO_ITSELF = ":memory:"
_PRAGMAS = ("PRAGMA temp.journal_mode=OFF", "PRAGMA temp.synchronous=OFF", "PRAGMA temp.cache_size=-16000")
SCHEMA = (
    """CREATE TEMP TABLE held (
        key TEXT PRIMARY KEY, part TEXT NOT NULL, said TEXT NOT NULL, parted INTEGER NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX temp.held_by_part ON held (part)",
)
_ADD = """INSERT INTO held (key, part, said, parted) VALUES (?, ?, ?, 0)
ON CONFLICT (key) DO UPDATE SET parted = 1 WHERE said <> excluded.said"""
_LAST_OF_PAGE = "SELECT max(part) FROM (SELECT DISTINCT part FROM held WHERE part > ? ORDER BY part LIMIT ?)"


class TemporaryScratch(port.Scratch):
    """See the port; used by one thread at a time, not always by the same one."""

    def __init__(self) -> None:
        self._held = sqlite3.connect(_TO_ITSELF, isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self._held.close)
        for statement in (*_PRAGMAS, *SCHEMA):
            self._held.execute(statement).close()

    def add(self, texts: Iterable[ScratchText]) -> None:
        """See the port."""
        with _worded(), self._held, contextlib.closing(self._held.cursor()) as cursor:
            cursor.execute("BEGIN")
            cursor.executemany(_ADD, texts)

    def of_keys(self, keys: Collection[str]) -> list[str]:
        """See the port."""
        return self._asked("key IN (SELECT value FROM json_each(?))", json.dumps(list(keys)))

    def of_groups(self, groups: Collection[str]) -> list[str]:
        """See the port."""
        return self._asked("part IN (SELECT value FROM json_each(?))", json.dumps(list(groups)))

    def group_by_group(self, *, most: int) -> Iterator[list[str]]:
        """See the port."""
        after = ""
        while (last := self._last_of_page(after, most=most)) is not None:
            yield self._asked("part > ? AND part <= ?", after, last)
            after = last

    def _last_of_page(self, after: str, *, most: int) -> str | None:
        with _worded():
            [last] = self._held.execute(_LAST_OF_PAGE, (after, most)).fetchone()
        return None if last is None else str(last)

    def _asked(self, condition: str, *values: str) -> list[str]:
        with _worded():
            found = self._held.execute(f"SELECT said FROM held WHERE parted = 0 AND {condition}", values)  # noqa: S608 - its own
            return [said for (said,) in found]


@contextlib.contextmanager
def _worded() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise NoRoomError(f"no room among the temporary files ({error}); free some space there") from None
