"""What the program says to its ledger: every statement with its parameters, and which of its functions sent it."""

import sqlite3
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

import campaign.ledger

_LEDGER = str(Path(campaign.ledger.__file__).parent)
_PLANNED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


@dataclass(frozen=True)
class Sent:
    """A statement as it was sent.

    Attributes:
        text: with places for its parameters.
        parameters: those of the first row, where it was sent with many.
        by: names of the ledger's functions that were on their way, the innermost first.
    """

    text: str
    parameters: Any
    by: tuple[str, ...]


class Record:
    """One of each statement that was sent, in order; in threads too."""

    def __init__(self) -> None:
        self._sent: dict[tuple[str, tuple[str, ...]], Sent] = {}

    def note(self, text: str, parameters: Any) -> None:
        """Takes a statement of the ledger down, once for each way that leads to it; not those of tests."""
        if text.lstrip().upper().startswith(_PLANNED) and (by := _senders()):
            self._sent.setdefault((text, by), Sent(text, parameters, by))

    @property
    def sent(self) -> Sequence[Sent]:
        """All of them."""
        return list(self._sent.values())

    @property
    def senders(self) -> set[str]:
        """The names of all functions of the ledger that were on their way while a statement was sent."""
        return {name for one in self._sent.values() for name in one.by}


@contextmanager
def recording() -> Iterator[Record]:
    """Records what is said to every ledger that is opened while the block lasts."""
    record = Record()

    class Cursor(sqlite3.Cursor):
        def execute(self, text: str, parameters: Any = (), /) -> "Cursor":
            record.note(text, parameters)
            super().execute(text, parameters)
            return self

        def executemany(self, text: str, parameters: Any, /) -> "Cursor":
            rows = list(parameters)
            if rows:
                record.note(text, rows[0])
            super().executemany(text, rows)
            return self

    class Connection(sqlite3.Connection):
        def cursor(self, factory: Any = Cursor) -> Any:
            return super().cursor(factory)

        def execute(self, text: str, parameters: Any = (), /) -> sqlite3.Cursor:
            return Cursor(self).execute(text, parameters)

    def connecting(_dialect: object, _record: object, _given: object, named: dict[str, Any]) -> None:
        named["factory"] = Connection

    event.listen(Engine, "do_connect", connecting)
    try:
        with pytest.MonkeyPatch.context() as patch:
            # What asks the file itself, as another process would: it has no engine.
            patch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Connection))
            yield record
    finally:
        event.remove(Engine, "do_connect", connecting)


def _senders() -> tuple[str, ...]:
    frames = [frame.f_code for frame, _ in traceback.walk_stack(sys._getframe(2))]
    return tuple(code.co_qualname for code in frames if code.co_filename.startswith(_LEDGER))
