"""Opens a ledger for reading only: it skips the imports for writing, a third of the start-up time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from campaign.config.database import DatabaseAddress
from campaign.ledger.database.opening import opened_database
from campaign.ledger.database.sealing import refuse_moved
from campaign.ledger.port.ledger import ReadableLedger
from campaign.ledger.port.reading import LedgerReader
from campaign.ledger.queries.reader import EngineReader


@contextmanager
def open_for_reading(
    home: Path, *, now: Callable[[], datetime], address: DatabaseAddress | None = None
) -> Iterator[ReadableLedger]:
    """Opens a ledger for reading; another thread may have it open. Of a folder that is not there, nothing is created.

    Args:
        home: the folder of what is not in the database.
        now: the wall clock; aware instants.
        address: of the PostgreSQL database that it stands in; None for a file in the folder.

    Raises:
        LedgerError: it cannot be opened, or trusted.
    """
    with _folder_of(home) as folder, opened_database(folder, address) as database:
        # This has created or migrated the schema, where needed.
        database.writing.dispose()
        database.ends.callback(database.reading.dispose)
        refuse_moved(database)
        reader = EngineReader(database.reading, home=home, holds=database)
        yield _Asked(reader, home, str(address or home), now)


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
    place: str
    now: Callable[[], datetime]
