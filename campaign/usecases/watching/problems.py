"""Use case problems: the rows of a run that could not be called, as a sheet to be corrected and uploaded again."""

from collections.abc import Iterator
from pathlib import Path

from campaign.domain.model import RowState
from campaign.export.problems import write_problems
from campaign.ledger.port.ledger import ReadableLedger
from campaign.ledger.records.runs import RunRecord

_PROBLEMS = (RowState.INVALID, RowState.REJECTED)
"""An unknown row may have been called: it is in no sheet that is called again."""
_AT_ONCE = 500


def write_run_problems(ledger: ReadableLedger, record: RunRecord, path: Path) -> Path:
    """Writes the invalid and rejected rows, each with its reason last; returns the path really written.

    Raises:
        UsageError: the file cannot be written.
    """
    return write_problems(path, header=record.header, rows=_rows(ledger, record))


def _rows(ledger: ReadableLedger, record: RunRecord) -> Iterator[tuple[tuple[str, ...], str]]:
    after = 0
    while page := ledger.read.watch.rows(record.id, state=_PROBLEMS, after=after, most=_AT_ONCE):
        yield from ((row.cells, row.reason or "") for row in page)
        after = page[-1].number
