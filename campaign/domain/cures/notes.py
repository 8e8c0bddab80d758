"""Notes: doubts about a row that can be called, each of a kind; beside the messages that problems carry."""

from dataclasses import dataclass
from enum import StrEnum


class NoteKind(StrEnum):
    """Kind of doubt that a note raises."""

    REPAIRED = "repaired"
    """The number was not written as it was meant; it is called only after a person has seen before and after."""
    FICTITIOUS = "fictitious"
    """A number reserved for examples, which reaches no person."""
    OPTED_OUT = "opted_out"
    """A column that the template does not name says that the person is not to be called."""
    MARKED = "marked"
    """A remark in the name or the notes says that the person is not to be called."""
    PLUS = "plus"
    """The digits after the + are also a number of the template's region, whose country code may be missing."""
    NAME_ORDER = "name_order"
    """The name has a comma in it, so the last name may stand first."""
    DATE_ORDER = "date_order"
    """A date that is spoken in words may be two days: the day or the month may come first."""
    PAST = "past"
    """A day that is spoken in words lies before now."""
    WARNING = "warning"
    """Worth a look; the row is called all the same."""


@dataclass(frozen=True, slots=True)
class Note:
    """A doubt about a row that can be called: the text in the sheet, and how it is read."""

    kind: NoteKind
    row: int
    column: str
    value: str
    text: str

    def __str__(self) -> str:
        where = f"row {self.row}, column {self.column!r}" if self.column else f"row {self.row}"
        return f"{where}: {self.value!r}: {self.text}"
