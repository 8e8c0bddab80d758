"""Inline writer: writes in the thread that asks, for a ledger whose event loop must not wait for another thread.

    group --> savepoint --> group --> savepoint --> ... --> somebody reads: COMMIT

Nothing of such a ledger has to outlive its process, so one transaction takes all that is written between two readings.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import anyio
from sqlalchemy import Connection, event
from sqlalchemy.engine import RootTransaction

from campaign.ledger.database.protocol import Database
from campaign.ledger.writes.group_commit import Writer
from campaign.ledger.writes.group_work import Alone, Work
from campaign.ledger.writes.jobs import Job

T = TypeVar("T")
ENDINGS_WAIT_SECONDS = 1.0


def _nothing() -> None:
    pass


class InlineWriter(Writer):
    """A writer without a thread. What one turn of the loop gathers is still done whole, or not at all."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        event.listen(database.reading, "begin", lambda _connection: self._end_transaction(), insert=True)

    def _start(self) -> None:
        self._connection: Connection | None = None
        self._open: RootTransaction | None = None
        self._at_work = False
        # Nobody else knows this ledger's folder: its files are not taken away.
        self._check = _nothing
        # Of a clock that waits for nobody: an ending then joins the commit of the next claim.
        self.endings_wait = ENDINGS_WAIT_SECONDS

    def begin(self, work: Callable[[Connection], T]) -> Callable[[], T]:
        """See `Writer`; it is done when this returns."""
        job = Job(Alone(work), event=threading.Event())
        with self._door:
            self._refuse_if_closing()
            self._pass_to_thread()
            # Such work may read by the other connection.
            self._end_transaction()
            self._commit_now([job])
        return job.result

    async def aside(self, work: Callable[[], T]) -> T:
        """Does it here and now: the loop's clock would not wait for a thread."""
        return work()

    def close(self) -> None:
        """See `Writer`."""
        with self._door:
            self._pass_to_thread()
            self._closing = True
        self._end_transaction()
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()

    def _pass_to_thread(self) -> None:
        with self._door:
            gathered, self._gathered, self._leaves_soon = self._gathered, [], False
            if gathered:
                self._commit_now(gathered)

    @contextmanager
    def _transaction(self, connection: Connection, works: Sequence[Work]) -> Iterator[None]:
        """A savepoint of the open transaction; by the driver itself, since it is the most frequent statement."""
        del works  # nobody else writes, so nothing is locked
        if self._open is None or not self._open.is_active:
            self._open = connection.begin()
        driver = connection.connection.driver_connection
        assert driver is not None  # noqa: S101 - the connection is in use
        driver.execute("SAVEPOINT work").close()
        self._at_work = True
        try:
            yield
        except BaseException:
            driver.execute("ROLLBACK TO work").close()
            raise
        finally:
            self._at_work = False
            driver.execute("RELEASE work").close()

    def _end_transaction(self) -> None:
        # A reading in the midst of work, which `do` alone does, sees what was written before it, as with any writer.
        if self._at_work:
            return
        ended, self._open = self._open, None
        if ended is not None and ended.is_active:
            ended.commit()

    def _commit_now(self, jobs: list[Job]) -> None:
        self._connection = self._commit(self._connection, jobs)
        for job in jobs:
            if isinstance(job.event, anyio.Event):
                job.event.set()
