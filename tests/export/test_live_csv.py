"""The file that grows while a run goes on: each line at once, and at the end the whole sheet."""

import dataclasses
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from campaign.domain.errors import LedgerError, UsageError
from campaign.domain.result_row import ResultRow
from campaign.export.csv import LiveResults

Read = Callable[[Path], list[list[str]]]
HEADER = ("Patient", "Mobile")
DYING = """
import os, pathlib, sys
from campaign.domain.result_row import ResultRow
from campaign.export.csv import LiveResults
live = LiveResults(pathlib.Path(sys.argv[1]), header=("Patient",))
for number in range(2, 52):
    live.append(ResultRow(number=number, cells=("Ada",), status="created"))
os._exit(9)
"""


def test_it_begins_with_the_header_and_the_rows_that_are_settled(tmp_path: Path, ada: ResultRow, read: Read) -> None:
    """A resumed run shows what was known before."""
    with LiveResults(tmp_path / "r.csv", header=HEADER, rows=[ada]) as live:
        assert [line[0] for line in read(live.path)] == ["Patient", "Ada"]
        assert live.trouble is None
        assert stat.S_IMODE(live.path.stat().st_mode) == 0o600


def test_each_line_is_on_disk_when_append_returns(
    tmp_path: Path, *, ada: ResultRow, bob: ResultRow, read: Read
) -> None:
    """People watch the file while calls are made, and a kill takes nothing that was shown."""
    with LiveResults(tmp_path / "r.csv", header=HEADER) as live:
        for count, row in enumerate([ada, bob] * 3, start=2):
            live.append(row)
            lines = read(live.path)
            assert len(lines) == count
            assert lines[-1][0] == row.cells[0]


def test_a_killed_process_leaves_whole_lines_up_to_its_last_row(tmp_path: Path, read: Read) -> None:
    """It never comes to finish, to a flush, or to the end of a `with`."""
    path = tmp_path / "r.csv"
    ended = subprocess.run([sys.executable, "-c", DYING, path], check=False, timeout=60)
    assert ended.returncode == 9
    assert [line[1] for line in read(path)[1:]] == [str(number) for number in range(2, 52)]
    assert list(tmp_path.iterdir()) == [path]


def test_finish_replaces_the_order_of_settling_by_the_sheets(
    tmp_path: Path, *, ada: ResultRow, bob: ResultRow, read: Read
) -> None:
    """At the end the file is the sheet, with results beside each row."""
    with LiveResults(tmp_path / "r.csv", header=HEADER) as live:
        live.append(bob)
        last = dataclasses.replace(ada, number=4, cells=("Abe", ""))
        assert live.finish(iter([ada, bob, last])) == tmp_path / "r.csv"
        assert [line[0] for line in read(live.path)] == ["Patient", "Ada", "Bob", "Abe"]
        assert live.trouble is None
        assert list(tmp_path.iterdir()) == [live.path]


def test_a_file_of_an_earlier_run_is_begun_anew(tmp_path: Path, *, ada: ResultRow, bob: ResultRow, read: Read) -> None:
    """Lines of the time before a crash would stand there twice."""
    with LiveResults(tmp_path / "r.csv", header=HEADER) as first:
        first.append(ada)
    with LiveResults(tmp_path / "r.csv", header=HEADER, rows=[ada]) as second:
        second.append(bob)
    assert [line[0] for line in read(tmp_path / "r.csv")] == ["Patient", "Ada", "Bob"]


def test_appending_after_the_end_changes_nothing(tmp_path: Path, ada: ResultRow, bob: ResultRow) -> None:
    """A late row has its place in the ledger; the file in the sheet's order stays so."""
    live = LiveResults(tmp_path / "r.csv", header=HEADER)
    live.finish([ada, bob])
    before = live.path.read_bytes()
    live.append(bob)
    assert live.path.read_bytes() == before
    assert live.trouble is None


def test_the_ledgers_trouble_is_not_taken_for_the_files(tmp_path: Path, ada: ResultRow) -> None:
    """Only the file's own trouble may be swallowed."""

    def rows() -> Iterator[ResultRow]:
        yield ada
        raise LedgerError("the ledger cannot be read")

    with LiveResults(tmp_path / "r.csv", header=HEADER) as live, pytest.raises(LedgerError):
        live.finish(rows())


def test_what_is_not_ours_is_refused_before_anything_is_written(tmp_path: Path, ada: ResultRow) -> None:
    """At that moment nobody was called yet, and another name costs nothing."""
    path = tmp_path / "contacts.csv"
    path.write_text("Patient,Mobile\nAda,2025550101\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"contacts\.csv"):
        LiveResults(path, header=HEADER, rows=[ada])
    assert path.read_text(encoding="utf-8").startswith("Patient")
    assert list(tmp_path.iterdir()) == [path]
