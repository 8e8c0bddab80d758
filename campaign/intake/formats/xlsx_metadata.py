"""Metadata of .xlsx, from its XML: hidden rows, formulas without a result, errors, number formats.

    workbook.xml, rels -> which part is which sheet      styles.xml -> which styles change the digits that are shown
    sheet part -> Unseen

Values are read by calamine alone; here only the rare cells are examined.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO
from xml.parsers import expat

from campaign.domain.errors import SheetError
from campaign.domain.model import Mark
from campaign.intake.formats.metadata import Unseen
from campaign.intake.formats.numbers.shown_number import Shown, UnknownFormat, built_in_formats, format_of, put_shown
from campaign.intake.formats.xlsx_fast_rows import styled_cells
from campaign.intake.formats.xlsx_strict import vet

TELLING = (b"hidden", b' ht="0', b" ht='0", b"<f", b":f", b'"e"', b"'e'")
"""A sheet's XML that holds none of these has nothing to say here, and most sheets hold none: reading it takes long."""

_WORKBOOK = "xl/workbook.xml"
_MOST_COLUMNS = 16_384
_BLOCK = 1 << 20
# What a cell can hold. Whatever else begins, the cell has ended.
_INSIDE = frozenset({"is", "t", "r", "rPr", "rPh", "phoneticPr", "extLst", "ext"})


@dataclass(frozen=True, slots=True)
class WorkbookMetadata:
    """Metadata of an .xlsx workbook.

    Attributes:
        parts: the name of each sheet's part, in the workbook's order.
        uncalculated: whether the program that wrote it left formulas to be calculated on opening: zeros are no results.
        digits: the number of a style -> what it does to the digits of a number.
    """

    parts: tuple[str, ...]
    uncalculated: bool
    digits: Mapping[str, Shown | UnknownFormat]


def read_book(archive: zipfile.ZipFile) -> WorkbookMetadata:
    """Reads the metadata that all sheets share.

    Raises:
        SheetError: a sheet has no part, or there is no sheet.
    """
    targets = relations(archive, "xl/_rels/workbook.xml.rels")
    sheets, uncalculated = [], False
    for name, attributes in _elements(archive, _WORKBOOK):
        if name == "sheet":
            identity = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            sheets.append(targets.get(identity, "?"))
        elif name == "calcPr":
            uncalculated = attributes.get("fullCalcOnLoad") in ("1", "true")
    return WorkbookMetadata(parts_of(archive, sheets), uncalculated, dict(_digit_styles(archive)))


