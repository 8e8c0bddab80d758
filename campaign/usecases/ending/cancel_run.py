"""Use case cancel: ends a run for good: nobody calls its waiting rows; and what cannot be taken back any more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import islice

from campaign.config.run_plan import RunPlan
from campaign.domain.cures import Setting
from campaign.domain.errors import UsageError
from campaign.domain.model import RowState
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.calls_ahead import CallAhead
from campaign.ledger.records.runs import UNDONE, RunRecord
from campaign.usecases.suppress.entries import refuse_unusable_reason

_MOST_AHEAD = 5
_ASKED_AT_ONCE = 500
_FOR_EVER = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class RunToCancel:
    """A run, and what of it cancelling ends and what it does not.

    Attributes:
        waiting: rows that are still to be called: these are ended.
        call_backs: called rows that `[retry]` would call again, or might once their call is over: nobody does any more.
        elsewhere: other run -> how many of the waiting people wait in it as well: it calls them all the same.
        unknown: rows whose answer was lost: their phones may have rung, or may ring.
        ahead: submitted calls that are still to ring; only AICaller's own pages can cancel them.
        next_ahead: the first few of those.
    """

    record: RunRecord
    waiting: int
    call_backs: int
    elsewhere: Mapping[str, int]
    unknown: int
    ahead: int
    next_ahead: Sequence[CallAhead]


def run_to_cancel(ledger: Ledger, name: str) -> RunToCancel:
    """The run of that name.

    Raises:
        UsageError: there is none, or nobody of it is still to be called, or called back.
    """
    record = named_run(ledger, name)
    counts = ledger.read.rows.count_states(record.id)
    waiting = sum(counts.get(state, 0) for state in UNDONE)
    call_backs = _call_backs(ledger, record)
    if not waiting and not call_backs:
        raise UsageError(f"run {name} has no row that is still to be called: there is nothing to cancel")
    ahead, next_ahead = ledger.read.earlier.ahead_of_run(record.id, at=ledger.now(), most=_MOST_AHEAD)
    return RunToCancel(
        record,
        waiting,
        call_backs=call_backs,
        elsewhere=_elsewhere(ledger, record) if waiting else {},
        unknown=counts.get(RowState.UNKNOWN, 0),
        ahead=ahead,
        next_ahead=next_ahead,
    )


def cancel_run(ledger: Ledger, run: RunToCancel, *, reason: str) -> Mapping[RowState, int]:
    """Skips the run's waiting rows for good; returns how many rows stand where after it.

    Raises:
        UsageError: the reason is empty, or cannot be shown on one line.
        BusyError: another process works on the run; stop it first.
        LedgerError: the ledger cannot be written.
    """
    if not reason.strip():
        raise UsageError(Setting.REASON, " is empty; say why nobody is called any more")
    refuse_unusable_reason(reason)
    window = RunPlan.model_validate_json(run.record.plan).call_again_after
    # A call that a crash has left open is unknown then, and not cancelled: its phone may have rung.
    with ledger.hold(run.record, call_again_after=window):
        # First, so that a crash between the two leaves a run that nobody goes on with.
        ledger.replan(run.record.id, partial(_cancelled, reason=reason))
        ledger.cancel(run.record, reason=reason)
    return ledger.read.rows.count_states(run.record.id)


def _call_backs(ledger: Ledger, record: RunRecord) -> int:
    plan = RunPlan.model_validate_json(record.plan)
    if plan.cancelled:
        return 0
    due = len(ledger.read.outcomes.to_call_again(record.id, at=ledger.now() + _FOR_EVER))
    return due + (ledger.read.outcomes.count(record.id).on_the_way if plan.retry is not None else 0)


def _elsewhere(ledger: Ledger, record: RunRecord) -> Mapping[str, int]:
    """Counts the people who wait in this run, and in others of its service as well."""
    read, found = ledger.read, dict[str, int]()
    for other in read.runs.all():
        if (
            other.id == record.id
            or other.service != record.service
            or not read.rows.count_waiting(other.id, from_round=0)
        ):
            continue
        waiting = (row.contact.phone for row in read.rows.waiting(record.id, from_round=0))
        shared = 0
        while phones := list(islice(waiting, _ASKED_AT_ONCE)):
            shared += len(read.lost.waiting_people(other.id, phones))
        if shared:
            found[other.name] = shared
    return found


def _cancelled(plan: str, *, reason: str) -> str:
    return RunPlan.model_validate_json(plan).model_copy(update={"cancelled": reason}).model_dump_json()
