"""Delimiter detection: which character separates the columns, proved on whole records, or asked.

    sample -> one table for each delimiter -> which of them has the same number of columns, two or more, all the way?

Guessing tools split a list of names on the letter "p". Here a delimiter fits every row, or it fits most of them and is
missing only where every other is missing too; else the sheet's owner is asked.
"""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from campaign.domain.cures import Cure, CureCode, Setting
from campaign.domain.cures.sheets import choose_delimiter, say_delimiter
from campaign.domain.errors import SheetError, UndecidedError
from campaign.intake.files.read_options import Choices
from campaign.intake.text.records import own_limit

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
"""Delimiters that are detected; any other must be named by the owner."""

# Excel writes this line and hides it again: the row below it is the user's row 1.
_DECLARED = re.compile(r'"?sep=(.)"?\s*')
_WIDTHS_TRIED = 8
_COLUMNS_SHOWN = 6
_NAME_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Dialect:
    """Dialect of a text sheet: how its lines split into columns.

    Attributes:
        delimiter: one character.
        width: the number of columns of most rows.
        hidden: lines in front of row 1 that no spreadsheet program shows.
        table: the rows of the sample, from row 1; a broken one is empty.
    """

    delimiter: str
    width: int
    hidden: int
    table: list[list[str]]

    @property
    def lengths(self) -> frozenset[int]:
        """How many fields the rows of the sample have that fit: the empty ones at the end are counted here."""
        return frozenset(len(cells) for cells in self.table if self.fits(cells))

    def fits(self, cells: list[str]) -> bool:
        """Whether a row has the columns of most rows; empty ones more are none."""
        return extent(cells) <= self.width <= len(cells)


def prove_dialect(path: Path, sample: Sequence[str], choices: Choices) -> Dialect:
    """Finds the delimiter.

    Args:
        path: named in errors.
        sample: the file's first lines.
        choices: `delimiter` is taken as it is; rows above `header_row` prove nothing.

    Raises:
        UndecidedError: several delimiters, or none, make a table of it.
        SheetError: there is none in it, or the one that is named is none.
    """
    declared = _DECLARED.fullmatch(sample[0]) if sample else None
    shown = sample[1:] if declared else sample
    top = (choices.header_row or 1) - 1
    if choices.delimiter is not None:
        return _read_with(_checked(path, choices.delimiter), shown, hidden=len(sample) - len(shown), top=top).dialect
    if declared and declared[1] not in DELIMITERS:
        what = f"{declared[0].strip()!r} is not a delimiter known here"
        raise SheetError(f"sheet {path}: {what}", cure=say_delimiter(delimiter=declared[1]))
    if declared:
        return _read_with(declared[1], shown, hidden=1, top=top).dialect
    trials = [_read_with(delimiter, shown, hidden=0, top=top) for delimiter in DELIMITERS]
    return _best(path, trials, one_column=choices.no_header or choices.one_column).dialect


def extent(cells: list[str]) -> int:
    """The number of a row's fields up to the last that is not blank."""
    for place in range(len(cells), 0, -1):
        if cells[place - 1].strip():
            return place
    return 0


@dataclass(frozen=True, slots=True)
class _Trial:
    """Result of splitting the sample by one delimiter; rows are named by the line that they end on."""

    dialect: Dialect
    rows: frozenset[int]
    fitting: frozenset[int]
    bare: frozenset[int]  # without the delimiter
    first: list[str]

    @property
    def shown(self) -> str:
        names = [" ".join(cell.split())[:_NAME_SHOWN] for cell in self.first[:_COLUMNS_SHOWN]]
        more = ["..."] if len(self.first) > _COLUMNS_SHOWN else []
        return f"{self.dialect.width} columns: {' | '.join(names + more)}"


