"""Metadata of .xlsb, from its BIFF12 records: hidden rows and columns, errors, formulas, formats of numbers."""

import struct
import zipfile
from collections.abc import Iterator

from campaign.domain.model import Mark
from campaign.intake.formats.metadata import ERROR_NAMES, Unseen
from campaign.intake.formats.numbers.shown_number import built_in_formats, format_of, put_shown
from campaign.intake.formats.xls import Styles, rk_number
from campaign.intake.formats.xlsx_metadata import parts_of, relations

_ROW, _CELL_ERROR, _FORMULA_ERROR, _COLUMNS, _BUNDLE = 0, 3, 11, 60, 156
_FORMULAS = range(8, 12)
_CELL_RK, _CELL_REAL, _FORMULA_REAL = 2, 5, 9
_STYLES = "xl/styles.bin"
_FORMAT, _XF, _BEGIN_CELL_STYLES, _END_CELL_STYLES = 44, 47, 617, 618
_HIDDEN_ROW, _HIDDEN_COLUMN = 0x1000, 0x0001
_MOST_COLUMNS = 16_384


def sheet_parts(archive: zipfile.ZipFile) -> tuple[str, ...]:
    """Names of the sheets' parts, in the workbook's order.

    Raises:
        SheetError: a sheet has no part.
    """
    targets = relations(archive, "xl/_rels/workbook.bin.rels")
    identities = []
    for record, body in _records(archive.read("xl/workbook.bin")):
        if record == _BUNDLE:
            (length,) = struct.unpack_from("<I", body, 8)
            identities.append(body[12 : 12 + 2 * length].decode("utf-16-le", "replace"))
    return parts_of(archive, [targets.get(identity, "?") for identity in identities])


def styles_in(archive: zipfile.ZipFile) -> Styles:
    """Number of a style -> what it shows of a number, for those that do more than show its digits."""
    if _STYLES not in archive.NameToInfo:
        return {}
    formats = {int(number): found for number, found in built_in_formats().items()}
    styles, within = list[int](), False
    for record, body in _records(archive.read(_STYLES)):
        if record in (_BEGIN_CELL_STYLES, _END_CELL_STYLES):
            within = record == _BEGIN_CELL_STYLES
        elif record == _XF and within:
            styles += struct.unpack_from("<2xH", body)
        elif record == _FORMAT:
            number, length = struct.unpack_from("<HI", body)
            formats.pop(number, None)
            if (found := format_of(body[6 : 6 + 2 * length].decode("utf-16-le", "replace"))) is not None:
                formats[number] = found
    return {place: formats[number] for place, number in enumerate(styles) if number in formats}


def scan_sheet(data: bytes, styles: Styles) -> Unseen:
    """Reads the metadata of one sheet."""
    unseen, row = Unseen(), 0
    for record, body in _records(data):
        if record == _ROW:
            row, flags = struct.unpack_from("<I6xH", body)
            if flags & _HIDDEN_ROW:
                unseen.hidden_rows.add(row + 1)
        elif record == _COLUMNS:
            first, last, flags = struct.unpack_from("<II8xH", body)
            if flags & _HIDDEN_COLUMN:
                unseen.hidden_columns.update(range(first, min(last + 1, _MOST_COLUMNS)))
        elif record in (_CELL_ERROR, _FORMULA_ERROR):
            column, code = struct.unpack_from("<I4xB", body)
            unseen.put(row + 1, column, text=ERROR_NAMES.get(code, "#ERROR"), mark=Mark.ERROR)
        elif styles and record in (_CELL_RK, _CELL_REAL, _FORMULA_REAL):
            column, style = struct.unpack_from("<II", body)
            if (found := styles.get(style & 0xFFFFFF)) is not None:
                raw = struct.unpack_from("<I" if record == _CELL_RK else "<d", body, 8)[0]
                value = rk_number(raw) if record == _CELL_RK else raw
                put_shown(unseen, found, repr(value), place=(row + 1, column))
        unseen.formulas += record in _FORMULAS
    return unseen


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place < len(data):
        record, place = _number(data, place, most=2)
        length, place = _number(data, place, most=4)
        yield record, data[place : place + length]
        place += length


def _number(data: bytes, place: int, *, most: int) -> tuple[int, int]:
    """A number of seven bits a byte, lowest first, for as long as the highest bit is set; and the place after it."""
    number = 0
    for shift, byte in enumerate(data[place : place + most]):
        number |= (byte & 0x7F) << (7 * shift)
        if not byte & 0x80:
            return number, place + shift + 1
    return number, place + most
