"""The one thread that writes: it commits whatever waits as one group, and acknowledges only after the commit.

    workers --> queue --> [ BEGIN IMMEDIATE; claims; settlements; other work; COMMIT ] --> every job of the group

No waiting window: while one group is being fsynced, the next one forms by itself. A commit that fails is never tried
again (what the disk holds is not known then): all jobs of the group, and all later ones, fail.
"""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

import anyio
import anyio.from_thread
import anyio.lowlevel
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

from campaign.errors import CampaignError, LedgerError
from campaign.ledger.moves import (
    Claim,
    MoveRefused,
    Settlement,
    claim_all,
    settle_all,
    why_not_claimed,
)
from campaign.model import CalledLately, Created, Outcome, Unknown

T = TypeVar("T")
_Work = Claim | Settlement | Callable[[Connection], Any]
# A group is bounded so that its first job does not wait for a thousand others.
_MOST_IN_A_GROUP = 512


class _Job:
    __slots__ = ("event", "future", "work")

    def __init__(self, work: _Work, *, event: anyio.Event | None) -> None:
        self.work, self.event = work, event
        self.future: Future[Any] = Future()


class Writer:
    """Owns the writing connection. `explain` turns a driver's error into one line for a person."""

    def __init__(self, engine: Engine, *, explain: Callable[[DBAPIError], str]) -> None:
        self._engine, self._explain = engine, explain
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._failed: LedgerError | None = None
        self._thread = threading.Thread(target=self._run, name="ledger-writer", daemon=True)
        self._thread.start()

    def do(self, work: Callable[[Connection], T]) -> T:
        """Does the work in a transaction of the writer's, from a thread without an event loop.

        Raises:
            LedgerError: the work was not committed.
        """
        job = _Job(work, event=None)
        self._jobs.put(job)
        result: T = job.future.result()
        return result

    async def claim(self, claim: Claim) -> CalledLately | None:
        """Promises an attempt; None when it is committed and may be sent.

        Raises:
            LedgerError: it is not committed; nothing may be sent.
        """
        result: CalledLately | None = await self._await(claim)
        return result

    async def settle(self, settlement: Settlement) -> Outcome:
        """Writes an ending; returns the one that stands in the ledger, which is `Unknown` for an id already taken.

        Raises:
            LedgerError: it is not committed.
        """
        result: Outcome = await self._await(settlement)
        return result

    def close(self) -> None:
        """Lets what waits be written, and ends the thread. Never from an event loop that waits for a job."""
        self._jobs.put(None)
        self._thread.join()

    async def _await(self, work: _Work) -> Any:
        event = anyio.Event()
        job = _Job(work, event=event)
        job.future.set_running_or_notify_cancel()
        self._token = anyio.lowlevel.current_token()
        self._jobs.put(job)
        await event.wait()
        return job.future.result()

    def _run(self) -> None:
        # Opened in this thread, since the driver ties a connection to its thread; a connection that cannot be opened
        # fails at its first group, where somebody is told.
        connection: Connection | None = None
        last = False
        while not last:
            group, last = self._next_group()
            if group:
                connection = self._commit(connection, group)
                self._wake(group)
        if connection is not None:
            connection.close()
        self._engine.dispose()

    def _next_group(self) -> tuple[list[_Job], bool]:
        group: list[_Job] = []
        job = self._jobs.get()
        while job is not None:
            group.append(job)
            if len(group) == _MOST_IN_A_GROUP or self._jobs.empty():
                return group, False
            job = self._jobs.get()
        return group, True

    def _commit(self, connection: Connection | None, group: list[_Job]) -> Connection | None:
        endings: list[Any]
        try:
            if self._failed is not None:
                raise self._failed  # noqa: TRY301 - one place that fails a group
            connection = connection or self._engine.connect()
            endings = self._in_transaction(connection, group)
        except DBAPIError as error:
            self._failed = LedgerError(self._explain(error))
            endings = [self._failed] * len(group)
        except Exception as error:  # noqa: BLE001 - whatever ails the writer, nobody may wait for it for ever
            self._failed = error if isinstance(error, LedgerError) else LedgerError(f"the ledger failed: {error!r}")
            endings = [self._failed] * len(group)
        for job, ending in zip(group, endings, strict=True):
            if isinstance(ending, BaseException):
                job.future.set_exception(ending)
            else:
                job.future.set_result(ending)
        return connection

    def _in_transaction(self, connection: Connection, group: list[_Job]) -> list[Any]:
        if len(group) > 1:
            try:
                with connection.begin():
                    return _as_a_group(connection, group)
            except (MoveRefused, IntegrityError, CampaignError):
                pass  # One of them cannot be done: each by itself, to see which.
        with connection.begin():
            return [self._alone(connection, job.work) for job in group]

    def _alone(self, connection: Connection, work: _Work) -> Any:
        """The work's result, or the error that is its own and nobody else's."""
        try:
            with connection.begin_nested():
                return _do(connection, work)
        except MoveRefused:
            return _refused(connection, work)
        except IntegrityError as error:
            if isinstance(work, Settlement) and isinstance(work.outcome, Created):
                return _settle_taken_id(connection, work, work.outcome)
            return LedgerError(f"the ledger refused a change of {_row(work)}: {error.orig}")
        except CampaignError as error:
            return error

    def _wake(self, group: list[_Job]) -> None:
        events = [job.event for job in group if job.event is not None]
        if events:
            anyio.from_thread.run_sync(_set_all, events, token=self._token)


def _as_a_group(connection: Connection, group: list[_Job]) -> list[Any]:
    claims = [job.work for job in group if isinstance(job.work, Claim)]
    settlements = [job.work for job in group if isinstance(job.work, Settlement)]
    # Endings first: a number whose call was refused may be claimed by another row of the same group.
    if settlements:
        settle_all(connection, settlements)
    if claims:
        claim_all(connection, claims)
    return [_group_result(connection, job.work) for job in group]


def _group_result(connection: Connection, work: _Work) -> Any:
    if isinstance(work, Claim):
        return None
    return work.outcome if isinstance(work, Settlement) else work(connection)


def _do(connection: Connection, work: _Work) -> Any:
    if isinstance(work, Claim):
        claim_all(connection, [work])
        return None
    if isinstance(work, Settlement):
        settle_all(connection, [work])
        return work.outcome
    return work(connection)


def _refused(connection: Connection, work: _Work) -> Any:
    if isinstance(work, Claim):
        try:
            return why_not_claimed(connection, work)
        except LedgerError as error:
            return error
    return LedgerError(f"{_row(work)} was settled by somebody else; see that only one process works on the run")


def _settle_taken_id(connection: Connection, settlement: Settlement, outcome: Created) -> Outcome:
    """Two calls with one id: which of them it names is not known, so this one's ending is not either."""
    doubt = Unknown(
        reason=f"the server gave the id {outcome.call_id} a second time",
        evidence={"call_id": outcome.call_id},
        status=outcome.status,
    )
    settle_all(
        connection,
        [Settlement(attempt=settlement.attempt, owner=settlement.owner, at=settlement.at, outcome=doubt)],
    )
    return doubt


def _row(work: _Work) -> str:
    return f"row {work.attempt.row_number}" if isinstance(work, Claim | Settlement) else "the run"


def _set_all(events: list[anyio.Event]) -> None:
    for event in events:
        event.set()
