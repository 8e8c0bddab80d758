"""What a file says is what the sheet holds: every field counted, every digit kept, or the file refused."""

import codecs
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it has no stubs

from campaign.domain.cures import Setting
from campaign.domain.cures.sheets import choose_sheet, leave_out
from campaign.domain.errors import SheetError
from campaign.domain.model import Mark, Row
from campaign.intake.files.read_options import Choices
from campaign.intake.open_sheet import open_sheet

pytestmark = pytest.mark.usefixtures("workbooks_here")

Cells = Iterable[Iterable[object]]


def rows_of(path: Path, *, sheet: str | None = None) -> list[Row]:
    return list(open_sheet(path, choices=Choices(sheet=sheet)).rows)


def saved(folder: Path, content: str | bytes, *, name: str = "sheet.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def workbook(folder: Path, **sheets: Cells) -> Path:
    path = folder / "sheet.xlsx"
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm", "strings_to_formulas": False})
    for name, lines in sheets.items():
        page = book.add_worksheet(name)
        for number, line in enumerate(lines):
            page.write_row(number, 0, line)
    book.close()
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("bom", [b"", codecs.BOM_UTF8])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_each_delimiter_line_end_and_bom_reads_alike(
    tmp_path: Path, *, delimiter: str, bom: bytes, ending: str
) -> None:
    """A sheet comes from Excel in any country, and must not lose its first column's name to a BOM."""
    lines = [("Name", "Phone", "Notes"), ("Zoë, or p", "+14155550100", "a;b|c")]
    text = ending.join(delimiter.join(f'"{cell}"' for cell in line) for line in lines) + ending
    sheet = open_sheet(saved(tmp_path, bom + text.encode()))
    assert sheet.header == lines[0]
    assert list(sheet.rows) == [Row(2, lines[1])]


TEXTS = ["NA", "N/A", "null", "None", "nan", "TRUE", "1E5", "007", "1.0", "-", " x ", "#N/A"]


def test_text_stays_the_text_that_it_is(tmp_path: Path) -> None:
    """A person may be called Null, and a number without its zero is someone else's."""
    expected = [Row(number, (text, "y", "z")) for number, text in enumerate(TEXTS, start=2)]
    lines = "".join(f"{text},y,z\n" for text in TEXTS)
    assert rows_of(saved(tmp_path, f"A,B,C\n{lines}")) == expected
    assert rows_of(workbook(tmp_path, S=[("A", "B", "C"), *((text, "y", "z") for text in TEXTS)])) == expected


@pytest.mark.parametrize(
    ("line", "cells", "damage"),
    [
        ("Ann,1,x", ("Ann", "1", "x"), None),
        ("Ann,1,x,,", ("Ann", "1", "x"), "too many fields: 5, where the header has 3"),
        ("Ann,1,x, ", ("Ann", "1", "x"), "too many fields: 4, where the header has 3"),
        ("Ann,1", ("Ann", "1", ""), "too few fields: 2, where the header has 3"),
        ("Ann,1,x,y", ("Ann", "1", "x,y"), "too many fields: 4, where the header has 3"),
        ("Ann,,1,x,,", ("Ann", "", "1,x"), "too many fields: 6, where the header has 3"),
        ("6'2\" Ann,1,x", ("6'2\" Ann", "1", "x"), None),
        ('"A ""B"" C",1,x', ('A "B" C', "1", "x"), None),
        ('"Ann" B,1,x', ("Ann B", "1", "x"), "a stray quotation mark: text follows the closing one"),
        ('Ann,1,"two\nlines"', ("Ann", "1", "two\nlines"), None),
        ('Ann,1,"x\nBob,2,y"', ("Ann", "1", "x\nBob,2,y"), "a stray quotation mark makes one row of lines 2 to 3"),
        ('Ann,1,"x\rBob,2,"', ("Ann", "1", "x\rBob,2,"), "a stray quotation mark makes one row of lines 2 to 3"),
    ],
)
def test_every_field_is_counted_and_none_shifts(
    tmp_path: Path, *, line: str, cells: tuple[str, ...], damage: str | None
) -> None:
    """One field too many, shifted, puts one person's number beside another's name."""
    rows = rows_of(saved(tmp_path, f"Name,Phone,Notes\n{line}\nZed,9,z\n"))
    after = (3, ("Zed", "9", "z"), None, 4 if len(line.splitlines()) > 1 else None)
    assert [row[:4] for row in rows] == [(2, cells, damage, None), after]


def test_a_field_too_many_in_every_row_refuses_the_sheet(tmp_path: Path) -> None:
    """A common trap: the first column taken for an index, and every cell one column off."""
    with pytest.raises(SheetError, match=r"header \(row 1\) has 2 columns, and every row below it has more fields"):
        open_sheet(saved(tmp_path, "Name,Phone\n" + "7,Ann,+14155550100\n" * 5))


def test_rows_are_numbered_as_a_spreadsheet_program_shows_them(tmp_path: Path) -> None:
    """The user looks for row 7 in Excel: blank rows count there, and a row of two lines is one."""
    text = 'A,B\n\n1,"x\ny"\n , \n2,z\n\n'
    assert [row.number for row in rows_of(saved(tmp_path, text))] == [3, 5]
    assert [row.number for row in rows_of(saved(tmp_path, "sep=;\nA;B\n1;x\n"))] == [2]
    book = workbook(tmp_path, S=[("A", "B"), (), (1, "x"), (" ", ""), (2, "z")])
    assert [row.number for row in rows_of(book)] == [3, 5]


TYPED: list[tuple[object, str]] = [
    (15551234567, "15551234567"),
    (15551234567.0, "15551234567"),
    (-5, "-5"),
    (999_999_999_999_999, "999999999999999"),
    (447911123456789012, "4.47911123456789e+17"),
    (1e15, "1000000000000000.0"),
    (89.9, "89.9"),
    (True, "TRUE"),
    (False, "FALSE"),
    (date(2026, 12, 1), "2026-12-01"),
    (datetime(2026, 12, 1, 9, 30), "2026-12-01T09:30:00"),  # noqa: DTZ001 - a sheet's dates have no zone
    ("00123", "00123"),
]


def test_a_typed_cell_becomes_text_without_losing_a_digit(tmp_path: Path) -> None:
    """Beyond 15 digits a spreadsheet has already lost some: that must not look like a number that can be called."""
    rows = rows_of(workbook(tmp_path, S=[("A", "B"), *(("x", cell) for cell, _ in TYPED)]))
    assert [row.cells[1] for row in rows] == [text for _, text in TYPED]
    numbers = [type(cell) in (int, float) for cell, _ in TYPED]
    assert [row.marks == ((1, Mark.NUMBER),) for row in rows] == numbers
    assert [row.marks == () for row in rows] == [not number for number in numbers]


def test_times_and_durations_are_read_as_shown(tmp_path: Path) -> None:
    """An appointment's time is spoken to the person."""
    path = tmp_path / "sheet.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Time", "Length"])
        page.write_datetime(1, 0, time(9, 30), book.add_format({"num_format": "hh:mm"}))
        page.write_datetime(1, 1, timedelta(hours=36), book.add_format({"num_format": "[h]:mm"}))
    assert rows_of(path) == [Row(2, ("09:30", "36:00"))]


