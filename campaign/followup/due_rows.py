"""Due rows: rows to be called again, requeued as `pending` when their time has come and no rule holds them back.

outcome + rule --> again_at --> calls of the last 24 hours --> calling hours --> suppression list --> pending

Rows are requeued under the run's lock and dialled at once: a row that waits for its time stays `created`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campaign.config.run_plan import RunPlan
from campaign.domain.call_outcome import CallEnd
from campaign.engine.events import DueRequeued
from campaign.engine.requeue import ALL_ROUNDS, RequeuedRows
from campaign.followup.retry_rules import first_free
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.outcomes import DueRow
from campaign.ledger.records.runs import RunRecord, WaitingRow
from campaign.timing.hours.calling_hours import Ringing

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class RequeueDue:
    """Requeues the rows to be called again because of how their call ended.

    Attributes:
        plan: of the run; its limits hold.
        at: now.
        ends: a person asks for those whose call ended so, whatever the rules say; None for those that are due by them.
        from_round: which of the rows that wait are dialled with them.
    """

    plan: RunPlan
    at: datetime
    ends: Sequence[CallEnd] | None = None
    from_round: int = ALL_ROUNDS

    def __call__(self, ledger: Ledger, record: RunRecord) -> RequeuedRows:
        """See `Requeue`."""
        event = requeue_due(ledger, record, plan=self.plan, at=self.at, ends=self.ends)
        return RequeuedRows(event, self.from_round)


def earliest_moment(row: WaitingRow, at: datetime, *, ringing: Ringing) -> datetime | None:
    """The first moment, `at` or later, at which this row's phone may ring; None if none within a year."""
    return ringing.next_allowed(row.contact, now=at)


def look_ahead(
    ledger: Ledger, record: RunRecord, *, plan: RunPlan, at: datetime, ends: Sequence[CallEnd] | None = None
) -> tuple[list[DueRow], DueRequeued]:
    """The rows that may be called again now, and the counts of all that are to be; nothing is changed.

    Args:
        ledger: where the run is.
        record: the run.
        plan: its limits.
        at: now.
        ends: a person asks for those whose call ended so, whatever the rules say; None for those that are due by them.
    """
    if plan.cancelled:
        return [], DueRequeued(asked=None if ends is None else tuple(ends))
    free, held, suppressed, ringing = list[DueRow](), list[datetime | None](), 0, Ringing(plan.hours)
    due = ledger.read.outcomes.to_call_again(record.id, at=at, ends=ends)
    for first in range(0, len(due), _AT_ONCE):
        page = due[first : first + _AT_ONCE]
        listed = ledger.suppression.of([one.row.contact.phone for one in page], service=record.service)
        suppressed += len(listed)
        for one in page:
            if one.row.contact.phone in listed:
                continue
            moment = _free_at(one, plan=plan, ringing=ringing, at=at)
            if moment == at:
                free.append(one)
            else:
                held.append(moment)
    account = DueRequeued(
        rows=Counter(one.end for one in free),
        held=len(held),
        held_until=min((moment for moment in held if moment is not None), default=None),
        suppressed=suppressed,
        asked=None if ends is None else tuple(ends),
    )
    return free, account


def requeue_due(
    ledger: Ledger, record: RunRecord, *, plan: RunPlan, at: datetime, ends: Sequence[CallEnd] | None = None
) -> DueRequeued:
    """Requeues the rows that are due now. The run must be held, and be dialled next.

    Takes what `look_ahead` does.

    Raises:
        LedgerError: the ledger cannot be written; no more rows were moved.
    """
    free, account = look_ahead(ledger, record, plan=plan, at=at, ends=ends)
    for first in range(0, len(free), _AT_ONCE):
        page = free[first : first + _AT_ONCE]
        ledger.outcomes.requeue([(one.row.id, _why(one, ends=ends)) for one in page])
    return account


def next_due(ledger: Ledger, record: RunRecord, *, account: DueRequeued, at: datetime) -> datetime | None:
    """When the next row of the run is due, after `requeue_due` at this moment; None when none is."""
    if RunPlan.model_validate_json(record.plan).cancelled:
        return None
    later = ledger.read.outcomes.next_call_again(record.id, after=at)
    return min((moment for moment in (later, account.held_until) if moment is not None), default=None)


def _free_at(due: DueRow, *, plan: RunPlan, ringing: Ringing, at: datetime) -> datetime | None:
    """The first moment, `at` or later, at which the row may be called again; None if none within a year."""
    moment = first_free(due.recent_calls, most=plan.calls_per_person_per_day, at=at)
    if moment <= at and ringing.allowed(due.row.contact, now=at):
        return at
    return earliest_moment(due.row, moment, ringing=ringing)


def _why(due: DueRow, *, ends: Sequence[CallEnd] | None) -> str:
    asked = "by the rules" if ends is None else "by a rerun"
    return f"{due.end}: to be called again {asked}, as attempt {due.row.attempts + 1}"
