"""Far cells of .xlsx: a few cells thousands of columns right of the table, which a slip of the hand leaves behind.

The reader of values makes room for every cell between the first and the last: for one in XFD1048576 there is no memory.
So it is given a copy without them. They stand under no name, and are told.
"""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import BinaryIO

from campaign.intake.formats.zip_package import rewritten

_CELL = re.compile(rb"<(?P<c>(?:\w+:)?c)\b(?P<said>[^<>]*?)(?:/>|>(?P<inside>.*?)</(?P=c)>)", re.DOTALL)
_PLACE = re.compile(rb'\br\s*=\s*["\']([A-Z]{1,3})([0-9]{1,7})["\']')
_GAP = 500
"""Columns without a cell between the table and what is far from it."""
_MOST = 100
"""Cells; with more of them they may be a table of their own."""


def without_far_cells(file: BinaryIO, parts: Iterable[str]) -> tuple[BinaryIO, list[str]]:
    """The workbook without its far cells, and their places.

    Args:
        file: an .xlsx that may be unpacked.
        parts: the names of its sheets' parts.
    """
    sheets, places = frozenset(parts), list[str]()

    def trimmed(name: str, content: bytes) -> bytes:
        if name not in sheets:
            return content
        kept, found = _trimmed(content)
        places.extend(found)
        return kept

    return rewritten(file, trimmed), places


def _trimmed(content: bytes) -> tuple[bytes, list[str]]:
    columns = Counter(_index(place[1]) for cell in _CELL.finditer(content) if (place := _place(cell)) is not None)
    border = _border(sorted(columns))
    far = [] if border is None else [column for column in columns if column >= border]
    if not far or sum(columns[column] for column in far) > _MOST:
        return content, []
    places = list[str]()

    def kept(cell: re.Match[bytes]) -> bytes:
        place = _PLACE.search(cell["said"])
        if place is None or border is None or _index(place[1]) < border:
            return cell[0]
        if cell["inside"]:
            places.append((place[1] + place[2]).decode())
        return b""

    return _CELL.sub(kept, content), places


def _place(cell: re.Match[bytes]) -> re.Match[bytes] | None:
    return _PLACE.search(cell["said"]) if cell["inside"] else None


def _border(columns: list[int]) -> int | None:
    """The first column behind a gap; None without one."""
    return next((right for left, right in pairwise(columns) if right - left > _GAP), None)


def _index(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - ord("A") + 1
    return index
