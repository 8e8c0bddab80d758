"""Rows that are to be called again: brought back to `pending` when their time has come, and nothing holds them.

outcome + rule --> again_at --> calls of the last 24 hours --> calling hours --> suppression list --> pending

What brings a row back holds the run and dials at once: a row that waits for its time stays `created`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from campaign.config.run_plan import RunPlan
from campaign.domain.call_outcome import CallEnd
from campaign.followup.retry_rules import first_free
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.outcomes import DueRow
from campaign.ledger.records.runs import RunRecord, WaitingRow
from campaign.timing.hours.calling_hours import Ringing

_AT_ONCE = 500


@dataclass(slots=True)
class BroughtBack:
    """What became of the rows that were to be called again.

    Attributes:
        rows: how many were brought back, by how their last call ended.
        held: how many are kept back for now: by calling hours, or by the calls of the last 24 hours.
        held_until: when the first of those is free.
        suppressed: how many are on the suppression list by now, and stay as they are.
    """

    rows: Counter[CallEnd] = field(default_factory=Counter)
    held: int = 0
    held_until: datetime | None = None
    suppressed: int = 0


def earliest_moment(row: WaitingRow, at: datetime, *, ringing: Ringing) -> datetime | None:
    """The first moment, `at` or later, at which this row's phone may ring; None for none within a year."""
    return ringing.next_allowed(row.contact, now=at)


def look_ahead(
    ledger: Ledger, record: RunRecord, *, plan: RunPlan, at: datetime, ends: Sequence[CallEnd] | None = None
) -> tuple[list[DueRow], BroughtBack]:
    """The rows that are to be called again and may be, and the account of all that are to be; nothing is moved.

    Args:
        ledger: where the run is.
        record: the run.
        plan: its limits.
        at: now.
        ends: a person asks for those whose call ended so, whatever the rules say; None for those that are due by them.
    """
    free, account, ringing = list[DueRow](), BroughtBack(), Ringing(plan.hours)
    due = ledger.read.outcomes.to_call_again(record.id, at=at, ends=ends)
    for first in range(0, len(due), _AT_ONCE):
        page = due[first : first + _AT_ONCE]
        listed = ledger.suppression.of([one.row.contact.phone for one in page])
        account.suppressed += len(listed)
        for one in page:
            if one.row.contact.phone not in listed and _is_free(one, account, plan=plan, ringing=ringing, at=at):
                free.append(one)
                account.rows[one.end] += 1
    return free, account


def bring_back(
    ledger: Ledger, record: RunRecord, *, plan: RunPlan, at: datetime, ends: Sequence[CallEnd] | None = None
) -> BroughtBack:
    """Makes the rows pending that are to be called again now. The run must be held, and be dialled next.

    Takes what `look_ahead` does.

    Raises:
        LedgerError: the ledger cannot be written; no more rows were moved.
    """
    free, account = look_ahead(ledger, record, plan=plan, at=at, ends=ends)
    for first in range(0, len(free), _AT_ONCE):
        page = free[first : first + _AT_ONCE]
        ledger.outcomes.requeue([(one.row.id, _why(one, ends=ends)) for one in page])
    return account


def next_due(ledger: Ledger, record: RunRecord, *, brought: BroughtBack, at: datetime) -> datetime | None:
    """When a row of the run is to be called again next, after `bring_back` at this moment; None when none is."""
    later = ledger.read.outcomes.next_call_again(record.id, after=at)
    return min((moment for moment in (later, brought.held_until) if moment is not None), default=None)


def _is_free(due: DueRow, brought: BroughtBack, *, plan: RunPlan, ringing: Ringing, at: datetime) -> bool:
    moment = first_free(due.recent_calls, most=plan.calls_per_person_per_day, at=at)
    if moment <= at and ringing.allowed(due.row.contact, now=at):
        return True
    allowed = earliest_moment(due.row, moment, ringing=ringing)
    brought.held += 1
    if allowed is not None:
        brought.held_until = allowed if brought.held_until is None else min(brought.held_until, allowed)
    return False


def _why(due: DueRow, *, ends: Sequence[CallEnd] | None) -> str:
    asked = "by the rules" if ends is None else "by a rerun"
    return f"{due.end}: to be called again {asked}, as attempt {due.row.attempts + 1}"
