"""Header detection: the column names are in row 1, or in the row that the sheet's owner names.

open_sheet -> the template's columns are in the header?  yes -> is the header a person?  no -> Sheet, Columns
                                                          no -> in a row further down?    yes -> UndecidedError
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

from campaign.config.template import Template
from campaign.domain.cures.sheets import find_the_header_row, name_the_header_row, say_whether_a_person
from campaign.domain.errors import SheetError, UndecidedError
from campaign.domain.model import Row
from campaign.domain.sheet import Sheet
from campaign.intake.contacts.columns import Columns, match_columns, plain
from campaign.intake.files.read_options import UNDECIDED, Choices
from campaign.intake.open_sheet import open_sheet
from campaign.intake.phones.parse import PhoneFault, read_phone

_SHOWN_NUMBERS = 5
_LOOKED_AT = 20  # rows
_NUMBER = re.compile(r"[+(]?\d[\d().\-/ ]*")
_DATE = re.compile(r"\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?[-/.]\d\d?[-/.]\d{4}|(19|20)\d{6}")
_ADDRESS = re.compile(r"[^\s@]@[^\s@]+\.[^\s@]")
_FEWEST_DIGITS = 7
_SHOWN_LINES, _SHOWN_LINE = 5, 60


def matched(path: Path, template: Template, *, choices: Choices = UNDECIDED) -> tuple[Sheet, Columns]:
    """Opens a sheet, and finds the template's columns in its header.

    Raises:
        UndecidedError: the names are further down, or the first row is a person: only the owner can decide.
        SheetError: the sheet cannot be read, or lacks a column that the template names.
    """
    sheet = open_with_header(
        path, choices=choices, region=template.phone.region, fits=lambda names: _fits(names, template)
    )
    return sheet, match_columns(sheet.header, template)


def open_with_header(
    path: Path, *, choices: Choices, region: str | None, fits: Callable[[Sequence[str]], bool]
) -> Sheet:
    """Opens a sheet if its header fits, or no other of the first rows does.

    Args:
        path: the sheet.
        choices: of its owner; a header row that they name is taken as it is.
        region: of numbers without a country.
        fits: whether these names are those of the expected header.

    Raises:
        UndecidedError: another of the first rows fits, or the header is a person.
        SheetError: the sheet cannot be read.
    """
    if choices.no_header or choices.header_row is not None:
        return open_sheet(path, choices=choices)
    try:
        sheet = open_sheet(path, choices=choices)
    except SheetError as error:
        asked = error.choice if isinstance(error, UndecidedError) else None
        # Titles above the names can hide the table; the expected names tell them apart.
        if asked in (None, "header_row"):
            _refuse_header_further_down(path, choices=choices, fits=fits, titles=asked is None, region=region)
        raise
    if not fits(sheet.header):
        _refuse_header_further_down(path, choices=choices, fits=fits, titles=True, region=region)
    _refuse_person(path, sheet, region=region)
    return sheet


def first_rows(path: Path, choices: Choices) -> list[Row]:
    """The first rows as they stand, the header among them; none where the sheet cannot be read that way either."""
    try:
        sheet = open_sheet(path, choices=replace(choices, no_header=True))
        return list(takewhile(lambda row: row.number <= _LOOKED_AT, sheet.rows))
    except SheetError:
        return []


def left_above(path: Path, *, choices: Choices, region: str | None) -> list[str]:
    """What is to be told of rows above a chosen header that hold a number or an address; one line for all of them.

    A chosen row of names holds for many sheets, also for one in which a person stands higher up.
    """
    if choices.header_row is None or choices.header_row < 2:  # noqa: PLR2004 - nothing stands above the first row
        return []
    top = choices.header_row
    try:
        rows = open_sheet(path, choices=replace(choices, header_row=None, no_header=True)).rows
        people = [
            row.number for row in takewhile(lambda row: row.number < top, rows) if holds_values(row, region=region)
        ]
    except SheetError:
        return []
    if not people:
        return []
    shown = ", ".join(map(str, people[:_SHOWN_NUMBERS])) + (", ..." if len(people) > _SHOWN_NUMBERS else "")
    many = "a number or an address stands" if len(people) == 1 else "numbers or addresses stand"
    return [f"{many} above the names of the columns (row {top}), in row {shown}: nobody there is called"]


def holds_values(row: Row, *, region: str | None) -> bool:
    """Whether the row holds a number or an address: it is a person, whatever words stand beside."""
    return any(_ADDRESS.search(cell) or _is_number(cell, region) for cell in row.cells)


def line_of_cells(row: Row) -> str:
    """The row's cells as a message shows them, on one short line."""
    cells = " | ".join(_shown(cell) for cell in row.cells).rstrip(" |")
    return cells if len(cells) <= _SHOWN_LINE else cells[: _SHOWN_LINE - 3] + "..."


def _fits(names: Sequence[str], template: Template) -> bool:
    try:
        match_columns(names, template)
    except SheetError:
        return False
    return True


def _refuse_header_further_down(
    path: Path, *, choices: Choices, fits: Callable[[Sequence[str]], bool], titles: bool, region: str | None
) -> None:
    """Asks for the header's row if a row below the first fits, or, with `titles`, if the first looks like a title."""
    rows = first_rows(path, choices)
    found = [row for row in rows[1:] if fits(row.cells) and not holds_values(row, region=region)]
    if not found and not (titles and _is_title(rows)):
        return
    first = f"row {found[0].number} has them" if found else "that row looks like a title"
    shown = "; ".join(f"row {row.number}: {line_of_cells(row)}" for row in rows[:_SHOWN_LINES])
    raise UndecidedError(
        f"sheet {path}: the names of the columns were not found in its first row; {first}: ",
        cure=name_the_header_row(row=found[0].number, shown=shown) if found else find_the_header_row(shown=shown),
        choice="header_row",
        options=[(str(row.number), line_of_cells(row)) for row in ([*found, rows[0]] if found else rows)],
    )


def _is_title(rows: Sequence[Row]) -> bool:
    """Whether the first row fills one cell, where others fill several."""
    filled = [sum(bool(plain(cell)) for cell in row.cells) for row in rows]
    return filled[:1] == [1] and max(filled) > 1


def _refuse_person(path: Path, sheet: Sheet, *, region: str | None) -> None:
    number = next((name for name in sheet.header if _is_number(name, region)), None)
    if number is None:
        return
    raise UndecidedError(
        f"sheet {path}: its first row holds a phone number, {number!r}",
        cure=say_whether_a_person(row=sheet.header_row),
        choice="no_header",
        options=[
            ("no_header", f"the first row is a person: {line_of_cells(Row(sheet.header_row, sheet.header))}"),
            (str(sheet.header_row), "the first row holds the names of the columns"),
        ],
    )


def _is_number(name: str, region: str | None) -> bool:
    # In some countries a date's digits make a number.
    if _DATE.fullmatch(plain(name)):
        return False
    if not isinstance(read_phone(name, region=region), PhoneFault):
        return True
    # Without a region digits cannot be judged, so looks decide.
    digits = sum(map(str.isdigit, name))
    return region is None and digits >= _FEWEST_DIGITS and _NUMBER.fullmatch(plain(name)) is not None


def _shown(cell: str) -> str:
    """Shows a cell on one line of a message, without control characters that a terminal would obey."""
    return "".join(character if character.isprintable() else " " for character in cell).strip()
