"""Claims and settlements: a waiting row is claimed, then settled by the ending of its attempt.

A claim and an ending are three statements each (row, event, attempt) that take one set of parameters, so that a group
of them costs six `executemany` calls. The caller holds the transaction, and rolls it back when a move is refused.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, bindparam, insert, update

from campaign.domain.attempt_end import end_of
from campaign.domain.errors import LedgerError
from campaign.domain.instants import to_text
from campaign.domain.model import Attempt, Cause, ClaimRefused, Created, NotSent, Outcome, Rejected, RowState, Unknown
from campaign.domain.phone_line import line_of
from campaign.domain.skip_reason import CalledMeanwhile, CalledRecentlyBy, Duplicate, Skipped
from campaign.ledger.privacy.statements import entry_of_digest
from campaign.ledger.queries.contact_limits import NO_LIMIT, called_too_often, under_day_limit
from campaign.ledger.queries.preventing_calls import CALLS_PREVENTING, NO_CALL_PREVENTS, NOT_ON_LIST
from campaign.ledger.schema.tables import attempt as attempt_table, delay, sheet_row
from campaign.ledger.schema.text import storable, storable_number
from campaign.ledger.writes.statements import Prepared, prepared_insert
from campaign.ledger.writes.transition import Move, MoveRefused, move_statement, skip_move, skip_statement, transition


@dataclass(frozen=True, slots=True)
class Beside:
    """Calls of other runs of one template, since this run was loaded: until then, the load has compared the words.

    Attributes:
        template: the template's fingerprint.
        since: when this run was loaded.
    """

    template: str
    since: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim of a waiting row, which may be sent once the claim is committed.

    Attributes:
        since: a call to the same line after this instant prevents this one.
        digest: the number as the suppression list knows it.
        other_digest: the other spelling of its line as the list knows it; the same where there is none.
        beside: what was said beside this run prevents this call; None when a person said --again for the run.
        said: keyed hash of this call's words; None where they are not known.
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
    other_digest: str
    beside: Beside | None
    said: str | None
    day_since: str = ""
    most_per_day: int = NO_LIMIT

    @property
    def lines(self) -> tuple[str, str, str]:
        """The line that it calls, in all forms of the ledger: an erased number is the hash of its spelling."""
        return line_of(self.attempt.phone), f"#{self.digest}", f"#{self.other_digest}"


@dataclass(frozen=True, slots=True)
class Settlement:
    """The ending of a claimed attempt; `wait_as` is the state of its row if nothing was sent."""

    attempt: Attempt
    owner: str
    at: str
    outcome: Outcome
    wait_as: RowState = RowState.RETRY_WAIT


UNPROVED = {"proved": False}
"""In the evidence of a refusal that is believed, and looked up before its row is sent again."""
_CLAIM_ROW = move_statement(
    sheet_row.c.attempts == bindparam("b_before"),
    *NO_CALL_PREVENTS,
    under_day_limit(),
    # Whenever it was added: before the run, during it, or between two tries.
    *NOT_ON_LIST,
    attempts=bindparam("b_attempt"),
    submitted_at=bindparam("b_at"),
)
_OPEN_ATTEMPT = Prepared(
    insert(attempt_table).values(
        row_id=bindparam("b_row"),
        number=bindparam("b_attempt"),
        run_id=bindparam("b_run"),
        service=bindparam("b_service"),
        phone=bindparam("b_phone"),
        owner=bindparam("b_owner"),
        body_sha256=bindparam("b_body_sha256"),
        claimed_at=bindparam("b_at"),
        said=bindparam("b_said"),
    )
)
_DELAY = prepared_insert(delay, "row_id", "attempt", "run_id", "until")
_SETTLE_ROW = move_statement(
    sheet_row.c.attempts == bindparam("b_attempt"), reason=bindparam("b_why"), call_id=bindparam("b_call_id")
)
_SETTLE_ATTEMPT = Prepared(
    update(attempt_table)
    .where(
        attempt_table.c.row_id == bindparam("b_row"),
        attempt_table.c.number == bindparam("b_attempt"),
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
_SKIP_ROW = skip_statement()


def move_all(connection: Connection, *, settlements: Sequence[Settlement] = (), claims: Sequence[Claim] = ()) -> None:
    """Writes the endings of claimed attempts, then moves every claim's row to `sending`.

    Endings come first: a number whose call was refused may be claimed by another row of the same group.

    Raises:
        MoveRefused: at least one attempt is not this owner's open one, or a row is not where its claim expects it,
            or its number is not to be called (now).
        sqlalchemy.exc.IntegrityError: an id was already given to another attempt.
    """
    if settlements:
        ended = [_settlement_move(settlement) for settlement in settlements]
        transition(connection, ended, by=_SETTLE_ROW)
        if _SETTLE_ATTEMPT.run(connection, ended) != len(ended):
            raise MoveRefused
    if claims:
        claimed = [_claim_move(claim) for claim in claims]
        transition(connection, claimed, by=_CLAIM_ROW)
        _OPEN_ATTEMPT.run(connection, claimed)
        if delays := [one for claim in claims if (one := _claim_delay(claim))]:
            _DELAY.run(connection, delays)


def why_not_claimed(connection: Connection, claim: Claim) -> ClaimRefused:
    """Skips the row of a refused claim whose number is on the list, called recently, or over its daily limit.

    Raises:
        LedgerError: none of these is the reason: another process moved the row.
    """
    for digest in (claim.digest, claim.other_digest):
        if (entry := entry_of_digest(connection, digest, service=claim.service)) is not None:
            return _skipped(connection, claim, entry.why_skipped)
    callers = connection.execute(CALLS_PREVENTING, _claim_move(claim)).all()
    caller = max(callers, key=attrgetter("claimed_at"), default=None)
    often = called_too_often(
        connection,
        service=claim.service,
        lines=claim.lines,
        since=claim.day_since,
        most=claim.most_per_day,
    )
    if caller is None and often is not None:
        return _skipped(connection, claim, often)
    if caller is None:
        raise LedgerError(
            f"row {claim.attempt.row_number} was moved by another process in the middle of this run; "
            "see that only one works on it, then resume"
        )
    return _skipped(connection, claim, _why(caller, claim))


def settle_taken_id(connection: Connection, settlement: Settlement, outcome: Created) -> Outcome:
    """Settles a call whose id another call has: which of them it names is not known, so the ending is unknown."""
    doubt = Unknown(
        reason=f"the server gave the id {outcome.call_id} a second time",
        evidence={"call_id": outcome.call_id},
        status=outcome.status,
    )
    settled = Settlement(attempt=settlement.attempt, owner=settlement.owner, at=settlement.at, outcome=doubt)
    move_all(connection, settlements=[settled])
    return doubt


def state_after(outcome: Outcome, *, wait_as: RowState) -> RowState:
    """The state of a row after an outcome."""
    match outcome:
        case Created():
            return RowState.CREATED
        case Rejected():
            return RowState.REJECTED
        case Unknown():
            return RowState.UNKNOWN
        case NotSent():
            return wait_as


def _skipped(connection: Connection, claim: Claim, why: Skipped) -> ClaimRefused:
    """Moves a waiting row to `skipped`."""
    attempt = claim.attempt
    skip = skip_move(
        attempt.row_id,
        attempt=attempt.number,
        before=attempt.waiting_as,
        at=claim.at,
        owner=claim.owner,
        skipped=why,
    )
    try:
        transition(connection, [skip], by=_SKIP_ROW)
    except MoveRefused:
        raise LedgerError(
            f"row {attempt.row_number} was moved by another process; see that only one works on it"
        ) from None
    return ClaimRefused(why)


def _why(caller: Any, claim: Claim) -> Skipped:
    line = "" if caller.phone == claim.attempt.phone or caller.phone.startswith("#") else caller.phone
    meanwhile = caller.said_beside and caller.run_id != claim.run_id
    # With `call_again_after` at nothing, no call is recent: one claimed while ours waited is later than `since`.
    if meanwhile and (caller.claimed_at <= claim.since or claim.since == claim.at):
        return CalledMeanwhile(caller.claimed_at, caller.name, caller.number, line)
    if caller.claimed_at > claim.since:
        return CalledRecentlyBy(caller.claimed_at, caller.name, caller.number, line)
    return Duplicate(caller.number, line=line)


def _claim_move(claim: Claim) -> Move:
    attempt, beside, (line, hashed, other_hashed) = claim.attempt, claim.beside, claim.lines
    # Spelt out, as in `_settlement_move`: these two run for every call.
    return {
        "b_row": attempt.row_id,
        "b_attempt": attempt.number,
        "b_from": attempt.waiting_as.value,
        "b_to": RowState.SENDING.value,
        "b_at": claim.at,
        "b_owner": claim.owner,
        "b_why": None,
        "b_before": attempt.number - 1,
        "b_run": claim.run_id,
        "b_service": claim.service,
        "b_phone": attempt.phone,
        "b_line": line,
        "b_hashed": hashed,
        "b_other_hashed": other_hashed,
        "b_other_digest": claim.other_digest,
        "b_said": claim.said,
        # No instant is later than this one, and no template has this name.
        "b_beside_since": "~" if beside is None else beside.since,
        "b_template": "" if beside is None else beside.template,
        "b_since": claim.since,
        "b_day": claim.day_since,
        "b_most": claim.most_per_day,
        "b_digest": claim.digest,
        "b_body_sha256": claim.body_sha256,
    }


def _claim_delay(claim: Claim) -> dict[str, Any] | None:
    attempt, until = claim.attempt, claim.attempt.delayed_until
    if until is None:
        return None
    return {"row_id": attempt.row_id, "attempt": attempt.number, "run_id": claim.run_id, "until": to_text(until)}


def _settlement_move(settlement: Settlement) -> Move:
    outcome, attempt, evidence = settlement.outcome, settlement.attempt, _evidence(settlement.outcome)
    if outcome.status != storable_number(outcome.status):
        evidence |= {"status": str(outcome.status)}
    return {
        "b_row": attempt.row_id,
        "b_attempt": attempt.number,
        "b_from": RowState.SENDING.value,
        "b_to": state_after(outcome, wait_as=settlement.wait_as).value,
        "b_at": settlement.at,
        "b_owner": settlement.owner,
        "b_why": None if isinstance(outcome, Created) else storable(outcome.reason),
        "b_outcome": end_of(outcome).value,
        "b_status": storable_number(outcome.status),
        "b_call_id": storable(outcome.call_id) if isinstance(outcome, Created) else None,
        "b_evidence": json.dumps(evidence) if evidence else None,
    }


def _evidence(outcome: Outcome) -> dict[str, Any]:
    match outcome:
        case Unknown():
            return dict(outcome.evidence)
        case NotSent():
            return {"cause": Cause(outcome.cause).value} | ({} if outcome.proved else UNPROVED)
        case Rejected():
            return {} if outcome.proved else dict(UNPROVED)
        case Created():
            return {}
