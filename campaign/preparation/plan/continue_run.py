"""Rules for continuing an existing run: its pace, service and results file, and when it is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from campaign.config.run_plan import RunPlan, faster
from campaign.config.settings import SANDBOX_SERVICE
from campaign.domain.cures import Cure, CureCode
from campaign.domain.cures.runs import rerun_rejected
from campaign.domain.errors import NothingNewError, UsageError
from campaign.domain.model import RowState
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.runs import RunRecord


@dataclass(frozen=True, slots=True)
class SameSheet:
    """Earlier run of the same sheet: `unfinished` rows can be resumed; with none, the run is done."""

    record: RunRecord
    unfinished: int
    counts: Mapping[RowState, int]


def compare(ledger: Ledger, same: RunRecord) -> SameSheet:
    """Counts the unfinished rows of the earlier run of a sheet."""
    counts = ledger.read.rows.count_states(same.id)
    # What is `sending` was left by a crash, or is on its way in another process; a resume tells them apart.
    unfinished = ledger.read.rows.count_waiting(same.id, from_round=0) + counts.get(RowState.SENDING, 0)
    return SameSheet(record=same, unfinished=unfinished, counts=counts)


def refuse_done(same: SameSheet) -> None:
    """Refuses to run a sheet again whose run is finished.

    Raises:
        NothingNewError: it is finished; names the run, and what can be done instead.
    """
    if same.unfinished:
        return
    name = same.record.name
    rejected = (rerun_rejected(name),) if same.counts.get(RowState.REJECTED) else ()
    raise NothingNewError(
        f"this sheet was run under this template already, as {name}, and is finished",
        cure=(*rejected, Cure(CureCode.RUN_AGAIN)),
    )


def plan_of_record(record: RunRecord, *, rate: float | None, max_in_flight: int | None) -> RunPlan:
    """Plan of the stored run, with the pace that the flags ask for."""
    return faster(RunPlan.model_validate_json(record.plan), rate=rate, max_in_flight=max_in_flight)


def refuse_other_service(record: RunRecord, *, service: str) -> None:
    """Refuses to continue at another service: calls to a stand-in would be recorded as calls to people.

    Raises:
        UsageError: the services differ; names both.
    """
    if record.service != service:
        raise UsageError(
            f"run {record.name} makes its calls at {record.service}, and this command would make them at {service}",
            cure=Cure(CureCode.REHEARSE if record.service == SANDBOX_SERVICE else CureCode.USE_SERVICE_ADDRESS),
        )


def results_path(record: RunRecord, *, asked: Path | None) -> Path:
    """Path of the results file: the flag's, else the earlier one, else in the current folder."""
    if asked is not None:
        return asked.absolute()
    return Path(record.results_path) if record.results_path else Path.cwd() / f"{record.name}.results.csv"
