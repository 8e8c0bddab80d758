"""Database: what a ledger needs of the database that it stands in. Its statements are the same for all of them.

    SQLite ........ a file of one machine; its one lock for writing puts all transactions in a row
    PostgreSQL .... a server that several machines share; what must not happen at once is locked by name

A transaction takes its locks in one order, whatever else it does: the ledger's, the numbers' in order, rows.
"""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, ExitStack
from typing import Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from campaign.domain.errors import CopiedHomeError, LedgerError
from campaign.ledger.records.workers import EnginePlace


class Holds(Protocol):
    """Which process works on what: a hold ends with its process, however that ends."""

    def hold_run(self, *, name: str, number: int) -> AbstractContextManager[None]:
        """Holds a run, by its name for messages and its number, for as long as the block lasts.

        Raises:
            BusyError: another process, or another thread of this one, holds it.
            LedgerError: it cannot be held.
        """

    def hold_schedule(self, *, name: str, number: int) -> AbstractContextManager[None]:
        """Holds a schedule, likewise."""

    def held_runs(self) -> frozenset[int]:
        """The numbers of the runs that a process holds now; none where that cannot be told."""


class Locks(Protocol):
    """What keeps transactions of several processes apart, until each ends. Where one writes at a time, nothing."""

    def lock(self, connection: Connection, *, alone: bool, numbers: Iterable[str]) -> None:
        """Begins a group of work.

        Args:
            connection: in a new transaction.
            alone: something in the group reads what it then writes, and relies on nobody else doing so meanwhile.
            numbers: E.164; those whose calls are claimed.
        """

    def lock_numbers(self, connection: Connection, numbers: Iterable[str]) -> None:
        """Waits until no other transaction claims or forbids a call to the line of one of these numbers (E.164)."""


class ServerSessions(Protocol):
    """What a server knows of the sessions of each opening; a file has none."""

    def name_sessions(self, owner: str) -> None:
        """Gives the sessions of this opening that owner's name, from the next connection on."""

    def engine_place(self) -> EnginePlace | None:
        """Where the workers' engine keeps its tables; None where there is no server for workers to share."""

    def end_sessions(self, connection: Connection, owner: str) -> None:
        """Ends the sessions of another opening, which was taken for dead: a stopped process keeps its locks else."""


class Database(Holds, Locks, ServerSessions, Protocol):
    """One opening of a ledger's database, for one thread that writes and one that reads.

    Attributes:
        writing: one connection; its transactions are on the disk once they are committed.
        reading: one connection; each of its transactions sees what is committed when it begins, and changes nothing.
        ends: what is to be closed before the database is.
        place: for messages, without a secret.
    """

    writing: Engine
    reading: Engine
    ends: ExitStack
    place: str

    def check(self) -> None:
        """Checks that what is open is still the ledger, and that all holds are still held; some microseconds.

        Raises:
            LedgerError: it is not; nothing may be written any more.
        """

    def explain(self, error: DBAPIError) -> str:
        """One line for the user: what is wrong with the database, and the cure."""

    def ahead(self, connection: Connection) -> float:
        """By how many seconds the clock of all who share the database is ahead of this machine's; 0 for a file."""

    def identity(self, connection: Connection) -> tuple[str, str]:
        """(what no copy of this ledger shares, where it is), as the ledger records them."""

    def copied(self, was: str) -> CopiedHomeError:
        """The refusal of a copy of the ledger that is recorded to be there."""

    def is_kept(self) -> None:
        """Sees to it that what is committed outlives what the database keeps beside its main file.

        Raises:
            LedgerError: it cannot.
        """

    def read_back(self, numbers: Sequence[Sequence[str]]) -> None:
        """Checks that another process finds each of these numbers, given by its hashes, on the suppression list.

        Raises:
            LedgerError: one is not there, or that cannot be told.
        """

    def unguarded(self, connection: Connection) -> AbstractContextManager[None]:
        """Lets the history be shortened in this transaction, within the block: what is erased is erased there too."""

    def beside(self) -> AbstractContextManager["Database"]:
        """One more opening, for one more thread."""

    def close_reading(self, lost: LedgerError | None) -> None:
        """Closes the connection that reads; `lost` is what ended the writing, if anything did."""
