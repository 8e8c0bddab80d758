"""Skips superseded rows: those that a later run of the same template has called before an older run resumes."""

from typing import Any

from sqlalchemy import Connection, select

from campaign.domain.model import RowState
from campaign.domain.skip_reason import SupersededBy
from campaign.ledger.queries.in_order import as_term, waiting_only
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.schema.may_have_rung import MAY_HAVE_RUNG
from campaign.ledger.schema.tables import attempt, run, sheet_row
from campaign.ledger.writes.load import by_line
from campaign.ledger.writes.transition import Move, skip_move, skip_statement, transition

_AT_ONCE = 1_000
_SKIP = skip_statement()


def skip_superseded(connection: Connection, record: RunRecord, *, owner: str, at: str) -> int:
    """Skips the run's waiting rows whose number another run has called since this one began; returns how many.

    A corrected sheet is a run of its own. A later resume of the first one is meant for the rows that neither
    has called: `call_again_after` has passed by then, and would not hold the others back.
    """
    other, caller = sheet_row.alias("other_row"), run.alias("other_run")
    called = (
        select(attempt.c.line, attempt.c.claimed_at, caller.c.name, other.c.number)
        .join(other, other.c.id == attempt.c.row_id)
        .join(caller, caller.c.id == attempt.c.run_id)
        .where(
            attempt.c.service == record.service,
            as_term(caller.c.template_fingerprint) == record.template_fingerprint,
            caller.c.id != record.id,
            attempt.c.claimed_at > record.created_at,
            MAY_HAVE_RUNG,
        )
    )
    waiting = select(sheet_row.c.id, sheet_row.c.attempts, sheet_row.c.state, sheet_row.c.phone)
    count, last = 0, 0
    while page := connection.execute(waiting_only(waiting, record.id, after=last, most=_AT_ONCE)).all():
        rows = by_line(page)
        calls = {call.line: call for call in connection.execute(called.where(attempt.c.line.in_(rows.keys())))}
        moves = [_move(row, call, owner=owner, at=at) for line, call in calls.items() for row in rows[line]]
        transition(connection, moves, by=_SKIP)
        count, last = count + len(moves), page[-1].id
    return count


def _move(row: Any, call: Any, *, owner: str, at: str) -> Move:
    return skip_move(
        row.id,
        attempt=row.attempts,
        before=RowState(row.state),
        at=at,
        owner=owner,
        skipped=SupersededBy(call.claimed_at, call.name, call.number),
        why=f"called since by run {call.name}",
    )
