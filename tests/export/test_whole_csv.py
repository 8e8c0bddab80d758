"""The whole file: its form, its order, and that it is there entirely or not at all."""

import codecs
import dataclasses
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from campaign.domain.errors import LedgerError, UsageError
from campaign.domain.result_row import ResultRow
from campaign.export.columns import RESULT_COLUMNS
from campaign.export.csv import write_results
from campaign.export.results_disk import LocalDisk
from tests.export.troubled_disk import TroubledDisk

Read = Callable[[Path], list[list[str]]]
HEADER = ("Patient", "Mobile")


def test_the_sheets_columns_come_first_and_ours_last(
    tmp_path: Path, *, ada: ResultRow, bob: ResultRow, read: Read
) -> None:
    """People know their own columns; programs find ours by name."""
    path = write_results(tmp_path / "r.csv", header=HEADER, rows=[ada, bob])
    assert read(path) == [
        [
            "Patient",
            "Mobile",
            "_row",
            "_status",
            "_id",
            "_error",
            "_attempts",
            "_phone",
            "_submitted_at",
            "_delayed_until",
        ],
        ["Ada", "(202) 555-0101", "2", "created", ada.call_id, "", "1", "+12025550101", "2026-12-01T14:00:00.000Z", ""],
        ["Bob", "n/a", "3", "invalid", "", "row 3, column 'Mobile': not a number", "0", "", "", ""],
    ]


def test_the_bytes_are_what_excel_wants(tmp_path: Path, bob: ResultRow) -> None:
    """A BOM, or names turn to mojibake; CRLF; and quotes around every cell, so that a comma in one stays there."""
    path = write_results(
        tmp_path / "r.csv", header=('Nick "N"', "Ort"), rows=[dataclasses.replace(bob, cells=("Zoë", "a,b"))]
    )
    data = path.read_bytes()
    assert data.startswith(codecs.BOM_UTF8 + b'"Nick ""N""","Ort","_row",')
    assert data.count(codecs.BOM_UTF8) == 1
    assert data.count(b"\n") == data.count(b"\r\n") == 2
    assert '"Zoë","a,b","3","invalid",""'.encode() in data


def test_rows_keep_the_order_that_they_are_given_in(tmp_path: Path, ada: ResultRow, read: Read) -> None:
    """The sheet's order is the only one in which people find their rows again."""
    numbers = [5, 2, 9, 3]
    rows = (dataclasses.replace(ada, number=number) for number in numbers)
    path = write_results(tmp_path / "r.csv", header=HEADER, rows=rows)
    assert [line[2] for line in read(path)[1:]] == [str(number) for number in numbers]


def test_a_sheet_with_our_column_names_keeps_them_and_ours_still_come_last(
    tmp_path: Path, ada: ResultRow, read: Read
) -> None:
    """The last `_status` is the true one."""
    path = write_results(tmp_path / "r.csv", header=("_status", "_id"), rows=[ada])
    header, row = read(path)
    assert header == ["_status", "_id", *RESULT_COLUMNS]
    assert row[:4] == ["Ada", "(202) 555-0101", "2", "created"]


@pytest.mark.parametrize("cells", [(), ("Ada",), ("Ada", "1", "2", "3")])
def test_a_row_of_another_width_shifts_nothing(
    tmp_path: Path, *, ada: ResultRow, cells: tuple[str, ...], read: Read
) -> None:
    """One cell too many would put a status under `_id`."""
    path = write_results(tmp_path / "r.csv", header=HEADER, rows=[dataclasses.replace(ada, cells=cells)])
    header, row = read(path)
    assert len(row) == len(header)
    assert row[2:4] == ["2", "created"]


def test_an_error_is_escaped_and_cut_and_a_cell_is_not(tmp_path: Path, ada: ResultRow, read: Read) -> None:
    """Errors quote servers; cells are the user's own."""
    odd = "\x1b[2J\x00" + "x" * 600
    path = write_results(
        tmp_path / "r.csv", header=HEADER, rows=[dataclasses.replace(ada, cells=(odd, odd), error=odd)]
    )
    row = read(path)[1]
    assert row[:2] == [odd, odd]
    assert row[5].startswith("\\x1b[2J\\x00xxx")
    assert len(row[5]) == 500


