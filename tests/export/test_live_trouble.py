"""Whatever befalls the file while a run goes on: no call is stopped, nothing of others is lost, the user is told."""

import dataclasses
import errno
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from campaign.domain.cures import Cure, CureCode
from campaign.domain.result_row import ResultRow
from campaign.export.csv import LiveResults
from campaign.export.results_disk import LOCAL_DISK
from tests.export.troubled_disk import NearlyFull, TroubledDisk, trouble

Read = Callable[[Path], list[list[str]]]
HEADER = ("Patient", "Mobile")
BOTH = ["Ada", "Bob\r\nBobson"]


@pytest.mark.parametrize("room", [0, 1, 40])
def test_a_full_disk_gives_the_view_up_without_half_a_line(
    tmp_path: Path, *, ada: ResultRow, bob: ResultRow, room: int, disk: TroubledDisk, read: Read
) -> None:
    """Calls go on, the ledger has its own file, and half a line would be read as a row."""
    with LiveResults(tmp_path / "r.csv", header=HEADER, disk=disk) as live:
        live.append(ada)
        disk.room = room
        live.append(bob)
        live.append(bob)
        assert [line[0] for line in read(live.path)] == ["Patient", "Ada"]
        assert live.trouble is not None
        assert "r.csv is not complete: No space left on device" in str(live.trouble)
        assert live.trouble.cures == (Cure(CureCode.WRITE_RESULTS_ANEW),)
        assert "\n" not in str(live.trouble)


def test_of_lines_that_come_together_a_full_disk_keeps_the_whole_ones(
    tmp_path: Path, *, ada: ResultRow, bob: ResultRow, disk: TroubledDisk, read: Read
) -> None:
    """A line end inside of a cell is no end of a line."""
    two_lines = dataclasses.replace(bob, cells=("Bob\r\nBobson", "+1"))
    with LiveResults(tmp_path / "a.csv", header=HEADER) as live:
        before = live.path.stat().st_size
        live.append(ada)
        one = live.path.stat().st_size - before
        live.append(two_lines)
        two = live.path.stat().st_size - before
    for room, names in [(one - 1, []), (one, ["Ada"]), (one + 12, ["Ada"]), (two - 1, ["Ada"]), (two + 1, BOTH)]:
        with LiveResults(tmp_path / f"{room}.csv", header=HEADER, disk=disk) as live:
            disk.room = room
            live.append(ada, two_lines, bob)
            assert [line[0] for line in read(live.path)] == ["Patient", *names]
            assert live.trouble is not None


def test_a_full_disk_that_has_room_again_is_made_good_at_the_end(
    tmp_path: Path, *, ada: ResultRow, bob: ResultRow, disk: TroubledDisk, read: Read
) -> None:
    """Finish writes every row: a trouble that is over is not reported."""
    disk.room = 0
    with LiveResults(tmp_path / "r.csv", header=HEADER, disk=disk) as live:
        live.append(ada)
        assert live.finish([ada, bob]) == live.path
        assert len(read(live.path)) == 3
        assert live.trouble is None


def test_a_write_that_takes_nothing_does_not_go_on_for_ever(tmp_path: Path, ada: ResultRow, disk: TroubledDisk) -> None:
    """A view that hangs would hang the calls."""

    class Deaf(NearlyFull):
        def write(self, _data: bytes, /) -> int:  # type: ignore[override]  # only ever handed bytes here
            return 0

    disk.opens = Deaf
    with LiveResults(tmp_path / "r.csv", header=HEADER, disk=disk) as live:
        live.append(ada)
        assert live.trouble is not None


def test_a_file_locked_by_another_program_gives_the_view_up(
    tmp_path: Path, *, ada: ResultRow, disk: TroubledDisk, read: Read
) -> None:
    """Windows answers PermissionError to a write into a locked range, and to the close after it."""

    class Locked(NearlyFull):
        def write(self, _data: bytes, /) -> int:  # type: ignore[override]  # only ever handed bytes here
            raise trouble(errno.EACCES)

        def close(self) -> None:
            was_open = not self.closed
            super().close()
            if was_open:
                raise trouble(errno.EACCES)

    disk.opens = Locked
    with LiveResults(tmp_path / "r.csv", header=HEADER, disk=disk) as live:
        live.append(ada)
        assert live.trouble is not None
        assert "Permission denied" in str(live.trouble)
        assert live.finish([ada]) == live.path
        assert len(read(live.path)) == 2


def test_a_deleted_file_is_there_again_at_the_end(tmp_path: Path, ada: ResultRow, read: Read) -> None:
    """Somebody tidied up during the run."""
    with LiveResults(tmp_path / "r.csv", header=HEADER) as live:
        live.path.unlink()
        live.append(ada)
        assert live.finish([ada]) == live.path
        assert len(read(live.path)) == 2


def test_a_removed_folder_costs_the_view_and_nothing_else(tmp_path: Path, ada: ResultRow) -> None:
    """No folder is made behind the user's back; the trouble names the way to have the file."""
    folder = tmp_path / "out"
    folder.mkdir()
    with LiveResults(folder / "r.csv", header=HEADER) as live:
        shutil.rmtree(folder)
        live.append(ada)
        assert live.finish([ada]) is None
        assert live.trouble is not None
        assert str(live.trouble).endswith("No such file or directory")
        assert live.trouble.cures == (Cure(CureCode.WRITE_RESULTS_ANEW),)
        assert not folder.exists()


