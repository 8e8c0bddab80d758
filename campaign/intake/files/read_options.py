"""Read options: the owner's choices for reading a sheet that is ambiguous."""

from dataclasses import dataclass, replace
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Choices:
    """Choices of the sheet's owner, flags of the command line except the last; None or False leaves it to detection.

    Attributes:
        sheet: the workbook's sheet.
        header_row: the number of the row that holds the columns' names; rows above are left out.
        no_header: the first row is a person, and the columns are called #1, #2, ....
        encoding: of a text file, by Python's name for it, cp1252 say.
        delimiter: of a text file, one character.
        hidden: whether hidden and filtered rows of a workbook are read.
        max_rows: the most rows that are intended; overrides the template.
        extra_field: of a text file whose rows have a field more than its header: "end", or the number of the column
            that has a delimiter in it.
        usual_extra_field: the same, as a template says it of all its sheets: for those where it is one of the readings
            that are possible.
        one_column: a text file may well have one column alone: numbers are wanted of it, and no names.
    """

    sheet: str | None = None
    header_row: int | None = None
    no_header: bool = False
    encoding: str | None = None
    delimiter: str | None = None
    hidden: Literal["include", "skip"] | None = None
    max_rows: int | None = None
    one_column: bool = False
    extra_field: str | None = None
    usual_extra_field: str | None = None


UNDECIDED = Choices()
"""No choice was made."""


def chosen(choices: Choices, field: str, value: str) -> Choices:
    """The choices with one added, by the value that an `UndecidedError` offers for it."""
    match field:
        case "header_row":
            return replace(choices, header_row=int(value), no_header=False)
        case "max_rows":
            return replace(choices, max_rows=int(value))
        case "no_header":
            # The other answer is that the row does hold names: it is offered by its number.
            if value != field:
                return replace(choices, header_row=int(value), no_header=False)
            return replace(choices, header_row=None, no_header=True)
        case _:
            said: dict[str, Any] = {field: value}
            return replace(choices, **said)
