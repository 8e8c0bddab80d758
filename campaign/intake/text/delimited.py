"""Delimited text (CSV, TSV): proved encoding, proved delimiter, and every field counted, so that nothing shifts.

    path -> private copy -> encoding: all bytes, once -> characters -> records -> header, Row, Row, ...
                                                              `-> sample -> dialect: which delimiter?

pandas cannot count fields: one too many and it moves every cell of the sheet by a column. So csv reads here.
"""

import io
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from campaign.domain.cures import Cure, CureCode, Setting
from campaign.domain.cures.sheets import choose_header_row
from campaign.domain.errors import SheetError, UndecidedError
from campaign.domain.model import Readable, Row
from campaign.domain.sheet import Sheet
from campaign.intake.files.private_copy import copy_privately
from campaign.intake.files.read_options import UNDECIDED, Choices
from campaign.intake.text.dialect import Dialect, extent, prove_dialect
from campaign.intake.text.encoding import BEFORE_GUARD, TextFile, prove_encoding
from campaign.intake.text.extra_field import FieldReading, proved_reading
from campaign.intake.text.records import Lines, Record, read_records, too_long
from campaign.intake.text.short_rows import Lacking, short_rows_of
from campaign.intake.text.stray_quotes import may_be_whole

_MOST_COLUMNS = 16_384  # what a spreadsheet program has
_HEADERS_OFFERED = 5
_NAMES_SHOWN = 6
_NAME_SHOWN = 20  # characters
_REPLACEMENT = "\ufffd"


def read_delimited(path: Path, *, choices: Choices = UNDECIDED) -> Sheet:
    """Reads a CSV, TSV or text file: its header at once, its rows while they are asked for.

    Args:
        path: a regular file.
        choices: `encoding`, `delimiter`, `header_row` and `no_header` count here.

    Raises:
        UndecidedError: only its owner can say how it is to be read: `encoding`, `delimiter` or `header_row`.
        SheetError: the file cannot be read as a table; also while rows are read.
    """
    _require_sense(path, choices)
    notices: list[str] = []
    state, bare = list[int](), list[bool]()
    rows = _header_and_rows(path, choices=choices, notices=notices, state=state, bare=bare)
    header = next(rows)
    return Sheet(header.cells, rows, header.number, notices, tuple(state), all(bare))


def _require_sense(path: Path, choices: Choices) -> None:
    if choices.header_row is not None and choices.no_header:
        both = Setting.HEADER_ROW, " and ", Setting.NO_HEADER
        raise SheetError(f"sheet {path}: ", *both, " cannot both be; leave one out")
    if choices.header_row is not None and choices.header_row < 1:
        raise SheetError(f"sheet {path}: ", Setting.HEADER_ROW, f" {choices.header_row}: the first row is row 1")


def _header_and_rows(
    path: Path, *, choices: Choices, notices: list[str], state: list[int], bare: list[bool]
) -> Iterator[Row]:
    """Yields the header, then the rows below it; `notices`, `state` and `bare` are filled for the sheet."""
    # The copy is made in this generator: so it is closed with it, read to the end or not, in a cycle of garbage too.
    copy = copy_privately(path)
    state.extend(copy.state)
    try:
        with copy.file as file:
            text = prove_encoding(path, file, chosen=choices.encoding)
            notices += text.notices
            file.truncate(text.end)  # it is a copy of our own
            file.seek(text.start)
            with io.TextIOWrapper(file, text.encoding, newline="") as characters:
                yield from _table(text, Lines(path, characters), choices=choices, notices=notices, bare=bare)
    except OSError as error:
        raise SheetError(f"sheet {path}: its copy cannot be read ({error.strerror}); try again") from error


def _table(text: TextFile, lines: Lines, *, choices: Choices, notices: list[str], bare: list[bool]) -> Iterator[Row]:
    path = text.path
    dialect = prove_dialect(path, lines.sample, choices)
    lines.hidden = dialect.hidden
    bare.append(not text.guarded and dialect.delimiter in BEFORE_GUARD)
    found = read_records(path, lines, delimiter=dialect.delimiter, widths=dialect.lengths)
    if text.long_lines or text.replaced:
        found = _inspected(found, notices)
    if choices.no_header:
        header = Row(0, tuple(f"#{place}" for place in range(1, max(dialect.width, 1) + 1)))
    else:
        header = _header(path, found, choices.header_row)
        _require_rows_of(path, header, dialect, chosen=choices.header_row is not None)
    if len(header.cells) > _MOST_COLUMNS:
        raise SheetError(f"sheet {path}: {_too_wide(header.number, len(header.cells))}")
    usual = _usual(header, dialect)
    reading = _reading(path, header, dialect, usual=usual, choices=choices)
    yield header
    if reading.joined is not None:
        found, usual = _joined(found, reading, usual=usual), len(header.cells)
    yield from _rows(path, found, header=header, notices=notices, usual=usual, delimiter=dialect.delimiter)


