"""What a template says of how its sheets are read holds, and never misreads a sheet that is made otherwise."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # it has no stubs
import pytest

from tests.cli.conftest import TEMPLATE, Desk
from tests.cli.sheets.test_choosing import Terminal

pytestmark = pytest.mark.usefixtures("workbooks_here")

ROWS = [["Name", "Phone", "Day"], ["Zoë Lindqvist", "+14155550111", "Monday"], ["Bo Marek", "+16505550112", "Tuesday"]]


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Somebody sits at the terminal, and types these lines."""
    return lambda *lines: monkeypatch.setattr("sys.stdin", Terminal("".join(f"{line}\n" for line in lines)))


def text(desk: Desk, *, encoding: str = "utf-8", delimiter: str = ",", rows: list[list[str]] = ROWS) -> Path:
    path = desk.folder / "people.csv"
    path.write_bytes("".join(delimiter.join(row) + "\n" for row in rows).encode(encoding))
    return path


def book(desk: Desk, *names: str, hidden: int = 0) -> Path:
    path, made = desk.folder / "people.xlsx", openpyxl.Workbook()
    made.remove(made.active)
    for name in names:
        page = made.create_sheet(name)
        for row in ROWS:
            page.append(row)
        if hidden:
            page.row_dimensions[hidden].hidden = True
    made.save(path)
    return path


def said(desk: Desk, *lines: str) -> Path:
    return desk.template(TEMPLATE + "[sheet]\n" + "".join(f"{line}\n" for line in lines))


def names_called(desk: Desk, sheet: Path, template: Path, *flags: str) -> list[str]:
    ended = desk("run", sheet, "-t", template, "--sandbox", "--dry-run", "--yes", *flags)
    assert ended.code == 0, ended
    requests: list[dict[str, Any]] = [json.loads(line)["request"] for line in ended.out.splitlines()]
    return [request["nameOfHuman"] for request in requests]


BOTH = ["Zoë Lindqvist", "Bo Marek"]


@pytest.mark.parametrize(
    ("lines", "made"),
    [
        (('encoding = "cp1252"',), {"encoding": "cp1252"}),
        (('delimiter = ";"',), {"delimiter": ";"}),
        (('delimiter = "tab"',), {"delimiter": "\t"}),
        (("header_row = 3",), {"rows": [["Visits", "", ""], ["", "", ""], *ROWS]}),
        (('encoding = "cp1252"', 'delimiter = ";"'), {"encoding": "cp1252", "delimiter": ";"}),
    ],
)
def test_a_text_file_is_read_as_its_template_says(desk: Desk, lines: tuple[str, ...], made: dict[str, Any]) -> None:
    assert names_called(desk, text(desk, **made), said(desk, *lines)) == BOTH


def test_a_workbook_is_read_as_its_template_says(desk: Desk) -> None:
    template = said(desk, 'name = "New"', 'hidden = "skip"')
    assert names_called(desk, book(desk, "Old", "New", hidden=3), template) == ["Zoë Lindqvist"]
    assert names_called(desk, book(desk, "New", hidden=3), template, "--include-hidden") == BOTH


def test_people_without_names_of_columns_are_read_as_the_template_says(desk: Desk) -> None:
    placed = TEMPLATE.replace('"Name"', '"#1"').replace('"Phone"', '"#2"').replace('"Day"', '"#3"')
    template = desk.template(placed + "[sheet]\nheader_row = 0\n")
    assert names_called(desk, text(desk, rows=ROWS[1:]), template) == BOTH


def test_a_flag_wins_over_the_template(desk: Desk) -> None:
    template = said(desk, 'encoding = "cp1250"', 'delimiter = ";"', "header_row = 7")
    flags = ("--encoding", "utf-8", "--delimiter", ",", "--header-row", "1")
    assert names_called(desk, text(desk), template, *flags) == BOTH
    assert names_called(desk, book(desk, "Old", "New"), said(desk, 'name = "None"'), "--sheet", "New") == BOTH


def test_what_is_said_of_text_files_is_nothing_to_a_workbook_and_the_other_way_round(desk: Desk) -> None:
    template = said(desk, 'encoding = "cp1252"', 'delimiter = ";"', 'name = "People"', 'hidden = "skip"')
    assert names_called(desk, book(desk, "People"), template) == BOTH
    assert names_called(desk, text(desk, encoding="cp1252", delimiter=";"), template) == BOTH


Case = tuple[tuple[str, ...], dict[str, Any], tuple[str, ...]]
UNLIKE: list[Case] = [
    (('encoding = "cp1252"',), {}, ("it is UTF-8, and the template says cp1252", "--encoding utf-8", "ZoÃ«")),
    (('encoding = "utf-8"',), {"encoding": "cp1252"}, ("is not UTF-8", "--encoding cp1252")),
    (('encoding = "cp1252"',), {"encoding": "utf-16"}, ("it is UTF-16", "--encoding utf-16")),
    (('delimiter = ";"',), {}, ("not separated by ';', as the template says", "--delimiter ','")),
    (("header_row = 2",), {}, ("row 2 holds the names of the columns, and row 1 does", "--header-row 1")),
    (
        ("header_row = 3",),
        {"rows": [ROWS[0], ROWS[1], ROWS[0], ROWS[2]]},
        ("row 3 holds the names of the columns, and row 1 does", "--header-row 1"),
    ),
]