def relations(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """What the identities in a part's neighbour stand for."""
    found = (attributes for name, attributes in _elements(archive, part) if name == "Relationship")
    return {attributes.get("Id", ""): attributes.get("Target", "") for attributes in found}


def parts_of(archive: zipfile.ZipFile, targets: Sequence[str]) -> tuple[str, ...]:
    """The names of the parts that a workbook's relations lead to.

    Raises:
        SheetError: one of them is not there, or there is none.
    """
    parts = tuple(posixpath.normpath(posixpath.join("/xl", target)).lstrip("/") for target in targets)
    if not parts or any(part not in archive.NameToInfo for part in parts):
        raise SheetError("a workbook whose sheets are missing; open it in a spreadsheet program and save it as .xlsx")
    return parts


def unseen_in(archive: zipfile.ZipFile, book: WorkbookMetadata, part: str) -> Unseen:
    """Validates one sheet's part, and reads its metadata if it has any.

    Raises:
        SheetError: what of it is damaged.
    """
    with archive.open(part) as stream:
        vetted = vet(stream, name=part, root="worksheet", words=TELLING)
    if not vetted.telling and not (book.digits and _has_style(archive, part, book)):
        return Unseen()
    if not vetted.telling and (found := _styled(archive, part, book)) is not None:
        return found
    with archive.open(part) as stream:
        return scan_sheet(stream, book)


def _styled(archive: zipfile.ZipFile, part: str, book: WorkbookMetadata) -> Unseen | None:
    """Metadata of a sheet in which only formats matter; None where a parser must read it."""
    unseen = Unseen()
    with archive.open(part) as stream:
        for cell in styled_cells(stream, book.digits):
            if cell is None:
                return None
            column, row, style, value = cell
            put_shown(unseen, book.digits[style], value, place=(row, _index(column)))
    return unseen


def scan_sheet(stream: IO[bytes], book: WorkbookMetadata) -> Unseen:
    """Reads one sheet's part."""
    scan = _Scan(book)
    while block := stream.read(_BLOCK):
        scan.feed(block)
    return scan.finished()


def _has_style(archive: zipfile.ZipFile, part: str, book: WorkbookMetadata) -> bool:
    """Whether a cell of the sheet may have one of the styles that change what is shown: most have none."""
    words = [f"s={quote}{style}{quote}".encode() for style in book.digits for quote in "\"'"]
    longest, rest = max(map(len, words)), b""
    with archive.open(part) as stream:
        while block := stream.read(_BLOCK):
            window = rest + block
            if b"s =" in window or any(word in window for word in words):
                return True
            rest = window[-longest:]
    return False


def _digit_styles(archive: zipfile.ZipFile) -> Iterator[tuple[str, Shown | UnknownFormat]]:
    formats = built_in_formats()
    section, style = "", 0
    for name, attributes in _elements(archive, "xl/styles.xml"):
        if name in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            section = name
        elif name == "numFmt" and section != "dxfs":
            number = attributes.get("numFmtId", "")
            formats.pop(number, None)
            if (found := format_of(attributes.get("formatCode", ""))) is not None:
                formats[number] = found
        elif name == "xf" and section == "cellXfs":
            if (found := formats.get(attributes.get("numFmtId", ""))) is not None:
                yield str(style), found
            style += 1


def _elements(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[str, dict[str, str]]]:
    if part not in archive.NameToInfo:
        return
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: found.append((name.rpartition(":")[2], attributes))
    with archive.open(part) as stream:
        while block := stream.read(_BLOCK):
            parser.Parse(block)
            yield from found
            found.clear()
    parser.Parse(b"", True)  # noqa: FBT003 - the parser's own signature


class _Scan:
    """Follows the rows and cells of a sheet's XML. The cell under way is settled when the next element begins."""

    def __init__(self, book: WorkbookMetadata) -> None:
        self._book, self._unseen = book, Unseen()
        self._row = self._column = 0
        self._in_cell = self._formula = False
        self._type = self._style = ""
        self._value: list[str] | None = None
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start

    def feed(self, block: bytes) -> None:
        self._parser.Parse(block)

    def finished(self) -> Unseen:
        self._parser.Parse(b"", True)  # noqa: FBT003 - the parser's own signature
        self._settle()
        return self._unseen

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self._settle()
            self._begin_cell(attributes)
        elif name == "v":
            self._value = []
            wanted = self._formula or self._type == "e" or self._style in self._book.digits
            self._parser.CharacterDataHandler = self._value.append if wanted else None
        elif name == "f":
            self._formula = True
        elif name == "is":
            self._value = ["text"]
        elif name not in _INSIDE:
            self._settle()
            self._begin_other(name, attributes)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._in_cell, self._formula, self._value = True, False, None
        self._type, self._style = attributes.get("t", "n"), attributes.get("s", "")
        place = attributes.get("r")
        self._column = self._column + 1 if place is None else _index(place.rstrip("0123456789"))

    def _begin_other(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), -1
            if _true(attributes.get("hidden")) or _zero(attributes.get("ht")):
                self._unseen.hidden_rows.add(self._row)
        elif name == "col" and (_true(attributes.get("hidden")) or _zero(attributes.get("width"))):
            first, last = int(attributes.get("min", 1)), int(attributes.get("max", 1))
            self._unseen.hidden_columns.update(range(first - 1, min(last, _MOST_COLUMNS)))

    def _settle(self) -> None:
        self._parser.CharacterDataHandler = None
        if not self._in_cell:
            return
        self._in_cell = False
        value = None if self._value is None else "".join(self._value).strip()
        without_result = self._formula and self._without_result(value)
        self._unseen.formulas += self._formula and not without_result
        if without_result:
            self._put("", Mark.UNCALCULATED)
        elif self._type == "e":
            self._put(value or "#ERROR", Mark.ERROR)
        elif self._type == "n" and value and (digits := self._book.digits.get(self._style)):
            put_shown(self._unseen, digits, value, place=(self._row, self._column))

    def _without_result(self, value: str | None) -> bool:
        if value is None:
            return True
        if self._type == "str":
            return False  # the result is an empty text
        return not value or (self._book.uncalculated and self._type == "n" and value == "0")

    def _put(self, text: str, mark: Mark | None) -> None:
        self._unseen.put(self._row, self._column, text=text, mark=mark)


def _true(value: str | None) -> bool:
    return value in ("1", "true", "on")


def _zero(size: str | None) -> bool:
    return size is not None and re.fullmatch(r"0+(\.0*)?", size) is not None


def _index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
