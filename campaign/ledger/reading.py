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
    """Opens the ledger of this folder for reading; another thread may have it open. Of none, nothing is created.

    Args:
        home: the folder.
        now: the wall clock; aware instants.

    Raises:
        LedgerError: it cannot be opened, or trusted.
    """
    with _folder_of(home) as folder, OPEN_FILES.opened(folder) as file:
        # This has created or migrated the schema, where needed.
        file.writing.dispose()
        file.ends.callback(file.reading.dispose)
        yield _Asked(EngineReader(file.reading, home=home), home, now)


@contextmanager
def _folder_of(home: Path) -> Iterator[Path]:
    """The folder, or an empty one for the time being where nothing is: who only asks leaves nothing behind."""
    if home.exists() or home.is_symlink():
        yield home
        return
    from tempfile import TemporaryDirectory  # noqa: PLC0415 - start-up: only the first look of all comes to this

    with TemporaryDirectory(prefix="campaign-") as folder:
        yield Path(folder)


@dataclass(eq=False)
class _Asked(ReadableLedger):
    read: LedgerReader
    home: Path
    now: Callable[[], datetime]
