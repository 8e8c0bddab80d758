"""Choices of a template for reading its sheets: taken where a flag says nothing, and asked about where they do not fit.

    [sheet] of the template, flags -> is the sheet made so?  yes -> Choices
                                                             no  -> UndecidedError, with both readings

A template is written for one sheet and used for many: what was right of the first may silently misread another.
"""

import codecs
import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from campaign.config.sheet_section import SheetSection
from campaign.config.template import Template
from campaign.domain.cures.sheets import choose_delimiter, choose_encoding, name_the_header_row, say_whether_a_person
from campaign.domain.errors import SheetError, UndecidedError
from campaign.domain.model import Row
from campaign.intake.contacts.columns import match_columns
from campaign.intake.contacts.header import first_rows, holds_values, line_of_cells
from campaign.intake.files.file_type import START, Kind, kind_of
from campaign.intake.files.own_results import is_own_file
from campaign.intake.files.read_options import Choices
from campaign.intake.open_sheet import open_sheet
from campaign.intake.text.code_pages import all_utf8
from campaign.intake.text.dialect import DELIMITERS
from campaign.intake.text.encoding import prove_encoding

_SHOWN = 40
_LONGEST_HEADER = 1 << 20
_SHOWN_ROWS = 5


def choices_for(path: Path, template: Template, choices: Choices) -> Choices:
    """Returns the choices, and beside them those that the template makes for all sheets of its kind.

    Raises:
        UndecidedError: the sheet is made otherwise than the template says.
        SheetError: it cannot be read.
    """
    said = template.sheet
    if said == SheetSection() or not path.is_file():
        return choices
    text = _is_text(path)
    if text and is_own_file(_first_line(path)):
        return choices  # a file of ours is made as we make all of them, whatever the user's own sheets are
    made = _beside(choices, said, text=text)
    if text and made.encoding != choices.encoding:
        _ask_encoding(path, made)
    if text and made.delimiter != choices.delimiter:
        _ask_delimiter(path, template, made)
    if (made.header_row, made.no_header) == (choices.header_row, choices.no_header):
        return made
    rows = first_rows(path, replace(made, header_row=None, no_header=False))
    if rows and is_own_file(rows[0].cells):
        return replace(made, header_row=None, no_header=False)
    _ask_header(path, template, made, rows=rows)
    return made


def _first_line(path: Path) -> list[str]:
    try:
        with path.open("rb") as file:
            line = file.readline(_LONGEST_HEADER).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return []
    return next(csv.reader([line]), [])


def _beside(choices: Choices, said: SheetSection, *, text: bool) -> Choices:
    made = replace(choices, hidden=choices.hidden or said.hidden, usual_extra_field=said.extra_field)
    if choices.header_row is None and not choices.no_header:
        made = replace(made, header_row=said.header_row or None, no_header=said.header_row == 0)
    if not text:
        return replace(made, sheet=choices.sheet or said.name)
    delimiter = "\t" if said.delimiter in ("tab", "\\t") else said.delimiter
    return replace(made, encoding=choices.encoding or said.encoding, delimiter=choices.delimiter or delimiter)


def _is_text(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return kind_of(file.read(START)) is Kind.TEXT
    except (OSError, SheetError):
        return False  # opening it says why


def _ask_encoding(path: Path, made: Choices) -> None:
    """Asks where the file proves to be in another encoding: as UTF-8 nothing is by chance."""
    said = made.encoding or ""
    try:
        with path.open("rb") as file:
            line = all_utf8(file)
            file.seek(0)
            proved = prove_encoding(path, file, chosen=None).encoding
    except (OSError, SheetError):
        return  # not proved: what the template says is all there is, and reading it tells whether it can be so
    right, wrong = (_shown(line.decode(page, "replace")) for page in ("utf-8", _known(said)))
    if proved == _known(said) or (proved == "utf-8" and right == wrong):
        return
    options = [(proved, f"as its bytes prove: {right!r}"), (said, f"as the template says: {wrong!r}")]
    raise UndecidedError(
        f"sheet {path}: it is {proved.upper()}, and the template says {said}",
        cure=choose_encoding([(proved, right), (said, wrong)]),
        choice="encoding",
        options=options,
    )


def _known(page: str) -> str:
    try:
        return codecs.lookup(page).name.removesuffix("-sig")
    except (LookupError, ValueError):
        return "ascii"  # refused, by its name, where it is read


def _ask_delimiter(path: Path, template: Template, made: Choices) -> None:
    """Asks where another delimiter gives the template's columns, and the template's own does not."""
    said = made.delimiter or ""
    unread = replace(made, header_row=None, no_header=False)
    if _fits(path, template, made):
        return
    others = [each for each in DELIMITERS if each != said]
    found = [each for each in others if _fits(path, template, replace(unread, delimiter=each))]
    if not found:
        return
    options = [(each, f"{DELIMITERS[each]}: the template's columns are found") for each in found]
    options.append((said, "as the template says: they are not found"))
    raise UndecidedError(
        f"sheet {path}: its columns are not separated by {said!r}, as the template says",
        cure=choose_delimiter(options),
        choice="delimiter",
        options=options,
    )


def _fits(path: Path, template: Template, choices: Choices) -> bool:
    try:
        sheet = open_sheet(path, choices=choices)
    except SheetError:
        return False
    return _names(sheet.header, template)


def _names(cells: Sequence[str], template: Template) -> bool:
    try:
        match_columns(cells, template)
    except SheetError:
        return False
    return True


def _ask_header(path: Path, template: Template, made: Choices, *, rows: Sequence[Row]) -> None:
    """Asks where the names stand in another row than the template says, or in an earlier one too."""
    if made.no_header:
        _ask_whether_a_person(path, template, rows[:2])
        return
    wanted = made.header_row or 0
    region = template.phone.region
    named = [row for row in rows if _names(row.cells, template) and not holds_values(row, region=region)]
    here = [row for row in named if row.number == wanted]
    others = [row for row in named if row.number != wanted]
    # Below the names, a printed page may repeat them; above, people would be lost.
    if not others or (here and others[0].number > wanted):
        return
    shown = "; ".join(f"row {row.number}: {line_of_cells(row)}" for row in rows[:_SHOWN_ROWS])
    raise UndecidedError(
        f"sheet {path}: the template says that row {wanted} holds the names of the columns, "
        f"and row {others[0].number} does: ",
        cure=name_the_header_row(row=others[0].number, shown=shown),
        choice="header_row",
        options=[(str(row.number), line_of_cells(row)) for row in [*others, *here]],
    )


def _ask_whether_a_person(path: Path, template: Template, rows: Sequence[Row]) -> None:
    """Asks where the first row holds words, and the second a number or an address: a header, for all that is known."""
    region = template.phone.region
    first, second = (holds_values(row, region=region) for row in _two(rows))
    if first or not second:
        return
    raise UndecidedError(
        f"sheet {path}: the template says that it has no names of columns, and its first row holds no number",
        cure=say_whether_a_person(row=rows[0].number),
        choice="no_header",
        options=[
            (str(rows[0].number), "the first row holds the names of the columns"),
            ("no_header", f"the first row is a person: {line_of_cells(rows[0])}"),
        ],
    )


def _two(rows: Sequence[Row]) -> Iterator[Row]:
    yield from rows
    yield from [Row(0, ())] * (2 - len(rows))


def _shown(line: str) -> str:
    """The first words of the line that are not ASCII."""
    foreign = [word for word in line.replace(",", " ").replace(";", " ").split() if not word.isascii()]
    return " ".join(foreign)[:_SHOWN]
