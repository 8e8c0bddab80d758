"""Use case files: a file of a run by its name: its results in each format, its report, or only its problems."""

from collections.abc import Iterator
from pathlib import Path

from campaign.domain.errors import UsageError
from campaign.domain.model import RowState
from campaign.export.formats import ENDINGS
from campaign.export.problems import write_problems
from campaign.ledger.port.ledger import ReadableLedger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.runs import RunRecord
from campaign.usecases.reports import write_report

PROBLEMS = "problems"
_PROBLEMS = (RowState.INVALID, RowState.REJECTED)
"""An unknown row may have been called: it is in no sheet that is called again."""
_AT_ONCE = 500


def ending_of(what: str) -> str:
    """The ending of a file's name.

    Raises:
        UsageError: there is no such file of a run.
    """
    if what == PROBLEMS:
        return ".csv"
    if f".{what}" not in ENDINGS:
        raise UsageError(f"there is no file {what!r} of a run")
    return f".{what}"


def write_run_file(ledger: ReadableLedger, run: str, *, what: str, path: Path) -> Path:
    """Writes that file of the run; returns the path really written.

    Args:
        ledger: where the run is.
        run: its name.
        what: `problems`, or a format of results without its dot.
        path: where it goes; with the file's ending.

    Raises:
        UsageError: there is no such run or file, or it cannot be written.
    """
    if what == PROBLEMS:
        return write_run_problems(ledger, named_run(ledger, run), path)
    return write_report(ledger, run, path)


def write_run_problems(ledger: ReadableLedger, record: RunRecord, path: Path) -> Path:
    """Writes the invalid and rejected rows, each with its reason last; returns the path really written.

    Raises:
        UsageError: the file cannot be written.
    """
    return write_problems(path, header=record.header, rows=_rows(ledger, record))


def _rows(ledger: ReadableLedger, record: RunRecord) -> Iterator[tuple[tuple[str, ...], str]]:
    after = 0
    while page := ledger.read.runs.watch.rows(record.id, state=_PROBLEMS, after=after, most=_AT_ONCE):
        yield from ((row.cells, row.reason or "") for row in page)
        after = page[-1].number