@pytest.mark.parametrize("case", UNLIKE)
def test_a_text_file_that_is_made_otherwise_is_asked_about(desk: Desk, case: Case) -> None:
    """`ZoÃ«` is spoken, and the people above row 3 are forgotten, if the template is believed."""
    lines, made, says = case
    sheet = text(desk, **made)
    for words in (("check",), ("run", "--dry-run", "--yes", "--sandbox"), ("run", "--yes", "--sandbox")):
        ended = desk(words[0], sheet, "-t", said(desk, *lines), *words[1:])
        assert ended.code == 2, ended
        assert all(each in ended.err for each in says), ended.err


def test_a_workbook_without_the_sheet_of_the_template_is_asked_about(desk: Desk) -> None:
    ended = desk("check", book(desk, "May", "June"), "-t", said(desk, 'name = "April"'))
    assert ended.code == 2
    assert "no sheet 'April' in it" in ended.err
    assert "'May', 'June'" in ended.err


def test_names_of_columns_where_the_template_says_there_are_none_are_asked_about(desk: Desk) -> None:
    placed = TEMPLATE.replace('"Name"', '"#1"').replace('"Phone"', '"#2"').replace('"Day"', '"#3"')
    template = desk.template(placed + "[sheet]\nheader_row = 0\n")
    ended = desk("check", text(desk), "-t", template)
    assert ended.code == 2
    assert "its first row holds no number" in ended.err
    assert names_called(desk, text(desk), template, "--header-row", "1") == BOTH


def test_a_person_at_the_terminal_is_asked_and_answers(desk: Desk, answer: Callable[..., None]) -> None:
    answer("1", "1")
    ended = desk("check", text(desk), "-t", said(desk, 'encoding = "cp1252"', 'delimiter = ";"'), "--sandbox")
    assert ended.code == 0, ended
    assert "(the same as --encoding utf-8)" in ended.err
    assert "(the same as --encoding utf-8 --delimiter ,)" in ended.err
    assert "'Zoë Lindqvist'" in ended.out
    answer("2")
    ended = desk("check", book(desk, "May", "June"), "-t", said(desk, 'name = "April"'), "--sandbox")
    assert ended.code == 0, ended


@pytest.mark.parametrize("name", ["results.csv", "results.xlsx", "problems.csv"])
def test_a_file_of_ours_is_read_as_we_make_it_whatever_the_template_says_of_the_sheets(desk: Desk, name: str) -> None:
    """What is corrected in it is run under the same template, which knows the user's own sheets."""
    rows = [["Visits"] + [""] * 2, [""] * 3, *ROWS, ["Cy Novak", "12", "Monday"]]
    template = said(desk, 'encoding = "cp1252"', 'delimiter = ";"', "header_row = 3", 'name = "People"')
    sheet = text(desk, encoding="cp1252", delimiter=";", rows=rows)
    if name == "problems.csv":
        assert desk("check", sheet, "-t", template, "--problems", name, "--sandbox").code == 1
    else:
        run = (
            "run",
            sheet,
            "-t",
            template,
            "--sandbox",
            "--yes",
            "--name",
            "first",
            "--rate",
            "1000",
        )
        assert desk(*run).code == 0
        assert desk("results", "first", "-o", name).code == 0
    checked = desk("check", desk.folder / name, "-t", template)
    assert f"{1 if name == 'problems.csv' else 3} row" in checked.out, checked


@pytest.mark.parametrize(
    "line", ["header_row = -1", 'header_row = "1"', 'hidden = "maybe"', "headerrow = 1", 'name = ""', "delimiter = 9"]
)
def test_a_choice_that_is_none_is_refused_with_its_key(desk: Desk, line: str) -> None:
    ended = desk("check", text(desk), "-t", said(desk, line))
    assert (ended.code, len(ended.err.strip().splitlines())) == (2, 1)
    assert f"sheet.{line.split(maxsplit=1)[0]}" in ended.err


@pytest.mark.parametrize("of", ["template", "flag"])
@pytest.mark.parametrize("kind", ["text", "workbook"])
def test_people_above_a_chosen_row_of_names_are_told(desk: Desk, of: str, kind: str) -> None:
    """The row was chosen for a sheet with titles above; in this one somebody stands there, and would be forgotten."""
    rows = [["List of Monday", "", ""], ["Eve Example", "+14155550119", "Monday"], *ROWS]
    sheet = text(desk, rows=rows)
    if kind == "workbook":
        sheet, made = desk.folder / "people.xlsx", openpyxl.Workbook()
        for row in rows:
            made.active.append(row)
        made.save(sheet)
    template, flags = (said(desk, "header_row = 3"), []) if of == "template" else (said(desk), ["--header-row", "3"])
    ended = desk("check", sheet, "-t", template, *flags)
    assert "above the names of the columns (row 3), in row 2: nobody there is called" in ended.out
    assert names_called(desk, sheet, template, *flags) == BOTH


def test_titles_above_a_chosen_row_of_names_are_not_told(desk: Desk) -> None:
    sheet = text(desk, rows=[["List of Monday", "", ""], ["made at 9:00", "12 pages", ""], *ROWS])
    assert "above the names" not in desk("check", sheet, "-t", said(desk, "header_row = 3")).out
