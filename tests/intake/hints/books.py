"""Workbooks as programs and people spoil them, each with its source; every cell beside what its owner sees of it.

    people -> typed cells: numbers, money, days, formulas -> hidden rows, other sheets, totals, titles, decoys -> .xlsx

The people of a hidden row, and those of the other sheets, are in no source: their owner has put them aside.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

import xlsxwriter  # type: ignore[import-untyped]  # it has no stubs

from tests.intake.hints.source import FIRST, HEADERS, LAST, OPT_OUTS, Sheet, Truth

OWN, ARCHIVE = "Contacts", "Former customers"
DECOYS = ["Emergency phone", "Doctor Phone", "Invoice Number", "id", "Guardian"]
OTHERS = ["Amount", "Share", "Due", "Balance", "Notes", "City"]


@dataclass(frozen=True)
class Cell:
    """What stands in a cell, the format of its number, and what its owner sees, in all ways it may be spoken.

    With a formula, the value is the result that was saved with it; an error, and no result, are no value.
    """

    value: object
    code: str | None = None
    shown: tuple[str, ...] = ()
    formula: str = ""

    @property
    def seen(self) -> tuple[str, ...]:
        """What its owner sees: without a format, the value as it is."""
        if self.formula and self.value in ("", "#N/A"):
            return ()
        return self.shown or (str(self.value),)


def made_book(seed: int) -> Sheet:
    """The workbook of this seed: the same for the same seed."""
    return _Maker(Random(seed)).sheet()


class _Maker:
    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._spoilt: list[str] = []
        self._columns: list[str] = []
        self._own: tuple[str, ...] = ()
        self._out: str | None = None
        self._phone = rng.choice(PHONES)

    def sheet(self) -> Sheet:
        rng = self._rng
        self._own = rng.choice(HEADERS)
        self._columns = [*self._own, *rng.sample(DECOYS, rng.randrange(3)), *rng.sample(OTHERS, rng.randrange(4))]
        self._out = rng.choice(OPT_OUTS) if rng.random() < 0.3 else None
        self._columns += [self._out] if self._out else []
        if rng.random() < 0.5:
            rng.shuffle(self._columns)
        rows, truth, hidden = list[list[Cell]](), Truth(), set[int]()
        for number in range(rng.randrange(3, 9)):
            row, who, refused = self._person(number)
            rows.append(row)
            if number and self._is("hidden", 0.08):
                hidden.add(number)
            elif not refused:
                truth[who] = frozenset(each for cell in row for each in cell.seen)
        merged = self._merged(rows, truth, hidden)
        seen = frozenset(each for row in rows for cell in row for each in cell.seen)
        content = self._book(rows, hidden=hidden, merged=merged)
        return Sheet(
            content, truth, seen, self._own, spoilt=tuple(dict.fromkeys(self._spoilt)), suffix=".xlsx", page=OWN
        )

    def _is(self, spoilt: str, share: float) -> bool:
        """Whether the sheet is spoilt in this way, too."""
        if self._rng.random() >= share:
            return False
        self._spoilt.append(spoilt)
        return True

    def _person(self, number: int) -> tuple[list[Cell], tuple[str, str], bool]:
        rng = self._rng
        first, last = rng.choice(FIRST), LAST[number]
        digits = f"{rng.choice(['415', '650', '212'])}555010{number}"
        refused = self._out is not None and rng.random() < 0.4
        amount, share = rng.randrange(100, 99_999) / 100, rng.randrange(1, 100) / 100
        day = date(2026, 12, 1 + number)
        known = {
            "First Name": text(first), "FName": text(first), "Given Name": text(first),
            "Last Name": text(last), "LName": text(last), "Family Name": text(last),
            "Name": text(f"{first} {last}"), "Full Name": text(f"{first} {last}"),
            "Emergency phone": Cell(12125550170 + number), "Doctor Phone": text(f"+1212555018{number}"),
            "Invoice Number": Cell(2125550160 + number), "id": Cell(number + 1), "Guardian": text("Gil Gard"),
            # A sum of doubles, with the noise of calculating in its last digits.
            "Amount": Cell(amount + 0.1 + 0.2 - 0.3, '"$"#,##0.00', (f"${amount:,.2f}",)),
            "Balance": Cell(-amount, "#,##0.00", (f"-{amount:,.2f}",)),
            "Share": Cell(share, "0%", (f"{share * 100:.0f}%",)),
            "Due": Cell(day, "mm/dd/yyyy", _days_said(day)),
            "City": text(rng.choice(["Springfield, IL", "Albany", "Troy, NY"])),
            "Notes": text(rng.choice(["", "prefers mornings", "called 1 May\nleft a message"])),
        }  # fmt: skip
        if self._is("formula", 0.1):
            known["Name"] = known["Full Name"] = Cell(f"{first} {last}", formula='=Z1&" "&Z2')
        if self._is("no result", 0.1):
            known["Notes"] = Cell("#N/A", formula="=NA()") if rng.random() < 0.5 else Cell("", formula="=Z99")
        flag = text("Yes" if refused else rng.choice(["No", ""]))
        phone = self._phone(digits, rng)
        row = [known.get(column, flag if column == self._out else phone) for column in self._columns]
        return row, (f"{first} {last}", f"+1{digits}"), refused

    def _merged(self, rows: list[list[Cell]], truth: Truth, hidden: set[int]) -> int | None:
        """Merges the phones of two rows: nobody has said that the second has the first one's number."""
        above = self._rng.randrange(len(rows) - 1)
        if hidden & {above, above + 1} or not self._is("merged", 0.1):
            return None
        rows[above + 1][self._columns.index(self._own[-1])] = text("")
        for who in [who for who in truth if who[1].endswith(str(above + 1))]:
            del truth[who]
        return above

    def _book(self, rows: Sequence[Sequence[Cell]], *, hidden: set[int], merged: int | None) -> bytes:
        file = io.BytesIO()
        with xlsxwriter.Workbook(file, {"in_memory": True, "remove_timezone": True}) as book:
            write = _Writer(book)
            if self._is("other sheet", 0.2):
                archived = [[text("Old Customer"), Cell(12125550190)], [text("Gone Away"), Cell(12125550191)]]
                write.table(ARCHIVE, ["Name", "Phone"], archived)
            title = "Contacts of November" if self._is("title", 0.1) else ""
            page = write.table(OWN, self._columns, [*rows, *self._total()], title=title)
            if merged is not None:
                place = self._columns.index(self._own[-1])
                page.merge_range(write.top + 1 + merged, place, write.top + 2 + merged, place, "")
                write.cell(page, (write.top + 1 + merged, place), rows[merged][place])
            for number in hidden:
                page.set_row(write.top + 1 + number, None, None, {"hidden": True})
            if self._is("hidden column", 0.1):
                last = len(self._columns) - 1
                page.set_column(last, last, None, None, {"hidden": True})
        return file.getvalue()

    def _total(self) -> list[list[Cell]]:
        """A line of totals: the sum of the column of numbers can be a number, too."""
        if not self._is("total", 0.15):
            return []
        name = next(column for column in self._columns if "Name" in column and column in self._own)
        known = {name: text("Total"), self._own[-1]: Cell(12125550199)}
        return [[known.get(column, text("")) for column in self._columns]]


