"""Stray quotation marks in CSV: finds where one opened, and whether it has swallowed other rows."""

import re
from collections.abc import Collection

MOST_LINES = 3
"""Lines that one cell may go over; a longer one is more likely to have swallowed something."""

_BREAK = re.compile("\r\n|\r|\n")


def line_that_opens(lines: list[str], delimiter: str) -> int:
    """Finds the index of the line in which the last quoted field begins."""
    inside, opened, before = False, 0, delimiter
    for index, line in enumerate(lines):
        for character in line:
            if character == '"' and (inside or before in (delimiter, "\n", "\r")):
                inside = not inside
                opened = index if inside else opened
            elif character == '"' and before == '"':
                inside = True  # a doubled quote is a quote in the text: the field goes on
            before = character
    return opened


def swallowed(cells: list[str], *, delimiter: str, line: int, widths: Collection[int]) -> str | None:
    """Returns the evidence that a record of several lines is not one row; None without evidence.

    Args:
        cells: of the record.
        delimiter: between them.
        line: the number of the line on which it begins.
        widths: how many columns a row of this sheet has.

    A quotation mark that opens in one row and closes in another leaves, on each line of the cell that it makes, the
    delimiters of a whole row: some of them inside the cell, the others around it. That holds for every pair of rows
    and every place of the two marks.
    """
    inside, around, at = [0], [0], 0
    for place, cell in enumerate(cells):
        around[at] += place > 0
        pieces = _BREAK.split(cell)
        if len(pieces) > MOST_LINES:
            last = line + at + len(pieces) - 1
            return f"one cell goes over lines {line + at} to {last}: a stray quotation mark may have swallowed rows"
        for index, piece in enumerate(pieces if len(pieces) > 1 else ()):
            if index:
                at += 1
                inside.append(0)
                around.append(0)
            inside[at] += piece.count(delimiter)
    if any(within and within + beside + 1 in widths for within, beside in zip(inside, around, strict=True)):
        return f"a stray quotation mark makes one row of lines {line} to {line + at}"
    return None