def test_a_folder_that_vanishes_while_the_end_is_written_costs_nothing_else(tmp_path: Path, ada: ResultRow) -> None:
    """The rename then has nothing to rename."""
    folder = tmp_path / "out"
    folder.mkdir()

    def rows() -> Iterator[ResultRow]:
        yield ada
        shutil.rmtree(folder)

    with LiveResults(folder / "r.csv", header=HEADER) as live:
        assert live.finish(rows()) is None
        assert live.trouble is not None


def test_a_folder_in_the_files_place_is_left_alone(tmp_path: Path, ada: ResultRow, read: Read) -> None:
    """The results go beside it, and the user is told where."""
    path = tmp_path / "r.csv"
    with LiveResults(path, header=HEADER) as live:
        path.unlink()
        path.mkdir()
        live.append(ada)
        assert live.finish([ada]) == live.path == tmp_path / "r-1.csv"
        assert len(read(live.path)) == 2
        assert path.is_dir()
        assert live.trouble is not None
        assert "r.csv could not be replaced" in str(live.trouble)
        assert "r-1.csv" in str(live.trouble)


def test_a_file_that_became_somebody_elses_is_left_alone(tmp_path: Path, ada: ResultRow, read: Read) -> None:
    """Saved over by another program during the run: whatever was put there is not ours to lose."""
    path = tmp_path / "r.csv"
    with LiveResults(path, header=HEADER) as live:
        path.unlink()
        path.write_text("my notes", encoding="utf-8")
        live.append(ada)
        assert live.finish([ada]) == tmp_path / "r-1.csv"
        assert path.read_text(encoding="utf-8") == "my notes"
        assert len(read(tmp_path / "r-1.csv")) == 2


def test_a_link_in_the_files_place_is_not_followed(tmp_path: Path, ada: ResultRow) -> None:
    """A prepared folder must not choose which file is written over."""
    path, other = tmp_path / "r.csv", tmp_path / "other"
    with LiveResults(path, header=HEADER) as live:
        path.rename(other)
        path.symlink_to(other)
        before = other.read_bytes()
        assert live.finish([ada]) == tmp_path / "r-1.csv"
        assert other.read_bytes() == before


def test_a_file_held_from_the_start_gets_a_neighbour_that_is_kept_to(
    tmp_path: Path, *, ada: ResultRow, bob: ResultRow, disk: TroubledDisk, read: Read
) -> None:
    """Two halves in two files would both be wrong."""
    path = tmp_path / "r.csv"
    disk.held.add(path)
    with LiveResults(path, header=HEADER, disk=disk) as live:
        assert live.path == tmp_path / "r-1.csv"
        live.append(ada)
        assert len(read(live.path)) == 2
        assert live.finish([ada, bob]) == tmp_path / "r-1.csv"
        assert live.trouble is not None
        assert "r-1.csv" in str(live.trouble)


def test_a_file_held_only_at_the_end_keeps_its_lines(
    tmp_path: Path, *, ada: ResultRow, bob: ResultRow, disk: TroubledDisk, read: Read
) -> None:
    """Opened in Excel for a look, half an hour into the run."""
    path = tmp_path / "r.csv"
    with LiveResults(path, header=HEADER, disk=disk) as live:
        live.append(ada)
        disk.held.add(path)
        assert live.finish([ada, bob]) == tmp_path / "r-1.csv"
        assert len(read(path)) == 2
        assert len(read(tmp_path / "r-1.csv")) == 3


def test_a_disk_that_fills_while_the_end_is_written_keeps_the_lines_so_far(
    tmp_path: Path, *, ada: ResultRow, bob: ResultRow, disk: TroubledDisk, read: Read
) -> None:
    """The old view is worth more than none."""
    with LiveResults(tmp_path / "r.csv", header=HEADER, disk=disk) as live:
        live.append(ada)
        disk.sync_fails = True
        assert live.finish([ada, bob]) is None
        assert [line[0] for line in read(live.path)] == ["Patient", "Ada"]
        assert live.trouble is not None
        assert list(tmp_path.iterdir()) == [live.path]


def test_a_file_that_opens_no_more_is_a_trouble_and_no_error(
    tmp_path: Path, *, ada: ResultRow, disk: TroubledDisk, read: Read
) -> None:
    """Between the making of the file and its opening another program may take it."""
    disk.opens_none = True
    with LiveResults(tmp_path / "r.csv", header=HEADER, disk=disk) as live:
        assert live.trouble is not None
        live.append(ada)
        assert live.finish([ada]) == live.path
        assert len(read(live.path)) == 2


def test_the_file_that_grows_is_neither_made_nor_reached_through_a_link(tmp_path: Path) -> None:
    """Whatever took its place since it was written is not ours to add to."""
    (tmp_path / "other").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "other")
    for name in ("link", "missing"):
        with pytest.raises(OSError, match=r"No such file|symbolic links"):
            LOCAL_DISK.append_to(tmp_path / name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "other"]
