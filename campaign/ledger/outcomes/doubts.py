"""Doubts about the id of a created call: an answer that is another call's, and one that is this call's again.

    created --> unknown      an answer to this id names another number, another id or another call template
    unknown --> created      a later answer names this row's number

The attempt keeps its id all the while, so that the call is polled on. Neither move ever leads to a call.
"""

import json
from typing import Any

from sqlalchemy import Connection, bindparam, null, select, update

from campaign.domain.attempt_end import AttemptEnd
from campaign.domain.model import RowState
from campaign.ledger.records.outcomes import MadeCall
from campaign.ledger.schema.tables import attempt, sheet_row
from campaign.ledger.writes.statements import Prepared
from campaign.ledger.writes.transition import move, move_statement, transition

_DOUBT = move_statement(sheet_row.c.attempts == bindparam("b_attempt"), reason=bindparam("b_why"), call_id=null())
_BELIEVE = move_statement(sheet_row.c.attempts == bindparam("b_attempt"), reason=null(), call_id=bindparam("b_call_id"))
_STANDS = Prepared(select(sheet_row.c.state, sheet_row.c.attempts).where(sheet_row.c.id == bindparam("b_row_id")))
_EVIDENCE = Prepared(
    select(attempt.c.evidence).where(
        attempt.c.row_id == bindparam("b_row_id"),
        attempt.c.number == bindparam("b_number"),
        attempt.c.call_id == bindparam("b_call_id"),
        attempt.c.outcome == AttemptEnd.CREATED.value,
    )
)
_ANOTHERS = "anothers"
"""In the evidence of an attempt whose id is in doubt: why."""


def write_doubt(connection: Connection, call: MadeCall, *, reason: str, owner: str, at: str) -> bool:
    """Makes the created row of a call unknown; False when the row is not created by this call, or was doubted before.

    Where a list has shown the doubted call as this row's since, answer and list contradict each other: nothing is taken
    from either again, or the row would go to and fro with each poll and each look-up.
    """
    here = (sheet_row.c.id == call.row_id) & (sheet_row.c.call_id == call.call_id)
    state = connection.execute(select(sheet_row.c.state).where(here, sheet_row.c.attempts == call.attempt)).scalar()
    evidence = _evidence(connection, call)
    is_settled = _ANOTHERS in evidence and (evidence.get("looked_up") or {}).get("found") == call.call_id
    if state != RowState.CREATED or is_settled:
        return False
    doubted = move(
        call.row_id,
        attempt=call.attempt,
        before=RowState.CREATED,
        after=RowState.UNKNOWN,
        at=at,
        owner=owner,
        why=reason,
    )
    transition(connection, [doubted], by=_DOUBT)
    _write_evidence(connection, call, {**evidence, _ANOTHERS: reason})
    return True


def believe_again(connection: Connection, call: MadeCall, *, owner: str, at: str) -> bool:
    """Makes the row of a call created again, if an answer that was another's is all that is against it."""
    if _STANDS.first(connection, {"b_row_id": call.row_id}) != (RowState.UNKNOWN.value, call.attempt):
        return False
    evidence = _evidence(connection, call)
    if _ANOTHERS not in evidence or (evidence.get("looked_up") or {}).get("several"):
        return False
    believed = move(
        call.row_id,
        attempt=call.attempt,
        before=RowState.UNKNOWN,
        after=RowState.CREATED,
        at=at,
        owner=owner,
        why=f"a later answer about call {call.call_id} names this row's number",
        b_call_id=call.call_id,
    )
    transition(connection, [believed], by=_BELIEVE)
    del evidence[_ANOTHERS]
    _write_evidence(connection, call, evidence)
    return True


def _evidence(connection: Connection, call: MadeCall) -> dict[str, Any]:
    ours = {"b_row_id": call.row_id, "b_number": call.attempt, "b_call_id": call.call_id}
    found: dict[str, Any] = json.loads((_EVIDENCE.first(connection, ours) or ("",))[0] or "{}")
    return found


def _write_evidence(connection: Connection, call: MadeCall, evidence: dict[str, Any]) -> None:
    text = json.dumps(evidence) if evidence else None
    connection.execute(update(attempt).where(_of(call)).values(evidence=text))


def _of(call: MadeCall) -> Any:
    ours = (attempt.c.row_id == call.row_id) & (attempt.c.number == call.attempt)
    return ours & (attempt.c.call_id == call.call_id) & (attempt.c.outcome == AttemptEnd.CREATED.value)
