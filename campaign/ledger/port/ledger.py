"""A ledger that is open, as the rest of the project knows it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from campaign.ledger.port.reading import LedgerReader
from campaign.ledger.port.writing import LedgerWriter


class ReadableLedger(Protocol):
    """A ledger that is asked, and told nothing.

    Attributes:
        read: all that can be asked.
        home: where it lies, for messages.
        now: the wall clock, aware.
    """

    read: LedgerReader
    home: Path
    now: Callable[[], datetime]


class Ledger(LedgerWriter, ReadableLedger, Protocol):
    """A ledger: asked by way of `read`, told by its own methods."""

    def beside(self) -> AbstractContextManager["Ledger"]:
        """This ledger for one more thread, with an owner of its own; never open it anew where it is open."""
