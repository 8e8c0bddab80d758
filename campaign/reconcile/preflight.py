"""Preflight audit: before anything is sent, finds waiting rows that a more complete ledger has called already.

    listed calls whose id the ledger does not have --> a row that waits? --> created, unknown or skipped, and not sent

A list that cannot be read, or that does not reach back to this ledger's own last call, says nothing about the time
between: a run that has made a call does not go on without it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from campaign.aicaller.listed_call import ListedCall, same_text, same_words
from campaign.config.run_plan import RunPlan
from campaign.domain.instants import from_text, to_text
from campaign.domain.phone_line import line_of
from campaign.domain.skip_reason import CalledElsewhere
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.lost_calls import CallFound, WaitingPerson
from campaign.ledger.records.runs import RunRecord, run_mark
from campaign.reconcile.call_list import RecentCalls, echo_of, references_of
from campaign.reconcile.matching import Echo, LostAttempt, Matched, Several, match as matched
from campaign.reconcile.preflight_rules import AlreadyMade, RowToCall, WaitingVerdict, judge_waiting
from campaign.reconcile.settle import to_sending

LISTS_MAY_LAG = timedelta(minutes=2)
"""A call younger than that may be missing from a list that is sound otherwise."""
_MUST_BE_LISTED = 5
_TRIES_AHEAD = 12
_MOST_SHOWN = 5


@dataclass(slots=True)
class Audited:
    """Result of the audit; rows by their number in the sheet.

    Attributes:
        made: row -> the id of the call that it got already.
        several: row -> ids, of which at least one call is too many.
        skipped: row -> why it is not called.
        gap: why the list does not tell all that was done since this ledger's last call; None when it does.
    """

    made: dict[int, str] = field(default_factory=dict)
    several: dict[int, tuple[str, ...]] = field(default_factory=dict)
    skipped: dict[int, CalledElsewhere] = field(default_factory=dict)
    gap: str | None = None


def audit_waiting(ledger: Ledger, record: RunRecord, recent: RecentCalls, *, plan: RunPlan, ever: bool) -> Audited:
    """Holds back the waiting rows that the listed calls speak against.

    Args:
        ledger: where the run is; the run must be held.
        record: the run.
        recent: what was listed; what it settles of the unknown rows must have been settled.
        plan: of the run.
        ever: a call with the same words counts whenever it was made, not only since the run began.
    """
    audited = Audited(gap=_gap(ledger, record, recent))
    for row, verdict, ahead in judge_rows(ledger, record, recent, plan=plan, ever=ever):
        _write_down(ledger, record, row=row, verdict=verdict, ahead=ahead, audited=audited)
    return audited


def judge_rows(
    ledger: Ledger, record: RunRecord, recent: RecentCalls, *, plan: RunPlan, ever: bool
) -> Iterator[tuple[WaitingPerson, WaitingVerdict, float]]:
    """The waiting rows to whose numbers calls are listed that the ledger lacks; arguments as for `audit_waiting`.

    Yields:
        The row, the reason against calling it, if there is one, and the seconds by which AICaller's clock is ahead.
    """
    echo = echo_of(ledger, record, recent, plan=plan)
    for unclaimed in recent.unclaimed(ledger):
        sendings = ledger.read.lost.open_sendings(unclaimed, service=record.service)
        for row in ledger.read.lost.waiting_people(record.id, unclaimed):
            others = [
                to_sending(one, ledger=ledger)
                for one in sendings
                if line_of(one.phone) == line_of(row.contact.phone) and one.row_id != row.row_id
            ]
            verdict = judge_waiting(
                _waiting(row, record, plan=plan),
                # What another row's lost answer explains is that row's call; the ledger itself leaves this one alone
                # then.
                [call for call in unclaimed[line_of(row.contact.phone)] if not _explained(call, others, echo=echo)],
                ahead=echo.ahead,
                recently=ledger.now() - plan.call_again_after,
                ever=ever,
            )
            yield row, verdict, echo.ahead


def _gap(ledger: Ledger, record: RunRecord, recent: RecentCalls) -> str | None:
    if recent.listed.trouble is not None:
        return f"AICaller's calls could not be listed: {recent.listed.trouble}"
    before = to_text(ledger.now() - LISTS_MAY_LAG)
    for call in ledger.read.lost.last_recorded(record.id, before=before, most=_MUST_BE_LISTED):
        if call.call_id not in recent.seen:
            return f"AICaller's list lacks a call that this run made ({call.call_id}, {call.claimed_at})"
    return None


def _waiting(row: WaitingPerson, record: RunRecord, *, plan: RunPlan) -> RowToCall:
    return RowToCall(
        phone=row.contact.phone,
        name=same_text(row.contact.name),
        variables=same_words(row.contact.variables),
        begun=from_text(record.created_at),
        reference_key=plan.call.reference,
        references=references_of(run_mark(record), row.row_id, row.attempts + _TRIES_AHEAD),
    )


def _explained(call: ListedCall, others: Sequence[LostAttempt], *, echo: Echo) -> bool:
    return any(isinstance(matched(other, [call], echo=echo), Matched) for other in others)


def _write_down(
    ledger: Ledger,
    record: RunRecord,
    *,
    row: WaitingPerson,
    verdict: WaitingVerdict,
    ahead: float,
    audited: Audited,
) -> None:
    """Moves the row, unless another process has moved it: then this run does not call it either way."""
    match verdict:
        case AlreadyMade(call, by):
            made_at = call.created_at and call.created_at - timedelta(seconds=ahead)
            found = CallFound(call.call_id, by=by, made_at=made_at, delayed_until=call.delayed_until)
            if ledger.lookups.adopt_waiting(row, found, run_id=record.id, service=record.service):
                audited.made[row.row_number] = call.call_id
        case Several(call_ids):
            reason = f"DUPLICATE AT SERVER: calls that this ledger does not know: {', '.join(call_ids[:_MOST_SHOWN])}"
            seen = {"several": call_ids[:_MOST_SHOWN]}
            if ledger.lookups.doubt_waiting(row, reason=reason, seen=seen, run_id=record.id, service=record.service):
                audited.several[row.row_number] = call_ids
        case CalledElsewhere() as elsewhere:
            if ledger.lookups.skip_waiting(row, elsewhere):
                audited.skipped[row.row_number] = elsewhere
        case None:
            pass