def text(value: str) -> Cell:
    """A cell of text."""
    return Cell(value)


def _days_said(day: date) -> tuple[str, ...]:
    """A day as its cell shows it, and as it is spoken in the format that `init` proposes."""
    spoken = f"{day:%A, %B} {day.day}", f"{day:%B} {day.day}, {day.year}", f"{day:%A, %B} {day.day}, {day.year}"
    return (f"{day:%m/%d/%Y}", f"{day:%Y-%m-%d}", *spoken)


def _number(digits: str, _rng: Random) -> Cell:
    return Cell(int("1" + digits))


def _national(digits: str, _rng: Random) -> Cell:
    return Cell(int(digits), "(000) 000-0000")


def _plus(digits: str, _rng: Random) -> Cell:
    return Cell(int("1" + digits), "+0")


def _written(digits: str, rng: Random) -> Cell:
    shown = f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
    return Cell(rng.choice([f"+1{digits}", shown, f"'+1{digits}", f'="+1{digits}"']))


def _mixed(digits: str, rng: Random) -> Cell:
    return rng.choice([_number, _national, _plus, _written])(digits, rng)


PHONES: list[Callable[[str, Random], Cell]] = [_number, _national, _plus, _written, _mixed]


class _Writer:
    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book, self.top = book, 0

    def table(
        self, name: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]], *, title: str = ""
    ) -> xlsxwriter.worksheet.Worksheet:
        """Writes a sheet; `top` is where its header stands."""
        page = self._book.add_worksheet(name)
        self.top = 1 if title else 0
        if title:
            page.write_string(0, 0, title)
        page.write_row(self.top, 0, columns)
        for number, row in enumerate(rows, start=self.top + 1):
            for place, cell in enumerate(row):
                self.cell(page, (number, place), cell)
        return page

    def cell(self, page: xlsxwriter.worksheet.Worksheet, at: tuple[int, int], cell: Cell) -> None:
        """Writes a cell with its format."""
        style = self._book.add_format({"num_format": cell.code}) if cell.code else None
        match cell.value:
            case value if cell.formula:
                page.write_formula(*at, cell.formula, style, value)
            case str() as value:
                page.write_string(*at, value)
            case date() as day:
                page.write_datetime(*at, day, style)
            case value:
                page.write_number(*at, value, style)
