"""Table of a sheet: its header row, its columns, and the rows to read."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from campaign.domain.cures import Cure, CureCode, Setting
from campaign.domain.errors import SheetError, UndecidedError
from campaign.intake.files.own_results import is_own_results
from campaign.intake.files.read_options import Choices
from campaign.intake.workbook.grid import Grid, GridRow

_SHOWN = 4  # column names that tell one sheet from another
_LISTED = 10
_SHOWN_CODE = 40


@dataclass(frozen=True, slots=True)
class Table:
    """Table: a header, and rows as wide as the header; `header_row` and `notices` as in `model.Sheet`."""

    header: tuple[str, ...]
    header_row: int
    lines: Iterator[GridRow]
    notices: tuple[str, ...]


def laid_out(grid: Grid, choices: Choices) -> Table:
    """Finds the header, and which rows are hidden.

    Raises:
        UndecidedError: rows are hidden, and only the sheet's owner knows whether they are meant.
        SheetError: there is no such header.
    """
    top = _top(grid, choices.header_row)
    header_row = 0 if choices.no_header else top.number
    width, hidden = _seen(grid, top, header_row)
    if hidden and choices.hidden is None:
        raise _undecided(hidden)
    header = [f"#{index}" for index in range(1, width + 1)] if choices.no_header else top.cells[:width]
    # Our own results carry no such apostrophes in a workbook: one that stands there is the user's.
    lines = grid.lines(bare=not is_own_results(top.cells))
    left_out = grid.unseen.hidden_rows if choices.hidden == "skip" else set[int]()
    return Table(
        tuple(header),
        header_row,
        (
            line if len(line.cells) == width else line._replace(cells=line.cells[:width])
            for line in lines
            if line.number > header_row and line.number not in left_out
        ),
        (*_hidden_notices(grid, header, hidden, skipped=choices.hidden == "skip"), *_cell_notices(grid)),
    )


def described(grid: Grid) -> str:
    """Describes a sheet for the choice among several: `12 rows: Name, Phone, City`; empty when it holds nothing."""
    lines = grid.lines()
    first = next(lines, None)
    if first is None:
        return ""
    names = [name.strip()[:30] for name in first.cells if name.strip()]
    more = ", ..." if len(names) > _SHOWN else ""
    return f"{_counted(sum(1 for _ in lines), 'row')}: {', '.join(names[:_SHOWN])}{more}"


def _top(grid: Grid, wanted: int | None) -> GridRow:
    """Finds the first relevant row: the header, or the first person."""
    lines = grid.lines(bare=False)
    if wanted is None:
        top = next(lines, None)
        if top is None:
            raise SheetError("no contacts in it; write the columns' names in its first row, and each contact in a row")
        return top
    if not 1 <= wanted <= grid.height:
        what = f"no row {wanted} in it, it ends at row {grid.height}; "
        raise SheetError(what, Setting.HEADER_ROW, " must be within it")
    top = next((line for line in lines if line.number >= wanted), None)
    if top is None or top.number != wanted:
        raise SheetError(
            f"row {wanted} is blank; ", Setting.HEADER_ROW, " must name the row that holds the columns' names"
        )
    return top


def _seen(grid: Grid, top: GridRow, header_row: int) -> tuple[int, int]:
    """Determines the table's width and number of hidden rows, where the header does not settle both."""
    width, hidden = max((place for place, name in enumerate(top.cells, 1) if name.strip()), default=0), 0
    if width == grid.width and not grid.unseen.hidden_rows:
        return width, hidden
    for line in grid.lines():
        if line.number > header_row:
            hidden += line.number in grid.unseen.hidden_rows
            # Formatting, and blanks, can stretch a sheet over thousands of columns.
            beyond = islice(enumerate(line.cells, 1), width, None)
            width = max((place for place, cell in beyond if cell.strip()), default=width)
    return width, hidden


def _undecided(hidden: int) -> UndecidedError:
    rows = _counted(hidden, "hidden row")
    return UndecidedError(
        f"{rows} (hidden, filtered or folded away)",
        cure=Cure(CureCode.SAY_HIDDEN_ROWS),
        choice="hidden",
        options=[("skip", f"leave the {rows} out"), ("include", f"read the {rows} like all others")],
    )


def _hidden_notices(grid: Grid, header: list[str], hidden: int, *, skipped: bool) -> Iterator[str]:
    if hidden:
        yield f"{_counted(hidden, 'hidden row')} {'left out' if skipped else 'read like all others'}, as asked"
    if not grid.unseen.tells_hidden:
        yield "this kind of file does not tell which rows are hidden or filtered: all of them are read"
    shown = (index - grid.first for index in sorted(grid.unseen.hidden_columns))
    names = [repr(header[index]) for index in shown if 0 <= index < len(header)]
    if names:
        more = ", ..." if len(names) > _LISTED else ""
        yield f"{_counted(len(names), 'hidden column')} read like all others: {', '.join(names[:_LISTED])}{more}"


def _cell_notices(grid: Grid) -> Iterator[str]:
    if merged := len(grid.merged) + grid.unseen.merged:
        yield f"{_counted(merged, 'merged cell')}: only the first of the cells that each covers has its value"
    if formulas := grid.unseen.formulas:
        yield f"{_counted(formulas, 'formula')}: the results that were saved with the file are used"
    for code, count in grid.unseen.unknown_formats.items():
        shown = code[:_SHOWN_CODE].encode("unicode_escape").decode()
        yield f"{_counted(count, 'number')} with a format that is not known here, {shown}: read as bare numbers"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun if count == 1 else noun + 's'}"
