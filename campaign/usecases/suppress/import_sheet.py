"""Imports a sheet of numbers into the suppression list; every row is counted."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path

from campaign.domain.cures import Cure, CureCode
from campaign.domain.cures.sheets import name_number_column
from campaign.domain.errors import SheetError, UndecidedError
from campaign.domain.model import Problem, Row
from campaign.domain.sheet import Sheet
from campaign.intake.contacts.columns import plain
from campaign.intake.contacts.header import first_rows
from campaign.intake.files.read_options import UNDECIDED, Choices
from campaign.intake.open_sheet import open_sheet
from campaign.intake.phones.every_number import every_number
from campaign.intake.phones.parse import PhoneFault
from campaign.intake.proposal.header_words import Use, use_of
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.calls_ahead import CallAhead
from campaign.preparation.on_list import read_number
from campaign.usecases.suppress.entries import AT_ONCE
from campaign.usecases.suppress.read_numbers import CHARACTERS_SHOWN, cure_of, refuse_unknown_region

__all__ = ["Choices", "Imported", "import_sheet"]

MOST_PROBLEMS_KEPT = 1_000
_LOOKED_AT = 50  # rows that are searched for a column of numbers

_NONE = PhoneFault("no phone number", "write it with + and the country code")
# In a list of numbers these are enough; in a sheet of people they may count anything.
_BARE = frozenset({"number", "numbers", "phones", "msisdn", "nummer", "nummern", "numéro", "número", "numero"})
# The first of these that a sheet has; two columns of the same are asked about.
_USUAL = ((Use.MOBILE, Use.PHONE), (Use.LANDLINE, Use.WORK))


@dataclass(slots=True)
class Imported:
    """Result of an import: what became of the sheet's rows.

    Attributes:
        column: the column that the numbers were read from.
        added: rows whose number is new on the list.
        known: rows whose number was there before, or stands further up in the sheet.
        unreadable: rows that hold no number that can be read.
        problems: of the unreadable rows, the first thousand.
        ahead: calls to these numbers, known ones included, that are on their way already.
    """

    column: str
    added: int = 0
    known: int = 0
    unreadable: int = 0
    problems: list[Problem] = field(default_factory=list)
    ahead: list[CallAhead] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """All rows of the sheet."""
        return self.added + self.known + self.unreadable


def import_sheet(
    ledger: Ledger,
    sheet: Path,
    *,
    column: str | None,
    region: str | None,
    reason: str,
    choices: Choices = UNDECIDED,
) -> Imported:
    """Adds the numbers of a sheet's column to the list, a few hundred at a time.

    Args:
        ledger: whose list it is.
        sheet: any file that a run could be made of.
        column: the column's name; None to find the one that holds numbers.
        region: two letters of the country of numbers without one.
        reason: why, the same for all of them.
        choices: how the sheet is to be read.

    Raises:
        SheetError: the sheet cannot be read, or has no such column, or several; also further down, when what stands
            above is on the list already.
        UsageError: there is no such region.
    """
    refuse_unknown_region(region)
    opened, above = _opened(sheet, replace(choices, one_column=True), column=column, region=region)
    first = list(islice(opened.rows, _LOOKED_AT))
    index = _column(sheet, opened.header, first, column=column, region=region)
    imported = Imported(column=opened.header[index])
    rows = chain(above, _header_as_row(opened, index, region=region), first, opened.rows)
    readable = _readable(rows, index, region=region, imported=imported)
    while chunk := list(islice(readable, AT_ONCE)):
        phones = list(dict.fromkeys(chain.from_iterable(chunk)))
        news = ledger.suppression.add(phones, reason=reason, source=f"import {sheet.name}")
        new = {phone for phone, is_new in zip(phones, news, strict=True) if is_new}
        for several in chunk:
            imported.added += not new.isdisjoint(several)
            imported.known += new.isdisjoint(several)
            new.difference_update(several)
        imported.ahead += ledger.read.earlier.ahead_to(phones, at=ledger.now())
    imported.ahead = list(dict.fromkeys(imported.ahead))  # a number may stand in several rows
    return imported


def _opened(sheet: Path, choices: Choices, *, column: str | None, region: str | None) -> tuple[Sheet, list[Row]]:
    """The sheet, whose names of columns may stand below a title; and the rows above them that hold a number."""
    if choices.no_header or choices.header_row is not None:
        return open_sheet(sheet, choices=choices), []
    opened: Sheet | None = None
    try:
        opened = open_sheet(sheet, choices=choices)
    except UndecidedError as error:
        if error.choice != "header_row":
            raise
    if opened is not None and _names_numbers(opened.header, column=column, region=region):
        return opened, []
    rows = first_rows(sheet, choices)
    named = next((row.number for row in rows if _names_numbers(row.cells, column=column, region=region)), None)
    if named is not None:
        # Which of the rows are people is not asked here: each that holds a number is on the list.
        above = [row for row in rows if row.number < named and _holds_number(row, region=region)]
        return open_sheet(sheet, choices=replace(choices, header_row=named)), [_as_damaged(row) for row in above]
    return opened or open_sheet(sheet, choices=replace(choices, no_header=True)), []


def _names_numbers(cells: Sequence[str], *, column: str | None, region: str | None) -> bool:
    """Whether a row is the header: it names the column that is asked for, or a usual one, and holds no number."""
    if any(every_number(cell, region=region) for cell in cells):
        return False
    return bool(_usual(cells)) if column is None else _folded(column) in map(_folded, cells)


def _holds_number(row: Row, *, region: str | None) -> bool:
    return any(every_number(cell, region=region) for cell in row.cells)


def _as_damaged(row: Row) -> Row:
    """A row above the names of the columns: what its cells are, they do not say, and each is looked into."""
    return row._replace(damage=row.damage or "it stands above the names of the columns")


def _column(sheet: Path, header: Sequence[str], first: Sequence[Row], *, column: str | None, region: str | None) -> int:
    """Where the numbers stand: by name, by a usual name, or because nothing else in the sheet is a number."""
    listed = ", ".join(repr(name) for name in header[:20] if plain(name))
    if column is None:
        # A header that holds a number is a person: its words are no names of columns.
        found = [] if any(every_number(name, region=region) for name in header) else _usual(header)
    else:
        found = [index for index, name in enumerate(header) if _folded(name) == _folded(column)]
    if column is None and not found:
        rows = first or [Row(0, tuple(header))]
        found = next(filter(None, (_numbered(rows, len(header), reads, region=region) for reads in _READS)), [])
    if len(found) == 1:
        return found[0]
    if not found:
        what = "no column of it holds phone numbers" if column is None else f"no column {column!r} in it"
        raise SheetError(f"sheet {sheet}: {what}", cure=name_number_column(columns=listed))
    several = ", ".join(repr(header[index]) for index in found)
    what = f"{len(found)} columns could hold the numbers: {several}"
    raise SheetError(f"sheet {sheet}: {what}", cure=Cure(CureCode.CHOOSE_NUMBER_COLUMN))


def _usual(header: Sequence[str]) -> list[int]:
    named = [(index, use_of(name), _folded(name)) for index, name in enumerate(header)]
    return next(
        (found for uses in _USUAL if (found := [i for i, use, name in named if use in uses or name in _BARE])), []
    )


def _folded(name: str) -> str:
    return plain(name.replace("_", " "))


def _numbered(rows: Sequence[Row], width: int, reads: "_Reads", *, region: str | None) -> list[int]:
    """Columns of which most cells that are filled hold numbers."""
    return [index for index in range(width) if _holds_numbers(rows, index, reads, region=region)]


def _holds_numbers(rows: Iterable[Row], index: int, reads: "_Reads", *, region: str | None) -> bool:
    cells = [row.cells[index] for row in rows if index < len(row.cells) and plain(row.cells[index])]
    return 2 * sum(reads(cell, region) for cell in cells) > len(cells)


def _is_number(cell: str, *, region: str | None) -> bool:
    return isinstance(read_number(cell, region=region), str)


_Reads = Callable[[str, str | None], bool]
# A column of plain numbers is found before one of "DNC 212 555 0114 since May", beside which it may stand.
_READS: tuple[_Reads, ...] = (
    lambda cell, region: _is_number(cell, region=region),
    lambda cell, region: bool(every_number(cell, region=region)),
)


def _header_as_row(opened: Sheet, index: int, *, region: str | None) -> Iterator[Row]:
    """A bare list of numbers has no header: its first number must not be taken for one, and be called."""
    if every_number(opened.header[index], region=region):
        yield Row(opened.header_row, opened.header)


def _readable(rows: Iterable[Row], index: int, *, region: str | None, imported: Imported) -> Iterator[tuple[str, ...]]:
    """Yields all numbers of each row that holds one: who is kept from being called by mistake can be taken off."""
    for row in rows:
        # The cells of a damaged row may have moved: the number may be in any of them.
        cells = row.cells[index : index + 1] if row.damage is None else row.cells
        phones = tuple(dict.fromkeys(chain.from_iterable(every_number(cell, region=region) for cell in cells)))
        if phones:
            yield phones
        elif row.damage is not None:
            _note(imported, row, value="", fault=PhoneFault(row.damage, "correct the row, then import it again"))
        else:
            fault = read_number(row.cells[index], region=region)
            _note(imported, row, value=row.cells[index], fault=fault if isinstance(fault, PhoneFault) else _NONE)


def _note(imported: Imported, row: Row, *, value: str, fault: PhoneFault) -> None:
    imported.unreadable += 1
    if len(imported.problems) < MOST_PROBLEMS_KEPT:
        # Half a character could not be printed.
        shown = value[:CHARACTERS_SHOWN].encode("utf-8", "backslashreplace").decode("utf-8")[:CHARACTERS_SHOWN]
        column = imported.column if row.damage is None else ""
        imported.problems.append(Problem(row.number, column, shown, fault.reason, cure_of(fault), row.line))
