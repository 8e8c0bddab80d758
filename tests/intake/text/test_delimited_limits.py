"""Text sheets of any size: what is too large is refused by its place, and the rest streams."""

import csv
import gc
import resource
import sys
from pathlib import Path

import pytest

from campaign.domain.errors import SheetError
from campaign.domain.model import Row
from campaign.domain.sheet import Sheet
from campaign.intake.text.delimited import read_delimited


def saved(folder: Path, content: str | bytes) -> Path:
    path = folder / "sheet.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def sheet_of(folder: Path, content: str | bytes) -> Sheet:
    return read_delimited(saved(folder, content))


def rows_of(folder: Path, content: str | bytes) -> list[Row]:
    return list(sheet_of(folder, content).rows)


def test_a14_an_open_quote_does_not_read_the_whole_file_into_memory(tmp_path: Path) -> None:
    """Whatever limit another library has set for csv."""
    before = csv.field_size_limit(sys.maxsize)
    try:
        with pytest.raises(SheetError, match="row that begins in line 2 has over 1,000,000 characters"):
            rows_of(tmp_path, 'Name,Phone\n"' + "Ann,1\n" * 400_000)
    finally:
        assert csv.field_size_limit(before) == sys.maxsize


@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("length", [32_767, 32_768, 131_072, 200_000])
def test_a31_a_cell_beyond_what_a_spreadsheet_holds_is_damage(tmp_path: Path, *, quote: str, length: int) -> None:
    cell = "x" * length
    rows = rows_of(tmp_path, f"A,B\nAnn,{quote}{cell}{quote}\nBob,2\n")
    assert rows[1] == Row(3, ("Bob", "2"))
    assert rows[0].cells == ("Ann", cell)
    assert (rows[0].damage is None) is (length <= 32_767)


def test_a31_a_cell_of_two_lines_is_measured_as_a_whole(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, f'A,B\nAnn,"{"x" * 20_000}\n{"y" * 20_000}"\nBob,2\n')
    assert [row.damage for row in rows] == ["a cell of 40,001 characters, where a spreadsheet's holds 32,767", None]


@pytest.mark.parametrize("limit", [1, 100, sys.maxsize])
def test_a31_the_limit_that_others_set_for_csv_is_neither_obeyed_nor_changed(tmp_path: Path, limit: int) -> None:
    """It is one number for the whole process."""
    before = csv.field_size_limit(limit)
    try:
        rows = rows_of(tmp_path, f'A,B\nAnn,{"x" * 30_000}\n"Bob",2\n')
        now = csv.field_size_limit()
    finally:
        csv.field_size_limit(before)
    assert rows == [Row(2, ("Ann", "x" * 30_000)), Row(3, ("Bob", "2"))]
    assert now == limit


@pytest.mark.parametrize("place", [1, 3_000])
@pytest.mark.parametrize("ending", ["\n", ""])
def test_a31_a_line_of_over_a_million_characters_is_refused(tmp_path: Path, *, place: int, ending: str) -> None:
    text = "A,B\n" + "1,2\n" * place + "Ann," + "x" * 1_000_000 + ending
    with pytest.raises(SheetError, match=f"line {place + 2} has over 1,000,000 characters"):
        sheet_of(tmp_path, text)


def test_a31_more_columns_than_a_spreadsheet_has_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="row 1 has 16,385 columns"):
        sheet_of(tmp_path, ",".join("x" * 16_385) + "\n" + ",".join("y" * 16_385))
    with pytest.raises(SheetError, match="row 3 has 20,000 columns"):
        rows_of(tmp_path, "A,B\n1,2\n" + ",".join("y" * 20_000) + "\n")
    assert len(rows_of(tmp_path, ",".join("x" * 16_384) + "\n" + ",".join("y" * 16_384))) == 1


def test_a32_rows_stream(tmp_path: Path) -> None:
    """A sheet's size is a matter of time, not of memory. Peak memory of this process may have been higher before."""
    path = saved(tmp_path, "Name,Phone,City,Note\n" + 'Ann Example,+14155550100,Springfield,"call, please"\n' * 200_000)
    rows = read_delimited(path).rows
    next(rows)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert sum(1 for _ in rows) == 199_999
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 8_000 * (1024 if sys.platform == "darwin" else 1)


@pytest.mark.parametrize("later", [b"", b"Zed,9\n", b"Name,Phone\nZed,9\n" * 50_000], ids=["empty", "short", "long"])
def test_a33_what_is_written_to_a_file_that_was_opened_does_not_matter(tmp_path: Path, later: bytes) -> None:
    """All of its rows are of one state, or a number may be rung beside another's name."""
    path = saved(tmp_path, "Name,Phone\n" + "".join(f"Ann {number},1\n" for number in range(50_000)))
    rows = read_delimited(path).rows
    first = next(rows)
    path.write_bytes(later)  # the same file, as an exporting program writes to it
    assert [row.cells[0] for row in (first, *rows)] == [f"Ann {number}" for number in range(50_000)]


def test_a_sheet_that_is_let_go_of_closes_its_file(tmp_path: Path) -> None:
    """A file that is left open is a warning, and warnings are errors here."""
    sheet = sheet_of(tmp_path, "A,B\n" + "1,2\n" * 100_000)
    next(sheet.rows)
    del sheet
    gc.collect()
