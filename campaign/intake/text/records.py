"""Records of a text sheet (RFC 4180), each with its first line and its damage.

    lines -> csv.reader, strict -> line, fields, damage

A stray quotation mark makes one row of several, and so one person of two. Where the record certainly ends, it is
damage of that row; where its end would be a guess, the sheet is refused.
"""

import csv
import io
from collections import deque
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from campaign.domain.errors import SheetError
from campaign.intake.text.encoding import LONGEST_CELL, LONGEST_LINE
from campaign.intake.text.stray_quotes import line_that_opens, swallowed

Record = tuple[int, list[str], str | None]
"""The number of its first line, its fields, its damage."""

_SAMPLE_LINES = 1_000
_SAMPLE_CHARACTERS = 4_000_000
_BLOCK = 1 << 16


class Lines:
    """Lines of a text; keeps those of the current record.

    Attributes:
        sample: the first lines, on which detection decides.
        hidden: how many of them stand in front of row 1.
        begun: how many lines were returned before the current record. The reader of records sets it.
    """

    def __init__(self, path: Path, text: io.TextIOWrapper) -> None:
        self.hidden = 0
        self.begun = 0
        self.sample: list[str] = []
        self._path = path
        self._text = text
        self._blocks: deque[list[str]] = deque()
        self._dropped = 0  # lines that came before the first remembered block
        size = 0
        while len(self.sample) < _SAMPLE_LINES and size < _SAMPLE_CHARACTERS and (line := text.readline()):
            self.sample.append(line)
            size += len(line)

    def __iter__(self) -> Iterator[str]:
        # One step for each block and none for each line: a sheet has millions of them.
        return chain.from_iterable(self._remembered())

    def under_way(self, given: int) -> list[str]:
        """Lines of the current record, of those `given` out so far."""
        known = list(chain.from_iterable(self._blocks))
        return known[self.begun - self._dropped : given - self._dropped]

    def _remembered(self) -> Iterator[list[str]]:
        block = self.sample[self.hidden :]
        given = 0
        while block:
            self._blocks.append(block)
            given += len(block)
            yield block
            while self._blocks and self._dropped + len(self._blocks[0]) <= self.begun:
                self._dropped += len(self._blocks.popleft())
            if sum(map(len, self.under_way(given))) > LONGEST_LINE:
                line = self.begun + self.hidden + 1
                raise SheetError(
                    f"sheet {self._path}: the row that begins in line {line} has over {LONGEST_LINE:,} characters:"
                    " a quotation mark is not closed; correct that line, or save the sheet as .xlsx"
                )
            block = self._text.readlines(_BLOCK)


def read_records(path: Path, lines: Lines, *, delimiter: str, widths: Collection[int]) -> Iterator[Record]:
    """Reads all records, blank ones included.

    Args:
        path: named in errors.
        lines: read from their start.
        delimiter: between the fields.
        widths: how many fields a row of this sheet has.

    Raises:
        SheetError: a stray quotation mark leaves open where a record ends.
    """
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    hidden = lines.hidden
    while True:
        try:
            for cells in reader:
                begun = lines.begun
                lines.begun = ended = reader.line_num
                line = begun + hidden + 1
                if ended - begun > 1:
                    fault = swallowed(cells, delimiter=delimiter, line=line, widths=widths)
                    yield line, cells, fault or too_long(cells)
                else:
                    yield line, cells, None
        except csv.Error as error:
            broken = lines.under_way(reader.line_num)
            yield _broken(path, broken, delimiter=delimiter, line=lines.begun + hidden + 1, error=error)
            lines.begun = reader.line_num
        else:
            return


def too_long(cells: list[str]) -> str | None:
    """Damage, if a cell is longer than any that a spreadsheet program writes."""
    longest = max(map(len, cells), default=0)
    if longest <= LONGEST_CELL:
        return None
    return f"a cell of {longest:,} characters, where a spreadsheet's holds {LONGEST_CELL:,}"


@contextmanager
def own_limit() -> Iterator[None]:
    """Lets csv read long cells. Its limit is one number for the whole process, and is restored at once."""
    limit = csv.field_size_limit(LONGEST_LINE)
    try:
        yield
    finally:
        csv.field_size_limit(limit)


def _broken(path: Path, lines: list[str], *, delimiter: str, line: int, error: csv.Error) -> Record:
    """Handles a record with a stray quote: damage if it certainly ends with its line; else its end is a guess."""
    text = "".join(lines)
    if len(lines) == 1 and text.count('"') % 2 == 0:
        try:
            return line, _one(text, delimiter, strict=True), None
        except csv.Error:
            if '\\"' not in text:
                fault = "a stray quotation mark: text follows the closing one"
                return line, _one(text, delimiter, strict=False), fault
    opened = line + line_that_opens(lines, delimiter)
    if "field larger" in str(error):
        fault = (
            f"a cell with over {csv.field_size_limit():,} characters; a quotation mark in line {opened} is not closed"
        )
    elif "unexpected end of data" in str(error):
        fault = f"the quotation mark that opens in line {opened} is never closed"
    else:
        fault = f"a stray quotation mark after the one that opens in line {opened}"
    raise SheetError(f"sheet {path}: {fault}; correct that line, or save the sheet as .xlsx")


def _one(text: str, delimiter: str, *, strict: bool) -> list[str]:
    with own_limit():
        return next(csv.reader([text], delimiter=delimiter, strict=strict), [])
