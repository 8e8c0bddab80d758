"""Use cases status and report: counts and reasons of runs from the ledger, and their results as a file."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from campaign.domain.instants import to_text
from campaign.domain.model import RowState
from campaign.domain.result_row import ResultRow
from campaign.domain.skip_reason import SkipReason
from campaign.export.printable import group_of
from campaign.ledger.port.ledger import ReadableLedger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.runs import RunRecord, SkippedRows
from campaign.ledger.records.workers import PATIENCE

_EXPLAINED = (RowState.REJECTED, RowState.UNKNOWN, RowState.INVALID, RowState.SKIPPED)
MOST_REASONS = 200
WORKER_PATIENCE = PATIENCE
"""A worker that is silent for longer may have ended."""
_AT_ONCE = 500
_CALLED = (
    SkipReason.CALLED_BEFORE,
    SkipReason.CALLED_RECENTLY,
    SkipReason.CALLED_MEANWHILE,
    SkipReason.SUPERSEDED,
    SkipReason.CHANGED,
)
"""Why a row is left out whose person another run has called."""


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


def result_lines(ledger: ReadableLedger, name: str, *, all_runs: bool = False) -> Iterator[str]:
    """The run's results as JSON lines, in the sheet's order; the ledger must stay open while they are read.

    With `all_runs`, a row that was left out since another run of its template has called its person shows that call.

    Raises:
        UsageError: there is no such run.
    """
    from campaign.export.json_rows import json_objects  # noqa: PLC0415 - likewise

    record = named_run(ledger, name)
    rows = _rows(ledger, record, all_runs=all_runs)
    return json_objects(record.header, rows, columns=_columns(ledger, record, all_runs=all_runs))


def write_report(ledger: ReadableLedger, name: str, path: Path, *, all_runs: bool = False) -> Path:
    """Writes the run's results in the format of the file's ending; the path really written. `all_runs` as above.

    Raises:
        UsageError: there is no such run, no such format, or something else stands there.
    """
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
    writer, columns = writer_for(path, about=about), _columns(ledger, record, all_runs=all_runs)
    return writer(path, header=record.header, rows=_rows(ledger, record, all_runs=all_runs), columns=columns)


def _columns(ledger: ReadableLedger, record: RunRecord, *, all_runs: bool) -> tuple[str, ...]:
    from campaign.engine.results_file import result_columns  # noqa: PLC0415 - start-up: a status writes no file

    if not all_runs:
        return result_columns(ledger, record)
    same = [one for one in ledger.read.runs.all() if _is_kin(one, record)]
    found = [result_columns(ledger, one) for one in same]
    # Each begins with the same ones; after them come the values that were collected in its calls.
    return tuple(dict.fromkeys(column for columns in sorted(found, key=len, reverse=True) for column in columns))


def _rows(ledger: ReadableLedger, record: RunRecord, *, all_runs: bool) -> Iterator[ResultRow]:
    rows = iter(ledger.read.rows.results(record.id))
    if not all_runs:
        yield from rows
        return
    while page := list(islice(rows, _AT_ONCE)):
        elsewhere = _called_elsewhere(ledger, record, page)
        yield from (_seen(row, elsewhere.get(row.phone or "")) for row in page)


def _called_elsewhere(ledger: ReadableLedger, record: RunRecord, page: Sequence[ResultRow]) -> Mapping[str, ResultRow]:
    """Number -> the row of another run that called it last, for rows that were left out because of that."""
    phones = [row.phone for row in page if row.skip_reason in _CALLED and row.phone]
    if not phones:
        return {}
    calls = ledger.read.earlier.calls_under(
        phones, service=record.service, template_fingerprint=record.template_fingerprint
    )
    # Oldest first: the last one of a number stays.
    rows = {call.phone: call.row_id for call in calls if call.run_id != record.id}
    found = ledger.read.rows.results_of(list(set(rows.values())))
    return {phone: found[row_id] for phone, row_id in rows.items() if row_id in found}


def _seen(row: ResultRow, other: ResultRow | None) -> ResultRow:
    """The row with what the other run has of it; its `_error` still says which run that is."""
    if other is None or row.skip_reason not in _CALLED:
        return row
    return replace(
        row,
        status=other.status,
        call_id=other.call_id,
        attempts=other.attempts,
        submitted_at=other.submitted_at,
        delayed_until=other.delayed_until,
        outcome=other.outcome,
    )


def _is_kin(one: RunRecord, record: RunRecord) -> bool:
    return (one.service, one.template_fingerprint) == (record.service, record.template_fingerprint)