def test_unnamed_columns_beside_the_table_stay_and_empty_ones_go(tmp_path: Path) -> None:
    """Results give back all that the user wrote; formatting alone is nothing that they wrote."""
    path = tmp_path / "sheet.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Name", "Phone"])
        page.write_row(1, 0, ["Ann", "1", "", "remark"])
        page.write_string(1, 500, " ")
    sheet = open_sheet(path)
    assert sheet.header == ("Name", "Phone", "", "")
    assert list(sheet.rows) == [Row(2, ("Ann", "1", "", "remark"))]


def test_what_a_file_is_its_content_says(tmp_path: Path) -> None:
    """Exports carry wrong endings."""
    book = workbook(tmp_path, S=[("A", "B"), ("x", "y")])
    assert rows_of(book.rename(tmp_path / "book.csv")) == [Row(2, ("x", "y"))]
    assert rows_of(saved(tmp_path, "A,B\nx,y\n", name="text.xlsx")) == [Row(2, ("x", "y"))]


def test_one_of_several_sheets_is_chosen_by_name_only(tmp_path: Path) -> None:
    """The first sheet may be last month's."""
    path = workbook(tmp_path, Old=[("A", "B"), ("old", "y")], New=[("A", "B"), ("new", "y")])
    assert rows_of(path, sheet="New") == [Row(2, ("new", "y"))]
    with pytest.raises(SheetError, match=r"it holds 2 sheets$") as caught:
        open_sheet(path)
    assert caught.value.cures == (choose_sheet(sheets="'Old', 'New'"),)
    with pytest.raises(SheetError, match=r"no sheet 'new' in it; sheet must be one of 'Old', 'New'"):
        open_sheet(path, choices=Choices(sheet="new"))
    with pytest.raises(SheetError, match=r"a CSV file has no sheet 'New'$") as caught:
        open_sheet(saved(tmp_path, "A,B\nx,y\n"), choices=Choices(sheet="New"))
    assert caught.value.cures == (leave_out(Setting.SHEET),)


