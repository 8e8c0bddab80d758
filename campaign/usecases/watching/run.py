"""Use case watch: how a run stands at this moment, no matter who dials it."""

from dataclasses import dataclass

from campaign.domain.model import RowState
from campaign.ledger.port.ledger import ReadableLedger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.runs import UNDONE, RunRecord
from campaign.usecases.reports import RunReport

__all__ = ["RUNS_ON_A_PAGE", "RunRecord", "RunsPage", "WatchedRun", "named_run", "watch_run", "watch_runs"]

RUNS_ON_A_PAGE = 25


@dataclass(frozen=True, slots=True)
class WatchedRun:
    """A run at this moment.

    Attributes:
        is_held: a process works on it, this one or another.
        forgotten: when its people were erased; None when they were not.
    """

    report: RunReport
    is_held: bool
    forgotten: str | None

    @property
    def record(self) -> RunRecord:
        """The run."""
        return self.report.record

    @property
    def waiting(self) -> int:
        """Rows that are still to be called."""
        return sum(self.report.counts.get(state, 0) for state in UNDONE)

    def count(self, state: RowState) -> int:
        """Rows that stand so."""
        return self.report.counts.get(state, 0)


@dataclass(frozen=True, slots=True)
class RunsPage:
    """A page of runs, newest first; `after` is the number by which the next page is asked for, None on the last."""

    runs: tuple[WatchedRun, ...]
    after: int | None


def watch_run(ledger: ReadableLedger, name: str) -> WatchedRun:
    """The run of that name.

    Raises:
        UsageError: there is none.
    """
    return _watched(ledger, named_run(ledger, name), held=ledger.read.runs.watch.held())


def watch_runs(ledger: ReadableLedger, *, before: int | None) -> RunsPage:
    """A page of runs: the newest, or those before the one with that number."""
    records = ledger.read.runs.watch.runs(before=before, most=RUNS_ON_A_PAGE + 1)
    held = ledger.read.runs.watch.held()
    shown = records[:RUNS_ON_A_PAGE]
    more = shown[-1].id if len(records) > RUNS_ON_A_PAGE else None
    return RunsPage(tuple(_watched(ledger, record, held=held) for record in shown), more)


def _watched(ledger: ReadableLedger, record: RunRecord, *, held: frozenset[int]) -> WatchedRun:
    report = RunReport(record, counts=ledger.read.rows.count_states(record.id))
    return WatchedRun(report, record.id in held, ledger.read.runs.forgotten_at(record.id))
