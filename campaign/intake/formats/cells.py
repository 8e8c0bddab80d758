"""Cell conversion: a typed cell of a workbook becomes the text that its owner sees, with a mark where it matters."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from campaign.domain.model import Mark

LONGEST_CELL = 32_767
"""Characters that a spreadsheet program lets a cell hold: more were made by no such program."""

# A double holds every whole number below this exactly, and a spreadsheet program shows 15 digits.
_EXACT = 10**15
_SHORT = 16  # characters: fifteen digits, and the point
_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
_LETTERS = {Mark.NUMBER: "n", Mark.ERROR: "e", Mark.UNCALCULATED: "u", Mark.MERGED: "m"}
_MARKS = {letter: mark for mark, letter in _LETTERS.items()}


def text_of(cell: object) -> str:  # noqa: PLR0911 - one return for each type of cell
    """Converts a typed cell to text; what cannot be shown digit for digit gets a form that no phone number has."""
    match cell:
        case None:
            return ""
        case str():
            return cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case int() | float():
            if not abs(cell) < _EXACT:
                return repr(float(cell))
            # The sixteenth digit of a double, and those behind it, are noise of calculating, and never seen.
            whole = int(cell)
            return str(whole) if cell == whole else _of_fraction(repr(cell))
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return clock(int(cell.total_seconds()))
        case _:
            return str(cell)


def _of_fraction(text: str) -> str:
    if "e" in text:
        # Nobody says 1e-05, and a sheet shows 0.00001.
        return f"{Decimal(f'{float(text):.15g}'):f}"
    return text if len(text) <= _SHORT else f"{float(text):.15g}"


def clock(seconds: int) -> str:
    """Formats a duration as `36:00:00`."""
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def without_guards(text: str) -> str:
    """The text without an apostrophe in front, or without the `="..."` that keeps its digits as they are."""
    if formula := _FORMULA.fullmatch(text.strip()):
        return formula[1].replace('""', '"')
    return without_apostrophe(text)


def without_apostrophe(text: str) -> str:
    """The text without the apostrophe that keeps a spreadsheet program from reading it as a number or a formula.

    An apostrophe before a small letter belongs to the word: 's-Hertogenbosch, 't Hart.
    """
    return text[1:] if text[:1] == "'" and not text[1:2].islower() else text


def packed(marks: dict[int, Mark]) -> str:
    """Packs the marks of a row as short text (`1n,4e`), the same for most rows of a sheet."""
    return ",".join(f"{index}{_LETTERS[mark]}" for index, mark in sorted(marks.items()))


def unpacked(text: str) -> tuple[tuple[int, Mark], ...]:
    """Unpacks the text of `packed`, as a `Row` holds it."""
    return tuple((int(one[:-1]), _MARKS[one[-1]]) for one in text.split(",")) if text else ()