def _reading(path: Path, header: Row, dialect: Dialect, *, usual: int, choices: Choices) -> FieldReading:
    """How the rows' fields become the header's cells, where the rows have more of them."""
    width = len(header.cells)
    rows = [cells for cells in dialect.table[header.number :] if len(cells) == usual and extent(cells) <= width]
    if usual <= width or header.number == 0 or not rows:
        return FieldReading(width, None, 1, dialect.delimiter)
    chosen, said = choices.extra_field, choices.usual_extra_field
    return proved_reading(path, header.cells, rows, delimiter=dialect.delimiter, chosen=chosen, usual=said)


def _joined(found: Iterator[Record], reading: FieldReading, *, usual: int) -> Iterator[Record]:
    """Joins the pieces of the column that has a delimiter in it, in rows that have as many fields as most."""
    for line, cells, damage in found:
        whole = reading.cells(cells) if len(cells) == usual and extent(cells) <= reading.width else cells
        yield line, whole, damage


def _header(path: Path, found: Iterator[Record], wanted: int | None) -> Row:
    number = 0
    for number, (line, cells, damage) in enumerate(found, start=1):
        blank = damage is None and not any(cell.strip() for cell in cells)
        if (wanted is None and not blank) or number == wanted:
            if damage is not None:
                raise SheetError(f"sheet {path}: row {number}: {damage}; write the names of the columns anew")
            if blank:
                where = f"sheet {path}: row {number} is blank; "
                raise SheetError(where, Setting.HEADER_ROW, " must be the one with the names")
            return Row(number, tuple(cells), None, None if line == number else line)
    if wanted is not None:
        raise SheetError(f"sheet {path}: ", Setting.HEADER_ROW, f" {wanted}: the sheet ends with row {number}")
    raise SheetError(f"sheet {path}: all of its rows are blank; the first must hold the names of the columns")


def _require_rows_of(path: Path, header: Row, dialect: Dialect, *, chosen: bool) -> None:
    """Refuses a header that is a title, and one whose rows would all be one column off."""
    width = len(header.cells)
    below = [cells for cells in dialect.table[header.number :] if any(cell.strip() for cell in cells)]
    if width == 1 < dialect.width and not chosen:
        raise _not_the_header(path, header, dialect)
    if below and all(extent(cells) > width for cells in below):
        fields = f"{width} column{'s' if width > 1 else ''}, and every row below it has more fields"
        what = f"the header (row {header.number}) has {fields}"
        raise SheetError(f"sheet {path}: {what}", cure=Cure(CureCode.NAME_COLUMNS_OR_HEADER_ROW))


def _not_the_header(path: Path, header: Row, dialect: Dialect) -> UndecidedError:
    fitting = [(number, cells) for number, cells in enumerate(dialect.table, start=1) if dialect.fits(cells)]
    options = [(str(number), _shown(cells)) for number, cells in islice(fitting, _HEADERS_OFFERED)]
    named = ", ".join(f"row {number}: {shown}" for number, shown in options)
    return UndecidedError(
        f"sheet {path}: row {header.number} is not the header of a table: {_shown(header.cells)!r} is one column where"
        f" most rows have {dialect.width}",
        cure=choose_header_row(rows=named),
        choice="header_row",
        options=options,
    )


def _shown(cells: Iterable[str]) -> str:
    names = [" ".join(cell.split())[:_NAME_SHOWN] for cell in islice(cells, _NAMES_SHOWN + 1)]
    return " | ".join(names[:_NAMES_SHOWN] + ["..."] * (len(names) > _NAMES_SHOWN))


def _inspected(found: Iterator[Record], notices: list[str]) -> Iterator[Record]:
    """Yields the records; checks each cell for letters lost before, and for too long texts."""
    lost = first = 0
    for number, (line, cells, damage) in enumerate(found, start=1):
        if _REPLACEMENT in "".join(cells):
            lost, first = lost + 1, first or number
        yield line, cells, damage or too_long(cells)
    if lost:
        rows = "1 row" if lost == 1 else f"{lost:,} rows"
        notices.append(
            f"\ufffd stands in {rows} (the first: row {first}) where letters were lost before the sheet came here;"
            " correct them, or they are spoken so"
        )


