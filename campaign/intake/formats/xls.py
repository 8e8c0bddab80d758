"""Metadata of .xls, from its BIFF records: a password, hidden rows and columns, errors, formulas, formats of numbers.

Some programs (Apple Numbers) number a formula's record as older versions of the format did: 0x406 for 0x06. The reader
of values passes those over, and with them rows that hold nothing else, so it is given a copy with the usual number.
"""

import struct
from collections.abc import Iterator, Mapping
from itertools import chain

from campaign.domain.errors import SheetError
from campaign.domain.model import Mark
from campaign.intake.files.file_type import kind_of_streams
from campaign.intake.formats.metadata import ERROR_NAMES, Unseen
from campaign.intake.formats.numbers.shown_number import Shown, UnknownFormat, built_in_formats, format_of, put_shown
from campaign.intake.formats.ole import Ole

_BOF, _EOF = 0x809, 0x0A
_FILEPASS, _BOUNDSHEET = 0x2F, 0x85
_ROW, _COLINFO, _FORMULA, _BOOLERR = 0x208, 0x7D, 0x06, 0x205
_OLD_FORMULAS = (0x206, 0x406)
_NUMBER, _RK, _MANY_RK = 0x203, 0x27E, 0xBD
_NUMBERS = frozenset({_NUMBER, _RK, _MANY_RK, _FORMULA, *_OLD_FORMULAS})
_XF, _FORMAT, _BIFF_5 = 0xE0, 0x41E, b"\x00\x05"
_HIDDEN_ROW, _HIDDEN_COLUMN = 0x20, 0x01
_ERROR_RESULT = 2
Styles = Mapping[int, Shown | UnknownFormat]


def scan_sheets(data: bytes) -> tuple[tuple[Unseen, ...], bytes]:
    """Reads the metadata of each sheet, in the workbook's order.

    Args:
        data: the whole file.

    Returns:
        The metadata, and the file as the reader of values is to have it.

    Raises:
        SheetError: it has a password, or is no .xls; without the file's name.
    """
    file = Ole(data)
    kind_of_streams(file.names)
    name = "Workbook" if "Workbook" in file.names else "Book"
    stream, starts, formats = file.read(name), [], _Formats()
    for record, body, _ in _records(stream, 0):
        formats.see(record, body)
        if record == _FILEPASS:
            raise SheetError("password-protected; open it, take the password off and save it as .xlsx")
        if record == _BOUNDSHEET:
            starts.append(struct.unpack_from("<I", body)[0])
    old = [place for start in starts for record, _, place in _records(stream, start) if record in _OLD_FORMULAS]
    pages, styles = [_scan(stream, start) for start in starts], formats.of_styles()
    for unseen, start in zip(pages, starts, strict=True) if styles else ():
        _show_numbers(unseen, _records(stream, start), styles)
    return tuple(pages), _renumbered(data, [file.place(name, place + 1) for place in old])


def _renumbered(data: bytes, places: list[int]) -> bytes:
    """The file with the usual number of those records of which the second byte stands at one of these places."""
    if not places:
        return data
    changed = bytearray(data)
    for place in places:
        changed[place] = _FORMULA >> 8
    return bytes(changed)


class _Formats:
    """Formats of numbers, and which style has which."""

    def __init__(self) -> None:
        self._formats = {int(number): found for number, found in built_in_formats().items()}
        self._styles: list[int] = []
        self._wide = True

    def see(self, record: int, body: bytes) -> None:
        """Takes a record of the workbook's own."""
        if record == _BOF:
            self._wide = body[:2] != _BIFF_5
        elif record == _XF:
            self._styles += struct.unpack_from("<2xH", body)
        elif record == _FORMAT:
            (number,) = struct.unpack_from("<H", body)
            self._formats.pop(number, None)
            if (found := format_of(self._code(body))) is not None:
                self._formats[number] = found

    def of_styles(self) -> Styles:
        """Number of a style -> what it shows of a number, for those that do more than show its digits."""
        return {place: self._formats[number] for place, number in enumerate(self._styles) if number in self._formats}

    def _code(self, body: bytes) -> str:
        if not self._wide:
            return body[3 : 3 + body[2]].decode("cp1252", "replace")
        (length,) = struct.unpack_from("<H", body, 2)
        if body[4] & 1:
            return body[5 : 5 + 2 * length].decode("utf-16-le", "replace")
        return body[5 : 5 + length].decode("latin-1")


def _scan(stream: bytes, start: int) -> Unseen:
    unseen = Unseen()
    for record, body, _ in _records(stream, start):
        if record == _ROW:
            row, flags = struct.unpack_from("<H10xH", body)
            if flags & _HIDDEN_ROW:
                unseen.hidden_rows.add(row + 1)
        elif record == _COLINFO:
            first, last, flags = struct.unpack_from("<HH4xH", body)
            if flags & _HIDDEN_COLUMN:
                unseen.hidden_columns.update(range(first, min(last, 255) + 1))
        elif record in (_FORMULA, *_OLD_FORMULAS):
            row, column, kind, code, end = struct.unpack_from("<HH2xBxB3xH", body)
            unseen.formulas += 1
            if end == 0xFFFF and kind == _ERROR_RESULT:  # noqa: PLR2004 - otherwise the eight bytes are a number
                unseen.put(row + 1, column, text=ERROR_NAMES.get(code, "#ERROR"), mark=Mark.ERROR)
        elif record == _BOOLERR:
            row, column, code, is_error = struct.unpack_from("<HH2xBB", body)
            if is_error:
                unseen.put(row + 1, column, text=ERROR_NAMES.get(code, "#ERROR"), mark=Mark.ERROR)
    return unseen


def _show_numbers(unseen: Unseen, records: Iterator[tuple[int, bytes, int]], styles: Styles) -> None:
    for row, column, style, value in chain.from_iterable(_numbers(record, body) for record, body, _ in records):
        if (found := styles.get(style)) is not None:
            put_shown(unseen, found, repr(value), place=(row + 1, column))


def _numbers(record: int, body: bytes) -> Iterator[tuple[int, int, int, float]]:
    """(row, column, style, value) of the numbers that a record holds."""
    if record not in _NUMBERS:
        return
    row, column, style = struct.unpack_from("<HHH", body)
    if record == _NUMBER or (record in (_FORMULA, *_OLD_FORMULAS) and body[12:14] != b"\xff\xff"):
        yield row, column, style, struct.unpack_from("<d", body, 6)[0]
    elif record == _RK:
        yield row, column, style, rk_number(struct.unpack_from("<I", body, 6)[0])
    elif record == _MANY_RK:
        for place in range((len(body) - 6) // 6):
            style, raw = struct.unpack_from("<HI", body, 4 + 6 * place)
            yield row, column + place, style, rk_number(raw)


def rk_number(raw: int) -> float:
    """The number that four bytes stand for: a whole one, or the upper half of a double; a hundredth of it, maybe."""
    if raw & 2:
        number = float((raw >> 2) - (1 << 30 if raw & 0x80000000 else 0))
    else:
        (number,) = struct.unpack("<d", struct.pack("<Q", (raw & 0xFFFFFFFC) << 32))
    return number / 100 if raw & 1 else number


def _records(stream: bytes, place: int) -> Iterator[tuple[int, bytes, int]]:
    """The records of one part of the stream, without those of charts inside it: number, content, place."""
    depth = 0
    while place + 4 <= len(stream):
        record, length = struct.unpack_from("<HH", stream, place)
        depth += (record == _BOF) - (record == _EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield record, stream[place + 4 : place + 4 + length], place
        place += 4 + length