def test_half_a_surrogate_pair_costs_no_row(tmp_path: Path, ada: ResultRow, read: Read) -> None:
    """UTF-8 cannot hold it, and a run must not stumble over one odd name."""
    path = write_results(tmp_path / "r.csv", header=HEADER, rows=[dataclasses.replace(ada, cells=("\ud83d", "b")), ada])
    assert [line[0] for line in read(path)[1:]] == ["\\ud83d", "Ada"]


def test_the_file_is_for_its_owner_alone(tmp_path: Path, ada: ResultRow) -> None:
    """It holds names and phone numbers, under any umask, and also in place of a file that all could read."""
    path = tmp_path / "r.csv"
    path.touch(mode=0o666)
    before = os.umask(0)
    try:
        write_results(path, header=HEADER, rows=[ada])
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_old_file_stands_until_the_new_one_is_whole(tmp_path: Path, ada: ResultRow, read: Read) -> None:
    """Whoever opens the file meanwhile sees all of the old or all of the new."""
    path = write_results(tmp_path / "r.csv", header=HEADER, rows=[ada])
    old = read(path)
    seen = []

    def rows() -> Iterator[ResultRow]:
        for number in range(2000):
            if number % 500 == 0:
                seen.append(read(path))
            yield dataclasses.replace(ada, number=number)

    write_results(path, header=HEADER, rows=rows())
    assert seen == [old] * 4
    assert len(read(path)) == 2001


@pytest.mark.parametrize("failure", [LedgerError("the ledger is gone"), KeyboardInterrupt()], ids=repr)
def test_a_stop_half_way_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, ada: ResultRow, failure: BaseException
) -> None:
    """The trouble of another part is not hidden, and no half file with people's names is left behind."""
    path = write_results(tmp_path / "r.csv", header=HEADER, rows=[ada])
    old = path.read_bytes()

    def rows() -> Iterator[ResultRow]:
        yield ada
        raise failure

    with pytest.raises(type(failure)):
        write_results(path, header=HEADER, rows=rows())
    assert path.read_bytes() == old
    assert list(tmp_path.iterdir()) == [path]


def test_the_file_is_synced_before_it_takes_its_name(tmp_path: Path, ada: ResultRow) -> None:
    """The other way round, a power cut leaves an empty file under a good name."""
    acts: list[str] = []

    class Watched(LocalDisk):
        def sync(self, descriptor: int) -> None:
            acts.append("sync the file" if stat.S_ISREG(os.fstat(descriptor).st_mode) else "sync the folder")
            super().sync(descriptor)

        def replace(self, source: Path, target: Path) -> None:
            acts.append("replace")
            super().replace(source, target)

    write_results(tmp_path / "r.csv", header=HEADER, rows=[ada], disk=Watched())
    assert acts == ["sync the file", "replace", "sync the folder"]


def test_a_disk_that_fails_to_sync_is_one_line_and_the_old_file(
    tmp_path: Path, ada: ResultRow, disk: TroubledDisk
) -> None:
    """What is not on disk must not be named as if it were."""
    path = write_results(tmp_path / "r.csv", header=HEADER, rows=[ada])
    old = path.read_bytes()
    disk.sync_fails = True
    with pytest.raises(UsageError, match=r"r\.csv: No space left on device; free the disk"):
        write_results(path, header=HEADER, rows=[], disk=disk)
    assert path.read_bytes() == old
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_replaced_gets_a_neighbour(
    tmp_path: Path, *, ada: ResultRow, disk: TroubledDisk, read: Read
) -> None:
    """Excel holds an open file, the results are needed all the same, and older neighbours are never written over."""
    path = write_results(tmp_path / "my.results.csv", header=HEADER, rows=[])
    (tmp_path / "my.results-1.csv").write_text("mine")
    disk.held.add(path)
    written = write_results(path, header=HEADER, rows=[ada], disk=disk)
    assert written == tmp_path / "my.results-2.csv"
    assert len(read(written)) == 2
    assert len(read(path)) == 1
    assert (tmp_path / "my.results-1.csv").read_text() == "mine"
    assert stat.S_IMODE(written.stat().st_mode) == 0o600


def test_when_no_name_can_be_taken_nothing_is_left_behind(tmp_path: Path, ada: ResultRow, disk: TroubledDisk) -> None:
    """Neither a temporary file nor an empty neighbour."""
    disk.holds_all = True
    with pytest.raises(UsageError, match="Permission denied"):
        write_results(tmp_path / "r.csv", header=HEADER, rows=[ada], disk=disk)
    assert list(tmp_path.iterdir()) == []