def _usual(header: Row, dialect: Dialect) -> int:
    """How many fields a row has that can be read: the header's, or, if all rows are alike, theirs; 0 if none can."""
    width = len(header.cells)
    whole = [cells for cells in dialect.table[header.number :] if extent(cells) and len(cells) >= width]
    lengths = {len(cells) for cells in whole}
    # One row alone is no custom: its field too many may as well be in its middle.
    if len(lengths) == 1 and (len(whole) > 1 or lengths == {width}):
        return lengths.pop()
    # Rows that have something in a field too many are damaged in any case; they say nothing of the header's length.
    fitting = [len(cells) for cells in whole if extent(cells) <= width]
    return width if 2 * fitting.count(width) >= len(fitting) else 0


def _rows(
    path: Path, found: Iterator[Record], *, header: Row, notices: list[str], usual: int, delimiter: str
) -> Iterator[Row]:
    width = len(header.cells)
    # Where the header has empty names at its end, and the rows more fields still, only what has a name is a column.
    named = extent(list(header.cells)) if usual > width else width
    number, blank, lacking = header.number, _Blank(), short_rows_of(header.cells)
    for number, (line, cells, damage) in enumerate(found, start=header.number + 1):
        # Almost every row ends here, and there may be millions of them.
        if damage is None and len(cells) == width == usual and cells[0] and not cells[0].isspace():
            yield Row(number, tuple(cells)) if line == number else Row(number, tuple(cells), None, line)
        elif damage is not None or any(cell.strip() for cell in cells):
            if len(cells) > _MOST_COLUMNS:
                raise SheetError(f"sheet {path}: {_too_wide(number, len(cells))}")
            if damage is None and usual == len(cells) > width and extent(cells) > named:
                raise SheetError(
                    f"sheet {path}: row {number} has {len(cells)} fields, as most rows, where the header has {width}: "
                    "write a name above each column"
                )
            fault = damage or _miscount(cells, width, usual)
            # Excel leaves out the empty cells at a row's end; a cell of several lines may have swallowed others.
            simple = damage is None and len(cells) < width == usual and not any("\n" in cell for cell in cells)
            lacks = lacking(cells) if simple else Lacking.ELSEWHERE
            padded = _padded(cells, width, delimiter=delimiter, whole=fault is None)
            short = len(cells) if lacks is not Lacking.ELSEWHERE else 0
            readable = _readable(cells, damage, width=width, usual=usual, lacks=lacks)
            yield Row(number, padded, fault, None if line == number else line, (), short, readable)
        else:
            blank.add(number)
    notices.extend(blank.notice(number))


def _readable(cells: list[str], damage: str | None, *, width: int, usual: int, lacks: Lacking) -> Readable | None:
    """By which word of the sheet's owner the row is sound."""
    if damage is None:
        return "short_rows" if lacks is Lacking.MAYBE_END else None
    return "line_breaks" if may_be_whole(damage) and len(cells) == width == usual else None


def _padded(cells: list[str], width: int, *, delimiter: str, whole: bool) -> tuple[str, ...]:
    """As many cells as the header has. A damaged row's are only shown: fields too many stay in the last of them."""
    if not whole and width and extent(cells) > width:
        return (*cells[: width - 1], delimiter.join(cells[width - 1 : extent(cells)]))
    return tuple(cells[:width]) + ("",) * (width - len(cells))


def _miscount(cells: list[str], width: int, usual: int) -> str | None:
    # A field too many is harmless at the end of every row; in one row alone, its place is unknown.
    if len(cells) == usual and extent(cells) <= width <= len(cells):
        return None
    fault = "too few" if len(cells) < width else "too many"
    if len(cells) == width:
        return f"{len(cells)} fields, as the header has, where most rows have more"
    return f"{fault} fields: {len(cells)}, where the header has {width}"


def _too_wide(number: int, width: int) -> str:
    return f"row {number} has {width:,} columns, where a spreadsheet has {_MOST_COLUMNS:,} at most; leave some out"


class _Blank:
    """Counter of blank rows, without those at a sheet's end."""

    def __init__(self) -> None:
        self._first = self._count = self._run = self._last = 0

    def add(self, number: int) -> None:
        self._first = self._first or number
        self._count += 1
        self._run = self._run + 1 if number == self._last + 1 else 1
        self._last = number

    def notice(self, end: int) -> list[str]:
        """One line on those that stand between rows of a sheet whose last row has the number `end`."""
        count = self._count - (self._run if self._last == end else 0)
        rows = "1 blank row is" if count == 1 else f"{count:,} blank rows are"
        return [f"{rows} left out (the first: row {self._first})"] if count else []
