"""Fast validation of .xlsx rows and texts in the form that spreadsheet programs write, by one regular expression.

What one of these matches is well-formed by itself: every attribute at most once and in order, every tag ended, no cell
outside of its row, no place twice. It is read ten times as fast as a parser's events come.
"""

import re
from collections.abc import Collection, Iterator
from typing import IO

_BLOCK = 1 << 20
ROW, TEXT = b"<row ", b"<si>"
"""Beginnings of a row of cells, and of a text in the part of shared strings."""

_VALUE = rb'[^"<>&\x00-\x08\x0b\x0c\x0e-\x1f]*'
_BARE = rb"[^<>&\x00-\x08\x0b\x0c\x0e-\x1f]*"
_WRITTEN = _BARE + rb"(?:&(?:lt|gt|amp|quot|apos|#10|#13|#xA);" + _BARE + rb")*"
_SPACE = rb'(?: xml:space="preserve")?'
_T = rb"<t" + _SPACE + rb"(?:/>|>" + _WRITTEN + rb"</t>)"
_SHARED = rb' t="s"><v>[0-9]{1,9}</v></c>'
_INLINE = rb' t="inlineStr"><is>' + _T + rb"</is></c>"
# The groups hold what somebody must look at later: formulas and errors.
_FORMULA = rb"(<f(?: [a-z0-9]{1,4}=\"" + _VALUE + rb'")*(?:/>|>' + _WRITTEN + rb"</f>))?"
_PLAIN = rb'(?: t="(?:n|str|b|d|(e))")?(?:/>|>' + _FORMULA + rb"(?:<v" + _SPACE + rb">" + _WRITTEN + rb"</v>)?</c>)"
_CELL = rb'(?:<c r="%s\1"(?: s="[0-9]+")?(?:' + rb"|".join((_SHARED, _INLINE, _PLAIN)) + rb"))?"
_ROW = (
    rb'<row r="([1-9][0-9]{0,6})"(?: spans="[0-9: ]*")?(?: s="[0-9]+")?(?: customFormat="[a-z01]+")?'
    rb'(?: ht="(?!0["0.])[0-9.]+")?(?: hidden="(?:0|false)")?(?: customHeight="[a-z01]+")?(?: outlineLevel="[0-7]")?'
    rb'(?: collapsed="[a-z01]+")?(?: thickTop="[a-z01]+")?(?: thickBot="[a-z01]+")?'
    rb'(?: x14ac:dyDescent="[0-9.]+")?(?:/>|>%s</row>)'
)
TEXTS = re.compile(rb"(?:<si>" + _T + rb"</si>)+")
"""As many consecutive texts as possible."""


def row_expression(columns: Collection[int]) -> re.Pattern[bytes]:
    """Matches a row whose cells stand in some of these columns, each once, and say so.

    Its first group is the row's number; another group matches only where there is a formula or an error.
    """
    return re.compile(_ROW % b"".join(_CELL % letters(column) for column in sorted(columns)))


def styled_cells(stream: IO[bytes], styles: Collection[str]) -> Iterator[tuple[str, int, str, str] | None]:
    """Yields (column, row, style, value) of the numbers with one of these styles, in the form that programs write.

    None is yielded, and ends it, where a style stands in any other form: a parser must read the sheet then. The part
    has been found well-formed.
    """
    names = b"|".join(re.escape(style.encode()) for style in styles)
    cell = re.compile(
        rb'<c r="([A-Z]{1,3})([0-9]{1,7})" s="(' + names + rb')"(?: t="(\w+)")?(?:(/>)|>(?:<v>([^<&]+)</v></c>)?)'
    )
    mention = re.compile(rb"""\ss\s*=\s*["'](?:""" + names + rb""")["']""")
    for window in _windows(stream):
        found = cell.findall(window)
        # In a comment a cell is none, and its text would take another's place.
        if b"<!" in window or len(found) != len(mention.findall(window)):
            yield None
            return
        for column, row, style, kind, empty, value in found:
            if kind not in (b"", b"n") or empty:
                continue
            if not value:
                yield None
                return
            yield column.decode(), int(row), style.decode(), value.decode()


def _windows(stream: IO[bytes]) -> Iterator[bytes]:
    """Yields the bytes in pieces that begin and end where a cell does."""
    rest = b""
    while block := stream.read(_BLOCK):
        window, begun, rest = (rest + block).rpartition(b"<c ")
        rest = begun + rest
        yield window
        if len(rest) > _BLOCK:
            # No cell is as long: what follows the last one, merged areas say, is not to be held.
            yield rest
            rest = b""
    yield rest


def letters(column: int) -> bytes:
    """The name of a column that is counted from 0: `A` to `XFD`."""
    name = b""
    column += 1
    while column:
        column, place = divmod(column - 1, 26)
        name = bytes([ord("A") + place]) + name
    return name