REFUSED: list[tuple[str, bytes, str]] = [
    ("empty", b"", "the file is empty"),
    ("header-only", b"Name,Phone\n", "no contacts below the header"),
    ("blank-rows-only", b"Name,Phone\n\n,,\n \n", "no contacts below the header"),
    ("blank-header", b",,\nAnn,1,2\n", "no contacts below the header"),
    ("all-blank", b",,\n\n ,\t\n", "all of its rows are blank"),
    ("title-first", b"My contacts\nName,Phone\nAnn,1\n", "row 1 is not the header"),
    ("one-column", b"Phone\n+14155550100\n", "row 1 is not the header"),
    ("latin-1", b"Name,Phone\nZo\xeb,1\n", r"byte 13 \(0xEB\) is not UTF-8$"),
    ("cut-character", b"Name,Phone\nAnn,1\xc3", r"byte 16 \(0xC3\) is not UTF-8"),
    ("nul", b"Name,Phone\nAnn\0,1\n", "NUL byte in line 2"),
    ("open-quote", b'Name,Phone\nAnn,1\nBob,"2\nCy,3\n', "the quotation mark that opens in line 3 is never closed"),
    ("reopened", b'Name,Phone\n"A\nB","1\nCy,""3\n', "the quotation mark that opens in line 3 is never closed"),
    ("doubled", b'Name,Phone\n"A ""x""\nB"",1\nCy,3\n', "the quotation mark that opens in line 2 is never closed"),
    ("open-header", b'"Name,Phone\nAnn,1\n', "the quotation mark that opens in line 1 is never closed"),
    ("swallowing", b'Name,Phone\n"Ann,1\nBob,2\n"Cy,3\n', "a stray quotation mark after the one that opens in line 2"),
    ("odd-quotes", b'Name,Phone\n"Ann" B",1\nBob,2\n', "a stray quotation mark after the one that opens in line 2"),
    ("backslash", b'Name,Note,P\nA,"\\"a\\" \\"\nB, c","1"\n', "a stray quotation mark after the one that opens"),
    ("huge-cell", b'A,B\n1,"' + b"x\n" * 100_000 + b'"\n', "line 2 is not closed"),
    ("huge-line", b"A,B\n1," + b"x" * 1_000_000, "line 2 has over 1,000,000 characters"),
    ("two-delimiters", b"Last, First;Phone\nDoe, Ann;1\n", "separated by comma or semicolon"),
    ("odd-declared", b"sep=:\nA:B\n1:2\n", "'sep=:' is not a delimiter"),
    ("ole", codecs.decode("d0cf11e0a1b11ae1", "hex"), "a damaged workbook.*save it as .xlsx"),
    ("bad-zip", b"PK\x03\x04 and no more", "a damaged workbook"),
]


@pytest.mark.parametrize(("content", "reason"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_file_that_is_no_plain_table_is_refused_with_its_cure(tmp_path: Path, content: bytes, reason: str) -> None:
    """A guess here is a wrong number rung: one line says what to change."""
    path = saved(tmp_path, content)
    with pytest.raises(SheetError, match=reason) as caught:
        rows_of(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_wrong_byte_far_down_is_found_before_the_first_row_is_given_out(tmp_path: Path) -> None:
    """Half a sheet of people in the wrong encoding is worse than none; the byte is named by its place in the file."""
    good = b"Ann,1\n" * 200_000
    with pytest.raises(SheetError, match=rf"line 200002, byte {4 + len(good) + 1} \(0xFF\)"):
        open_sheet(saved(tmp_path, b"A,B\n" + good + b"B\xff,2\n"))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda _path: None, "no such file"),
        (lambda path: path.mkdir(), "a folder"),
        (os.mkfifo, "not a regular file"),
        (lambda path: path.symlink_to("/dev/zero"), "not a regular file"),
    ],
    ids=["missing", "folder", "fifo", "device"],
)
def test_only_regular_files_are_opened(tmp_path: Path, make: Callable[[Path], None], reason: str) -> None:
    """Opening a FIFO or a device waits, or reads, for ever."""
    make(tmp_path / "sheet")
    with pytest.raises(SheetError, match=reason):
        open_sheet(tmp_path / "sheet")


def test_another_kind_of_zip_is_no_workbook(tmp_path: Path) -> None:
    """An .ods or .docx is told by name of the cure, not by a foreign error."""
    path = workbook(tmp_path, S=[("A", "B"), ("x", "y")])
    content = path.read_bytes()
    with pytest.raises(SheetError, match=r"not an \.xlsx workbook"):
        open_sheet(saved(tmp_path, content.replace(b"xl/workbook.xml", b"xl/wxrkbook.xml")))
    with pytest.raises(SheetError, match="a workbook whose sheets are missing"):
        open_sheet(saved(tmp_path, content.replace(b"xl/worksheets/sheet1.xml", b"xl/worksheets/sheet9.xml")))


def test_headers_that_occur_twice_are_loaded_as_they_stand(tmp_path: Path) -> None:
    """Renaming them could hit the name of a third column."""
    assert open_sheet(saved(tmp_path, "A,A,A.1\n1,2,3\n")).header == ("A", "A", "A.1")


def test_pandas_is_not_imported_for_csv() -> None:
    """It costs half a second of every start."""
    code = "import sys, campaign.intake.open_sheet; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
