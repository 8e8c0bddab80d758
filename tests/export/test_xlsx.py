"""A workbook of results: the user's sheet as it was, every text still text, whichever program opens it."""

import csv
import os
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from datetime import datetime
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]  # it has no stubs
import pytest

from campaign.domain.errors import UsageError
from campaign.domain.result_row import ResultRow
from campaign.export.about import About
from campaign.export.columns import RESULT_COLUMNS
from campaign.export.overwrite_guard import occupied_by
from campaign.export.xlsx import RESULTS_SHEET, SUMMARY_SHEET, write_workbook
from campaign.intake.files.own_results import OWN_SHEETS
from campaign.intake.open_sheet import open_sheet
from campaign.intake.results_file import read_fed_back
from tests.export.test_formula_guard import PAYLOADS

pytestmark = pytest.mark.usefixtures("workbooks_here")

HEADER = ("Patient", "Mobile", "Note")
NASTY = [
    "00442079460123",
    "+442079460123",
    "1.20",
    "1e5",
    "2026-12-01",
    "TRUE",
    "#N/A",
    "  kept  ",
    "two\nlines",
    "tab\there",
    "",
    "a&b<c>\"d'",
    "\N{PILE OF POO}é漢",
    "_x000D_",
    "http://example.com/a b",
    "mailto:ada@example.org",
    "1/2",
    "12:30",
    "50%",
    "0.1+0.2",
]
ABOUT = About("first", "people.xlsx", "sandbox", "2026-12-01T14:00:00.000Z", "2026-12-01T15:00:00.000Z")
# What XML cannot hold, and what readers make one line end of: those come back by other readers than LibreOffice.
_ODD = re.compile("[\x00-\x08\x0b-\x1f\r]")


def rows() -> list[ResultRow]:
    """Every nasty text as a cell; every payload as a cell, an id and an error."""
    made = [ResultRow(n, (text, f"{n}", text), "invalid", None, text or None) for n, text in enumerate(NASTY, 2)]
    return made + [
        ResultRow(n, (text, text, "x"), "created", text, None, 1, "+12125550101", "2026-12-01T14:00:00.000Z")
        for n, text in enumerate(PAYLOADS, 100)
    ]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "results.xlsx"
    return write_workbook(path, header=HEADER, rows=rows(), about=ABOUT)


def expected() -> list[list[str]]:
    return [[*row.cells, str(row.number), row.status, row.call_id or ""] for row in rows()]


def test_no_cell_of_it_is_a_formula_and_every_text_comes_back(book: Path) -> None:
    """60 payloads and more: read by another library, and looked for in the file itself."""
    assert len(PAYLOADS) >= 60
    with zipfile.ZipFile(book) as parts:
        assert not [
            name for name in parts.namelist() if name.startswith("xl/worksheets/") and b"<f" in parts.read(name)
        ]
    sheet = openpyxl.load_workbook(book)[RESULTS_SHEET]
    lines = list(sheet.iter_rows())
    assert [cell.value for cell in lines[0]] == [*HEADER, *RESULT_COLUMNS]
    for line, row in zip(lines[1:], expected(), strict=True):
        # A day is a date, for whoever sorts by it; it is read back as the same text.
        texts = {"s", "inlineStr"} | ({"d"} if row[0] == "2026-12-01" else set())
        assert {cell.data_type for cell in line if cell.value is not None and cell.column not in (4, 8)} <= texts
        assert [_undone(cell.value) for cell in line[:6]] == row


def test_our_own_reader_gives_back_every_cell(book: Path) -> None:
    """Fed back it must be the very sheet it came from: without a question, though it has two pages."""
    fed = read_fed_back(book)
    assert fed.header == HEADER
    read = {one.number: one for one in fed.rows}
    for row in rows():
        assert read[row.number].row.cells[:3] == row.cells
    assert open_sheet(book).header == HEADER


