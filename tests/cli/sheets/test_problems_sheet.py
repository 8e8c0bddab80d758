"""The bad rows as a sheet of their own: corrected and run, nobody is called twice, or forgotten, or as half a row."""

import csv
import json
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it has no stubs

from tests.cli.conftest import Desk

pytestmark = pytest.mark.usefixtures("workbooks_here")

SHEET = (
    "Ada Example,+12125550101,Monday,front door",
    "Bob Example,555,Tuesday,=side door",
    ",+12125550103,Friday,",
    "Cy Example,+12125550101,Monday,the same number",
)
HEADER = "Name,Phone,Day,Note"


def rung(desk: Desk) -> list[str]:
    """The phones that rang at the stand-in, in order."""
    truth = desk.folder / "home" / "sandbox.truth.jsonl"
    return [json.loads(line)["phone"] for line in truth.read_text("utf-8").splitlines()] if truth.exists() else []


def run(desk: Desk, sheet: Path, *flags: str) -> int:
    return desk("run", sheet, "-t", desk.template(), "--sandbox", "--yes", "--rate", "1000", *flags).code


def problems(desk: Desk, sheet: Path, *flags: str) -> list[dict[str, str]]:
    """The rows of the sheet of problems, bad.csv."""
    assert desk("check", sheet, "-t", desk.template(), "--sandbox", "--problems", "bad.csv", *flags).code in (1, 2)
    return desk.results("bad.csv")


def correct(desk: Desk, **changes: str) -> Path:
    """Types these words in place of others into bad.csv, and saves it with semicolons, as many a program does."""
    path = desk.folder / "bad.csv"
    text = path.read_text("utf-8-sig")
    rows = list(csv.reader(text.splitlines(), delimiter=";" if text.startswith("Name;") else ","))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows([changes.get(cell, cell) for cell in row] for row in rows)
    return path


def test_only_the_bad_rows_are_written_with_all_columns_and_what_ails_them(desk: Desk) -> None:
    bob, nameless = problems(desk, desk.sheet(*SHEET, header=HEADER))
    assert list(bob) == ["Name", "Phone", "Day", "Note", "_problem"]
    assert (bob["Name"], bob["Phone"], bob["Note"]) == ("Bob Example", "555", "'=side door")
    assert bob["_problem"].startswith("row 3, column 'Phone': '555': an emergency or short number is never called; ")
    assert nameless["_problem"] == "row 4, column 'Name': no name; fill it in, or take the row out"


def test_the_corrected_sheet_runs_and_everybody_is_called_once(desk: Desk) -> None:
    sheet = desk.sheet(*SHEET, header=HEADER)
    problems(desk, sheet)
    assert run(desk, sheet) == 0
    corrected = correct(desk, **{"555": "+12125550102"})
    assert desk("check", corrected, "-t", desk.template(), "--sandbox").code == 1
    assert run(desk, corrected) == 0
    assert sorted(rung(desk)) == ["+12125550101", "+12125550102"]
    again = problems(desk, corrected.rename(desk.folder / "corrected.csv"))
    assert [row["_problem"] for row in again] == ["row 3, column 'Name': no name; fill it in, or take the row out"]
    assert list(again[0]) == ["Name", "Phone", "Day", "Note", "_problem"]
    assert (again[0]["Day"], again[0]["Note"]) == ("Friday", "")


def test_a_row_of_shifted_cells_is_not_whole_again_by_being_written_anew(desk: Desk) -> None:
    """`Ada, Friday` without a day in between: padded, it would be called, and the wrong thing said."""
    sheet = desk.sheet("Ada Example,+12125550101,front door", *SHEET[1:2], header=HEADER)
    ada, _bob = problems(desk, sheet)
    assert ada["_problem"].startswith("correct this row, then empty this cell: row 2: too few fields: 3")
    corrected = correct(desk, **{"555": "+12125550102"})
    assert run(desk, corrected) == 0
    assert rung(desk) == ["+12125550102"]
    corrected = correct(desk, **{"front door": "Monday", ada["_problem"]: ""})
    assert run(desk, corrected) == 0
    assert rung(desk) == ["+12125550102", "+12125550101"]


