"""A gate before the database's COMMIT: to hold the writer there, to count what goes through, or to let it fail."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import anyio
import anyio.lowlevel
import anyio.to_thread
import psycopg

from campaign.ledger.store import Ledger
from campaign.ledger.writes.run_session import JournaledRun

FULL = "database or disk is full"
_LONGEST_SECONDS = 20.0


class Gate:
    """Stands open at first.

    Attributes:
        commits: how many came to the gate.
        leads_nowhere: let every commit fail that comes through, as on a full disk.
    """

    def __init__(self, ledger: Ledger | JournaledRun) -> None:
        self.commits, self.leads_nowhere = 0, False
        self._ledger = ledger
        self._came, self._open = threading.Event(), threading.Event()
        self._open.set()

    def shut(self) -> None:
        self._came.clear()
        self._open.clear()

    def open(self) -> None:
        self._open.set()

    async def somebody_waits(self) -> None:
        """Returns when the writer has come to the gate."""
        assert await anyio.to_thread.run_sync(partial(self._came.wait, _LONGEST_SECONDS))

    async def queue_is(self, length: int) -> None:
        """Returns when so many jobs wait behind the one at the gate."""
        with anyio.fail_after(_LONGEST_SECONDS):
            while self._ledger._writer._jobs.qsize() < length:
                await anyio.lowlevel.checkpoint()

    def pass_through(self) -> None:
        self.commits += 1
        self._came.set()
        assert self._open.wait(_LONGEST_SECONDS)
        if self.leads_nowhere:
            raise _failure(self._ledger._writer._engine.dialect, FULL)


@contextmanager
def gate_before_commit(ledger: Ledger | JournaledRun) -> Iterator[Gate]:
    gate = Gate(ledger)
    dialect: Any = ledger._writer._engine.dialect
    commit = dialect.do_commit

    def through_the_gate(connection: object) -> None:
        gate.pass_through()
        commit(connection)

    dialect.do_commit = through_the_gate
    try:
        yield gate
    finally:
        gate.open()
        dialect.do_commit = commit


def break_disk(ledger: Ledger | JournaledRun, *, reason: str = FULL) -> None:
    """From now on, every COMMIT of this ledger fails as it does on a disk in trouble."""

    dialect: Any = ledger._writer._engine.dialect

    def fail(_connection: object) -> None:
        raise _failure(dialect, reason)

    dialect.do_commit = fail


def _failure(dialect: Any, reason: str) -> Exception:
    if dialect.name == "sqlite":
        return sqlite3.OperationalError(reason)
    return psycopg.errors.DiskFull(reason) if reason == FULL else psycopg.OperationalError(reason)
