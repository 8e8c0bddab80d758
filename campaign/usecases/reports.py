"""Use cases status and report: counts and reasons of runs from the ledger, and their results as a file."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from campaign.domain.instants import to_text
from campaign.domain.model import RowState
from campaign.export.printable import group_of
from campaign.ledger.port.ledger import ReadableLedger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.runs import RunRecord, SkippedRows

_EXPLAINED = (RowState.REJECTED, RowState.UNKNOWN, RowState.INVALID, RowState.SKIPPED)
MOST_REASONS = 200


@dataclass(frozen=True, slots=True)
class RunReport:
    """Report of a run: its counts, and the reasons of rows that were not created, the most frequent first.

    Attributes:
        reasons: in full, the first 200 of each state.
        groups: without what differs from row to row, where rows differ in it; of all but the skipped rows.
        skipped: the skipped rows by their codes.
    """

    record: RunRecord
    counts: Mapping[RowState, int]
    reasons: Mapping[RowState, list[tuple[str, int]]] = field(default_factory=dict)
    groups: Mapping[RowState, list[tuple[str, int]]] = field(default_factory=dict)
    skipped: Sequence[SkippedRows] = ()


def report_all(ledger: ReadableLedger) -> list[RunReport]:
    """Reports all runs, oldest first, without reasons."""
    return [RunReport(record, counts=ledger.read.rows.count_states(record.id)) for record in ledger.read.runs.all()]


def report_run(ledger: ReadableLedger, name: str) -> RunReport:
    """Reports one run, with reasons.

    Raises:
        UsageError: there is no such run.
    """
    record = named_run(ledger, name)
    counts = ledger.read.rows.count_states(record.id)
    found = {state: reasons_of(ledger, record, state) for state in _EXPLAINED if counts.get(state)}
    return RunReport(
        record,
        counts=counts,
        reasons={state: first for state, (first, _) in found.items()},
        groups={state: groups for state, (_, groups) in found.items() if state is not RowState.SKIPPED},
        skipped=ledger.read.rows.count_skipped(record.id) if counts.get(RowState.SKIPPED) else (),
    )


def reasons_of(
    ledger: ReadableLedger, record: RunRecord, state: RowState
) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """The first reasons in full, and all of them without what differs from row to row.

    There may be as many as rows, so they are taken as they come. One that stands for itself alone stays whole.
    """
    first, rows, texts = list[tuple[str, int]](), Counter[str](), dict[str, str]()
    for reason, count in ledger.read.rows.count_reasons(record.id, state):
        if len(first) < MOST_REASONS:
            first.append((reason, count))
        if state is RowState.SKIPPED:  # grouped by their codes, which are at hand
            continue
        group = group_of(reason)
        rows[group] += count
        texts[group] = group if group in texts else reason
    return first, [(texts[group], count) for group, count in rows.most_common()]


def elsewhere_warning(asked: Path, written: Path) -> str | None:
    """Warning when the results file was written to another path than the one asked for."""
    from campaign.export.atomic_write import elsewhere  # noqa: PLC0415 - start-up: a status writes no file

    return elsewhere(asked, written=written)


def result_lines(ledger: ReadableLedger, name: str) -> Iterator[str]:
    """The run's results as JSON lines, in the sheet's order; the ledger must stay open while they are read.

    Raises:
        UsageError: there is no such run.
    """
    from campaign.engine.results_file import result_columns  # noqa: PLC0415 - start-up: a status writes no file
    from campaign.export.json_rows import json_objects  # noqa: PLC0415 - likewise

    record = named_run(ledger, name)
    rows = ledger.read.rows.results(record.id)
    return json_objects(record.header, rows, columns=result_columns(ledger, record))


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
