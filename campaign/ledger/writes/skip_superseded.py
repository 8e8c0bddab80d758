"""Skips superseded rows: those that a later run of the same template has called before an older run resumes."""

from typing import Any

from sqlalchemy import Connection, select

from campaign.domain.model import RowState
from campaign.domain.skip_reason import SupersededBy
from campaign.ledger.records.runs import WAITING, RunRecord
from campaign.ledger.schema.lines import LINE_OF_ROW
from campaign.ledger.schema.may_have_rung import MAY_HAVE_RUNG
from campaign.ledger.schema.tables import attempt, run, sheet_row
from campaign.ledger.writes.transition import Move, skip_move, skip_statement, transition

_SKIP = skip_statement()


def skip_superseded(connection: Connection, record: RunRecord, *, owner: str, at: str) -> int:
    """Skips the run's waiting rows whose number another run has called since this one began; returns how many.

    A corrected sheet is a run of its own. A later resume of the first one is meant for the rows that neither
    has called: `call_again_after` has passed by then, and would not hold the others back.
    """
    other, caller = sheet_row.alias("other_row"), run.alias("other_run")
    found = connection.execute(
        select(
            sheet_row.c.id, sheet_row.c.attempts, sheet_row.c.state, attempt.c.claimed_at, caller.c.name, other.c.number
        )
        .select_from(sheet_row)
        .join(attempt, (attempt.c.line == LINE_OF_ROW) & (attempt.c.service == record.service))
        .join(other, other.c.id == attempt.c.row_id)
        .join(caller, caller.c.id == attempt.c.run_id)
        .where(
            sheet_row.c.run_id == record.id,
            sheet_row.c.state.in_([state.value for state in WAITING]),
            caller.c.id != record.id,
            caller.c.template_fingerprint == record.template_fingerprint,
            attempt.c.claimed_at > record.created_at,
            MAY_HAVE_RUNG,
        )
    ).all()
    moves = [_move(row, owner=owner, at=at) for row in {row.id: row for row in found}.values()]
    transition(connection, moves, by=_SKIP)
    return len(moves)


def _move(row: Any, *, owner: str, at: str) -> Move:
    return skip_move(
        row.id,
        attempt=row.attempts,
        before=RowState(row.state),
        at=at,
        owner=owner,
        skipped=SupersededBy(row.claimed_at, row.name, row.number),
        why=f"called since by run {row.name}",
    )
