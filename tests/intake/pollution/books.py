"""Workbooks as programs write them (B3 to B16): what a spreadsheet shows, hides, and never stored."""

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from random import Random
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # it has no stubs
import xlsxwriter  # type: ignore[import-untyped]  # it has no stubs

from campaign.intake.files.read_options import Choices
from tests.intake.pollution.people import (
    APPOINTMENT,
    DOCTOR,
    HEADER,
    NAME,
    NOTES,
    PHONE,
    Person,
    Table,
    Truth,
    Truths,
    neighbours,
    people,
    table,
    template,
    truths,
)
from tests.intake.pollution.polluted import Ending, Polluted, Pollution

_LOADS, _SOME, _REFUSES, _ASKS = Ending.LOADS, Ending.SOME, Ending.REFUSES, Ending.ASKS
_NOBODY: Truths = frozenset()
Page = Any
Book = Any
Drawing = tuple[Book, Page]


def workbook(
    draw: Callable[[Book, Page], None], *, truth: Truths | None = None, region: str | None = None, **options: Any
) -> Polluted:
    """A workbook of one sheet that is drawn so; true is what is true of the clean one, if nothing else is said."""
    made = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False} | options
    with xlsxwriter.Workbook(made, settings) as book:
        draw(book, book.add_worksheet("People"))
    return Polluted(made.getvalue(), truths() if truth is None else truth, ".xlsx", template(region))


def _drawn(
    more: Callable[[Book, Page], None] = lambda _book, _page: None, *, truth: Truths | None = None, **options: Any
) -> Callable[[Random], Polluted]:
    """The clean sheet, and then more."""

    def draw(book: Book, page: Page) -> None:
        _write(page, table())
        more(book, page)

    return lambda _: workbook(draw, truth=truth, **options)


def _lines(lines: Table, *, truth: Truths | None = None, at: tuple[int, int] = (0, 0)) -> Callable[[Random], Polluted]:
    return lambda _: workbook(lambda _book, page: _write(page, lines, at=at), truth=truth)


def _write(page: Page, lines: Table, *, at: tuple[int, int] = (0, 0)) -> None:
    for number, line in enumerate(lines):
        for place, cell in enumerate(line):
            if cell:
                page.write_string(number + at[0], place + at[1], cell)


def _numbers(
    change: Callable[[str], Any], *, region: str | None = None, shown_as: str | None = None, true: bool = True
) -> Callable[[Random], Polluted]:
    """Every phone number is a number cell."""
    persons = people() if region is None else neighbours(region)

    def draw(book: Book, page: Page) -> None:
        _write(page, table(persons))
        form = book.add_format({"num_format": shown_as} if shown_as else {})
        for row, person in enumerate(persons, start=1):
            page.write_number(row, PHONE, change(person.phone if region is None else person.cells[PHONE]), form)

    return lambda _: workbook(draw, truth=truths(persons) if true else _NOBODY, region=region)


def _digits(number: str) -> int:
    return int("".join(filter(str.isdigit, number)))


def _spared(step: int) -> Truths:
    return truths(tuple(person for place, person in enumerate(people()) if place % step))


def _every(step: int, column: int, draw: Callable[[Drawing, int, str], None]) -> Callable[[Book, Page], None]:
    """Draws one cell in each so many rows anew; it is told the row and the text that stood there."""

    def more(book: Book, page: Page) -> None:
        for place in range(0, len(people()), step):
            draw((book, page), place + 1, people()[place].cells[column])

    return more


def _formula(column: int, *, value: Callable[[str], object] | None) -> Callable[[Book, Page], None]:
    def draw(on: Drawing, row: int, cell: str) -> None:
        on[1].write_formula(row, column, f'="{cell}"', None, "" if value is None else value(cell))

    return _every(4, column, draw)


def _error(column: int, error: str) -> Callable[[Book, Page], None]:
    def draw(on: Drawing, row: int, _cell: str) -> None:
        on[1].write_formula(row, column, "=NA()", None, error)

    return _every(4, column, draw)


def _rich(column: int) -> Callable[[Book, Page], None]:
    def draw(on: Drawing, row: int, cell: str) -> None:
        bold = on[0].add_format({"bold": True})
        on[1].write_rich_string(row, column, bold, cell[:2], cell[2:4], bold, cell[4:] or " ")

    return _every(4, column, draw)


def _hidden_rows(_book: Book, page: Page) -> None:
    for row in range(1, len(people()) + 1, 4):
        page.set_row(row, None, None, {"hidden": True})


def _filtered(book: Book, page: Page) -> None:
    page.autofilter(0, 0, len(people()), len(HEADER) - 1)
    page.filter_column(NOTES, "x == NonBlanks")
    _hidden_rows(book, page)


