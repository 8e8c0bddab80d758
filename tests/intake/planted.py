"""Known bugs of intake, each one that a reasonable person could write: planted, so that what watches can be watched.

A reader of sheets is planted at the door that opens them, a reader of phone numbers where cells are read: whatever
stands behind, the bug is in front of it.
"""

import csv
import io
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from campaign.domain.errors import SheetError
from campaign.domain.model import Row
from campaign.domain.sheet import Sheet
from campaign.intake.files.read_options import Choices
from tests.intake.pollution.people import HEADER, PHONE

_BOOK = b"PK\x03\x04"
_TWO = re.compile(r"\s*(?:[;,/|\n]| or )\s*")

Lines = list[list[str]]
Plant = Callable[[pytest.MonkeyPatch], None]


def index_shift(patch: pytest.MonkeyPatch) -> None:
    """pandas as it comes: a field more than the header in every row, and the first one is the index."""
    _opens_with(patch, lambda path: _of_frame(pd.read_csv(path, dtype=str, keep_default_na=False)))


def index_col_false(patch: pytest.MonkeyPatch) -> None:
    """What the advice against that shift is: what a row has too much is cut off, wherever it got it."""
    _opens_with(patch, lambda path: _of_frame(pd.read_csv(path, dtype=str, keep_default_na=False, index_col=False)))


def uncounted_fields(patch: pytest.MonkeyPatch) -> None:
    """Short rows are filled up, long ones cut: "zip will do"."""
    _opens_with(patch, _lines_of)


def swallowed_rows(patch: pytest.MonkeyPatch) -> None:
    """A quotation mark that opens closes somewhere: "the csv module knows"; line breaks become spaces."""
    _opens_with(patch, lambda path: [[" ".join(cell.split()) for cell in line] for line in _lines_of(path)])


def guessed_encoding(patch: pytest.MonkeyPatch) -> None:
    """What is not UTF-8 comes from Excel: "cp1252 never fails"."""
    _opens_with(patch, lambda path: _parsed(_decoded(path, "utf-8-sig", "latin-1")))


def replaced_letters(patch: pytest.MonkeyPatch) -> None:
    """A letter that cannot be read is a question mark in a box."""
    _opens_with(patch, lambda path: _parsed(path.read_bytes().decode("utf-8-sig", "replace")))


def nameless_dropped(patch: pytest.MonkeyPatch) -> None:
    """Columns without a name are dropped from the header, "nobody maps them"."""
    _opens_with(patch, lambda path: [[name for name in _lines_of(path)[0] if name.strip()], *_lines_of(path)[1:]])


def last_of_a_name(patch: pytest.MonkeyPatch) -> None:
    """Rows are dictionaries: of two columns of one name the last one stays."""

    def read(path: Path) -> Lines:
        header, *lines = _lines_of(path)
        made = [dict(zip(header, line, strict=False)) for line in lines]
        return [list(dict.fromkeys(header)), *([line.get(name, "") for name in dict.fromkeys(header)] for line in made)]

    _opens_with(patch, read)


def column_by_content(patch: pytest.MonkeyPatch) -> None:
    """A number's column that is not there is the first that holds numbers."""

    def read(path: Path) -> Lines:
        header, *lines = _lines_of(path)
        if HEADER[PHONE] not in header:
            holds = (place for place, cell in enumerate(lines[0]) if cell.startswith("+"))
            header[next(holds, 0)] = HEADER[PHONE]
        return [header, *lines]

    _opens_with(patch, read)


def filled_down(patch: pytest.MonkeyPatch) -> None:
    """An empty name is the name above: "the cell was merged"."""

    def read(path: Path) -> Lines:
        lines = _lines_of(path)
        place = lines[0].index("Patient")
        for above, line in pairwise(lines):
            line[place] = line[place] or above[place]
        return lines

    _opens_with(patch, read)


def all_rows_of_a_book(patch: pytest.MonkeyPatch) -> None:
    """pandas as it comes: hidden rows like any other, the first sheet, errors as nothing."""
    _opens_with(patch, lambda path: _of_book(pd.read_excel(path, dtype=str, engine="calamine")))


