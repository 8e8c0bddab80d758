"""Forgetting the people of runs that are over: which runs, what stands against it, and what is left elsewhere."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from campaign.config.run_plan import RunPlan
from campaign.domain.cures.runs import resume_or_forget
from campaign.domain.errors import UsageError
from campaign.domain.model import RowState
from campaign.ledger.home import copies_beside, scrub
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.runs import UNDONE, RunRecord


@dataclass(frozen=True, slots=True)
class Candidate:
    """A run whose people may be forgotten.

    Attributes:
        rows: of the run.
        waiting: rows that are still to be called.
        unknown: rows whose answer was lost, and could not be looked up any more.
        forgotten: when it was done, if it was.
    """

    record: RunRecord
    rows: int
    waiting: int
    unknown: int
    forgotten: str | None

    @property
    def unfinished(self) -> bool:
        """Whether forgetting would cost a call, or an answer."""
        return bool(self.waiting or self.unknown)


def candidate(ledger: Ledger, name: str) -> Candidate:
    """The run of that name.

    Raises:
        UsageError: there is none.
    """
    return _candidate(ledger, named_run(ledger, name))


def older_than(ledger: Ledger, age: timedelta) -> list[Candidate]:
    """Runs that called nobody for so long, and whose people are not forgotten yet; oldest first."""
    before = ledger.now() - age
    found = []
    for record in ledger.read.runs.all():
        last = ledger.read.runs.last_claim(record.id) or datetime.fromisoformat(record.created_at)
        if last < before:
            found.append(_candidate(ledger, record))
    return [one for one in found if one.forgotten is None]


def forget_run(ledger: Ledger, one: Candidate, *, unfinished: bool) -> int:
    """Takes the people out of the run, for good; of how many rows.

    Raises:
        UsageError: it is unfinished, and that was not agreed to.
        BusyError: another process holds it.
        LedgerError: the ledger cannot be written.
    """
    name = one.record.name
    if one.forgotten is not None:
        return 0
    if one.unfinished and not unfinished:
        raise UsageError(
            f"run {name} is unfinished: {one.waiting} rows are still to be called, and {one.unknown} are unknown",
            cure=resume_or_forget(name),
        )
    # A load that was killed has left people in the ledger whom no run shows.
    ledger.drafts.expire()
    window = RunPlan.model_validate_json(one.record.plan).call_again_after
    with ledger.hold(one.record, call_again_after=window):
        return ledger.forget(one.record, drop_waiting=unfinished)


def left_elsewhere(ledger: Ledger, records: list[RunRecord]) -> list[Path]:
    """Files that may still hold the same people, and that are nobody's to remove but the user's."""
    results = [Path(record.results_path) for record in records if record.results_path]
    return [path for path in results if path.exists()] + copies_beside(ledger.home)


def wipe(ledger_home: Path) -> None:
    """Writes the ledger's file anew: what was taken out stands in it until then.

    Raises:
        LedgerError: the disk is in trouble.
    """
    scrub(ledger_home)


def _candidate(ledger: Ledger, record: RunRecord) -> Candidate:
    counts = ledger.read.rows.count_states(record.id)
    return Candidate(
        record=record,
        rows=sum(counts.values()),
        waiting=sum(counts.get(state, 0) for state in UNDONE),
        unknown=counts.get(RowState.UNKNOWN, 0),
        forgotten=ledger.read.runs.forgotten_at(record.id),
    )
