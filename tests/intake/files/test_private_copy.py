"""What is read of a sheet is one whole state of its file, in a copy that nobody else can open and that never stays."""

import os
import resource
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import pytest

from campaign.config.files.writers import is_held_for_writing
from campaign.domain.errors import ChangingError, SheetError
from campaign.intake.files.private_copy import copy_privately
from campaign.intake.open_sheet import open_sheet
from tests.intake.workbook.files import people, text, xlsx

CSV = b"Name,Phone\n" + b"Ann,+14155550100\n" * 200_000
ANN = '<row r="2">' + text("A2", "Ann") + text("B2", "+14155550100") + "</row>"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "sheet.csv"
    path.write_bytes(CSV)
    return path


class _Interrupted(BytesIO):
    """A file beside which something happens when its first block is written, and when all are."""

    def __init__(self, first: Callable[[], object], *, last: Callable[[], object] = lambda: None) -> None:
        super().__init__()
        self._first, self._last = first, last

    def write(self, block: Any, /) -> int:
        if not block:
            self._last()
        elif not self.tell():
            self._first()
        return super().write(block)


def _replaced(path: Path) -> None:
    other = path.with_suffix(".new")
    other.write_bytes(CSV)
    status = path.stat()
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(path)


def _grown(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"Zed,9\n")


def _written_over(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"Nome")
    os.utime(path, ns=(1, 1))