def _best(path: Path, trials: list[_Trial], *, one_column: bool) -> _Trial:
    tables = [trial for trial in trials if trial.dialect.width > 1]
    if not tables:
        # Blank rows, and a broken quote at the start, leave nothing to count: reading says so.
        if one_column or any(not trial.rows or trial.dialect.table[0] == [] for trial in trials):
            return trials[0]
        needed = "a name and a number need a column each, between commas, semicolons, tabs or vertical bars"
        what = f"row 1 is not the header of a table: {needed}"
        raise SheetError(f"sheet {path}: {what}", cure=Cure(CureCode.SAY_OTHER_DELIMITER))
    whole = [trial for trial in tables if trial.fitting == trial.rows] or tables
    if len(whole) == 1:
        return whole[0]
    # A title, or a row with a fault, fits none. The comma of "3,50" fits most rows too, but not their header.
    most = [trial for trial in whole if 2 * len(trial.fitting) > len(trial.rows)]
    if most and whole == tables:
        best = min(most, key=lambda trial: len(trial.bare))
        if all(trial is best or best.bare < trial.bare for trial in most):
            return best
    raise _undecided(path, whole)


def _undecided(path: Path, trials: list[_Trial]) -> UndecidedError:
    likely = sorted(trials, key=lambda trial: -len(trial.fitting))
    names = " or ".join(DELIMITERS[trial.dialect.delimiter] for trial in likely)
    options = [(trial.dialect.delimiter, trial.shown) for trial in likely]
    return UndecidedError(
        f"sheet {path}: its columns may be separated by {names}",
        cure=choose_delimiter(options),
        choice="delimiter",
        options=options,
    )


def _checked(path: Path, chosen: str) -> str:
    delimiter = "\t" if chosen == "\\t" else chosen
    if (
        len(delimiter) != 1
        or delimiter == '"'
        or delimiter.isalnum()
        or not (delimiter.isprintable() or delimiter == "\t")
    ):
        cure = r"give one character that is no letter, digit or quotation mark, such as ';' or '\t'"
        raise SheetError(f"sheet {path}: ", Setting.DELIMITER, f" {chosen!r} cannot stand between columns; {cure}")
    return delimiter


def _read_with(delimiter: str, sample: Sequence[str], *, hidden: int, top: int) -> _Trial:
    with own_limit():
        table = _records(sample, delimiter)
    told = [(line, cells) for line, cells in table[top:] or table if not cells or any(cell.strip() for cell in cells)]
    width = _width([cells for _, cells in told if cells])
    dialect = Dialect(delimiter, width, hidden, [cells for _, cells in table])
    fitting = {line: cells for line, cells in told if dialect.fits(cells)}
    bare = frozenset(line for line, cells in told if len(cells) == 1)
    first = next(iter(fitting.values()), [])
    return _Trial(dialect, frozenset(line for line, _ in told), frozenset(fitting), bare, first)


def _width(table: list[list[str]]) -> int:
    """The number of columns that most rows have, if the empty ones at a row's end need not be counted."""
    spans = Counter((extent(cells), len(cells)) for cells in table)
    tried = {width for span, _ in spans.most_common(_WIDTHS_TRIED) for width in span}
    return max(tried, key=lambda width: (_covered(spans, width), width), default=0)


def _covered(spans: Counter[tuple[int, int]], width: int) -> int:
    return sum(count for (extent, length), count in spans.items() if extent <= width <= length)


def _records(sample: Sequence[str], delimiter: str) -> list[tuple[int, list[str]]]:
    """Each record with the line that it ends on; a broken one is empty, and so is a blank line."""
    reader = csv.reader(sample, delimiter=delimiter, strict=True)
    table: list[tuple[int, list[str]]] = []
    while True:
        try:
            for cells in reader:
                table.append((reader.line_num, cells or [" "]))  # noqa: PERF401 - what was read before a fault is kept
        except csv.Error:
            # A record that the sample's end cuts is no evidence; one that is broken fits no header.
            if reader.line_num < len(sample) or not table:
                table.append((reader.line_num, []))
        else:
            return table
