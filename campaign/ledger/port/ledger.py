"""The open ledger: the protocols through which the rest of the project uses it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

from campaign.ledger.port.reading import LedgerReader
from campaign.ledger.port.scratch import Scratch
from campaign.ledger.port.writing import LedgerWriter

T = TypeVar("T")


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

    def scratch(self) -> Scratch:
        """Room for texts that are compared with the ledger, aside from the memory; it is no part of the ledger."""

    async def aside(self, work: Callable[[], T]) -> T:
        """Does some work with the ledger to its end, and lets the event loop go on meanwhile.

        Whatever else the loop does while calls are on their way must not wait for a long query. A ledger in an event
        loop whose clock waits for nobody does it at once.

        Args:
            work: reads and writes as it likes; nothing of it is undone when the caller is cancelled meanwhile.
        """