CHANGES: dict[str, Callable[[Path], object]] = {
    "grows": _grown,
    "is truncated": lambda path: os.truncate(path, len(CSV) // 2),
    "is emptied": lambda path: os.truncate(path, 0),
    "is written over": _written_over,
    "is replaced by one of the same size and time": _replaced,
    "vanishes": Path.unlink,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a33_a_file_that_changes_while_it_is_copied_is_refused(path: Path, change: Callable[[Path], object]) -> None:
    """Half of an export is a list with people missing."""
    with pytest.raises(SheetError) as caught:
        copy_privately(path, new_file=lambda: _Interrupted(lambda: change(path)))
    assert str(caught.value) == f"sheet {path}: changed while it was read; wait until it is saved, and try again"


def test_a33_a_copy_that_is_shorter_than_its_file_is_refused(path: Path) -> None:
    """A clock can be set back, and a network drive's time of change is only so exact."""
    times = (path.stat().st_atime_ns, path.stat().st_mtime_ns)

    def put_back() -> None:
        path.write_bytes(CSV)
        os.utime(path, ns=times)

    with pytest.raises(SheetError, match="changed while it was read"):
        copy_privately(path, new_file=lambda: _Interrupted(lambda: os.truncate(path, 9), last=put_back))


def test_what_happens_to_the_original_later_does_not_matter(path: Path) -> None:
    copy = copy_privately(path)
    path.write_bytes(b"gone")
    with copy.file as file:
        assert file.read() == CSV


def test_a_state_is_one_files_until_it_changes(path: Path) -> None:
    """Two readings of a sheet compare it."""

    def state() -> tuple[int, ...]:
        copy = copy_privately(path)
        copy.file.close()
        return copy.state

    first = state()
    assert state() == first
    path.write_bytes(CSV.replace(b"Ann", b"Bob"))
    assert state() != first


@pytest.mark.skipif(sys.platform == "win32", reason="modes and links of POSIX")
def test_b25_the_copy_is_nobody_elses(path: Path) -> None:
    """It holds people's numbers, in a folder that everybody may write to."""
    with copy_privately(path).file as file:
        status = os.fstat(file.fileno())
        assert (stat.S_IMODE(status.st_mode), status.st_nlink) == (0o600, 0)


def test_a_file_that_is_too_large_is_not_copied(path: Path) -> None:
    def unexpected() -> IO[bytes]:
        raise AssertionError

    with pytest.raises(SheetError, match=f"{len(CSV):,} bytes are too many"):
        copy_privately(path, most_bytes=len(CSV) - 1, new_file=unexpected)
    copy_privately(path, most_bytes=len(CSV)).file.close()


@pytest.mark.parametrize(("make", "reason"), [(None, "No such file"), (Path.mkdir, "Is a directory")])
def test_what_cannot_be_opened_is_one_line(tmp_path: Path, make: Callable[[Path], None] | None, reason: str) -> None:
    """It may have gone in the moment after it was looked at."""
    if make is not None:
        make(tmp_path / "gone")
    with pytest.raises(SheetError, match=reason) as caught:
        copy_privately(tmp_path / "gone")
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is always full")
def test_a_full_disk_is_one_line_and_leaves_no_file_open(path: Path) -> None:
    with pytest.raises(SheetError, match=r"No space left on device\); make room there.* nothing was sent") as caught:
        copy_privately(path, new_file=lambda: open("/dev/full", "r+b", buffering=0))  # noqa: PTH123, SIM115 - the code under test closes it
    assert "\n" not in str(caught.value)


def test_a_disk_that_is_full_only_when_the_buffer_is_written_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "short.csv"
    path.write_bytes(b"Name,Phone\nAnn,1\n")
    with pytest.raises(SheetError, match="No space left on device"):
        copy_privately(path, new_file=_Full)


class _Full(BytesIO):
    def seek(self, place: int, whence: int = 0, /) -> int:
        raise OSError(28, "No space left on device", place, whence)


def test_without_a_temporary_folder_it_is_one_line(path: Path) -> None:
    def nowhere() -> IO[bytes]:
        raise FileNotFoundError(2, "No usable temporary directory found")

    with pytest.raises(SheetError, match="No usable temporary directory found"):
        copy_privately(path, new_file=nowhere)


# --- through the door for sheets

READS = """
import os, resource, signal, sys
from pathlib import Path
from campaign.intake.open_sheet import open_sheet
rows = open_sheet(Path(sys.argv[1])).rows
next(rows)
print(len(os.listdir(sys.argv[2])), flush=True)
if sys.argv[3] == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
print(sum(1 for _ in rows), len(os.listdir(sys.argv[2])))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a file without a name")
@pytest.mark.parametrize("end", ["killed", "read"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_temporary_folder_is_empty_while_a_sheet_is_read_and_after_the_reader_was_killed(
    tmp_path: Path, *, kind: str, end: str
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    path = tmp_path / "sheet.csv"
    path.write_bytes(b"Name,Phone\nAnn,+14155550100\nBob,+14155550101\n")
    if kind == "xlsx":
        path = xlsx(tmp_path, people(ANN, ANN.replace('"2"', '"3"').replace("A2", "A3").replace("B2", "B3")))
    command = [sys.executable, "-c", READS, str(path), str(folder), end]
    environment = os.environ | {"TMPDIR": str(folder)}
    ended = subprocess.run(command, check=False, capture_output=True, env=environment, timeout=60)
    assert ended.returncode == (-signal.SIGKILL if end == "killed" else 0), ended.stderr
    assert ended.stdout.split() == ([b"0"] if end == "killed" else [b"0", b"1", b"0"])
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_sheet_for_whose_copy_there_is_no_room_is_refused_in_one_line(path: Path, *, kind: str) -> None:
    """The limit on a file's size stands for the full disk: the write fails in the same place."""
    if kind == "xlsx":
        path = xlsx(path.parent, people(ANN))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
        with pytest.raises(SheetError, match=r"it cannot be copied to .* make room there") as caught:
            open_sheet(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert tempfile.gettempdir() in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a33_a_text_sheet_may_be_saved_while_its_rows_are_read(path: Path) -> None:
    """What was opened is what is read."""
    rows = open_sheet(path).rows
    path.write_bytes(b"gone")
    assert sum(1 for _ in rows) == 200_000


def test_a_file_that_somebody_is_writing_is_refused_before_it_is_copied(path: Path) -> None:
    """An upload that has stalled changes nothing while it is read."""
    with path.open("rb") as file:
        if is_held_for_writing(file.fileno(), path) is None:
            pytest.skip("no leases on this disk")
    with path.open("ab"), pytest.raises(ChangingError, match="it is being written; wait until it is whole and closed"):
        copy_privately(path)
