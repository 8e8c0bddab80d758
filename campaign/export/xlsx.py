"""Results as an Excel workbook: the user's sheet with the result columns, coloured by status, and a summary page.

Every text is written as text, into cells that stay text when they are typed over. Rows go to the disk as they come.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]  # it has no stubs

from campaign.domain.errors import UsageError
from campaign.domain.result_row import ResultRow
from campaign.export.about import About
from campaign.export.atomic_write import encoded, write_whole
from campaign.export.columns import RESULT_COLUMNS, fitted, values_under
from campaign.export.overwrite_guard import MADE_BY, refuse_foreign, shown
from campaign.export.results_disk import remove_abandoned, temporary_folder
from campaign.export.tally import STATUSES, Tally

RESULTS_SHEET, SUMMARY_SHEET = "Campaign results", "Campaign summary"
"""Fed back, the first is taken without a question: `intake.files.own_results` knows them too."""

_MOST_ROWS, _MOST_COLUMNS, _LONGEST = 1_048_576, 16_384, 32_767
_LOOKED_AT = 200  # rows, for the widths of the columns
_NARROWEST, _WIDEST = 8, 44
_REASONS_SHOWN = 50
_CHUNK = 1 << 20
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_FIRST_YEAR = 1900
"""A workbook counts its days from then, with one day too many in that year."""
_COLOURS = {
    "created": ("#d9efe4", "#0b5138"),
    "rejected": ("#f8dad4", "#8c2413"),
    "unknown": ("#fbe8c4", "#7a4d00"),
    "pending": ("#e6e8eb", "#3d444d"),
    "invalid": ("#e7def2", "#4d3078"),
    "skipped": ("#d9e7f5", "#1d4a75"),
}


def write_workbook(
    path: Path,
    *,
    header: Sequence[str],
    rows: Iterable[ResultRow],
    columns: Sequence[str] = RESULT_COLUMNS,
    about: About | None = None,
) -> Path:
    """Writes the whole file, in row order; returns the path actually written.

    Raises:
        UsageError: something else stands there, the file cannot be written, or a workbook cannot hold the columns.
    """
    if len(header) + len(columns) > _MOST_COLUMNS:
        raise UsageError(f"results file {shown(path)}: a workbook holds {_MOST_COLUMNS} columns; let it end in .csv")
    refuse_foreign(path)
    remove_abandoned(path.parent)
    with temporary_folder(path.parent) as folder:
        made = folder / "results.xlsx"
        _make(made, header=header, rows=rows, columns=columns, about=about or About())
        return write_whole(path, chunks=_chunks(made))


def _make(
    path: Path, *, header: Sequence[str], rows: Iterable[ResultRow], columns: Sequence[str], about: About
) -> None:
    options = {
        "constant_memory": True,
        "tmpdir": str(path.parent),
        "strings_to_numbers": False,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(path, options) as book:
        # Another program that saves it puts its own name there: then it may hold a user's work.
        book.set_properties({"author": MADE_BY, "title": f"Results of {about.run}" if about.run else "Results"})
        tally, page = Tally(), _Page(book, header=header, columns=columns)
        for row in tally.counting(rows, columns=columns):
            page.write(row)
        page.finish()
        _sum_up(book, tally, about)


class _Page:
    """The worksheet of rows; rows beyond its maximum go to a second one."""

    def __init__(self, book: Any, *, header: Sequence[str], columns: Sequence[str]) -> None:
        self._book, self._header, self._columns = book, tuple(header), tuple(columns)
        # Text cells: a number that a person types into one keeps its + and its zeros.
        self._text = book.add_format({"num_format": "@", "valign": "top"})
        self._date = book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"})
        self._plain = book.add_format({"valign": "top", "font_color": "#3d444d"})
        self._marked = {
            status: book.add_format({"bg_color": fill, "font_color": ink, "valign": "top", "bold": True})
            for status, (fill, ink) in _COLOURS.items()
        }
        self._names = book.add_format({"bold": True, "bottom": 1, "bg_color": "#eceff3", "num_format": "@"})
        self._our_names = book.add_format({"bold": True, "bottom": 1, "bg_color": "#dfe5ee", "font_color": "#3d444d"})
        self._pages = 0
        self._begin()

    def write(self, row: ResultRow) -> None:
        """Adds a row."""
        if self._next == _MOST_ROWS:
            self.finish()
            self._begin()
        width = len(self._header)
        for at, cell in enumerate(fitted(row.cells, width=width)):
            if (day := _day_of(cell)) is not None:
                self._sheet.write_datetime(self._next, at, day, self._date)
            elif cell:
                self._sheet.write_string(self._next, at, _storable(cell), self._text)
            else:
                self._sheet.write_blank(self._next, at, None, self._text)
        for at, (name, value) in enumerate(
            zip(self._columns, values_under(row, columns=self._columns), strict=True), start=width
        ):
            self._write_ours(at, name, value, status=row.status)
        if self._next <= _LOOKED_AT:
            self._widen(row)
        self._next += 1

    def finish(self) -> None:
        """Writes what is known only at the end."""
        last = len(self._header) + len(self._columns) - 1
        self._sheet.autofilter(0, 0, max(self._next - 1, 1), last)
        self._sheet.freeze_panes(1, 0)
        # On paper: all columns on the width of a page, ours among them, under their names on each.
        self._sheet.set_landscape()
        self._sheet.fit_to_pages(1, 0)
        self._sheet.repeat_rows(0)
        self._sheet.set_footer("&L&A&RPage &P of &N")
        self._sheet.ignore_errors({"number_stored_as_text": f"A1:{_cell(self._next, last)}"})
        for at, width in enumerate(self._widths):
            # What is typed into a new row below is text as well.
            own = at < len(self._header)
            self._sheet.set_column(at, at, min(_WIDEST, max(_NARROWEST, width + 2)), self._text if own else None)

    def _begin(self) -> None:
        self._pages += 1
        name = RESULTS_SHEET if self._pages == 1 else f"{RESULTS_SHEET} {self._pages}"
        self._sheet = self._book.add_worksheet(name)
        self._next = 1
        names = (*self._header, *self._columns)
        self._widths = [len(name) for name in names]
        for at, name in enumerate(names):
            own = at < len(self._header)
            self._sheet.write_string(0, at, _storable(name), self._names if own else self._our_names)

    def _write_ours(self, at: int, name: str, value: float | str | None, *, status: str) -> None:
        style = self._marked.get(status, self._plain) if name == "_status" else self._plain
        if isinstance(value, str):
            self._sheet.write_string(self._next, at, _storable(value), style)
        elif value is not None:
            self._sheet.write_number(self._next, at, value, style)

    def _widen(self, row: ResultRow) -> None:
        values = chain(row.cells[: len(self._header)], values_under(row, columns=self._columns))
        for at, value in enumerate(values):
            if at < len(self._widths) and value is not None:
                self._widths[at] = max(self._widths[at], len(str(value)))


def _sum_up(book: Any, tally: Tally, about: About) -> None:
    sheet = book.add_worksheet(SUMMARY_SHEET)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    bold, text = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 80)
    sheet.set_column(2, 2, 10)
    for at, (cells, style) in enumerate(_summary(tally, about)):
        colour = _COLOURS.get(style)
        marked = book.add_format({"bg_color": colour[0], "font_color": colour[1], "bold": True}) if colour else None
        for place, cell in enumerate(cells):
            chosen = bold if style == "head" else marked if place == 0 and marked else text
            if isinstance(cell, str):
                sheet.write_string(at, place, _storable(cell), chosen)
            else:
                sheet.write_number(at, place, cell, bold if style == "head" else None)


def _summary(tally: Tally, about: About) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Lines of the summary page: (cells, format: `head`, a status, or nothing)."""
    yield from (((label, value), "") for label, value in about.lines())
    yield (), ""
    yield ("Status", "", "Rows"), "head"
    yield from (((status, "", tally.statuses[status]), status) for status in STATUSES if tally.statuses[status])
    yield ("all", "", tally.rows), "head"
    for status in STATUSES:
        reasons = tally.reasons_of(status)
        if reasons:
            yield (), ""
            yield (f"Why {status}", "", "Rows"), "head"
            yield from ((("", reason, count), "") for reason, count in islice(reasons, _REASONS_SHOWN))
    if tally.outcomes:
        yield (), ""
        yield ("What became of the calls", "", "Rows"), "head"
        yield from ((("", outcome, count), "") for outcome, count in tally.outcomes.most_common())


def _day_of(cell: str) -> date | None:
    """The day of a cell that is one, as a workbook's own dates are read; it is read back as the same text."""
    if not _DAY.fullmatch(cell):
        return None
    try:
        day = date.fromisoformat(cell)
    except ValueError:
        return None
    return day if day.year > _FIRST_YEAR else None


def _storable(text: str) -> str:
    """The text as a cell can hold it: invalid characters escaped, cut to a cell's maximum length."""
    whole = encoded(text).decode()
    return whole if len(whole) <= _LONGEST else f"{whole[: _LONGEST - 1]}…"


def _cell(row: int, column: int) -> str:
    name: str = xlsxwriter.utility.xl_rowcol_to_cell(row, column)
    return name


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
