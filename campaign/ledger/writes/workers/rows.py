"""Rows of workers: a start is registered, beats, and ends; who is silent for too long is taken for dead, by anybody.

To take a worker for dead ends its row, once, and makes its open attempts `unknown`: nothing else, and never `pending`.
Whether their calls were made is for a look-up, for a late answer of the worker itself, or for a person to say.
"""

from sqlalchemy import Connection, bindparam, select, update

from campaign.domain.model import Attempt, Unknown
from campaign.ledger.database.protocol import ServerSessions
from campaign.ledger.records.workers import Reaped, WorkerRecord
from campaign.ledger.schema.tables import attempt
from campaign.ledger.schema.text import storable
from campaign.ledger.schema.worker_tables import worker
from campaign.ledger.writes.claims import Settlement, move_all
from campaign.ledger.writes.statements import Prepared, prepared_insert

_REGISTER = prepared_insert(worker, "name", "owner", "version", "takes", "started_at", "seen_at", "beats")
_BEAT = Prepared(
    update(worker)
    .where(worker.c.owner == bindparam("b_owner"), worker.c.ended_at.is_(None))
    .values(seen_at=bindparam("b_at"), beats=worker.c.beats + 1)
)
_ON_DUTY = (worker.c.owner == bindparam("b_owner")) & worker.c.ended_at.is_(None)
_REAP = Prepared(
    update(worker)
    .where(_ON_DUTY, worker.c.beats == bindparam("b_beats"))
    .values(ended_at=bindparam("b_at"), ended_by=bindparam("b_by"))
)
_END = Prepared(update(worker).where(_ON_DUTY).values(ended_at=bindparam("b_at"), ended_by=bindparam("b_by")))


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
                "beats": 1,
            }
        ],
    )


def beat(connection: Connection, owner: str, *, at: str) -> bool:
    """Gives a heartbeat; False where the worker has ended, or was taken for dead."""
    return _BEAT.run(connection, [{"b_owner": owner, "b_at": at}]) == 1


def end(connection: Connection, owner: str, *, by: str, at: str) -> bool:
    """Ends a worker; False where it has ended before: of two that take it for dead, one does."""
    return _END.run(connection, [{"b_owner": owner, "b_by": by, "b_at": at}]) == 1


def reap(connection: Connection, dead: WorkerRecord, *, database: ServerSessions, by: str, at: str) -> Reaped | None:
    """Takes a worker for dead; None where it has given a heartbeat since that record, or has ended.

    Args:
        connection: in a transaction that writes.
        dead: as it was seen to be silent.
        database: ends its sessions, which may hold locks of its rows.
        by: the owner who does.
        at: now, as the ledger writes instants.
    """
    as_seen = select(worker.c.id).where(
        worker.c.id == dead.id, worker.c.ended_at.is_(None), worker.c.beats == dead.beats
    )
    if connection.execute(as_seen).first() is None:
        return None
    # Before its row is touched: a process that was stopped in the middle of a claim keeps a lock of it. One that lives
    # after all begins anew.
    database.end_sessions(connection, dead.owner)
    still = {"b_owner": dead.owner, "b_by": by, "b_at": at, "b_beats": dead.beats}
    if _REAP.run(connection, [still]) != 1:
        return None
    return Reaped(dead, _settle_open(connection, dead, by=by, at=at))


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
