"""Metadata of .xls, from its BIFF records: a password, hidden rows and columns, errors, formulas.

Some programs (Apple Numbers) number a formula's record as older versions of the format did: 0x406 for 0x06. The reader
of values passes those over, and with them rows that hold nothing else, so it is given a copy with the usual number.
"""

import struct
from collections.abc import Iterator

from campaign.domain.errors import SheetError
from campaign.domain.model import Mark
from campaign.intake.files.file_type import kind_of_streams
from campaign.intake.formats.metadata import ERROR_NAMES, Unseen
from campaign.intake.formats.ole import Ole

_BOF, _EOF = 0x809, 0x0A
_FILEPASS, _BOUNDSHEET = 0x2F, 0x85
_ROW, _COLINFO, _FORMULA, _BOOLERR = 0x208, 0x7D, 0x06, 0x205
_OLD_FORMULAS = (0x206, 0x406)
_HIDDEN_ROW, _HIDDEN_COLUMN = 0x20, 0x01
_ERROR_RESULT = 2


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
    stream, starts = file.read(name), []
    for record, body, _ in _records(stream, 0):
        if record == _FILEPASS:
            raise SheetError("password-protected; open it, take the password off and save it as .xlsx")
        if record == _BOUNDSHEET:
            starts.append(struct.unpack_from("<I", body)[0])
    old = [place for start in starts for record, _, place in _records(stream, start) if record in _OLD_FORMULAS]
    return tuple(_scan(stream, start) for start in starts), _renumbered(
        data, [file.place(name, place + 1) for place in old]
    )


def _renumbered(data: bytes, places: list[int]) -> bytes:
    """The file with the usual number of those records of which the second byte stands at one of these places."""
    if not places:
        return data
    changed = bytearray(data)
    for place in places:
        changed[place] = _FORMULA >> 8
    return bytes(changed)


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
