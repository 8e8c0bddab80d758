"""A sheet: what each reader of files makes of one, and what screening reads."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from campaign.domain.model import Row


@dataclass(frozen=True, slots=True)
class Sheet:
    """A user's sheet: its header and its rows, which are read once, in order.

    Attributes:
        header: the names of the columns.
        rows: all rows below the header.
        header_row: the number of the header's row; 0 when the sheet has none, and the columns are named #1, #2, ...
        notices: one line each on what does not keep the sheet from being read, and should be known before the first
            call (hidden rows that are left out, say). Complete once all rows have been read.
        state: identifies the file's current content; empty when the sheet is not from a file.
        bare: whether no cell can have a guard of an exporting program around it, so that none is looked for.
    """

    header: tuple[str, ...]
    rows: Iterator[Row]
    header_row: int = 1
    notices: list[str] = field(default_factory=list)
    state: tuple[int, ...] = ()
    bare: bool = False
