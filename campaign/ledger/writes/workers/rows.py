"""Rows of workers: a start is registered, beats, and ends; who is silent for too long is taken for dead, by anybody.

To take a worker for dead ends its row, once, and makes its open attempts `unknown`: nothing else, and never `pending`.
Whether their calls were made is for a look-up, for a late answer of the worker itself, or for a person to say.
"""

from sqlalchemy import Connection, bindparam, select, update

from campaign.domain.model import Attempt, Unknown
from campaign.ledger.records.workers import Reaped, WorkerRecord
from campaign.ledger.schema.tables import attempt
from campaign.ledger.schema.text import storable
from campaign.ledger.schema.worker_tables import worker
from campaign.ledger.serving.on_duty import as_worker
from campaign.ledger.writes.claims import Settlement, move_all
from campaign.ledger.writes.statements import Prepared, prepared_insert

_REGISTER = prepared_insert(worker, "name", "owner", "version", "takes", "started_at", "seen_at")
_BEAT = Prepared(
    update(worker)
    .where(worker.c.owner == bindparam("b_owner"), worker.c.ended_at.is_(None))
    .values(seen_at=bindparam("b_at"))
)
_END = Prepared(
    update(worker)
    .where(worker.c.owner == bindparam("b_owner"), worker.c.ended_at.is_(None))
    .values(ended_at=bindparam("b_at"), ended_by=bindparam("b_by"))
)


def register(connection: Connection, *, name: str, owner: str, version: str, takes: str | None, at: str) -> None:
    """Registers a start. No two have one owner."""
    _REGISTER.run(
        connection,
        [
            {
                "name": storable(name),
                "owner": owner,
                "version": version,
                "takes": takes,
                "started_at": at,
                "seen_at": at,
            }
        ],
    )


def beat(connection: Connection, owner: str, *, at: str) -> bool:
    """Gives a heartbeat; False where the worker has ended, or was taken for dead."""
    return _BEAT.run(connection, [{"b_owner": owner, "b_at": at}]) == 1


def end(connection: Connection, owner: str, *, by: str, at: str) -> bool:
    """Ends a worker; False where it has ended before: of two that take it for dead, one does."""
    return _END.run(connection, [{"b_owner": owner, "b_by": by, "b_at": at}]) == 1


def silent(connection: Connection, *, since: str, but: str) -> list[WorkerRecord]:
    """The workers on duty whose last heartbeat was before that instant, oldest first, but for that owner's."""
    here = worker.c.ended_at.is_(None) & (worker.c.seen_at < since) & (worker.c.owner != but)
    found = connection.execute(select(worker).where(here).order_by(worker.c.id))
    return [as_worker(row) for row in found]


def reap(connection: Connection, *, since: str, by: str, at: str) -> list[Reaped]:
    """Takes the workers for dead that were silent since then; returns those that this call ended.

    Args:
        connection: in a transaction that writes.
        since: the instant before which their last heartbeat was.
        by: the owner who does.
        at: now, as the ledger writes instants.
    """
    reaped = list[Reaped]()
    for one in silent(connection, since=since, but=by):
        # The place for what a database knows of a dead worker's sessions: they may hold locks of its rows, and are
        # ended before its attempts are settled.
        if end(connection, one.owner, by=by, at=at):
            reaped.append(Reaped(one, _settle_open(connection, one, by=by, at=at)))
    return reaped


def _settle_open(connection: Connection, dead: WorkerRecord, *, by: str, at: str) -> int:
    still_open = select(attempt.c.row_id, attempt.c.number).with_hint(attempt, "INDEXED BY one_open_attempt", "sqlite")
    found = connection.execute(still_open.where(attempt.c.owner == dead.owner, attempt.c.outcome.is_(None))).all()
    doubt = Unknown(
        reason=f"the worker {dead.name} was silent while this call was on its way; it may have been made",
        evidence={"owner": dead.owner, "taken_for_dead_by": by},
    )
    left = (Attempt(row_id=row.row_id, row_number=0, number=row.number, phone="", body=b"") for row in found)
    move_all(connection, settlements=[Settlement(one, owner=dead.owner, at=at, outcome=doubt) for one in left])
    return len(found)
