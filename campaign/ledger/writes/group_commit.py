"""Group commit: one writer thread commits all queued work as one group, and acknowledges after the commit.

    workers --> queue --> [ BEGIN IMMEDIATE; claims; settlements; other work; COMMIT ] --> every job of the group

Claims are not delayed: the work of one turn of an event loop arrives together, and while one group is
being fsynced, the next one forms by itself. Endings, which no worker awaits, are held some milliseconds for a claim to
join. A commit that fails is never retried (what the disk holds is then unknown): all jobs of the group, and all
later ones, fail. Only a group of which the database says that it was undone, for another process's sake, is done again.
"""

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

import anyio
import anyio.lowlevel
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from campaign.domain.errors import LedgerError, LedgerFilesError
from campaign.domain.model import ClaimRefused, Outcome
from campaign.domain.system_errors.foreign_errors import told
from campaign.ledger.database.protocol import Database
from campaign.ledger.sqlite.never_close import never_close
from campaign.ledger.writes.claims import Claim, Settlement
from campaign.ledger.writes.group_work import Alone, Work, is_storage_error, run_alone, run_as_one, was_undone
from campaign.ledger.writes.jobs import CommitReceipt, Job

T = TypeVar("T")
# A group is bounded so that its first job does not wait for a thousand others.
_MOST_IN_A_GROUP = 512
_CHECKED_EVERY_SECONDS = 0.5
_TRIES = 5
"""Of a group that the database undoes since another process was in its way."""


class WriterUpkeep(Protocol):
    """What the writer's thread does besides, between two groups: it fails no work, and is asked for again."""

    def due(self) -> Callable[[Connection], Any] | None:
        """The next work, where some is due."""

    def done(self, given: Any) -> None:
        """It is committed; `given` is what it returned."""


