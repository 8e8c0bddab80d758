"""Shown numbers: what the formats of a workbook's cells make of their numbers, as far as that is understood."""

import re
from dataclasses import dataclass

from campaign.domain.model import Mark
from campaign.intake.formats.metadata import Unseen
from campaign.intake.formats.numbers.clock_format import BUILT_IN_CLOCKS, ClockFormat, read_clock
from campaign.intake.formats.numbers.number_format import BUILT_IN, NumberFormat, read_format

_EXACT = 10**15
# Formats of zeros, after a plus or not: 0049 (0000), +49 ("+"0). Any other is left alone, and its cell stays a number.
_DIGITS = re.compile(r'(\\\+|"\+"|\+)?(0+)')
# A format that changes nothing; one of days and times, whose cells are read as such.
_AS_IT_IS = re.compile("General|@|", re.IGNORECASE)
_OF_TIME = re.compile(r"[dmyhs]", re.IGNORECASE)
_LITERAL = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|[_*].', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Digits:
    """A number format that adds to the digits: a plus sign, and zeros up to a length."""

    plus: bool
    length: int

    def shown(self, value: str) -> str | None:
        """The text of a whole number under this format, or None when the value is no such number."""
        try:
            number = float(value)
        except ValueError:
            return None
        if not 0 <= number < _EXACT or number != int(number):
            return None
        return ("+" if self.plus else "") + str(int(number)).zfill(self.length)


Shown = Digits | NumberFormat | ClockFormat
"""What a format shows of a number."""


@dataclass(frozen=True, slots=True)
class UnknownFormat:
    """A number format that is not understood; what its owner sees may differ from what is spoken."""

    code: str


def format_of(code: str) -> Shown | UnknownFormat | None:
    """What a format does to a number; None where it does nothing that is spoken, or makes a date of it."""
    match = _DIGITS.fullmatch(code)
    if match is not None and code != "0":
        return Digits(match[1] is not None, len(match[2]))
    if _AS_IT_IS.fullmatch(code):
        return None
    if _OF_TIME.search(_LITERAL.sub("", code)):
        return read_clock(code)
    return read_format(code) or UnknownFormat(code)


def built_in_formats() -> dict[str, Shown | UnknownFormat]:
    """Number of a format that every workbook has -> what it does to a number."""
    return {str(number): found for number, code in (BUILT_IN | BUILT_IN_CLOCKS).items() if (found := format_of(code))}


def put_shown(unseen: Unseen, found: Shown | UnknownFormat, value: str, *, place: tuple[int, int]) -> None:
    """Records what a cell with this format shows of its number.

    Args:
        unseen: of the sheet.
        found: the format.
        value: as the file holds it.
        place: (row, column) of the cell.
    """
    if isinstance(found, UnknownFormat):
        unseen.unknown_formats[found.code] = unseen.unknown_formats.get(found.code, 0) + 1
    elif shown := found.shown(value):
        unseen.put(*place, text=shown, mark=Mark.NUMBER if isinstance(found, NumberFormat) else None)
