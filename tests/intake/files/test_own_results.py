"""A results file fed back gives the sheet that it was made from, cell for cell."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from campaign.domain.model import Row
from campaign.intake.open_sheet import open_sheet

OWN = ("_row", "_status", "_id", "_error", "_attempts", "_phone", "_submitted_at", "_delayed_until")
LATER = ("_call_status", "_outcome", "_duration", "_recording_url")


def guarded(cell: str) -> str:
    """The rule by which results are written."""
    if re.fullmatch(r"\+[1-9][0-9]{6,14}", cell):
        return cell
    return "'" + cell if cell.startswith(tuple("=+-@\t\r\n＝＋－＠'")) else cell  # noqa: RUF001 - full-width is meant


def fed_back(path: Path, header: tuple[str, ...], lines: list[tuple[str, ...]]) -> tuple[tuple[str, ...], list[Row]]:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow([guarded(name) for name in header] + [*OWN, *LATER])
        writer.writerows([guarded(cell) for cell in line] + ["2", *[""] * 11] for line in lines)
    sheet = open_sheet(path)
    return sheet.header, list(sheet.rows)


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1 415", "+14155550100", "-5", "@x", "\tx", "\nx", "＝x", "'", "''", "'=x", "'Ann", "Ann", "O'B"],  # noqa: RUF001 - full-width is meant
)
def test_a_guard_is_taken_off_exactly(tmp_path: Path, cell: str) -> None:
    """A second run must speak the same names and call the same numbers as the first."""
    header, rows = fed_back(tmp_path / "r.csv", ("Name", "=Odd"), [("x", cell)])
    assert header == ("Name", "=Odd")
    assert rows == [Row(2, ("x", cell))]


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8))
def test_any_text_survives_the_round_trip(tmp_path_factory: pytest.TempPathFactory, cell: str) -> None:
    """Whatever a sheet holds, feeding its results back changes nothing."""
    _header, rows = fed_back(tmp_path_factory.mktemp("round") / "r.csv", ("Name", "Note"), [("x", cell)])
    assert [row.cells for row in rows] == [("x", cell)]


def test_a_users_own_underscore_columns_stay(tmp_path: Path) -> None:
    """Only a file with all of the marks is one of ours; anything else is the user's text."""
    path = tmp_path / "s.csv"
    path.write_text("Name,_id,_row,_mine\n't Hart,7,8,9\n", encoding="utf-8")
    sheet = open_sheet(path)
    assert sheet.header == ("Name", "_id", "_row", "_mine")
    assert list(sheet.rows) == [Row(2, ("'t Hart", "7", "8", "9"))]
    header, _rows = fed_back(path, ("Name", "_mine"), [("x", "y")])
    assert header == ("Name", "_mine")
