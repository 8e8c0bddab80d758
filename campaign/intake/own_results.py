"""A file of ours (results, problems) fed back as a sheet: without its own columns and its guards against formulas."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from campaign.model import Row, Sheet

# A sheet with all of these is one of our results files; a sheet of the user's own may have one by chance.
_MARKS = frozenset({"_row", "_status", "_id"})
_OWN = _MARKS | {
    "_error",
    "_attempts",
    "_phone",
    "_submitted_at",
    "_delayed_until",
    "_call_status",
    "_outcome",
    "_duration",
    "_recording_url",
}

# What was collected in the calls, a column for each.
_COLLECTED = "_result_"
# The last column of a sheet of problems.
_PROBLEM = "_problem"


def is_own_results(header: Collection[str]) -> bool:
    """Whether these are the columns of one of our results files."""
    return _MARKS.issubset(header)


def without_own_columns(sheet: Sheet, *, guarded: bool) -> Sheet:
    """The user's own columns of a file of ours; any other sheet as it is.

    Args:
        sheet: what was read.
        guarded: whether its text cells carry guards, as they do in CSV and not in a workbook.
    """
    if is_own_results(sheet.header):
        kept = tuple(index for index, name in enumerate(sheet.header) if not _is_own(name))
    elif sheet.header[-1:] == (_PROBLEM,):
        kept = tuple(range(len(sheet.header) - 1))
    else:
        return sheet
    header = tuple(_bare(sheet.header[index], guarded) for index in kept)
    return replace(sheet, header=header, rows=_kept_rows(sheet.rows, kept, guarded))


def _is_own(name: str) -> bool:
    return name in _OWN or name.startswith(_COLLECTED)


def _kept_rows(rows: Iterator[Row], kept: tuple[int, ...], guarded: bool) -> Iterator[Row]:  # noqa: FBT001 - private
    places = {index: place for place, index in enumerate(kept)}
    for row in rows:
        cells = tuple(_bare(row.cells[index], guarded) for index in kept)
        marks = tuple((places[index], mark) for index, mark in row.marks if index in places)
        yield replace(row, cells=cells, marks=marks)


def _bare(cell: str, guarded: bool) -> str:  # noqa: FBT001 - private, beside its two users
    # The results put an apostrophe before every cell that could run as a formula, and before every cell that begins
    # with an apostrophe itself: so in a file of ours the first one is never the user's.
    return cell.removeprefix("'") if guarded else cell
