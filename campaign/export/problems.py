"""Problems file: a sheet of only the rows that cannot be called, with their problems, to be corrected and run again."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from campaign.domain.errors import UsageError
from campaign.export.atomic_write import write_whole
from campaign.export.columns import PROBLEM_COLUMN, fitted
from campaign.export.csv import BOM, line
from campaign.export.overwrite_guard import shown
from campaign.export.printable import visible

_ENDING = ".csv"


def write_problems(path: Path, *, header: Sequence[str], rows: Iterable[tuple[tuple[str, ...], str]]) -> Path:
    """Writes the rows, each with its cells as in the sheet and its problem last; returns the path actually written.

    The rows are taken as they are written, so a sheet of any length passes through.

    Raises:
        UsageError: something else stands there, or the file cannot be written; what was there still is.
    """
    refuse_other_format(path)
    return write_whole(path, chunks=_lines(header, rows))


def refuse_other_format(path: Path) -> None:
    """Refuses a path whose extension means another format.

    Raises:
        UsageError: it does not end in .csv.
    """
    if path.suffix.lower() != _ENDING:
        raise UsageError(f"problems file {shown(path)}: it is written as CSV; let its name end in {_ENDING}")


def _lines(header: Sequence[str], rows: Iterable[tuple[tuple[str, ...], str]]) -> Iterator[str]:
    yield BOM + line([*header, PROBLEM_COLUMN])
    for cells, problem in rows:
        yield line([*fitted(cells, width=len(header)), visible(problem)])
