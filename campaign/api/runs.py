"""`status`: the runs of a ledger, or one of them, with the number of rows in each state."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import overload

from campaign.api.arguments import AnyPath
from campaign.api.error_text import worded_errors
from campaign.api.surroundings import surroundings
from campaign.domain.instants import from_text
from campaign.domain.model import RowState
from campaign.domain.result_row import progress_of
from campaign.presentation.endings.run_reasons import reasons_as_dict
from campaign.presentation.masking import mask_for
from campaign.usecases.context import ledger_to_read
from campaign.usecases.reports import RunReport, report_all, report_run


@dataclass(frozen=True, slots=True)
class Counts:
    """Number of a run's rows in each state. A row that is in flight, or waits for another attempt, is pending."""

    created: int = 0
    rejected: int = 0
    unknown: int = 0
    pending: int = 0
    invalid: int = 0
    skipped: int = 0

    @property
    def total(self) -> int:
        """All rows of the sheet."""
        return sum(getattr(self, each.name) for each in fields(self))


@dataclass(frozen=True, slots=True)
class Run:
    """Run as recorded in the ledger now.

    Attributes:
        name: what `resume`, `rerun`, `follow`, `status` and `results` take.
        sheet: the sheet's file name.
        service: where its calls are made: `sandbox`, `loopback`, or AICaller's address.
        created_at: UTC.
        results_file: None when none was written yet.
        counts: number of its rows in each state.
        reasons: status -> reason -> how many rows, of the rejected, unknown and invalid ones, the most frequent first;
            texts that differ only in what differs from row to row are one. Of `status(run)` only, else empty.
        skipped: code of the reason (`duplicate`, `suppressed`, `called_recently`, ...) -> how many rows; likewise.
    """

    name: str
    sheet: str
    service: str
    created_at: datetime
    results_file: Path | None
    counts: Counts
    reasons: Mapping[str, Mapping[str, int]]
    skipped: Mapping[str, int]


@overload
def status(
    run: None = None,
    *,
    home: AnyPath | None = None,
    environment: Mapping[str, str] | None = None,
    now: Callable[[], datetime] | None = None,
) -> list[Run]: ...


@overload
def status(
    run: str,
    *,
    home: AnyPath | None = None,
    environment: Mapping[str, str] | None = None,
    now: Callable[[], datetime] | None = None,
) -> Run: ...


def status(
    run: str | None = None,
    *,
    home: AnyPath | None = None,
    environment: Mapping[str, str] | None = None,
    now: Callable[[], datetime] | None = None,
) -> list[Run] | Run:
    """Reports one run by its name, or all runs, oldest first; also while a run is being dialled.

    Args:
        run: its name; None for all.
        home: the ledger's folder; None for CAMPAIGN_HOME, or this system's place for a program's data.
        environment: None for the process's.
        now: the wall clock, aware; None for the machine's.

    Raises:
        UsageError: there is no such run.
        LedgerError: the ledger cannot be opened, or trusted.
    """
    with worded_errors(), ledger_to_read(surroundings(home=home, environment=environment, now=now)) as ledger:
        if run is None:
            return [_as_run(report) for report in report_all(ledger)]
        return _as_run(report_run(ledger, run))


def counts_of(counts: Mapping[RowState, int]) -> Counts:
    """Converts the ledger's counts to the statuses of the results."""
    return Counts(**dict(progress_of(counts)))


def _as_run(report: RunReport) -> Run:
    record, said = report.record, reasons_as_dict(report, mask=mask_for(show_numbers=True))
    return Run(
        name=record.name,
        sheet=record.sheet,
        service=record.service,
        created_at=from_text(record.created_at),
        results_file=Path(record.results_path) if record.results_path else None,
        counts=counts_of(report.counts),
        reasons=said["reason_groups"],
        skipped=said["skip_reasons"],
    )
