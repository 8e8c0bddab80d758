"""Results file of a run: its columns, and the lines that it gets during the run."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from campaign.domain.cures import Message
from campaign.domain.instants import to_text
from campaign.domain.model import ClaimRefused, Created, NotSent, Rejected, RowState, Settled, Unknown
from campaign.domain.result_row import ResultRow
from campaign.export.columns import columns_with
from campaign.ledger.port.ledger import ReadableLedger
from campaign.ledger.records.runs import RunRecord, WaitingRow

_STATUS: Mapping[type, RowState] = {
    Created: RowState.CREATED,
    Rejected: RowState.REJECTED,
    Unknown: RowState.UNKNOWN,
    ClaimRefused: RowState.SKIPPED,
}


def result_columns(ledger: ReadableLedger, record: RunRecord) -> tuple[str, ...]:
    """The columns of a run's results at this moment: more once its calls were polled."""
    followed = ledger.read.outcomes.was_followed(record.id)
    return columns_with(ledger.read.outcomes.value_names(record.id) if followed else None)


class ResultsFile(Protocol):
    """Port of the results file, which grows while the run goes on; see `LiveResults`."""

    @property
    def trouble(self) -> Message | None:
        """What is wrong with it; None while it holds all that it should."""

    def append(self, *rows: ResultRow) -> None:
        """Writes a line for each of these rows."""

    def finish(self, rows: Iterable[ResultRow]) -> Path | None:
        """Replaces it by one that holds these rows; returns the path really written."""


class NoResults:
    """No results file: for a dialling of which nobody is to find anything."""

    trouble = None

    def append(self, *rows: ResultRow) -> None:
        """Writes nothing."""

    def finish(self, rows: Iterable[ResultRow]) -> None:
        """Writes nothing."""


class LiveLines:
    """Writes a results line for a row when its event arrives, without reading the ledger again."""

    def __init__(self, live: ResultsFile) -> None:
        self._live = live
        self._cells: dict[int, tuple[str, ...]] = {}

    def expect(self, row: WaitingRow) -> None:
        """Stores the cells of a row that is about to be dialled; only those of rows in flight are kept."""
        self._cells[row.id] = row.cells

    def write(self, events: Sequence[object]) -> None:
        """Writes the lines of the rows that have settled."""
        ended = [one for one in events if isinstance(one, Settled) and not isinstance(one.outcome, NotSent)]
        if ended:
            self._live.append(*map(self._row, ended))

    def _row(self, settled: Settled) -> ResultRow:
        attempt, outcome = settled.attempt, settled.outcome
        recently = isinstance(outcome, ClaimRefused)
        sent_at = None if recently or attempt.claimed_at is None else to_text(attempt.claimed_at)
        return ResultRow(
            number=attempt.row_number,
            cells=self._cells.pop(attempt.row_id, ()),
            status=_STATUS[type(outcome)].value,
            call_id=outcome.call_id if isinstance(outcome, Created) else None,
            error=None if isinstance(outcome, Created) else outcome.reason,
            attempts=attempt.number - recently,
            phone=attempt.phone,
            submitted_at=sent_at,
            delayed_until=to_text(attempt.delayed_until) if attempt.delayed_until and sent_at else None,
            skip_reason=outcome.why.code if isinstance(outcome, ClaimRefused) else None,
        )
