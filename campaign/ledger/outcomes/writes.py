"""Statements that store call outcomes, and requeue rows whose call allows another.

The caller holds the transaction. Outcomes only advance: a call that is over stays over, whatever a later
reading says, and an opt-out goes onto the suppression list in the transaction that stores it.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, null, select, update

from campaign.domain.call_outcome import MAY_BE_CALLED_AGAIN, CallEnd, CallOutcome
from campaign.domain.errors import LedgerError
from campaign.domain.instants import from_text, to_text
from campaign.domain.model import RowState
from campaign.ledger.records.outcomes import Looked, MadeCall, Rules
from campaign.ledger.schema.outcome_tables import call_outcome, outcome_from
from campaign.ledger.schema.tables import sheet_row
from campaign.ledger.schema.text import storable
from campaign.ledger.writes.statements import Prepared, prepared_insert
from campaign.ledger.writes.transition import MoveRefused, move, move_statement, transition

_KNOWN = Prepared(select(call_outcome).where(call_outcome.c.call_id == bindparam("b_call_id")))
_KNOWN_NAMES = tuple(call_outcome.c.keys())
_OTHER_ENDS = Prepared(
    select(call_outcome.c.ended_as).where(
        call_outcome.c.row_id == bindparam("b_row_id"),
        call_outcome.c.call_id != bindparam("b_call_id"),
        call_outcome.c.ended_as.is_not(None),
    )
)
_CALLED_AGAIN = Prepared(
    update(call_outcome)
    .where(
        call_outcome.c.call_id
        == select(sheet_row.c.call_id).where(sheet_row.c.id == bindparam("b_row_id")).scalar_subquery(),
        call_outcome.c.again_at.is_not(None),
    )
    .values(again_at=null())
)
_REQUEUE = move_statement(round=sheet_row.c.round + 1, reason=bindparam("b_why"), call_id=null())


def write_outcome(
    connection: Connection,
    call: MadeCall,
    outcome: CallOutcome,
    *,
    at: datetime,
    rules: Rules,
    suppress: Callable[[Connection, str], bool],
) -> Looked:
    """Stores the outcome of a call.

    Args:
        connection: in a transaction that writes.
        call: which.
        outcome: as it was read from the API.
        at: now.
        rules: see there.
        suppress: adds a number to the suppression list; returns whether it is new there.
    """
    before = _known(connection, call.call_id)
    outcome = _without_retraction(outcome, before)
    known_since = from_text(before["final_since"]) if before is not None and before["final_since"] else None
    final_since = (known_since or at) if outcome.is_final else None
    looks = (before["looks"] if before is not None else 0) + 1
    again_at = None
    if final_since is not None and outcome.end is not None:
        ends = _ends(connection, call) + Counter([outcome.end])
        again_at = rules.call_again(outcome, ends, call.claimed_at, final_since)
    written = {
        **_columns(outcome),
        "final_since": to_text(final_since) if final_since else None,
        "looks": looks,
        "looked_at": to_text(at),
        "look_at": _text(rules.next_poll(outcome, looks, final_since, at)),
        "again_at": _text(again_at),
    }
    _write(connection, call, written, is_new=before is None)
    wish = outcome.end is CallEnd.DO_NOT_CALL
    return Looked(
        call=call,
        outcome=outcome,
        is_new=outcome.is_final and known_since is None,
        suppressed=wish and suppress(connection, call.phone),
        again_at=again_at,
    )


def write_look(connection: Connection, call: MadeCall, *, at: datetime, look_at: datetime) -> None:
    """Records that a call could not be read, and when it is polled next; when it was last read stays."""
    before = _known(connection, call.call_id)
    looks = (before["looks"] if before is not None else 0) + 1
    written = {"looks": looks, "look_at": to_text(look_at)}
    if before is None:
        written |= {"status": "", "looked_at": to_text(at)}
    _write(connection, call, written, is_new=before is None)


def requeue(connection: Connection, rows: Sequence[tuple[int, str]], *, owner: str, at: str) -> None:
    """Requeues created rows, each with its reason, in a new round; their calls want no other one any more.

    Raises:
        LedgerError: one of them is no longer created; the caller must not commit.
        sqlalchemy.exc.IntegrityError: its call's outcome is not known, or allows no other call.
    """
    if not rows:
        return
    reasons = dict(rows)
    numbers = select(sheet_row.c.id, sheet_row.c.attempts).where(sheet_row.c.id.in_(list(reasons)))
    moves = [
        move(
            row_id,
            attempt=attempts,
            before=RowState.CREATED,
            after=RowState.PENDING,
            at=at,
            owner=owner,
            why=reasons[row_id],
        )
        for row_id, attempts in connection.execute(numbers).all()
    ]
    # Else every look for rows that are due would meet all that were ever called again.
    _CALLED_AGAIN.run(connection, [{"b_row_id": row_id} for row_id in reasons])
    try:
        transition(connection, moves, by=_REQUEUE, expected=len(reasons))
    except MoveRefused:
        raise LedgerError("a row that was to be called again was moved by another process; start again") from None


def _known(connection: Connection, call_id: str) -> Mapping[str, Any] | None:
    found = _KNOWN.first(connection, {"b_call_id": call_id})
    return None if found is None else dict(zip(_KNOWN_NAMES, found, strict=True))


def _without_retraction(outcome: CallOutcome, before: Mapping[str, Any] | None) -> CallOutcome:
    """Keeps the stored facts where the new reading would take back that a call is over, or an opt-out."""
    if before is None:
        return outcome
    known = outcome_from(before)
    if known.is_final and not outcome.is_final:
        return known
    unwishes = known.end is CallEnd.DO_NOT_CALL and outcome.end is not CallEnd.DO_NOT_CALL
    return replace(outcome, status_code=known.status_code) if unwishes else outcome


def _ends(connection: Connection, call: MadeCall) -> Counter[CallEnd]:
    """Counts how the row's other calls ended."""
    found = _OTHER_ENDS.all(connection, {"b_row_id": call.row_id, "b_call_id": call.call_id})
    return Counter(end for (text,) in found if (end := CallEnd(text)) in MAY_BE_CALLED_AGAIN)


def _columns(outcome: CallOutcome) -> dict[str, Any]:
    return {
        "status": storable(outcome.status),
        "status_code": None if outcome.status_code is None else storable(outcome.status_code),
        "ended_as": outcome.end.value if outcome.end else None,
        "later_at": outcome.later_at,
        "duration": outcome.duration,
        "recording_url": outcome.recording_url,
        "result_values": json.dumps(outcome.values) if outcome.values else None,
        "triggered_at": outcome.triggered_at,
        "started_at": outcome.started_at,
        "ended_at": outcome.ended_at,
    }


def _write(connection: Connection, call: MadeCall, written: Mapping[str, Any], *, is_new: bool) -> None:
    if is_new:
        key = {"call_id": call.call_id, "row_id": call.row_id, "attempt": call.attempt, "run_id": call.run_id}
        _insert(tuple(written)).run(connection, [{**key, **written}])
    else:
        connection.execute(update(call_outcome).where(call_outcome.c.call_id == call.call_id).values(**written))


@cache
def _insert(names: tuple[str, ...]) -> Prepared:
    return prepared_insert(call_outcome, "call_id", "row_id", "attempt", "run_id", *names)


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else to_text(instant)
