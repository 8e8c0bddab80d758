"""Sheet metadata: what a workbook stores about a sheet beside its values, and calamine does not report."""

from dataclasses import dataclass, field

from campaign.domain.model import Mark

ERROR_NAMES = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
"""What the binary formats write for an error cell, by the names that people see."""


@dataclass(slots=True)
class Unseen:
    """Metadata of one sheet. Rows are numbered from 1, as people see them; columns from 0.

    Attributes:
        hidden_rows: numbers of the rows that are not shown: hidden, filtered or folded away.
        hidden_columns: indices of the columns that are not shown.
        cells: row -> column -> (the text to be read instead of the value, what the cell is).
        formulas: how many cells were calculated, and are read as what came out.
        merged: how many cells cover others, where the reader of values does not say.
        tells_hidden: whether the format says which rows are hidden.
        unknown_formats: the code of a number format that is not understood -> how many numbers have it.
    """

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    cells: dict[int, dict[int, tuple[str, Mark | None]]] = field(default_factory=dict)
    formulas: int = 0
    merged: int = 0
    tells_hidden: bool = True
    unknown_formats: dict[str, int] = field(default_factory=dict)

    def put(self, row: int, column: int, *, text: str, mark: Mark | None) -> None:
        """Records that this cell is to be read otherwise than its value."""
        self.cells.setdefault(row, {})[column] = (text, mark)
