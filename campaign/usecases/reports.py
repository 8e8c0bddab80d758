"""What became of runs, as the ledger tells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from campaign.domain.instants import to_text
from campaign.domain.model import RowState
from campaign.ledger.port.ledger import ReadableLedger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.runs import RunRecord

_EXPLAINED = (RowState.REJECTED, RowState.UNKNOWN, RowState.INVALID, RowState.SKIPPED)
MOST_REASONS = 20


@dataclass(frozen=True, slots=True)
class RunReport:
    """A run, its counts, and for the rows that were not created the reasons, the most frequent first."""

    record: RunRecord
    counts: Mapping[RowState, int]
    reasons: Mapping[RowState, list[tuple[str, int]]]


def report_all(ledger: ReadableLedger) -> list[RunReport]:
    """All runs, oldest first, without reasons."""
    return [
        RunReport(record, counts=ledger.read.rows.count_states(record.id), reasons={})
        for record in ledger.read.runs.all()
    ]


def report_run(ledger: ReadableLedger, name: str) -> RunReport:
    """One run.

    Raises:
        UsageError: there is no such run.
    """
    record = named_run(ledger, name)
    reasons = {state: ledger.read.rows.count_reasons(record.id, state)[:MOST_REASONS] for state in _EXPLAINED}
    return RunReport(
        record,
        counts=ledger.read.rows.count_states(record.id),
        reasons={state: found for state, found in reasons.items() if found},
    )


def elsewhere_warning(asked: Path, written: Path) -> str | None:
    """What is to be said when the results could not be written where they were asked for."""
    from campaign.export.atomic_write import elsewhere  # noqa: PLC0415 - start-up: a status writes no file

    return elsewhere(asked, written=written)


def write_report(ledger: ReadableLedger, name: str, path: Path) -> Path:
    """Writes the run's results in the format of the file's ending; the path really written.

    Raises:
        UsageError: there is no such run, no such format, or something else stands there.
    """
    from campaign.engine.results_file import result_columns  # noqa: PLC0415 - start-up: a status writes no file
    from campaign.export.about import About  # noqa: PLC0415 - likewise
    from campaign.export.formats import writer_for  # noqa: PLC0415 - likewise

    record = named_run(ledger, name)
    about = About(
        run=record.name,
        sheet=record.sheet,
        service=record.service,
        begun=record.created_at,
        written=to_text(ledger.now()),
    )
    writer, columns = writer_for(path, about=about), result_columns(ledger, record)
    return writer(path, header=record.header, rows=ledger.read.rows.results(record.id), columns=columns)
