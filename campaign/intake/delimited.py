"""CSV, exactly: strict UTF-8, a delimiter that is proved, every field counted, and nothing ever shifted.

    bytes -> lines -> (sample: which delimiter?) -> records -> Row

pandas cannot count fields: one too many and it moves every cell of the sheet by a column. So csv reads here.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

from campaign.errors import SheetError
from campaign.intake.choices import UNDECIDED, Choices
from campaign.intake.stray_quotes import line_that_opens, swallows_rows
from campaign.model import Row, Sheet

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_SAMPLE_LINES = 1_000
_LONGEST_LINE = 1_000_000
_BLOCK = 1 << 16
# Excel writes this line and hides it again: the row below it is the user's row 1.
_DECLARED = re.compile(r'"?sep=(.)"?\s*')

_Record = tuple[list[str], str | None]
"""Fields, and their damage."""


def read_delimited(path: Path, *, choices: Choices = UNDECIDED) -> Sheet:  # noqa: ARG001 - not heard yet
    """Reads a CSV file: its header at once, its rows while they are asked for.

    Raises:
        SheetError: the file cannot be read as a table; also while rows are read.
    """
    records = _file_records(path)
    header, damage = next(records, ([], None))
    if damage is not None:
        raise SheetError(f"sheet {path}: row 1: {damage}; write the names of the columns anew")
    return Sheet(tuple(header), _rows(records, len(header)))


def _rows(records: Iterator[_Record], width: int) -> Iterator[Row]:
    for number, (cells, damage) in enumerate(records, start=2):
        if any(cells) and any(cell.strip() for cell in cells):
            # Damaged rows are padded or cut to be shown; their cells are never used.
            padded = tuple(cells[:width]) + ("",) * (width - len(cells))
            yield Row(number, padded, damage or _miscount(cells, width))


def _miscount(cells: list[str], width: int) -> str | None:
    if len(cells) == width or (len(cells) > width and not any(cell.strip() for cell in cells[width:])):
        return None
    fault = "too few" if len(cells) < width else "too many"
    return f"{fault} fields: {len(cells)}, where the header has {width}"


def _file_records(path: Path) -> Iterator[_Record]:
    try:
        # The file is open only inside this generator, so it is closed with it, read to the end or not.
        with path.open("rb") as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as text:
            lines = _lines(path, text)
            sample = list(islice(lines, _SAMPLE_LINES))
            declared = _DECLARED.fullmatch(sample[0]) if sample else None
            hidden = 1 if declared else 0
            delimiter = declared[1] if declared else _delimiter_of(path, sample)
            if delimiter not in _DELIMITERS:
                raise SheetError(f"sheet {path}: {sample[0].strip()!r} is not a delimiter known here; use , ; tab or |")
            yield from _records(path, chain(sample[hidden:], lines), delimiter=delimiter, line=1 + hidden)
    except UnicodeDecodeError:
        raise SheetError(f"sheet {path}: {_undecodable(path)}; save it as CSV UTF-8") from None
    except OSError as error:
        raise SheetError(f"sheet {path}: {error.strerror}; copy it to this machine and try again") from error


def _lines(path: Path, text: io.TextIOWrapper) -> Iterator[str]:
    number = 0
    while line := text.readline(_LONGEST_LINE):
        number += 1
        if "\0" in line:
            raise SheetError(f"sheet {path}: a NUL byte in line {number}: this is no text; save it as CSV UTF-8")
        if len(line) == _LONGEST_LINE:
            raise SheetError(f"sheet {path}: line {number} has over {_LONGEST_LINE:,} characters; save it as CSV UTF-8")
        yield line


def _undecodable(path: Path) -> str:
    """Where the first wrong byte is. The text layer knows only its own block, so the file is read once more."""
    decoder, offset = codecs.getincrementaldecoder("utf-8")(), 0
    with path.open("rb") as file:
        while True:
            held = len(decoder.getstate()[0])
            block = file.read(_BLOCK)
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                return f"byte {offset - held + error.start} (0x{error.object[error.start]:02X}) is not UTF-8"
            if not block:
                return "not UTF-8"
            offset += len(block)


def _delimiter_of(path: Path, sample: list[str]) -> str:
    tables = {delimiter: _sample_records(sample, delimiter) for delimiter in _DELIMITERS}
    # Only a delimiter of the header can be the delimiter of the sheet.
    fits = {
        delimiter: sum(_miscount(cells, len(table[0])) is None for cells in table[1:]) / max(len(table) - 1, 1)
        for delimiter, table in tables.items()
        if table and len(table[0]) > 1
    }
    if len(fits) == 1:
        return next(iter(fits))
    if not fits and not all(tables.values()):
        return ","  # a broken quote in the header: reading it says where
    if not fits:
        cure = "the first row must hold the names of the columns, between commas, semicolons, tabs or vertical bars"
        raise SheetError(f"sheet {path}: row 1 is not the header of a table; {cure}")
    for least in (1.0, 0.5):
        best = [delimiter for delimiter, share in fits.items() if share >= least]
        if len(best) == 1:
            return best[0]
    names = " or ".join(_DELIMITERS[delimiter] for delimiter in fits)
    raise SheetError(f"sheet {path}: its columns may be separated by {names}; save it as .xlsx")


def _sample_records(sample: list[str], delimiter: str) -> list[list[str]]:
    reader = csv.reader(sample, delimiter=delimiter, strict=True)
    table: list[list[str]] = []
    while True:
        try:
            for cells in reader:
                # Blank rows say nothing about the columns, except in the place of the header.
                if any(cells) or not table:
                    table.append(cells)
        except csv.Error:
            if not table:
                return []
            # A record that the sample's end cuts is no evidence; one that is broken fits no header.
            if reader.line_num < len(sample):
                table.append([])
        else:
            return table


def _records(path: Path, lines: Iterable[str], *, delimiter: str, line: int) -> Iterator[_Record]:
    under_way: list[str] = []
    reader = csv.reader(_remembered(lines, under_way), delimiter=delimiter, strict=True)
    while True:
        try:
            for cells in reader:
                swallows = len(under_way) > 1 and swallows_rows(cells, delimiter)
                yield cells, "a stray quotation mark makes one row of several lines" if swallows else None
                line += len(under_way)
                under_way.clear()
        except csv.Error as error:
            yield _broken(path, under_way, delimiter=delimiter, line=line, error=error)
            line += len(under_way)
            under_way.clear()
        else:
            return


def _remembered(lines: Iterable[str], under_way: list[str]) -> Iterator[str]:
    for line in lines:
        under_way.append(line)
        yield line


def _broken(path: Path, lines: list[str], *, delimiter: str, line: int, error: csv.Error) -> _Record:
    """A record with a stray quote: damage, if it surely ends with its line; else where it ends is a guess."""
    text = "".join(lines)
    if len(lines) == 1 and text.count('"') % 2 == 0 and '\\"' not in text and len(text) < csv.field_size_limit():
        cells = next(csv.reader(lines, delimiter=delimiter), [])
        return cells, "a stray quotation mark: text follows the closing one"
    opened = line + line_that_opens(lines, delimiter)
    if len(text) >= csv.field_size_limit():
        fault = (
            f"a cell with over {csv.field_size_limit():,} characters; a quotation mark in line {opened} is not closed"
        )
    elif "unexpected end of data" in str(error):
        fault = f"the quotation mark that opens in line {opened} is never closed"
    else:
        fault = f"a stray quotation mark after the one that opens in line {opened}"
    raise SheetError(f"sheet {path}: {fault}; correct that line, or save the sheet as .xlsx")
