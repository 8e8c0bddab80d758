"""The moves of a row: conditional updates that must move exactly one row each, with their history beside them.

A move is written as three statements (row, attempt, event) that take one set of parameters each, so that a group of
moves costs three `executemany` calls. The caller holds the transaction, and rolls it back when a move is refused.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select, update

from campaign.domain.errors import LedgerError
from campaign.domain.instants import to_text
from campaign.domain.model import Attempt, CalledRecently, Cause, Created, NotSent, Outcome, Rejected, RowState, Unknown
from campaign.ledger.privacy.statements import entry_of_digest
from campaign.ledger.queries.contact_limits import NO_LIMIT, called_too_often, under_day_limit
from campaign.ledger.schema.tables import (
    attempt as attempt_table,
    delay,
    event,
    run as run_table,
    sheet_row,
    suppression,
)
from campaign.ledger.schema.text import storable
from campaign.ledger.writes.statements import Prepared, prepared_insert


class MoveRefused(Exception):  # noqa: N818 - an ending that is expected and handled, not an error
    """The rows did not all stand where the moves expect them; nothing of the group may be committed."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A promise to send.

    Attributes:
        since: the instant after which a call to the same number keeps this one back.
        digest: the number as the suppression list knows it.
        day_since: the beginning of the 24 hours in which the calls to this number are counted.
        most_per_day: how many calls to it they may hold, this one included.
    """

    attempt: Attempt
    run_id: int
    service: str
    owner: str
    body_sha256: str
    at: str
    since: str
    digest: str
    day_since: str = ""
    most_per_day: int = NO_LIMIT


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a claimed attempt; `wait_as` is where a row goes of which nothing was sent."""

    attempt: Attempt
    owner: str
    at: str
    outcome: Outcome
    wait_as: RowState = RowState.RETRY_WAIT


_OTHER = attempt_table.alias("other")
_CLAIM_ROW = Prepared(
    update(sheet_row)
    .where(
        sheet_row.c.id == bindparam("b_row"),
        sheet_row.c.state == bindparam("b_from"),
        sheet_row.c.attempts == bindparam("b_before"),
        ~exists(
            select(1).where(
                _OTHER.c.service == bindparam("b_service"),
                # A number that was forgotten is known by its hash.
                (_OTHER.c.phone == bindparam("b_phone")) | (_OTHER.c.phone == bindparam("b_hashed")),
                _OTHER.c.claimed_at > bindparam("b_since"),
                _OTHER.c.row_id != bindparam("b_row"),
                # An attempt without an ending may still ring; one that was refused or never sent has not.
                # Spelt out: IN takes no part in an executemany.
                _OTHER.c.outcome.is_(None) | (_OTHER.c.outcome == "created") | (_OTHER.c.outcome == "unknown"),
            )
        ),
        under_day_limit(),
        # Whenever it was put there: before the run, while it goes on, between a try and the next.
        ~exists(
            select(1).where(suppression.c.digest == bindparam("b_digest"), suppression.c.removed_at.is_(None)),
        ),
    )
    .values(state=RowState.SENDING.value, attempts=bindparam("b_number"), submitted_at=bindparam("b_at"))
)
_SETTLE_ROW = Prepared(
    update(sheet_row)
    .where(
        sheet_row.c.id == bindparam("b_row"),
        sheet_row.c.state == RowState.SENDING.value,
        sheet_row.c.attempts == bindparam("b_number"),
    )
    .values(state=bindparam("b_to"), reason=bindparam("b_reason"), call_id=bindparam("b_call_id"))
)
_SETTLE_ATTEMPT = Prepared(
    update(attempt_table)
    .where(
        attempt_table.c.row_id == bindparam("b_row"),
        attempt_table.c.number == bindparam("b_number"),
        attempt_table.c.owner == bindparam("b_owner"),
        attempt_table.c.outcome.is_(None),
    )
    .values(
        ended_at=bindparam("b_at"),
        outcome=bindparam("b_outcome"),
        status=bindparam("b_status"),
        call_id=bindparam("b_call_id"),
        evidence=bindparam("b_evidence"),
    )
)
_OPEN_ATTEMPT = prepared_insert(
    attempt_table, "row_id", "number", "run_id", "service", "phone", "owner", "body_sha256", "claimed_at"
)
_DELAY = prepared_insert(delay, "row_id", "attempt", "run_id", "until")
_WRITE_DOWN = prepared_insert(event, "row_id", "attempt", "at", "owner", "from_state", "to_state", "why")


