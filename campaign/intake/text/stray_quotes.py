"""Stray quotation marks in CSV: finds where one opened, and whether it has swallowed other rows."""

import re
from collections.abc import Collection

_BREAK = re.compile("\r\n|\r|\n")
_SWALLOWED = "a stray quotation mark makes one row of lines"
# What may be a phone number: in a text, and as a field.
_NUMBER = re.compile(r"[0-9](?:[ ().\-/]{0,2}[0-9]){6}")
_FIELD = re.compile(r"[ +(]*[0-9][0-9 ().\-/]*")


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
    and every place of the two marks. The cell then holds the number of one of the rows, too, unless the record has
    a field too many; an address or a note of several lines holds none in such a place.
    """
    spans, inside, around = list[tuple[int, list[str]]](), [0], [0]
    for place, cell in enumerate(cells):
        around[-1] += place > 0
        pieces = _BREAK.split(cell)
        if len(pieces) > 1:
            spans.append((len(inside) - 1, pieces))
        inside[-1] += pieces[0].count(delimiter) if len(pieces) > 1 else 0
        inside += [piece.count(delimiter) for piece in pieces[1:]]
        around += [0] * (len(pieces) - 1)
    for at, pieces in spans:
        lines = range(at, at + len(pieces))
        full = [inside[index] + around[index] + 1 in widths for index in lines]
        whole = full[0] and any(full[1:])
        numbered = any(_is_numbered(piece, delimiter) for piece in pieces)
        row = any(piece.count(delimiter) + 1 in widths and _NUMBER.search(piece) for piece in pieces[1:-1])
        if row or (whole and numbered and any(inside[index] for index in lines)):
            return f"{_SWALLOWED} {line + at} to {line + lines[-1]}"
    return None


def may_be_whole(damage: str) -> bool:
    """Whether this damage is what `swallowed` suspects: the cells of the record are sound, if nothing is stray."""
    return damage.startswith(_SWALLOWED)


def _is_numbered(piece: str, delimiter: str) -> bool:
    return _NUMBER.search(piece) is not None or any(map(_FIELD.fullmatch, piece.split(delimiter)))
