"""Fence of claims: who was taken for dead claims nothing any more, and a run that is to stop is claimed by nobody.

Read in every transaction that holds claims, once for each run in it. On PostgreSQL the worker's row is locked until the
commit, so that one who takes it for dead waits for these claims, and settles them too.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, select

from campaign.domain.errors import ClaimsStoppedError, LedgerError, TakenForDeadError
from campaign.ledger.records.serving import Wanted
from campaign.ledger.schema.worker_tables import run_control, worker
from campaign.ledger.writes.claims import Claim
from campaign.ledger.writes.group_work import Work
from campaign.ledger.writes.statements import Prepared

_LOOK = Prepared(
    select(worker.c.ended_at, run_control.c.wanted, run_control.c.why)
    .select_from(worker.outerjoin(run_control, run_control.c.run_id == bindparam("b_run")))
    .where(worker.c.owner == bindparam("b_owner"))
    .with_for_update(read=True, of=worker)
)


def fenced(connection: Connection, works: Sequence[Work]) -> Sequence[Work]:
    """The works of a transaction; claims that are not to be made come to an error, and write nothing."""
    errors = {
        of: error
        for of in {(work.run_id, work.owner) for work in works if isinstance(work, Claim)}
        if (error := _error(connection, *of)) is not None
    }
    return [_unless_refused(work, errors) for work in works] if errors else works


def _error(connection: Connection, run_id: int, owner: str) -> LedgerError | None:
    found = _LOOK.first(connection, {"b_run": run_id, "b_owner": owner})
    if found is None:
        return LedgerError("this process is not among those that may claim; begin again")
    ended_at, wanted, why = found
    if ended_at is not None:
        return TakenForDeadError()
    return ClaimsStoppedError(why) if wanted == Wanted.STOP else None


def _unless_refused(work: Work, errors: Mapping[tuple[int, str], LedgerError]) -> Work:
    error = errors.get((work.run_id, work.owner)) if isinstance(work, Claim) else None
    return work if error is None else lambda _connection: error
