"""A workbook's sheet becomes a table: which row names the columns, which columns there are, and which rows are meant."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from campaign.errors import SheetError, UndecidedError
from campaign.intake.choices import Choices
from campaign.intake.grid import Grid, Line
from campaign.intake.own_results import is_own_results


@dataclass(frozen=True, slots=True)
class Table:
    """Its header, and its rows as wide as the header."""

    header: tuple[str, ...]
    header_row: int
    lines: Iterator[Line]
    notices: tuple[str, ...]


def laid_out(grid: Grid, choices: Choices) -> Table:
    """Finds the header, and what was hidden.

    Raises:
        UndecidedError: rows are hidden, and only the sheet's owner knows whether they are meant.
        SheetError: there is no such header, or nothing below it.
    """
    top = _top(grid, choices)
    bare = not is_own_results(top.cells)
    header_row = 0 if choices.no_header else top.number
    width = max((index for index, name in enumerate(top.cells, 1) if name.strip()), default=0)
    seen = _Seen(width)
    if width < grid.width or grid.unseen.hidden_rows:
        for line in grid.lines():
            seen.look(line, below=header_row, hidden=grid.unseen.hidden_rows)
    hidden = seen.hidden
    if hidden and choices.hidden is None:
        raise _undecided(hidden)
    left_out = grid.unseen.hidden_rows if choices.hidden == "skip" else frozenset[int]()
    header = [f"#{index}" for index in range(1, seen.width + 1)] if choices.no_header else top.cells[: seen.width]
    lines = _rows(grid, header_row, seen.width, bare, left_out)
    return Table(tuple(header), header_row, lines, tuple(_notices(grid, hidden, choices, header)))


def described(grid: Grid) -> str:
    """What a sheet holds, in a few words, for one who has to choose: `12 rows: Name, Phone, City`."""
    first, rows = None, -1
    for line in grid.lines():
        first, rows = first or line, rows + 1
    if first is None:
        return ""
    names = [name.strip()[:30] for name in first.cells if name.strip()]
    more = ", ..." if len(names) > 4 else ""  # noqa: PLR2004 - as many as are told apart at a glance
    return f"{rows:,} {'row' if rows == 1 else 'rows'}: {', '.join(names[:4])}{more}"


def _top(grid: Grid, choices: Choices) -> Line:
    """The first row that counts: the header, or the first person."""
    wanted = choices.header_row
    lines = grid.lines(bare=False)
    if wanted is None:
        top = next(lines, None)
        if top is None:
            raise SheetError("no contacts in the sheet; add a row with the columns' names, and one for each contact")
        return top
    if not 1 <= wanted <= grid.height:
        raise SheetError(f"no row {wanted} in the sheet, which ends at row {grid.height}; --header-row must be within it")
    top = next((line for line in lines if line.number >= wanted), None)
    if top is None or top.number != wanted:
        raise SheetError(f"row {wanted} is blank; --header-row must name the row that holds the columns' names")
    return top


def _undecided(hidden: int) -> UndecidedError:
    rows = f"{hidden:,} hidden {'row' if hidden == 1 else 'rows'}"
    return UndecidedError(
        f"{rows} (hidden, filtered or folded away): say --skip-hidden to leave them out, or --include-hidden",
        choice="hidden",
        options=[("skip", f"leave the {rows} out"), ("include", f"read the {rows} like all others")],
    )


def _rows(grid: Grid, header_row: int, width: int, bare: bool, left_out: set[int] | frozenset[int]) -> Iterator[Line]:  # noqa: FBT001 - private
    for line in grid.lines(bare=bare):
        if line.number > header_row and line.number not in left_out:
            yield line if len(line.cells) == width else line._replace(cells=line.cells[:width])


def _notices(grid: Grid, hidden: int, choices: Choices, header: list[str]) -> Iterator[str]:
    rows = "row is" if hidden == 1 else "rows are"
    if hidden:
        yield f"{hidden:,} hidden {rows} {'left out' if choices.hidden == 'skip' else 'read like all others'}"
    if not grid.unseen.tells_hidden:
        yield "this format does not tell whether rows are hidden or filtered: all rows are read"
    folded = [header[index - grid.first] for index in sorted(grid.unseen.hidden_columns) if index - grid.first in range(len(header))]
    if folded:
        yield f"hidden columns are read as well: {', '.join(map(repr, folded[:10]))}{', ...' if len(folded) > 10 else ''}"  # noqa: PLR2004
    if grid.merged:
        yield f"{len(grid.merged):,} merged {'cell' if len(grid.merged) == 1 else 'cells'}: only the first cell of each has the value"
    if grid.unseen.formulas:
        count = grid.unseen.formulas
        yield f"{count:,} {'cell holds a formula' if count == 1 else 'cells hold formulas'}: the results saved with the file are used"


class _Seen:
    """What one look through all rows finds out, where the header alone does not say it."""

    def __init__(self, width: int) -> None:
        self.width, self.hidden = width, 0

    def look(self, line: Line, *, below: int, hidden: set[int]) -> None:
        if line.number < below:
            return
        if line.number > below and line.number in hidden:
            self.hidden += 1
        beyond = islice(enumerate(line.cells, 1), self.width, None)
        # Formatting, and blanks, can stretch a sheet over thousands of columns.
        self.width = max((index for index, cell in beyond if cell.strip()), default=self.width)
