"""Reads our own files (results, problems) fed back as a sheet: removes our columns and formula guards."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from campaign.domain.model import Row
from campaign.domain.sheet import Sheet

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

OWN_SHEETS = ("Campaign results", "Campaign summary")
"""The sheets of a workbook of results: the rows are in the first."""

# The column that a sheet of problems has beside its owner's.
_PROBLEM = "_problem"
CORRECT_ROW = "correct the row so that each value stands in its own column"
"""Cure for a row whose cells may be in the wrong columns."""
UNTIL_EMPTIED = "correct this row, then empty this cell: "
"""How the `_problem` of a row begins that a file of ours cannot show as damaged as it was: until its owner says
otherwise by emptying it, the row is not read."""
# The columns in which a file of ours gives a row's problem.
_TOLD = ("_error", _PROBLEM)


def is_own_results(header: Collection[str]) -> bool:
    """Whether these are the columns of one of our results files."""
    return _MARKS.issubset(header)


def is_own_file(header: Collection[str]) -> bool:
    """Whether these are the columns of a file of ours: of results, or of the rows that cannot be called."""
    return is_own_results(header) or _PROBLEM in header


def without_own_columns(sheet: Sheet, *, guarded: bool) -> Sheet:
    """Reduces a file of ours to the user's own columns; returns any other sheet unchanged.

    Args:
        sheet: what was read.
        guarded: whether its text cells carry guards, as they do in CSV and not in a workbook.
    """
    if is_own_results(sheet.header):
        kept = tuple(index for index, name in enumerate(sheet.header) if not _is_own(name))
    elif is_own_file(sheet.header):
        kept = tuple(index for index, name in enumerate(sheet.header) if name != _PROBLEM)
    else:
        return sheet
    header = tuple(bare(sheet.header[index], guarded) for index in kept)
    told = tuple((index, name) for index, name in enumerate(sheet.header) if name in _TOLD and index not in kept)
    return replace(sheet, header=header, rows=_kept_rows(_still_damaged(sheet.rows, told), kept, guarded))


def _still_damaged(rows: Iterator[Row], told: tuple[tuple[int, str], ...]) -> Iterator[Row]:
    """A row of too few fields is whole again in a file of ours, and its values are under the wrong names as before."""
    for row in rows:
        name = next((name for index, name in told if _is_unread(row.cells[index])), None)
        if name is None or row.damage is not None:
            yield row
        else:
            yield row._replace(damage=f"not corrected yet, or its cell in {name!r} is not empty yet")


def _is_unread(said: str) -> bool:
    return said.startswith(UNTIL_EMPTIED) or CORRECT_ROW in said


def _is_own(name: str) -> bool:
    return name in _OWN or name.startswith(_COLLECTED)


def _kept_rows(rows: Iterator[Row], kept: tuple[int, ...], guarded: bool) -> Iterator[Row]:  # noqa: FBT001 - private
    places = {index: place for place, index in enumerate(kept)}
    for row in rows:
        cells = tuple(bare(row.cells[index], guarded) for index in kept)
        marks = tuple((places[index], mark) for index, mark in row.marks if index in places)
        yield row._replace(cells=cells, marks=marks)


def bare(cell: str, guarded: bool) -> str:  # noqa: FBT001 - read as it is written: bare, if guarded
    """Restores a cell of a file of ours to what it was in the user's sheet."""
    # The results put an apostrophe before every cell that could run as a formula, and before every cell that begins
    # with an apostrophe itself: so in a file of ours the first one is never the user's.
    return cell.removeprefix("'") if guarded else cell
