"""Opens a workbook: calamine, through pandas, reads its values, and `formats` reads its metadata.

    bytes -> Kind -> (safe?) -> pages -> Grid

pandas opens the file, and calamine, which reads for it, hands over row by row. No data frame is made: that would hold
the whole sheet once more (345 MB for 200,000 rows of 7, not 203), and take a second longer than the rows need.
"""

import io
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, BinaryIO

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from campaign.intake.files.file_type import START, Kind, kind_of
from campaign.intake.formats import ods, xls, xlsb, xlsx_metadata
from campaign.intake.formats.metadata import Unseen
from campaign.intake.formats.xlsx_far_cells import without_far_cells
from campaign.intake.formats.xlsx_shared_strings import vet_texts, with_blanks
from campaign.intake.formats.zip_package import inspect, rewritten
from campaign.intake.workbook.grid import Grid
from campaign.intake.workbook.sheet_choice import Page


@dataclass(frozen=True, slots=True)
class Book:
    """Open workbook; `far` are the places of cells that were left out, far from any table."""

    pages: tuple[Page, ...]
    grid: Callable[[Page], Grid]
    far: tuple[str, ...] = ()


def open_book(file: BinaryIO, *, unpacked: int, trimmed: bool = False) -> Book:
    """Opens a workbook of any supported kind.

    Args:
        file: its bytes, at their beginning.
        unpacked: the most bytes that it may hold when unpacked.
        trimmed: whether cells far from the table are left out: there was no memory for what is between.

    Raises:
        SheetError: it is of another type, or cannot be trusted; names why, without the file's name.
        Exception: the reader failed on it; the reader's own exceptions are of any class.
    """
    start = file.read(START)
    file.seek(0)
    far = list[str]()
    if kind_of(start) is Kind.OLE:
        unseen, file = _unseen_ole(file)
    else:
        if trimmed and inspect(file, unpacked=unpacked) is Kind.XLSX:
            file, far = without_far_cells(file, xlsx_metadata.read_book(zipfile.ZipFile(file)).parts)
        unseen, file = _unseen_zip(file, unpacked)
    file.seek(0)
    import pandas as pd  # noqa: PLC0415 - a third of a second that a refused file need not pay

    workbook: CalamineWorkbook = pd.ExcelFile(file, engine="calamine").book
    pages = tuple(
        Page(
            index,
            sheet.name,
            hidden=sheet.visible != SheetVisibleEnum.Visible,
            cells=sheet.typ == SheetTypeEnum.WorkSheet,
        )
        for index, sheet in enumerate(workbook.sheets_metadata)
    )
    return Book(pages, _Remembered(workbook, unseen), tuple(far))


class _Remembered:
    """Loads sheets, and caches the last: checking whether one is empty must not cost a second reading."""

    def __init__(self, workbook: CalamineWorkbook, unseen: Callable[[Page], Unseen]) -> None:
        self._workbook, self._unseen = workbook, unseen
        self._last: tuple[int, Grid] | None = None

    def __call__(self, page: Page) -> Grid:
        if self._last is None or self._last[0] != page.index:
            self._last = None  # before the next one is in memory as well
            self._last = (page.index, self._load(page))
        return self._last[1]

    def _load(self, page: Page) -> Grid:
        with ThreadPoolExecutor(1) as beside:
            # The reader of values lets others run while it works: on a second core, looking strictly takes no time.
            looking = beside.submit(self._unseen, page)
            try:
                sheet: Any = self._workbook.get_sheet_by_index(page.index)
            finally:
                unseen = looking.result()  # what it says is wrong, it says more clearly
        first = sheet.start[1] if sheet.start else 0
        width = sheet.end[1] + 1 - first if sheet.end else 0
        height = sheet.end[0] + 1 if sheet.end else 0
        return Grid(sheet.iter_rows, first, height, width, unseen, tuple(sheet.merged_cell_ranges or ()))


def _unseen_zip(file: BinaryIO, unpacked: int) -> tuple[Callable[[Page], Unseen], BinaryIO]:
    kind = inspect(file, unpacked=unpacked)
    archive = zipfile.ZipFile(file)
    if kind is Kind.XLSB:
        parts, styles = xlsb.sheet_parts(archive), xlsb.styles_in(archive)
        return lambda page: xlsb.scan_sheet(archive.read(parts[page.index]), styles), file
    if kind is Kind.ODS:
        tables = ods.scan_tables(io.BytesIO(archive.read("content.xml")))
        return lambda page: tables.get(page.name, Unseen()), file
    book = xlsx_metadata.read_book(archive)
    # Before its reader sees them: it would make room for as many as are said to be there.
    texts = vet_texts(archive, book.parts)
    read = file
    if texts is not None:
        file.seek(0)
        read = rewritten(file, lambda name, content: with_blanks(content) if name == texts else content)
    return lambda page: xlsx_metadata.unseen_in(archive, book, book.parts[page.index]), read


def _unseen_ole(file: BinaryIO) -> tuple[Callable[[Page], Unseen], BinaryIO]:
    pages, data = xls.scan_sheets(file.read())
    return lambda page: pages[page.index] if page.index < len(pages) else Unseen(tells_hidden=False), io.BytesIO(data)
