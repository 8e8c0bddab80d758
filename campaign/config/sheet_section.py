"""`[sheet]`: how the sheets of this kind are read, where a sheet leaves that open."""

from typing import Annotated, Literal

from pydantic import Field, StrictInt

from campaign.config.values import Section, Text


class SheetSection(Section):
    """Choices for reading; a flag of the command line wins over each, and a sheet made otherwise is asked about.

    Attributes:
        name: the workbook's sheet.
        header_row: the number of the row that holds the columns' names; 0 where there is none, and the first row is a
            person.
        encoding: of a text file, cp1252 say.
        delimiter: of a text file, one character, or `tab`.
        hidden: whether hidden and filtered rows of a workbook are read (`include`) or left out (`skip`).
        extra_field: where the extra field of a text file is whose rows have a field more than its header: `end`, or the
            number of the column that has a delimiter in it.
    """

    name: Text | None = None
    header_row: Annotated[StrictInt, Field(ge=0, le=1_048_576)] | None = None
    encoding: Text | None = None
    delimiter: Text | None = None
    hidden: Literal["include", "skip"] | None = None
    extra_field: Text | None = None