def move_all(connection: Connection, *, settlements: Sequence[Settlement] = (), claims: Sequence[Claim] = ()) -> None:
    """Writes what became of claimed attempts, then moves every claim's row to `sending`.

    Endings come first: a number whose call was refused may be claimed by another row of the same group.

    Raises:
        MoveRefused: at least one attempt is not this owner's open one, or a row does not stand where its claim says,
            or its number is not to be called (now).
        sqlalchemy.exc.IntegrityError: an id was already given to another attempt.
    """
    ended = [_settle_parameters(settlement) for settlement in settlements]
    if ended:
        _move(connection, _SETTLE_ROW, ended)
        _move(connection, _SETTLE_ATTEMPT, ended)
    if claims:
        _move(connection, _CLAIM_ROW, [_claim_row(claim) for claim in claims])
        _OPEN_ATTEMPT.run(connection, [_claim_attempt(claim) for claim in claims])
        if delays := [one for claim in claims if (one := _claim_delay(claim))]:
            _DELAY.run(connection, delays)
    moves = [
        (s.attempt, s.at, s.owner, RowState.SENDING, RowState(p["b_to"]), p["b_reason"])
        for s, p in zip(settlements, ended, strict=True)
    ]
    moves += [(c.attempt, c.at, c.owner, c.attempt.waiting_as, RowState.SENDING, None) for c in claims]
    if moves:
        _record(connection, moves)


def why_not_claimed(connection: Connection, claim: Claim) -> CalledRecently:
    """Skips the row of a refused claim, since its number is on the suppression list, or was called recently.

    Raises:
        LedgerError: that is not why: the row was moved by somebody else.
    """
    if (entry := entry_of_digest(connection, claim.digest)) is not None:
        return _skipped(connection, claim, CalledRecently(reason=str(entry)))
    caller = connection.execute(
        select(attempt_table.c.claimed_at, run_table.c.name, sheet_row.c.number)
        .join(run_table, run_table.c.id == attempt_table.c.run_id)
        .join(sheet_row, sheet_row.c.id == attempt_table.c.row_id)
        .where(
            attempt_table.c.service == claim.service,
            attempt_table.c.phone.in_([claim.attempt.phone, f"#{claim.digest}"]),
            attempt_table.c.claimed_at > claim.since,
            attempt_table.c.row_id != claim.attempt.row_id,
            attempt_table.c.outcome.is_(None) | attempt_table.c.outcome.in_(["created", "unknown"]),
        )
        .limit(1)
    ).first()
    often = called_too_often(
        connection,
        service=claim.service,
        phones=[claim.attempt.phone, f"#{claim.digest}"],
        since=claim.day_since,
        most=claim.most_per_day,
    )
    if caller is None and often is not None:
        return _skipped(connection, claim, CalledRecently(reason=often))
    if caller is None:
        raise LedgerError(
            f"row {claim.attempt.row_number} was moved by another process in the middle of this run; "
            "see that only one works on it, then resume"
        )
    recently = CalledRecently(reason=called_recently_reason(caller.name, caller.number, caller.claimed_at))
    return _skipped(connection, claim, recently)


def called_recently_reason(run_name: str, row_number: int, claimed_at: str) -> str:
    """As the results show it."""
    return f"called recently: {claimed_at} by run {run_name}, row {row_number}"


def settle_taken_id(connection: Connection, settlement: Settlement, outcome: Created) -> Outcome:
    """Two calls with one id: which of them it names is not known, so this one's ending is not either."""
    doubt = Unknown(
        reason=f"the server gave the id {outcome.call_id} a second time",
        evidence={"call_id": outcome.call_id},
        status=outcome.status,
    )
    settled = Settlement(attempt=settlement.attempt, owner=settlement.owner, at=settlement.at, outcome=doubt)
    move_all(connection, settlements=[settled])
    return doubt


