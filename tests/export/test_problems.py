"""A sheet of problems: only the bad rows, with what ails them, ready to be corrected and run."""

from pathlib import Path

import pytest

from campaign.domain.errors import UsageError
from campaign.domain.model import Row
from campaign.export.problems import write_problems
from campaign.intake.open_sheet import open_sheet

HEADER = ("Patient", "Mobile")
ROWS = [(("=Ada", "12"), "row 2, column 'Mobile': '12': too short"), (("Bob", ""), "no number\x1b[2J")]


def test_it_reads_back_as_the_sheet_it_came_from(tmp_path: Path) -> None:
    """Whoever corrects it and runs it must not find a column too many, nor a name with an apostrophe."""
    path = write_problems(tmp_path / "bad.csv", header=HEADER, rows=ROWS)
    sheet = open_sheet(path)
    assert sheet.header == HEADER
    assert list(sheet.rows) == [Row(2, ("=Ada", "12")), Row(3, ("Bob", ""))]


def test_each_row_says_what_ails_it_in_the_last_column(tmp_path: Path) -> None:
    path = write_problems(tmp_path / "bad.csv", header=HEADER, rows=ROWS)
    lines = path.read_text("utf-8-sig").splitlines()
    assert lines[0] == '"Patient","Mobile","_problem"'
    assert lines[1] == '"\'=Ada","12","row 2, column \'Mobile\': \'12\': too short"'
    assert lines[2] == '"Bob","","no number\\x1b[2J"'


def test_a_sheet_of_the_users_own_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Patient,Mobile\nAda,1\n", encoding="utf-8")
    with pytest.raises(UsageError, match="is there already"):
        write_problems(path, header=HEADER, rows=ROWS)
    assert path.read_text("utf-8") == "Patient,Mobile\nAda,1\n"


def test_an_older_sheet_of_problems_is_replaced(tmp_path: Path) -> None:
    path = write_problems(tmp_path / "bad.csv", header=HEADER, rows=ROWS)
    assert write_problems(path, header=HEADER, rows=ROWS[:1]) == path
    assert len(path.read_text("utf-8").splitlines()) == 2


def test_another_format_is_refused_before_a_row_is_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"let its name end in \.csv"):
        write_problems(tmp_path / "bad.xlsx", header=HEADER, rows=(row for row in ROWS if 1 // 0))
