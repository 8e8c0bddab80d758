"""Findings in a row: problems, which make it invalid, and notes, which are only shown."""

from dataclasses import dataclass
from typing import Literal

from campaign.domain.cures import Cure
from campaign.domain.cures.notes import Note, NoteKind
from campaign.domain.model import Mark, Problem, Readable, Row
from campaign.intake.opt_outs.yes_no import KNOWN_WORDS, Words


@dataclass(frozen=True, slots=True)
class Accepted:
    """Doubts that are accepted, and how others are decided; a doubt that is not decided is noted.

    A number that is not accepted is a fault of its cell, and the next phone cell is tried.

    Attributes:
        repaired: numbers that were restored: a lost 0 or + was added again.
        fictitious: numbers that are kept for examples.
        opted_out: rows that a column of opt-outs, which the template does not name, says yes for.
        marked: rows with a remark in the name or the notes that the person is not to be called.
        plus: numbers after a + that are also numbers of the region: read as written, or in the region, or left out.
        name_order: names with a comma: spoken as written, or turned round.
        date_order: dates that may be two days, where they are spoken in a format.
        past: rows with a day that has passed, where it is spoken in a format.
        words: words for yes and no that the sheet's owner has explained.
        read: which damaged rows are sound by the word of the sheet's owner.
    """

    repaired: bool = True
    fictitious: bool = True
    opted_out: Literal["skip", "call"] | None = None
    marked: Literal["skip", "call"] | None = None
    plus: Literal["written", "region", "skip"] | None = None
    name_order: Literal["written", "turned"] | None = None
    date_order: Literal["day_first", "month_first"] | None = None
    past: Literal["skip", "call"] | None = None
    words: Words = KNOWN_WORDS
    read: frozenset[Readable] = frozenset()


ALL_ACCEPTED = Accepted()
"""Every doubt is noted, and refuses nothing."""


_NO_ROW = Row(0, ())
_SHOWN = 80  # characters of a value in a message


class Findings:
    """Findings of the current row, collected while it is read; a finding of two uses of one cell is kept once."""

    __slots__ = ("_header", "notes", "problems", "row")

    def __init__(self, header: tuple[str, ...]) -> None:
        self.row = _NO_ROW
        self.problems: list[Problem] = []
        self.notes: list[Note] = []
        self._header = header

    def of(self, row: Row) -> "Findings":
        """Resets the findings for the next row."""
        self.row = row
        if self.problems:
            self.problems = []
        if self.notes:
            self.notes = []
        return self

    def problem(self, index: int, reason: str, cure: Cure | str) -> None:
        """Adds a problem: the row will not be called."""
        row = self.row
        found = Problem(row.number, self._header[index], shown(row.cells[index]), reason, cure, row.line)
        if found not in self.problems:
            self.problems.append(found)

    def note(self, kind: NoteKind, index: int, text: str) -> None:
        """Adds a note: the row is called, and the doubt is shown."""
        row = self.row
        found = Note(kind, row.number, self._header[index], shown(row.cells[index]), text)
        if found not in self.notes:
            self.notes.append(found)

    def column(self, index: int) -> str:
        """Name of the column, as a message writes it."""
        return repr(self._header[index])

    def unread(self, index: int, *, required: bool) -> bool:
        """Whether the cell's mark alone says that it holds no value; then that is a problem."""
        fault = _MARKED.get(mark_of(self.row, index)) if self.row.marks else None
        if fault is None or (fault is _COVERED and (not required or self.row.cells[index].strip())):
            return False
        self.problem(index, *fault)
        return True


def mark_of(row: Row, index: int) -> Mark | None:
    """Type of the cell before it became text."""
    return next((mark for marked, mark in row.marks if marked == index), None) if row.marks else None


def shown(value: str) -> str:
    """A value as a message shows it: short, and without the half characters that can be neither stored nor printed."""
    return value[:_SHOWN].encode("utf-8", "backslashreplace").decode("utf-8")[:_SHOWN]


_COVERED = (
    "covered by a merged cell, so its value may be another row's",
    "unmerge the cells and fill in each row",
)
_MARKED: dict[Mark | None, tuple[str, str]] = {
    Mark.ERROR: ("an error of the spreadsheet program", "correct the formula, or type the value in its place"),
    Mark.UNCALCULATED: (
        "a formula without a stored value",
        "open the sheet in a spreadsheet program and save it",
    ),
    Mark.MERGED: _COVERED,
}