def state_after(outcome: Outcome, *, wait_as: RowState) -> RowState:
    """Where an outcome puts a row."""
    match outcome:
        case Created():
            return RowState.CREATED
        case Rejected():
            return RowState.REJECTED
        case Unknown():
            return RowState.UNKNOWN
        case NotSent():
            return wait_as


def _skipped(connection: Connection, claim: Claim, why: CalledRecently) -> CalledRecently:
    """Moves a waiting row to `skipped`."""
    attempt = claim.attempt
    statement = (
        update(sheet_row)
        .where(sheet_row.c.id == attempt.row_id, sheet_row.c.state == attempt.waiting_as.value)
        .values(state=RowState.SKIPPED.value, reason=why.reason)
    )
    if connection.execute(statement).rowcount != 1:
        raise LedgerError(f"row {attempt.row_number} was moved by another process; see that only one works on it")
    _record(connection, [(attempt, claim.at, claim.owner, attempt.waiting_as, RowState.SKIPPED, why.reason)])
    return why


def _move(connection: Connection, statement: Prepared, parameters: list[dict[str, Any]]) -> None:
    if statement.run(connection, parameters) != len(parameters):
        raise MoveRefused


def _record(
    connection: Connection,
    moves: Iterable[tuple[Attempt, str, str, RowState, RowState, str | None]],
) -> None:
    _WRITE_DOWN.run(
        connection,
        [
            {
                "row_id": attempt.row_id,
                "attempt": attempt.number,
                "at": at,
                "owner": owner,
                "from_state": before.value,
                "to_state": after.value,
                "why": why,
            }
            for attempt, at, owner, before, after, why in moves
        ],
    )


def _claim_row(claim: Claim) -> dict[str, Any]:
    return {
        "b_row": claim.attempt.row_id,
        "b_from": claim.attempt.waiting_as.value,
        "b_before": claim.attempt.number - 1,
        "b_number": claim.attempt.number,
        "b_service": claim.service,
        "b_phone": claim.attempt.phone,
        "b_hashed": f"#{claim.digest}",
        "b_since": claim.since,
        "b_day": claim.day_since,
        "b_most": claim.most_per_day,
        "b_digest": claim.digest,
        "b_at": claim.at,
    }


def _claim_attempt(claim: Claim) -> dict[str, Any]:
    return {
        "row_id": claim.attempt.row_id,
        "number": claim.attempt.number,
        "run_id": claim.run_id,
        "service": claim.service,
        "phone": claim.attempt.phone,
        "owner": claim.owner,
        "body_sha256": claim.body_sha256,
        "claimed_at": claim.at,
    }


def _claim_delay(claim: Claim) -> dict[str, Any] | None:
    attempt, until = claim.attempt, claim.attempt.delayed_until
    if until is None:
        return None
    return {"row_id": attempt.row_id, "attempt": attempt.number, "run_id": claim.run_id, "until": to_text(until)}


def _settle_parameters(settlement: Settlement) -> dict[str, Any]:
    outcome = settlement.outcome
    kinds = {Created: "created", Rejected: "rejected", NotSent: "not_sent", Unknown: "unknown"}
    return {
        "b_row": settlement.attempt.row_id,
        "b_number": settlement.attempt.number,
        "b_owner": settlement.owner,
        "b_at": settlement.at,
        "b_to": state_after(outcome, wait_as=settlement.wait_as).value,
        "b_outcome": kinds[type(outcome)],
        "b_reason": None if isinstance(outcome, Created) else storable(outcome.reason),
        "b_status": None if isinstance(outcome, NotSent) else outcome.status,
        "b_call_id": outcome.call_id if isinstance(outcome, Created) else None,
        "b_evidence": json.dumps(_evidence(outcome)) if _evidence(outcome) else None,
    }


def _evidence(outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, Unknown):
        return dict(outcome.evidence)
    return {"cause": Cause(outcome.cause).value} if isinstance(outcome, NotSent) else {}
