"""SQLite as the ledger's database: a file of this machine. Its one lock for writing puts all transactions in a row."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from campaign.domain.errors import CopiedHomeError, LedgerError, LedgerFilesError
from campaign.ledger.database.protocol import Database
from campaign.ledger.sqlite.engine import LEDGER_FILE, more_engines, trouble
from campaign.ledger.sqlite.home_identity import copied, identity_of
from campaign.ledger.sqlite.lock import held_runs, hold_run, hold_schedule
from campaign.ledger.sqlite.never_close import never_close
from campaign.ledger.sqlite.open_files import OPEN_FILES, OpenFile
from campaign.ledger.sqlite.read_back import copy_log, read_back

_GUARD = "SELECT sql FROM sqlite_master WHERE name = 'event_no_update'"


class SqliteDatabase(Database):
    """The ledger's file of one folder. The attributes are those of the port."""

    def __init__(self, home: Path, file: OpenFile, *, outlives: bool = True) -> None:
        """`outlives` says that it must outlive this process and the loss of its files, as all but a rehearsal does."""
        self._home, self._path, self._file, self._outlives = home, home / LEDGER_FILE, file, outlives
        self.writing, self.reading, self.ends = file.writing, file.reading, file.ends
        self.place = str(home)

    def check(self) -> None:
        """See the port."""
        self._file.watch.check()

    def explain(self, error: DBAPIError) -> str:
        """See the port."""
        return trouble(self._path, error)

    def lock(self, connection: Connection, *, alone: bool, numbers: Iterable[str]) -> None:
        """Nothing: the transaction has the file's lock for writing."""

    def lock_numbers(self, connection: Connection, numbers: Iterable[str]) -> None:
        """Nothing, likewise."""

    def name_sessions(self, owner: str) -> None:
        """Nothing: a file has no sessions."""

    def engine_place(self) -> None:
        """None: a file is one machine's."""

    def end_sessions(self, connection: Connection, owner: str) -> None:
        """Nothing: a process that is stopped in a transaction keeps the file's lock, and this one would wait."""

    def hold_run(self, *, name: str, number: int) -> AbstractContextManager[None]:
        """See the port."""
        return hold_run(self._home, name=name, number=number)

    def hold_schedule(self, *, name: str, number: int) -> AbstractContextManager[None]:
        """See the port."""
        return hold_schedule(self._home, name=name, number=number)

    def held_runs(self) -> frozenset[int]:
        """See the port."""
        return held_runs(self._home)

    def ahead(self, connection: Connection) -> float:
        """Nothing: who shares the file shares the machine."""
        del connection
        return 0.0

    def identity(self, connection: Connection) -> tuple[str, str]:
        """See the port."""
        del connection  # the system knows the file
        return identity_of(self._path), str(self._path.absolute())

    def copied(self, was: str) -> CopiedHomeError:
        """See the port."""
        return copied(self._path, was=was)

    def is_kept(self) -> None:
        """Copies the -wal into the file; nobody else knows the file of a rehearsal."""
        if self._outlives:
            copy_log(self._path)

    def read_back(self, numbers: Sequence[Sequence[str]]) -> None:
        """See the port."""
        if self._outlives:
            read_back(self._path, numbers)

    @contextmanager
    def unguarded(self, connection: Connection) -> Iterator[None]:
        """See the port."""
        guard = connection.execute(text(_GUARD)).scalar_one()
        connection.execute(text("DROP TRIGGER event_no_update"))
        yield
        connection.exec_driver_sql(guard)

    @contextmanager
    def beside(self) -> Iterator[Database]:
        """See the port; `engine.more_engines` says why the file is not opened anew."""
        yield SqliteDatabase(self._home, OpenFile(*more_engines(self._home), self._file.watch))

    def close_reading(self, lost: LedgerError | None) -> None:
        """See the port."""
        if isinstance(lost, LedgerFilesError) and not lost.may_close:
            never_close(self.reading)
        else:
            self.reading.dispose()


@contextmanager
def opened_sqlite(home: Path, *, outlives: bool = True) -> Iterator[Database]:
    """Opens the ledger's file of this folder, and creates it if absent; this process may have it open already.

    Raises:
        LedgerError: it cannot be opened, trusted or written.
    """
    with OPEN_FILES.opened(home) as file:
        yield SqliteDatabase(home, file, outlives=outlives)
