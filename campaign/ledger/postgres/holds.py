"""Holds of runs and schedules: locks that a session keeps, each in a connection of its own.

The server ends a session, and so the lock, when its process dies; that a machine vanished it notices in some seconds.
The other way round a process notices that its session has ended before it claims anything more.
"""

import contextlib
import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from campaign.domain.cures.runs import wait_and_resume
from campaign.domain.errors import BusyError, LedgerError
from campaign.ledger.postgres.connecting import Connector
from campaign.ledger.postgres.keys import Locked, class_of, place_of
from campaign.ledger.postgres.trouble import cannot_connect

_TAKE = "SELECT pg_try_advisory_lock(%s, %s)"
HELD = """
SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid = {} AND
    database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class SessionHolds:
    """Those of one opening of a ledger."""

    def __init__(self, connector: Connector, schema: str) -> None:
        self._connector, self._schema = connector, schema
        self._held: tuple[psycopg.Connection[Any], ...] = ()

    @contextmanager
    def run(self, *, name: str, number: int) -> Iterator[None]:
        """Holds a run; see `Database`."""
        busy = BusyError(f"run {name!r} is being worked on by another process", cure=wait_and_resume(name))
        with self._hold(Locked.RUN, number, busy=busy):
            yield

    @contextmanager
    def schedule(self, *, name: str, number: int) -> Iterator[None]:
        """Holds a schedule; see `Database`."""
        busy = BusyError(f"schedule {name!r} is being seen to by another scheduler")
        with self._hold(Locked.SCHEDULE, number, busy=busy):
            yield

    def check(self) -> None:
        """Checks that no session has ended: without a word to the server, by what the system knows of its socket.

        Raises:
            LedgerError: one has.
        """
        for connection in self._held:
            if _has_ended(connection):
                raise LedgerError(
                    f"{self._connector.address} has ended the session that held what this process works on, so nothing "
                    "more is called; see that the server runs, then go on"
                )

    @contextmanager
    def _hold(self, what: Locked, number: int, *, busy: BusyError) -> Iterator[None]:
        connection = self._connector.hold_open()
        try:
            if not self._take(connection, what, number):
                raise busy
            self._held += (connection,)
            try:
                yield
            finally:
                self._held = tuple(one for one in self._held if one is not connection)
        finally:
            with contextlib.suppress(psycopg.Error):
                connection.close()

    def _take(self, connection: psycopg.Connection[Any], what: Locked, number: int) -> bool:
        try:
            row = connection.execute(_TAKE, (class_of(what, self._schema), place_of(number))).fetchone()
        except psycopg.Error as error:
            raise LedgerError(cannot_connect(self._connector.address, error)) from None
        return row is not None and bool(row[0])


def _has_ended(connection: psycopg.Connection[Any]) -> bool:
    """Nothing is ever asked in it, so what comes is the server's notice, or the end."""
    try:
        poll = select.poll()
        poll.register(connection.pgconn.socket, select.POLLIN)
        if poll.poll(0):
            connection.pgconn.consume_input()
    except (psycopg.Error, OSError):
        return True
    return connection.pgconn.status != psycopg.pq.ConnStatus.OK
