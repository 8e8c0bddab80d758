"""The ledger of one folder, opened to be asked only: it starts without all that writes, a third of a start."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from campaign.ledger.port.ledger import ReadableLedger
from campaign.ledger.port.reading import LedgerReader
from campaign.ledger.queries.reader import EngineReader
from campaign.ledger.sqlite.open_files import OPEN_FILES


@contextmanager
def open_for_reading(home: Path, *, now: Callable[[], datetime]) -> Iterator[ReadableLedger]:
    """Opens the ledger of this folder to be asked, and makes it where there is none; another thread may have it open.

    Args:
        home: the folder.
        now: the wall clock; aware instants.

    Raises:
        LedgerError: it cannot be opened, or trusted.
    """
    with OPEN_FILES.engines(home) as (writing, reading):
        # It has made the schema, or brought it up to date, where that was needed.
        writing.dispose()
        try:
            yield _Asked(EngineReader(reading, home=home), home, now)
        finally:
            reading.dispose()


@dataclass(eq=False)
class _Asked(ReadableLedger):
    read: LedgerReader
    home: Path
    now: Callable[[], datetime]
