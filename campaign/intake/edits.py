"""Edits: what a sheet's owner says of single cells and rows in place of the file, which stays as it is.

Sheet --edited--> Sheet with the new cells --> screening, duplicates, fingerprint and results see nothing else
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from campaign.domain.errors import SheetError
from campaign.domain.model import Row
from campaign.domain.sheet import Sheet

LONGEST_CELL = 32_767
"""Characters of a cell, as in a workbook."""


@dataclass(frozen=True, slots=True)
class CellEdit:
    """A cell's new text.

    Attributes:
        row: the row's number in the sheet.
        place: index of its column.
        column: the column's name; with `before` it tells a cell of another reading of the sheet from this one.
        before: the text of the cell in the file.
        value: the text that counts.
    """

    row: int
    place: int
    column: str
    before: str
    value: str


@dataclass(frozen=True, slots=True)
class Edits:
    """All edits of one sheet.

    Attributes:
        cells: at most one for each cell.
        left_out: numbers of rows that are not to be called.
    """

    cells: tuple[CellEdit, ...] = ()
    left_out: tuple[int, ...] = ()

    def of_row(self, number: int) -> tuple[CellEdit, ...]:
        """The edits of that row's cells, in the order of the columns."""
        return tuple(sorted((one for one in self.cells if one.row == number), key=lambda one: one.place))

    def with_cell(self, edit: CellEdit) -> "Edits":
        """These edits, with that one in place of an earlier one of the same cell; the file's own text takes it back."""
        others = tuple(one for one in self.cells if (one.row, one.place) != (edit.row, edit.place))
        kept = others if edit.value == edit.before else (*others, edit)
        return replace(self, cells=tuple(sorted(kept, key=lambda one: (one.row, one.place))))

    def with_row(self, number: int, *, left_out: bool) -> "Edits":
        """These edits, with that row left out, or taken in again."""
        others = {one for one in self.left_out if one != number}
        return replace(self, left_out=tuple(sorted(others | {number} if left_out else others)))


NO_EDITS = Edits()
"""The sheet counts as its file has it."""


def edited(sheet: Sheet, edits: Edits) -> Sheet:
    """The sheet with these cells.

    Raises:
        SheetError: while its rows are read: an edited cell is not there, or not as it was when it was edited. What it
            says now may belong to another person.
    """
    if not edits.cells:
        return sheet
    return replace(sheet, rows=_edited_rows(sheet.header, sheet.rows, edits=edits))


def edited_row(row: Row, edits: Iterable[CellEdit], *, header: Sequence[str]) -> Row:
    """The row with these cells; what was typed has no type of a workbook's cell.

    Raises:
        SheetError: a cell is not there, or not as it was when it was edited.
    """
    cells, places = list(row.cells), set[int]()
    for edit in edits:
        there = edit.place < min(len(cells), len(header)) and header[edit.place] == edit.column
        sound = row.damage is None or row.readable is not None
        if not sound or not there or cells[edit.place] != edit.before:
            raise _lost(edit)
        cells[edit.place] = edit.value
        places.add(edit.place)
    return row._replace(cells=tuple(cells), marks=tuple(mark for mark in row.marks if mark[0] not in places))


def _edited_rows(header: Sequence[str], rows: Iterable[Row], *, edits: Edits) -> Iterator[Row]:
    of_row: defaultdict[int, list[CellEdit]] = defaultdict(list)
    for edit in edits.cells:
        of_row[edit.row].append(edit)
    left: Mapping[int, list[CellEdit]] = of_row
    for row in rows:
        found = of_row.pop(row.number, None)
        yield row if found is None else edited_row(row, found, header=header)
    for edit in (one for several in left.values() for one in several):
        raise _lost(edit)


def _lost(edit: CellEdit) -> SheetError:
    return SheetError(
        f"row {edit.row}, column {edit.column!r}: the cell that was corrected is not there any more as it was; "
        "take the corrections back, and correct the sheet as it is read now"
    )
