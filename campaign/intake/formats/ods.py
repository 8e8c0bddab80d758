"""Metadata of .ods, from its XML: hidden rows and columns, errors, merged cells, and what is shown of numbers.

Repeats are counted here before anything is made of them: 1 KB can declare seventeen thousand million cells.
"""

import re
from collections.abc import Callable
from typing import BinaryIO
from xml.parsers import expat

from campaign.domain.errors import SheetError
from campaign.domain.model import Mark
from campaign.intake.formats.cells import clock
from campaign.intake.formats.metadata import Unseen

_BLOCK = 1 << 20
_MOST_CELLS = 20_000_000
_LAST_ROW = 1 << 20
_MOST_COLUMNS = 16_384
_LENGTH = re.compile(r"PT(\d{1,6})H(\d{1,2})M(\d{1,2})(?:[.,]\d+)?S")
_UNSEEN = ("collapse", "filter")
_NUMBERS = ("float", "percentage", "currency", "time")
_EXPONENT, _LONG, _CUT = re.compile(r"\d[eE][+-]?\d"), re.compile(r"[0-9]{7,15}"), "0.00E+00"
# 0211 and +49: digits, and what a format puts before them; such a cell has lost nothing.
_ONLY_DIGITS = re.compile(r"\+?[0-9]+")
_GROUPING = re.compile("[.,'\u2019\\s]")
_NO_CENTS = re.compile("[.,]0+(?=[^0-9]*$)")
# A whole number as long as a phone number is left as its digits.
_SHORTEST_LONG = 10**6


def scan_tables(stream: BinaryIO) -> dict[str, Unseen]:
    """Reads the metadata of each table, by its name.

    Args:
        stream: the part content.xml.

    Raises:
        SheetError: its repeats would fill the memory; without the file's name.
    """
    scan = _Scan()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = scan.start, scan.end
    parser.CharacterDataHandler = scan.text
    while block := stream.read(_BLOCK):
        parser.Parse(block)
    parser.Parse(b"", True)  # noqa: FBT003 - the parser's own signature
    return scan.tables