def _filter_only(_book: Book, page: Page) -> None:
    page.autofilter(0, 0, len(people()), len(HEADER) - 1)


def _grouped(_book: Book, page: Page) -> None:
    for row in range(1, len(people()) + 1, 4):
        page.set_row(row, None, None, {"level": 1, "hidden": True})


def _flat(_book: Book, page: Page) -> None:
    for row in range(1, len(people()) + 1, 4):
        page.set_row(row, 0)


def _hidden_column(name: str) -> Callable[[Book, Page], None]:
    return lambda _book, page: page.set_column(HEADER.index(name), HEADER.index(name), None, None, {"hidden": True})


def _asking_for_hidden(more: Callable[[Book, Page], None]) -> Callable[[Random], Polluted]:
    """Somebody has hidden every fourth person: only they know whether these are to be called."""

    def under(choices: Choices) -> Truths:
        return truths() if choices.hidden == "include" else _spared(4)

    return lambda rng: replace(_drawn(more, truth=_spared(4))(rng), under=under)


def _sheets(
    names: Mapping[str, Table], *, hide: str = "", very: bool = False, first: str = ""
) -> Callable[[Random], Polluted]:
    """Several sheets: whose people are true, only the choice says, unless all others are hidden or empty."""
    of_sheet = {name: _people_in(lines) for name, lines in names.items()}
    open_ones = [name for name, found in of_sheet.items() if found and name != hide]
    true = of_sheet[open_ones[0]] if len(open_ones) == 1 else _NOBODY

    def make(_rng: Random) -> Polluted:
        made = io.BytesIO()
        with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
            for name, lines in names.items():
                page = book.add_worksheet(name)
                _write(page, lines)
                if name == first:
                    page.activate()
                if name == hide:
                    (page.very_hidden if very else page.hide)()
        answered = Polluted(made.getvalue(), true, ".xlsx")
        return replace(answered, under=lambda choices: of_sheet.get(choices.sheet or "", true))

    return make


def _people_in(lines: Table) -> Truths:
    known = {person.cells: person for person in (*people(), *neighbours("US"))}
    return frozenset(known[tuple(line)].truth for line in lines if tuple(line) in known)


def _merged(column: int, rows: int) -> Callable[[Random], Polluted]:
    """One merged cell for some rows: it is the first row's, and nobody knows whether the others'."""
    first = 5

    def draw(book: Book, page: Page) -> None:
        lines = table()
        for line in lines[first + 1 : first + rows]:
            line[column] = ""
        _write(page, lines)
        page.merge_range(first, column, first + rows - 1, column, lines[first][column], book.add_format())

    left = people()[:first] + people()[first + rows - 1 :]
    # Notes may be left out, so those who have lost theirs to the merged cell may be called without.
    bare = (Person((*person.cells[:NOTES], ""), person.phone).truth for person in people() if column == NOTES)
    return lambda _: workbook(draw, truth=truths(left) | frozenset(bare))


def _merged_title(book: Book, page: Page) -> None:
    page.merge_range(0, 0, 0, len(HEADER) - 1, "Reminders", book.add_format())
    _write(page, table(), at=(1, 0))


def _titled(_rng: Random) -> Polluted:
    return replace(workbook(_merged_title), answers=(("header_row", "2"),))


def _dates(*, since_1904: bool, hour: int = 0) -> Callable[[Random], Polluted]:
    """Days as date cells: said as the day that they are, whichever year the workbook counts from."""
    days = [date(2026, 12, 1 + place % 28) for place in range(len(people()))]

    def draw(book: Book, page: Page) -> None:
        _write(page, table())
        form = book.add_format({"num_format": "yyyy-mm-dd hh:mm" if hour else "yyyy-mm-dd"})
        for row, day in enumerate(days, start=1):
            moment = datetime(day.year, day.month, day.day, hour)  # noqa: DTZ001 - a sheet's dates have no zone
            page.write_datetime(row, APPOINTMENT, moment, form)

    ways = ("{0}T{1:02}:00:00", "{0} {1:02}:00", "{0} {1:02}:00:00") if hour else ("{0}",)
    true = frozenset(
        _at(person, way.format(day, hour)) for person, day in zip(people(), days, strict=True) for way in ways
    )
    # Each way to say it is true; the floor asks only for some.
    return lambda _: workbook(draw, truth=true, date_1904=since_1904)


def _at(person: Person, appointment: str) -> Truth:
    cells = list(person.cells)
    cells[APPOINTMENT] = appointment
    return Person(tuple(cells), person.phone).truth


