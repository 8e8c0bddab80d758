"""Use case cancel: ends a run for good: nobody calls its waiting rows; and what cannot be taken back any more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class RunToCancel:
    """A run, and what of it cancelling ends and what it does not.

    Attributes:
        waiting: rows that are still to be called: these are ended.
        unknown: rows whose answer was lost: their phones may have rung, or may ring.
        ahead: submitted calls that are still to ring; only AICaller's own pages can cancel them.
        next_ahead: the first few of those.
    """

    record: RunRecord
    waiting: int
    unknown: int
    ahead: int
    next_ahead: Sequence[CallAhead]


def run_to_cancel(ledger: Ledger, name: str) -> RunToCancel:
    """The run of that name.

    Raises:
        UsageError: there is none, or none of its rows is still to be called.
    """
    record = named_run(ledger, name)
    counts = ledger.read.rows.count_states(record.id)
    waiting = sum(counts.get(state, 0) for state in UNDONE)
    if not waiting:
        raise UsageError(f"run {name} has no row that is still to be called: there is nothing to cancel")
    ahead, next_ahead = ledger.read.earlier.ahead_of_run(record.id, at=ledger.now(), most=_MOST_AHEAD)
    return RunToCancel(record, waiting, counts.get(RowState.UNKNOWN, 0), ahead, next_ahead)


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
        ledger.cancel(run.record, reason=reason)
    return ledger.read.rows.count_states(run.record.id)