class _Scan:
    """Follows tables, rows and cells."""

    def __init__(self) -> None:
        self.tables: dict[str, Unseen] = {}
        self._table = Unseen()
        self._row = self._column = 0
        self._height = self._width = 1
        self._hidden = False
        self._cells, self._depth = 0, 0
        self._pending: list[tuple[int, str, Mark | None]] = []
        self._shown: list[str] | None = None
        self._kind = self._value = ""
        self._beside = 0  # depth of comments, which are in a cell and are not shown in it
        self._starts: dict[str, Callable[[dict[str, str]], None]] = {
            "table-column": self._begin_column,
            "table-row": self._begin_row,
            "table-cell": self._begin_cell,
            "covered-table-cell": self._begin_covered,
        }

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "annotation":
            self._beside += 1
        elif local == "table":
            self._depth += 1
            if self._depth == 1:
                self._table = self.tables.setdefault(attributes.get("table:name", ""), Unseen())
                self._row = self._column = 0
        elif self._depth == 1 and (begin := self._starts.get(local)):
            begin({key.rpartition(":")[2] if key != "calcext:value-type" else key: v for key, v in attributes.items()})

    def end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local == "annotation":
            self._beside -= 1
        elif local == "table":
            self._depth -= 1
        elif self._depth == 1 and local == "table-row":
            self._end_row()
        elif self._depth == 1 and local in ("table-cell", "covered-table-cell"):
            self._end_cell()

    def text(self, text: str) -> None:
        if self._shown is not None and not self._beside:
            self._shown.append(text)

    def _begin_column(self, said: dict[str, str]) -> None:
        repeated = min(_count(said, "number-columns-repeated"), _MOST_COLUMNS)
        if said.get("visibility") in _UNSEEN:
            self._table.hidden_columns.update(range(self._column, min(self._column + repeated, _MOST_COLUMNS)))
        self._column += repeated

    def _begin_row(self, said: dict[str, str]) -> None:
        self._height, self._column = _count(said, "number-rows-repeated"), 0
        self._hidden = said.get("visibility") in _UNSEEN
        self._pending = []

    def _begin_cell(self, said: dict[str, str]) -> None:
        self._width = _count(said, "number-columns-repeated")
        self._kind = "error" if said.get("calcext:value-type") == "error" else said.get("value-type", "")
        self._value = said.get("value", "")
        self._shown = [] if self._kind == "error" or self._kind in _NUMBERS else None
        if "formula" in said:
            if "value-type" in said:
                self._table.formulas += 1
            else:
                self._put("", Mark.UNCALCULATED)
        self._value = said.get("time-value", self._value)
        if "number-columns-spanned" in said or "number-rows-spanned" in said:
            self._table.merged += 1
        if "value-type" in said:
            self._count_cells((self._column + self._width) * self._height)
            if self._row + self._height > _LAST_ROW or self._column + self._width > _MOST_COLUMNS:
                raise SheetError("cells beyond the last row or column of a sheet; save the contacts anew as .xlsx")

    def _begin_covered(self, said: dict[str, str]) -> None:
        self._width, self._shown = _count(said, "number-columns-repeated"), None
        if self._width <= _MOST_COLUMNS:
            self._put("", Mark.MERGED)

    def _end_cell(self) -> None:
        if self._shown is not None:
            self._settle(" ".join("".join(self._shown).split()))
        self._shown = None
        self._column += self._width

    def _settle(self, shown: str) -> None:
        if self._kind == "error":
            self._put(shown or "#ERROR", Mark.ERROR)
        elif self._kind == "time":
            if any(map(str.isdigit, shown)):
                self._put(shown, None)
            elif length := _LENGTH.fullmatch(self._value):
                hours, minutes, seconds = map(int, length.groups())
                self._put(clock(hours * 3600 + minutes * 60 + seconds), None)
        elif _EXPONENT.search(shown) and _LONG.fullmatch(self._value):
            # A phone number that is cut to a few digits is none.
            self._table.unknown_formats[_CUT] = self._table.unknown_formats.get(_CUT, 0) + 1
        elif _ONLY_DIGITS.fullmatch(shown) and shown != self._value and shown.lstrip("+0") == self._value:
            self._put(shown, None)
        elif _says_more(shown, self._value):
            self._put(shown, Mark.NUMBER)

    def _put(self, text: str, mark: Mark | None) -> None:
        self._pending.extend((self._column + place, text, mark) for place in range(min(self._width, _MOST_COLUMNS)))

    def _end_row(self) -> None:
        last = min(self._row + self._height, _LAST_ROW)
        if self._hidden:
            self._table.hidden_rows.update(range(self._row + 1, last + 1))
        self._count_cells(len(self._pending) * (last - self._row))
        for row in range(self._row + 1, last + 1) if self._pending else ():
            for column, text, mark in self._pending:
                self._table.put(row, column, text=text, mark=mark)
        self._row += self._height

    def _count_cells(self, cells: int) -> None:
        self._cells += cells
        if self._cells > _MOST_CELLS:
            cure = "take the repeated cells out, or save the sheet as CSV"
            raise SheetError(f"over {_MOST_CELLS:,} cells by repeating a few; {cure}")


def _says_more(shown: str, value: str) -> bool:
    """Whether what is shown of a number is more than its digits: decimals, a sign of money, a percentage, thousands."""
    try:
        number = float(value)
    except ValueError:
        return False
    if not shown or number != int(number):
        return bool(shown)
    digits = "".join(filter(str.isdigit, _NO_CENTS.sub("", shown)))
    if digits != f"{abs(int(number))}":
        return True
    # A phone number may stand in a column of amounts, and be written with brackets by its format.
    return abs(number) < _SHORTEST_LONG and _GROUPING.sub("", shown) != f"{int(number)}"


def _count(said: dict[str, str], name: str) -> int:
    try:
        return max(int(said.get(name, "1")), 1)
    except ValueError:
        return 1
