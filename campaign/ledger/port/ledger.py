"""The open ledger: the protocols through which the rest of the project uses it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from campaign.ledger.port.reading import LedgerReader
from campaign.ledger.port.writing import LedgerWriter


class ReadableLedger(Protocol):
    """A ledger that is only read.

    Attributes:
        read: all queries.
        home: its folder: of its file, or of what is not in its database.
        place: where it is, for messages; no secret is in it.
        now: the wall clock, aware.
    """

    read: LedgerReader
    home: Path
    place: str
    now: Callable[[], datetime]


class Ledger(LedgerWriter, ReadableLedger, Protocol):
    """A ledger: queried through `read`, written by its own methods."""

    def beside(self) -> AbstractContextManager["Ledger"]:
        """This ledger for one more thread, with its own owner; a process must not open the same ledger anew."""