def _typed_names(_rng: Random) -> Polluted:
    """Cells in the name's column that are no text: what they would be called is what the sheet shows, or nothing."""

    def draw(book: Book, page: Page) -> None:
        _write(page, table())
        page.write_boolean(1, NAME, True)  # noqa: FBT003 - the library's own signature
        page.write_number(2, NAME, 7)
        page.write_datetime(3, NAME, datetime(2026, 12, 1), book.add_format({"num_format": "d mmm"}))  # noqa: DTZ001 - no zone
        page.write_number(4, NAME, 0.1 + 0.2)

    return workbook(draw, truth=truths(people()[4:]) | _NO_TEXT)


def _named(place: int, name: str) -> Truth:
    whole = people()[place].truth
    return Truth(name, whole.phone, whole.email, whole.said)


def _stray(row: int, column: int, cell: str) -> Callable[[Book, Page], None]:
    return lambda _book, page: page.write_string(row, column, cell)


def _by_openpyxl(change: Callable[[Any], None], *, truth: Truths | None = None) -> Callable[[Random], Polluted]:
    def make(_rng: Random) -> Polluted:
        book = openpyxl.Workbook()
        page = book.active
        for line in table():
            page.append([cell or None for cell in line])
        change(page)
        made = io.BytesIO()
        book.save(made)
        return Polluted(made.getvalue(), truths() if truth is None else truth, ".xlsx")

    return make


def _literal_quotes(page: Any) -> None:
    for row in range(2, len(people()) + 2):
        page.cell(row, PHONE + 1).quotePrefix = True


def _unsaved(column: int) -> Callable[[Any], None]:
    """Formulas as a program writes them: their results were never stored."""

    def change(page: Any) -> None:
        for row in range(2, len(people()) + 2, 4):
            page.cell(row, column + 1).value = f'="{people()[row - 2].cells[column]}"'

    return change


_NO_TEXT = frozenset(_named(*case) for case in ((0, "TRUE"), (1, "7"), (2, "1 Dec"), (2, "2026-12-01"), (3, "0.3")))
_OTHERS = table(neighbours("US"))
_GUARDIANS = [
    list(HEADER),
    *([cell if place != NAME else f"Other {cell}" for place, cell in enumerate(line)] for line in _OTHERS[1:]),
]