def refuses_all(patch: pytest.MonkeyPatch) -> None:
    """A reader that never makes a mistake."""

    def open_sheet(path: Path, **_: Any) -> Sheet:
        raise SheetError(f"sheet {path}: no")

    _plant(patch, "open_sheet", open_sheet)


def breaks_down(patch: pytest.MonkeyPatch) -> None:
    """Bytes that are not UTF-8 are somebody else's trouble."""
    _opens_with(patch, lambda path: _parsed(path.read_text("utf-8-sig")))


def point_dropped(patch: pytest.MonkeyPatch) -> None:
    """Points are written between digits: "drop them", and a zero is left."""
    _reads_phones(patch, lambda text: text.replace(".", ""))


def first_of_two(patch: pytest.MonkeyPatch) -> None:
    """Of two numbers in a cell the first is called."""
    _reads_phones(patch, lambda text: _TWO.split(text)[0])


def digits_only(patch: pytest.MonkeyPatch) -> None:
    """Whatever is no digit is dropped: "normalised"."""
    _reads_phones(patch, lambda text: re.sub(r"[^\d+]", "", text))


def power_expanded(patch: pytest.MonkeyPatch) -> None:
    """1.41556E+10 is a number: "write it out"."""
    _reads_phones(patch, lambda text: f"+{float(text):.0f}" if "E+" in text else text)


def _opens_with(patch: pytest.MonkeyPatch, read: Callable[[Path], Lines]) -> None:
    def open_sheet(path: Path, *, choices: Choices | None = None) -> Sheet:
        del choices
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            header, *lines = read(path) or [[]]
        width = len(header)
        rows = [
            Row(number, tuple(line[:width]) + ("",) * (width - len(line))) for number, line in enumerate(lines, start=2)
        ]
        return Sheet(tuple(header), iter(row for row in rows if any(row.cells)))

    _plant(patch, "open_sheet", open_sheet)


def _reads_phones(patch: pytest.MonkeyPatch, change: Callable[[str], str]) -> None:
    for name in _homes("read_phone"):
        module = import_module(name)
        read: Callable[..., Any] = module.read_phone
        patch.setattr(module, "read_phone", lambda text, read=read, **how: read(change(text), **how))


def _plant(patch: pytest.MonkeyPatch, name: str, planted: object) -> None:
    for home in _homes(name):
        patch.setattr(import_module(home), name, planted)


def _homes(name: str) -> list[str]:
    """The modules that call this by its bare name; there is one at least, or the bug would not be planted."""
    asked = (
        "campaign.intake.contacts.header",
        "campaign.preparation.screening",
        "campaign.intake.contacts.phone_columns",
        "campaign.intake.contacts.screen",
    )
    found = [module for module in asked if find_spec(module) and hasattr(import_module(module), name)]
    assert found, f"nobody calls {name}: the bug would not be planted"
    return found


def _lines_of(path: Path) -> Lines:
    return _parsed(path.read_bytes().decode("utf-8-sig", "ignore"))


def _parsed(text: str) -> Lines:
    return [line for line in csv.reader(io.StringIO(text.replace("\0", ""), newline="")) if line]


def _decoded(path: Path, *encodings: str) -> str:
    for encoding in encodings[:-1]:
        try:
            return path.read_bytes().decode(encoding)
        except UnicodeDecodeError:
            continue
    return path.read_bytes().decode(encodings[-1])


def _of_frame(frame: pd.DataFrame) -> Lines:
    return [list(map(str, frame.columns)), *([str(cell) for cell in line] for line in frame.itertuples(index=False))]


def _of_book(frame: pd.DataFrame) -> Lines:
    return _of_frame(frame.fillna(""))


PLANTED: dict[str, Plant] = {
    plant.__name__: plant
    for plant in (
        index_shift,
        index_col_false,
        uncounted_fields,
        swallowed_rows,
        guessed_encoding,
        replaced_letters,
        nameless_dropped,
        last_of_a_name,
        column_by_content,
        filled_down,
        all_rows_of_a_book,
        refuses_all,
        breaks_down,
        point_dropped,
        first_of_two,
        digits_only,
        power_expanded,
    )
}


@contextmanager
def planted(name: str) -> Iterator[None]:
    """Intake has this bug for a while."""
    with pytest.MonkeyPatch.context() as patch:
        PLANTED[name](patch)
        yield
