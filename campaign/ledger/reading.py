"""Opens a ledger for reading only: it skips the imports for writing, a third of the start-up time."""

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
    """Opens the ledger of this folder for reading, and creates it if absent; another thread may have it open.

    Args:
        home: the folder.
        now: the wall clock; aware instants.

    Raises:
        LedgerError: it cannot be opened, or trusted.
    """
    with OPEN_FILES.opened(home) as file:
        # This has created or migrated the schema, where needed.
        file.writing.dispose()
        file.ends.callback(file.reading.dispose)
        yield _Asked(EngineReader(file.reading, home=home), home, now)


@dataclass(eq=False)
class _Asked(ReadableLedger):
    read: LedgerReader
    home: Path
    now: Callable[[], datetime]
