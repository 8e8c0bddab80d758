"""Inline writer: commits in the thread that asks, for a ledger whose event loop must not wait for another thread."""

import threading
from collections.abc import Callable
from typing import TypeVar

import anyio
from sqlalchemy import Connection

from campaign.ledger.writes.group_commit import Writer
from campaign.ledger.writes.group_work import Alone
from campaign.ledger.writes.jobs import Job

T = TypeVar("T")
ENDINGS_WAIT_SECONDS = 1.0


def _nothing() -> None:
    pass


class InlineWriter(Writer):
    """A writer without a thread. What one turn of the loop gathers is still one commit."""

    def _start(self) -> None:
        self._connection: Connection | None = None
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
            self._commit_now([job])
        return job.result

    def close(self) -> None:
        """See `Writer`."""
        with self._door:
            self._pass_to_thread()
            self._closing = True
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()

    def _pass_to_thread(self) -> None:
        with self._door:
            gathered, self._gathered, self._leaves_soon = self._gathered, [], False
            if gathered:
                self._commit_now(gathered)

    def _commit_now(self, jobs: list[Job]) -> None:
        self._connection = self._commit(self._connection, jobs)
        for job in jobs:
            if isinstance(job.event, anyio.Event):
                job.event.set()
