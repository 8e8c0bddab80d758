"""Use case forget: erasure of the personal data of finished runs; which runs, what prevents it, which files remain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from campaign.config.database import ledger_from
from campaign.config.run_plan import RunPlan
from campaign.domain.cures.runs import resume_or_forget
from campaign.domain.errors import UsageError
from campaign.domain.model import RowState
from campaign.export.results_disk import remove_abandoned
from campaign.ledger.home import copies_beside, copies_kept_by, scrub
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.calls_ahead import CallAhead
from campaign.ledger.records.runs import UNDONE, RunRecord
from campaign.usecases.context import Context
from campaign.usecases.serving.uploads import remove_unrecorded

_MOST_AHEAD = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """Run whose personal data may be erased.

    Attributes:
        rows: of the run.
        waiting: pending rows.
        unknown: rows whose answer was lost, and could no longer be reconciled.
        forgotten: when its data was erased, if it was.
        ahead: submitted calls that are still to ring, or may be.
        next_ahead: the first few of those.
    """

    record: RunRecord
    rows: int
    waiting: int
    unknown: int
    forgotten: str | None
    ahead: int = 0
    next_ahead: Sequence[CallAhead] = ()

    @property
    def unfinished(self) -> bool:
        """Whether erasure would lose a pending call, or an unknown answer."""
        return bool(self.waiting or self.unknown)


def candidate(ledger: Ledger, name: str) -> Candidate:
    """The run of that name.

    Raises:
        UsageError: there is none.
    """
    return _candidate(ledger, named_run(ledger, name))


def older_than(ledger: Ledger, age: timedelta) -> list[Candidate]:
    """Runs without a call for so long whose data is not erased yet; oldest first."""
    before = ledger.now() - age
    found = []
    for record in ledger.read.runs.all():
        last = ledger.read.runs.last_claim(record.id) or datetime.fromisoformat(record.created_at)
        if last < before:
            found.append(_candidate(ledger, record))
    return [one for one in found if one.forgotten is None]


def forget_run(ledger: Ledger, one: Candidate, *, unfinished: bool) -> int:
    """Erases the personal data of the run for good; returns the number of rows.

    Raises:
        UsageError: it is unfinished, and that was not agreed to.
        BusyError: another process holds it.
        LedgerError: the ledger cannot be written.
    """
    name = one.record.name
    if one.forgotten is not None:
        remove_unrecorded(ledger)  # of a process that was killed after the erasure
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
        rows = ledger.forget(one.record, drop_waiting=unfinished)
    # Its sheet, where it was uploaded: the record is gone by now.
    remove_unrecorded(ledger)
    return rows


def remove_leftovers(records: list[RunRecord]) -> list[Path]:
    """Removes what killed writers left beside the runs' results files; returns what it removed."""
    folders = {Path(record.results_path).parent for record in records if record.results_path}
    return [path for folder in sorted(folders) for path in remove_abandoned(folder)]


def left_elsewhere(ledger: Ledger, records: list[RunRecord]) -> list[Path]:
    """Files that may still hold the same personal data; only the user may remove them."""
    results = [Path(record.results_path) for record in records if record.results_path]
    return [path for path in results if path.exists()] + copies_beside(
        ledger.home, is_elsewhere=ledger.place != str(ledger.home)
    )


def wipe(context: Context) -> str | None:
    """Wipes the closed ledger's file or tables: erased data stays readable there until then.

    Returns:
        What only the database's operator can wipe; None for a file.

    Raises:
        LedgerError: the disk is in trouble.
    """
    place = ledger_from(context.environment)
    scrub(place)
    return copies_kept_by(place.address)


def _candidate(ledger: Ledger, record: RunRecord) -> Candidate:
    counts = ledger.read.rows.count_states(record.id)
    ahead, next_ahead = ledger.read.earlier.ahead_of_run(record.id, at=ledger.now(), most=_MOST_AHEAD)
    return Candidate(
        record=record,
        rows=sum(counts.values()),
        waiting=sum(counts.get(state, 0) for state in UNDONE),
        unknown=counts.get(RowState.UNKNOWN, 0),
        forgotten=ledger.read.runs.forgotten_at(record.id),
        ahead=ahead,
        next_ahead=next_ahead,
    )
