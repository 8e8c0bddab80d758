"""Late answers: an attempt that others made `unknown` is settled by the answer that its own sender gets after all.

unknown --> created | rejected      by the owner of that very attempt, and nobody else
created, with the same id           a look-up was faster: nothing to do
all else                            stays as it is; `pending` is for a person to say
"""

import json

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.exc import IntegrityError

from campaign.domain.attempt_end import AttemptEnd, end_of
from campaign.domain.model import Created, Outcome, Rejected, RowState, Unknown
from campaign.ledger.schema.tables import attempt, sheet_row
from campaign.ledger.schema.text import storable
from campaign.ledger.writes.claims import UNPROVED, Settlement, state_after
from campaign.ledger.writes.statements import Prepared
from campaign.ledger.writes.transition import MoveRefused, move, move_statement, transition

_ROW = move_statement(
    sheet_row.c.attempts == bindparam("b_attempt"), reason=bindparam("b_reason"), call_id=bindparam("b_call_id")
)
_ATTEMPT = Prepared(
    update(attempt)
    .where(
        attempt.c.row_id == bindparam("b_row"),
        attempt.c.number == bindparam("b_attempt"),
        attempt.c.owner == bindparam("b_owner"),
        attempt.c.outcome == AttemptEnd.UNKNOWN.value,
    )
    .values(
        ended_at=bindparam("b_at"),
        outcome=bindparam("b_outcome"),
        status=bindparam("b_status"),
        call_id=bindparam("b_call_id"),
        evidence=bindparam("b_evidence"),
    )
)
_STANDS = select(
    sheet_row.c.state, sheet_row.c.reason, attempt.c.outcome, attempt.c.call_id, attempt.c.evidence
).join_from(attempt, sheet_row, sheet_row.c.id == attempt.c.row_id)


def settle_late(connection: Connection, late: Settlement) -> Outcome:
    """Settles an attempt that is not open any more by its own sender's late answer; returns what stands then.

    Raises:
        MoveRefused: it is not this owner's, or something else was written of it since.
    """
    ours = (attempt.c.row_id == late.attempt.row_id) & (attempt.c.number == late.attempt.number)
    stands = connection.execute(_STANDS.where(ours, attempt.c.owner == late.owner)).first()
    outcome = late.outcome
    if stands is None:
        raise MoveRefused
    if isinstance(outcome, Created) and stands.call_id == outcome.call_id:
        return outcome
    if stands.outcome != AttemptEnd.UNKNOWN or stands.state != RowState.UNKNOWN:
        raise MoveRefused
    evidence = json.loads(stands.evidence or "{}")
    # A list that has shown several calls knows more than the answer to one of them.
    if isinstance(outcome, Created | Rejected) and not (evidence.get("looked_up") or {}).get("several"):
        try:
            with connection.begin_nested():
                _heal(connection, late, outcome, evidence=evidence)
        except IntegrityError:
            if not isinstance(outcome, Created):
                raise
            return Unknown(reason=f"the server gave the id {outcome.call_id} a second time", evidence=evidence)
        return outcome
    return Unknown(reason=stands.reason or "", evidence=evidence)


def _heal(
    connection: Connection, late: Settlement, outcome: Created | Rejected, *, evidence: dict[str, object]
) -> None:
    unproved = UNPROVED if isinstance(outcome, Rejected) and not outcome.proved else {}
    refused = storable(outcome.reason) if isinstance(outcome, Rejected) else None
    healed = move(
        late.attempt.row_id,
        attempt=late.attempt.number,
        before=RowState.UNKNOWN,
        after=state_after(outcome, wait_as=late.wait_as),
        at=late.at,
        owner=late.owner,
        why=f"the answer came late{': ' + refused if refused else ''}",
        b_reason=refused,
        b_call_id=outcome.call_id if isinstance(outcome, Created) else None,
        b_outcome=end_of(outcome).value,
        b_status=outcome.status,
        b_evidence=json.dumps(evidence | {"late": late.at} | unproved),
    )
    transition(connection, [healed], by=_ROW)
    if _ATTEMPT.run(connection, [healed]) != 1:
        raise MoveRefused