POLLUTIONS = [
    Pollution("B1", "a plain workbook", _LOADS, _drawn()),
    Pollution("B1", "a workbook called .csv", _LOADS, lambda rng: replace(_drawn()(rng), suffix=".csv")),
    Pollution("B1", "written by another program", _LOADS, _by_openpyxl(lambda _page: None)),
    Pollution("B3", "two sheets of people", _ASKS, _sheets({"Old": _OTHERS, "New": table()})),
    Pollution("B3", "an empty sheet first", _SOME, _sheets({"Empty": [], "People": table()})),
    Pollution("B3", "an empty sheet behind", _SOME, _sheets({"People": table(), "Sheet2": []})),
    Pollution("B3", "notes on a second sheet", _REFUSES, _sheets({"People": table(), "Notes": [["by Ann"]]})),
    Pollution(
        "B4",
        "a hidden sheet of people first",
        _REFUSES,
        _sheets({"Old": _OTHERS, "New": table()}, hide="Old", first="New"),
    ),
    Pollution(
        "B4",
        "a very hidden sheet of people first",
        _REFUSES,
        _sheets({"Old": _OTHERS, "New": table()}, hide="Old", very=True, first="New"),
    ),
    Pollution("B4", "a hidden sheet behind", _REFUSES, _sheets({"New": table(), "Old": _OTHERS}, hide="Old")),
    Pollution("B5", "rows hidden", _ASKS, _asking_for_hidden(_hidden_rows)),
    Pollution("B5", "rows filtered out", _ASKS, _asking_for_hidden(_filtered)),
    Pollution("B5", "rows in a closed group", _ASKS, _asking_for_hidden(_grouped)),
    Pollution("B5", "rows of no height", _REFUSES, _asking_for_hidden(_flat)),
    Pollution("B5", "a filter that hides nobody", _SOME, _drawn(_filter_only)),
    Pollution("B5", "an unused column hidden", _SOME, _drawn(_hidden_column("Home"))),
    Pollution("B5", "the number's column hidden", _REFUSES, _drawn(_hidden_column("Mobile"))),
    Pollution("B6", "names merged", _SOME, _merged(NAME, 3)),
    Pollution("B6", "numbers merged", _SOME, _merged(PHONE, 3)),
    Pollution("B6", "variables merged", _SOME, _merged(DOCTOR, 3)),
    Pollution("B6", "notes merged", _SOME, _merged(NOTES, 3)),
    Pollution("B7", "numbers by formulas never computed", _SOME, _drawn(_formula(PHONE, value=None), truth=_spared(4))),
    Pollution("B7", "names by formulas never computed", _SOME, _drawn(_formula(NAME, value=None), truth=_spared(4))),
    Pollution("B7", "notes by formulas never computed", _SOME, _by_openpyxl(_unsaved(NOTES), truth=_spared(4))),
    Pollution("B7", "formulas of another program", _SOME, _by_openpyxl(_unsaved(PHONE))),
    Pollution("B8", "numbers by formulas", _SOME, _drawn(_formula(PHONE, value=lambda cell: cell))),
    Pollution("B8", "names by formulas", _SOME, _drawn(_formula(NAME, value=lambda cell: cell))),
    *(
        Pollution("B9", f"{error} in {HEADER[column]}", _SOME, _drawn(_error(column, error), truth=_spared(4)))
        for column, error in (
            (NAME, "#N/A"),
            (PHONE, "#REF!"),
            (DOCTOR, "#DIV/0!"),
            (NOTES, "#NAME?"),
            (NAME, "#VALUE!"),
            (NOTES, "#NULL!"),
        )
    ),
    Pollution("B9", "#N/A in an unused column", _SOME, _drawn(_error(1, "#N/A"))),
    Pollution("B10", "number cells without a country", _REFUSES, _numbers(_digits)),
    Pollution("B10", "number cells in the US", _LOADS, _numbers(_digits, region="US")),
    Pollution("B10", "number cells in Great Britain, the zero lost", _REFUSES, _numbers(_digits, region="GB")),
    Pollution("B10", "number cells in Germany, the zero lost", _REFUSES, _numbers(_digits, region="DE")),
    Pollution("B10", "number cells in Italy, the zero lost", _REFUSES, _numbers(_digits, region="IT")),
    Pollution("B10", "number cells in Argentina, the zero lost", _REFUSES, _numbers(_digits, region="AR")),
    Pollution("B10", "number cells with a fraction", _REFUSES, _numbers(lambda cell: _digits(cell) + 0.5)),
    Pollution("B10", "number cells ten times too big", _REFUSES, _numbers(lambda cell: _digits(cell) * 10, true=False)),
    Pollution(
        "B10", "number cells of eighteen digits", _REFUSES, _numbers(lambda cell: _digits(cell) * 10**7 + 1, true=False)
    ),
    Pollution("B10", "negative number cells", _REFUSES, _numbers(lambda cell: -_digits(cell), region="US")),
    Pollution("B12", "a plus by the number's format", _REFUSES, _numbers(_digits, shown_as='"+"0')),
    Pollution("B12", "zeros by the number's format", _REFUSES, _numbers(_digits, region="GB", shown_as="00000000000")),
    Pollution(
        "B12",
        "digits by the number's format",
        _REFUSES,
        _numbers(lambda cell: _digits(cell) % 10**7, shown_as='"+1212"0000000', true=False),
    ),
    Pollution("B12", "thousands by the number's format", _REFUSES, _numbers(_digits, region="US", shown_as="#,##0.00")),
    Pollution("B13", "apostrophes that make text", _LOADS, _by_openpyxl(_literal_quotes)),
    Pollution("B14", "days", _LOADS, _dates(since_1904=False)),
    Pollution("B14", "days since 1904", _LOADS, _dates(since_1904=True)),
    Pollution("B14", "days and hours", _SOME, _dates(since_1904=False, hour=9)),
    Pollution("B15", "rich text in names", _LOADS, _drawn(_rich(NAME))),
    Pollution("B15", "rich text in numbers", _LOADS, _drawn(_rich(PHONE))),
    Pollution("B15", "names that are no text", _SOME, _typed_names),
    Pollution("B16", "a stray cell far below", _SOME, _drawn(_stray(50_000, 1, "x")), heavy=True),
    Pollution("B16", "a stray cell in the last row", _REFUSES, _drawn(_stray(1_048_575, 0, "x")), heavy=True),
    Pollution("B16", "a stray cell far to the right", _SOME, _drawn(_stray(3, 16_383, "x")), heavy=True),
    Pollution("B23", "the table at C5", _REFUSES, _lines(table(), at=(4, 2))),
    Pollution(
        "B23",
        "a second table beside",
        _REFUSES,
        _lines(
            [[*line, "", *more] for line, more in zip(table(), [*_OTHERS, *[[""]] * 28], strict=True)], truth=_NOBODY
        ),
    ),
    Pollution("B23", "a second table below", _SOME, _lines([*table(), [], *_GUARDIANS], truth=truths())),
    Pollution("A26", "a merged title", _ASKS, _titled),
]