class Writer:
    """Owns the writing connection.

    Attributes:
        failed: why nothing is written any more; it is found within a second, also while there is no work.
        with_claims: called in every transaction that holds claims, before any of them is acknowledged.
        fence: called in every transaction with its works, before them; it replaces those that are refused.
        upkeep: what the thread does besides, if anything.
        before_loss: called with the connection once its files are lost, to save what only they hold.
        endings_wait: seconds for which an ending is held, so that a claim can join its commit.
    """

    def __init__(self, database: Database) -> None:
        self._database, self._engine, self._check = database, database.writing, database.check
        self.endings_wait = 0.003
        self._jobs: queue.SimpleQueue[list[Job] | None] = queue.SimpleQueue()
        self._gathered: list[Job] = []
        self._leaves_soon = False
        self.failed: LedgerError | None = None
        self._loop: Any = None
        self._event = anyio.Event
        self._closing, self._door = False, threading.RLock()
        self.with_claims: list[Callable[[Connection], None]] = []
        self.fence: Callable[[Connection, Sequence[Work]], Sequence[Work]] = _unfenced
        self.upkeep: WriterUpkeep | None = None
        self.before_loss: list[Callable[[Connection], None]] = []
        self._start()

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="ledger-writer", daemon=True)
        self._thread.start()

    def do(self, work: Callable[[Connection], T]) -> T:
        """Runs the work in a transaction of the writer, for a thread without an event loop; waits for the commit.

        No other process does such work at the same time: it may rely on what it reads.

        Raises:
            LedgerError: the work was not committed.
        """
        return self.begin(work)()

    def begin(self, work: Callable[[Connection], T]) -> Callable[[], T]:
        """As `do`, for a thread that has something else to do meanwhile; what is returned waits for the commit.

        Raises:
            LedgerError: the ledger is closed; when waited for, the work was not committed.
        """
        job = Job(Alone(work), event=(done := threading.Event()))
        with self._door:
            self._refuse_if_closing()
            self._pass_to_thread()
            self._jobs.put([job])

        def wait() -> T:
            done.wait()
            result: T = job.result()
            return result

        return wait

    async def claim(self, claim: Claim) -> ClaimRefused | None:
        """Claims an attempt; returns None once it is committed and may be sent.

        Raises:
            LedgerError: it is not committed; nothing may be sent.
        """
        result: ClaimRefused | None = await CommitReceipt(self._enqueue(claim))
        return result

    def settle(self, settlement: Settlement) -> CommitReceipt[Outcome]:
        """Queues an ending; the receipt says what stands in the ledger: `Unknown` for an id already taken.

        Work is committed in queue order: a later claim is not acknowledged before it.

        Raises:
            LedgerError: the ledger is closed.
        """
        return CommitReceipt(self._enqueue(settlement))

    def hand_over(self, work: Callable[[Connection], T]) -> CommitReceipt[T]:
        """Queues work for the next group, for an event loop that does not wait for it.

        Raises:
            LedgerError: the ledger is closed.
        """
        return CommitReceipt(self._enqueue(work))

    def close(self) -> None:
        """Commits the queued work, and stops the thread. Never call it from an event loop that waits for a job."""
        with self._door:
            self._pass_to_thread()
            self._closing = True
            self._jobs.put(None)
        self._thread.join()

    def _enqueue(self, work: Work) -> Job:
        loop = _running_loop()
        if loop is not self._loop:
            self._pass_to_thread()
            # anyio.Event would look this up for every single event.
            self._loop, self._event = loop, type(anyio.Event())
        job = Job(work, event=self._event())
        with self._door:
            self._refuse_if_closing()
            self._gathered.append(job)
            is_first = len(self._gathered) == 1
        # At the end of this turn of the loop: the calls that it settles and claims then share one commit, and the two
        # threads do not switch for each of them. Only the worker's next claim waits for an ending, and
        # mostly comes soon: until then the ending costs no commit of its own.
        if isinstance(work, Settlement) and hasattr(loop, "call_later"):
            if is_first:
                loop.call_later(self.endings_wait, self._pass_to_thread)
        elif not self._leaves_soon:
            self._leaves_soon = True
            (getattr(loop, "call_soon", None) or loop.run_sync_soon)(self._pass_to_thread)
        return job

    def _pass_to_thread(self) -> None:
        """Passes the work that the loop has gathered to the thread, in order."""
        with self._door:
            gathered, self._gathered, self._leaves_soon = self._gathered, [], False
            if gathered:
                self._jobs.put(gathered)

    def _refuse_if_closing(self) -> None:
        if self._closing:
            raise LedgerError("the ledger was closed before this could be written; start again")

    def _run(self) -> None:
        # Opened in this thread, since the driver ties a connection to its thread; a connection that cannot be opened
        # fails at its first group, whose jobs receive the error.
        connection: Connection | None = None
        last = False
        while not last:
            group, last = self._next_group()
            connection = self._commit(connection, group)
            self._wake(group)
            connection = self._see_to_upkeep(connection)
        if connection is not None:
            connection.close()
        self._engine.dispose()

    def _next_group(self) -> tuple[list[Job], bool]:
        group: list[Job] = []
        try:
            jobs = self._jobs.get(timeout=_CHECKED_EVERY_SECONDS)
        except queue.Empty:
            return group, False
        while jobs is not None:
            group.extend(jobs)
            if len(group) >= _MOST_IN_A_GROUP or self._jobs.empty():
                return group, False
            jobs = self._jobs.get()
        return group, True

    def _commit(self, connection: Connection | None, group: list[Job]) -> Connection | None:
        endings: list[Any]
        try:
            if self.failed is not None:
                raise self.failed  # noqa: TRY301 - one place that fails a group
            if group:
                connection = connection or self._engine.connect()
                endings = self._in_transaction(connection, [job.work for job in group])
            else:
                self._check()
                endings = []
        except Exception as error:  # noqa: BLE001 - whatever ails the writer, nobody may wait for it for ever
            self.failed = self._failure(error)
            endings = [self.failed] * len(group)
            self._drop_connection(connection, error)
            connection = None
        for job, ending in zip(group, endings, strict=True):
            job.ending = ending
            job.done = True
        return connection

    def _see_to_upkeep(self, connection: Connection | None) -> Connection | None:
        """Does what is due besides, in a transaction of its own: another program's lock must not end the run for it."""
        upkeep = self.upkeep
        work = None if upkeep is None or self.failed is not None else upkeep.due()
        if upkeep is None or work is None:
            return connection
        # What ails the ledger ends the run at its next group, or at the next check of the files.
        with contextlib.suppress(Exception):
            connection = connection or self._engine.connect()
            with self._transaction(connection, ()):
                given = work(connection)
            upkeep.done(given)
        return connection

    def _drop_connection(self, connection: Connection | None, error: Exception) -> None:
        """Drops the connection: a failed COMMIT may leave its transaction open, and the ledger locked."""
        if connection is None:
            return
        if isinstance(error, LedgerFilesError):
            for save in self.before_loss:
                with contextlib.suppress(Exception):  # What cannot be read any more cannot be saved.
                    save(connection)
        with contextlib.suppress(DBAPIError):
            if isinstance(error, LedgerFilesError) and not error.may_close:
                never_close(connection)
                connection.rollback()
                return
            connection.invalidate()
            connection.close()

    def _failure(self, error: Exception) -> LedgerError:
        if isinstance(error, DBAPIError):
            return LedgerError(self._database.explain(error))
        return error if isinstance(error, LedgerError) else LedgerError(f"the ledger failed: {told(error)}")

    def _in_transaction(self, connection: Connection, works: Sequence[Work]) -> list[Any]:
        for tries_left in reversed(range(_TRIES)):
            try:
                return self._tried(connection, works)
            except DBAPIError as error:
                if not (was_undone(error) and tries_left):
                    raise
        raise AssertionError("the last try has an ending")

    def _tried(self, connection: Connection, asked: Sequence[Work]) -> list[Any]:
        try:
            with self._transaction(connection, asked):
                works = self.fence(connection, asked)
                return self._seen(connection, works, run_as_one(connection, works))
        except Exception as error:
            if is_storage_error(error):
                raise
            # One of them cannot be done: each is tried alone, to find which.
        with self._transaction(connection, asked):
            works = self.fence(connection, asked)
            return self._seen(connection, works, [run_alone(connection, work) for work in works])

    @contextlib.contextmanager
    def _transaction(self, connection: Connection, works: Sequence[Work]) -> Iterator[None]:
        """Checks the files under the write lock and after the commit: what they lost meanwhile is not acknowledged."""
        with connection.begin():
            self._check()
            alone = any(isinstance(work, Alone) for work in works)
            numbers = (work.attempt.phone for work in works if isinstance(work, Claim))
            self._database.lock(connection, alone=alone, numbers=numbers)
            yield
        self._check()

    def _seen(self, connection: Connection, works: Sequence[Work], endings: list[Any]) -> list[Any]:
        if self.with_claims and any(isinstance(work, Claim) for work in works):
            for look in self.with_claims:
                look(connection)
        return endings

    def _wake(self, group: list[Job]) -> None:
        for job in group:
            if isinstance(job.event, threading.Event):
                job.event.set()
        events = [job.event for job in group if isinstance(job.event, anyio.Event)]
        if not events:
            return
        # Notified without waiting: a loop that is busy, or waits for this thread itself, must not block the commits.
        # Asyncio's loop and trio's token name the method differently; a loop that has ended waits for nothing.
        tell = getattr(self._loop, "call_soon_threadsafe", None) or self._loop.run_sync_soon
        with contextlib.suppress(RuntimeError):
            tell(_set_all, events)


def _unfenced(_connection: Connection, works: Sequence[Work]) -> Sequence[Work]:
    return works


def _running_loop() -> Any:
    """The running event loop: asyncio's loop or trio's token."""
    try:
        return asyncio.get_running_loop()  # Tried first, since it is the cheapest.
    except RuntimeError:
        return anyio.lowlevel.current_token().native_token


def _set_all(events: list[anyio.Event]) -> None:
    for event in events:
        event.set()
