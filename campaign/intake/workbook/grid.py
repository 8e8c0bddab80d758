"""Grid of a sheet: its rows as texts, each with the number that people see; nothing is moved or dropped silently.

    typed cells + Unseen -> Line (number, texts, marks, damage)

Blank rows are left out, however many there are.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from campaign.domain.errors import SheetError
from campaign.domain.model import Mark
from campaign.intake.formats.cells import LONGEST_CELL, packed, text_of, without_guards
from campaign.intake.formats.metadata import Unseen

Area = tuple[tuple[int, int], tuple[int, int]]
"""(row, column) of the first cell and of the last, both from 0."""

_MOST_COLUMNS = 16_384
_MOST_COVERED = 2_000_000


class GridRow(NamedTuple):
    """Row of the grid that is not blank. `marks` is what `cells.packed` makes."""

    number: int
    cells: list[str]
    marks: str
    damage: str | None


@dataclass(frozen=True, slots=True)
class Grid:
    """Grid of one sheet.

    Attributes:
        typed: yields the reader's rows, from the sheet's first row on, in lists that are ours to change.
        first: the index of the column in which each of them begins.
        height: the number of its last row.
        width: columns of each row.
        unseen: metadata that the reader does not report.
        merged: the areas that are one cell each.
    """

    typed: Callable[[], Iterator[list[object]]]
    first: int
    height: int
    width: int
    unseen: Unseen
    merged: tuple[Area, ...] = ()

    def lines(self, *, bare: bool = True) -> Iterator[GridRow]:
        """Yields its rows as text, from the top.

        Args:
            bare: without the apostrophe that keeps a program from reading a cell as a formula.
        """
        if self.width > _MOST_COLUMNS:
            raise SheetError(
                f"{self.width:,} columns, where a sheet has at most {_MOST_COLUMNS:,}; save it anew as .xlsx"
            )
        kinds: dict[tuple[type, ...], tuple[tuple[int, ...], str]] = {}
        special = self._special()
        for number, cells in enumerate(self.typed(), start=1):
            types = tuple(map(type, cells))
            known = kinds.get(types)
            if known is None:
                known = kinds[types] = _kinds(types)
            for index in known[0]:
                cells[index] = text_of(cells[index])
            line = GridRow(number, cells, known[1], None)  # type: ignore[arg-type]  # all of them are texts by now
            if number in special:
                line = _with_special(line, special[number])
            if (sound := _sound(line, bare)) is not None:
                yield sound

    def _special(self) -> dict[int, dict[int, tuple[str | None, Mark | None]]]:
        special: dict[int, dict[int, tuple[str | None, Mark | None]]] = {}
        for row, column in self._covered():
            special.setdefault(row, {})[column] = (None, Mark.MERGED)
        for row, cells in self.unseen.cells.items():
            for column, said in cells.items():
                if 0 <= column - self.first < self.width:
                    special.setdefault(row, {})[column - self.first] = said
        return special

    def _covered(self) -> Iterator[tuple[int, int]]:
        left = _MOST_COVERED
        for (top, first), (bottom, last) in self.merged:
            columns = range(max(first - self.first, 0), min(last - self.first + 1, self.width))
            rows = range(top, min(bottom + 1, self.height))
            left -= len(rows) * len(columns)
            if left < 0:
                raise SheetError("merged cells cover the whole sheet; take the merging off and save it")
            yield from ((row + 1, column) for row in rows for column in columns)


def _kinds(types: tuple[type, ...]) -> tuple[tuple[int, ...], str]:
    """Which cells are no text yet, and the marks of a row with these types."""
    numbers = {index: Mark.NUMBER for index, kind in enumerate(types) if kind is float or kind is int}
    return tuple(index for index, kind in enumerate(types) if kind is not str), packed(numbers)


def _with_special(line: GridRow, special: dict[int, tuple[str | None, Mark | None]]) -> GridRow:
    marks = {int(one[:-1]): Mark.NUMBER for one in line.marks.split(",") if one}
    for column, (text, mark) in special.items():
        if text is None and line.cells[column]:
            continue  # the one cell of a merged area that holds its value
        line.cells[column] = text or ""
        marks.pop(column, None)
        if mark is not None:
            marks[column] = mark
    return line._replace(marks=packed(marks))


def _sound(line: GridRow, bare: bool) -> GridRow | None:  # noqa: FBT001 - private, beside its one user
    # One look at all cells of the row together: most hold nothing out of the ordinary.
    joined = "\t".join(line.cells)
    if (not joined or joined.isspace()) and not any(letter in line.marks for letter in "eu"):
        return None
    if bare and ("'" in joined or '="' in joined):
        line.cells[:] = map(without_guards, line.cells)
    if len(joined) > LONGEST_CELL:
        for index, cell in enumerate(line.cells):
            if len(cell) > LONGEST_CELL:
                line.cells[index] = cell[:LONGEST_CELL]
                damage = f"a cell with {len(cell):,} characters, and a sheet's cell holds {LONGEST_CELL:,}"
                line = line._replace(damage=line.damage or damage)
    return line