def test_a_shifted_row_stays_one_in_a_results_file_too(desk: Desk) -> None:
    sheet = desk.sheet("Ada Example,+12125550101,front door", SHEET[0], header=HEADER)
    assert run(desk, sheet, "--results", "made.csv") == 0
    checked = json.loads(desk("check", "made.csv", "-t", desk.template(), "--sandbox", "--json").out)
    assert (checked["invalid"], checked["problems"][0]["row"]) == (1, 2)
    assert "'_error'" in checked["problems"][0]["reason"]


def test_a_value_that_was_never_calculated_is_not_forgotten(desk: Desk) -> None:
    """As text it is a blank, and a blank is no fault in an optional variable."""
    path = desk.folder / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    page.write_row(0, 0, ["Name", "Phone", "Day"])
    page.write_row(1, 0, ["Ada Example", "+12125550101"])
    page.write_formula(1, 2, "=A1", value="")
    page.write_row(2, 0, ["Bob Example", "+12125550102", "Friday"])
    book.close()
    assert [row["Name"] for row in problems(desk, path)] == ["Ada Example"]
    assert run(desk, desk.folder / "bad.csv") == 2


def test_a_sheet_without_bad_rows_gets_no_file(desk: Desk) -> None:
    ended = desk("check", desk.sheet(SHEET[0], header=HEADER), "-t", desk.template(), "--problems", "bad.csv")
    assert ended.code == 0
    assert "every row can be called, so bad.csv was not written" in ended.out
    assert not (desk.folder / "bad.csv").exists()


def test_nothing_is_written_over_that_may_hold_corrections(desk: Desk) -> None:
    """Neither the sheet itself, though it is a sheet of problems, nor an earlier one; and it is said before reading."""
    sheet, template = desk.sheet(*SHEET, header=HEADER), desk.template()
    problems(desk, sheet)
    before = (desk.folder / "bad.csv").read_bytes()
    for checked, written, told in (
        (sheet, "bad.csv", "may hold your corrections"),
        ("bad.csv", "bad.csv", "is the sheet itself"),
        (sheet, template, "let its name end in .csv"),
        (sheet, "no/such/folder.csv", "cannot be written to"),
    ):
        ended = desk("check", checked, "-t", template, "--problems", written)
        assert ended.code == 2
        assert told in ended.err
        assert len(ended.err.splitlines()) == 1
    assert (desk.folder / "bad.csv").read_bytes() == before


def test_rows_of_restored_numbers_are_written_when_they_are_left_out(desk: Desk) -> None:
    sheet = desk.sheet("Ada Example,2079460018,Monday,", "Bob Example,020 7946 0019,Monday,", header=HEADER)
    [ada] = problems(desk, sheet, "--skip-repairs", "--region", "GB")
    assert "write it in full, +442079460018 if that is it" in ada["_problem"]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_problem_column_is_left_out_wherever_it_was_moved(desk: Desk, suffix: str) -> None:
    """People sort columns, and look at the reason first."""
    path = desk.folder / f"moved.{suffix}"
    table = [["_problem", "Name", "Phone", "Day"], ["row 3: too short", "Ada Example", "+12125550101", ""]]
    if suffix == "csv":
        path.write_text("\n".join(map(",".join, table)) + "\n", encoding="utf-8")
    else:
        book = xlsxwriter.Workbook(path)
        page = book.add_worksheet()
        for place, row in enumerate(table):
            page.write_row(place, 0, row)
        book.close()
    assert run(desk, path, "--results", "made.csv") == 0
    assert list(desk.results("made.csv")[0])[:4] == ["Name", "Phone", "Day", "_row"]