@pytest.mark.nightly
@pytest.mark.timeout(180)
def test_libreoffice_opens_it_and_reads_the_same_cell_by_cell(book: Path, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        assert not os.environ.get("CI"), "LibreOffice is missing: apt-get install libreoffice-calc-nogui"
        pytest.skip("LibreOffice is not installed: apt-get install libreoffice-calc-nogui")
    profile, form = (
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "44,34,76,1,,0,true,false,true,false,false,1",
    )
    subprocess.run(
        [
            office,
            "--headless",
            profile,
            "--convert-to",
            f"csv:Text - txt - csv (StarCalc):{form}",
            "--outdir",
            tmp_path,
            book,
        ],
        check=True,
        capture_output=True,
        timeout=150,
    )
    [made] = tmp_path.glob("*.csv")
    with made.open(encoding="utf-8", newline="") as file:
        header, *lines = list(csv.reader(file))
    assert header == [*HEADER, *RESULT_COLUMNS]
    wanted = [row for row in expected() if not any(map(_ODD.search, row))]
    assert len(wanted) > 80
    found = {line[3]: line[:6] for line in lines}
    assert [found[row[3]] for row in wanted] == wanted
    assert len(lines) == len(rows())


def test_it_is_coloured_filtered_and_frozen(book: Path) -> None:
    opened = openpyxl.load_workbook(book)
    assert tuple(opened.sheetnames) == (RESULTS_SHEET, SUMMARY_SHEET) == OWN_SHEETS
    sheet = opened[RESULTS_SHEET]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:K{len(rows()) + 1}"
    fills = {sheet.cell(at, 5).value: sheet.cell(at, 5).fill.start_color.rgb for at in range(2, len(rows()) + 2)}
    assert len(set(fills.values())) == len(fills) == 2
    # A number that somebody types over must not lose its + or its zeros.
    assert {sheet.cell(2, at).number_format for at in (1, 2, 3)} == {"@"}


def test_the_summary_adds_up(book: Path) -> None:
    sheet = openpyxl.load_workbook(book)[SUMMARY_SHEET]
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert ["Run", "first", None] in lines
    counts = Counter(row.status for row in rows())
    assert ["created", None, counts["created"]] in [[a, b or None, c] for a, b, c in lines]
    assert ["all", None, len(rows())] in [[a, b or None, c] for a, b, c in lines]


def test_only_a_workbook_that_nobody_else_has_saved_is_written_over(book: Path, tmp_path: Path) -> None:
    """Whoever corrects one in Excel has work in it, that a file written anew would take away."""
    assert occupied_by(book) is None
    saved = tmp_path / "saved.xlsx"
    opened = openpyxl.load_workbook(book)
    opened.properties.lastModifiedBy = "Ada"
    opened.save(saved)
    assert occupied_by(saved) == "is there already, and is not a results file"
    with pytest.raises(UsageError):
        write_workbook(saved, header=HEADER, rows=[])
    assert not list(tmp_path.glob(".results-*"))


def test_a_row_that_fails_to_come_leaves_nothing_behind(tmp_path: Path) -> None:
    def broken() -> "list[ResultRow]":
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_workbook(tmp_path / "r.xlsx", header=HEADER, rows=(row for row in broken()))
    assert list(tmp_path.iterdir()) == []


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"16384 columns; let it end in \.csv"):
        write_workbook(tmp_path / "r.xlsx", header=[f"c{n}" for n in range(16_380)], rows=[])


def test_a_cell_that_no_cell_can_hold_is_cut_and_says_so(tmp_path: Path) -> None:
    row = ResultRow(2, ("x" * 40_000, "\ud83d"), "created", "id")
    path = write_workbook(tmp_path / "r.xlsx", header=("A", "B"), rows=[row])
    sheet = openpyxl.load_workbook(path)[RESULTS_SHEET]
    assert sheet.cell(2, 1).value == "x" * 32_766 + "…"
    assert sheet.cell(2, 2).value == r"\ud83d"


def _undone(value: object) -> str:
    """What openpyxl leaves to its user: escapes of what XML cannot hold."""
    text = "" if value is None else str(value.date() if isinstance(value, datetime) else value)
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)
