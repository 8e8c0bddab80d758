"""What a killed writer left beside the results holds people's data: the next writer removes it, and nothing else."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from campaign.export.atomic_write import replace_whole
from campaign.export.results_disk import remove_abandoned, temporary_folder

pytestmark = pytest.mark.skipif(os.name != "posix", reason="elsewhere a file that is open cannot be removed")

ROOT = Path(__file__).parents[2]
WRITER = """
import sys, time
from pathlib import Path
from campaign.export.atomic_write import replace_whole
from campaign.export.results_disk import temporary_folder

def chunks():
    yield "Ada,+12125550101\\n"
    print("writing", flush=True)
    sys.stdin.read()

folder = Path(sys.argv[1])
if sys.argv[2] == "file":
    replace_whole(folder / "results.csv", chunks=chunks())
else:
    with temporary_folder(folder) as parts:
        (parts / "part").write_text("Ada")
        print("writing", flush=True)
        sys.stdin.read()
"""


@contextmanager
def writing(folder: Path, *, kind: str) -> Iterator[subprocess.Popen[str]]:
    """Another process in the middle of its writing."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), kind],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        try:
            yield process
        finally:
            process.kill()


def temporary(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".results-")]


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_a_killed_writer_left_is_removed_by_the_next_one(tmp_path: Path, kind: str) -> None:
    with writing(tmp_path, kind=kind) as process:
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=60)
        assert len(temporary(tmp_path)) == 1
        replace_whole(tmp_path / "other.csv", chunks=["x"])
    assert temporary(tmp_path) == []
    assert (tmp_path / "other.csv").read_text() == "x"


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_a_living_writer_is_writing_is_never_removed(tmp_path: Path, kind: str) -> None:
    """Also one that was stopped for a night: its lock stays as long as it does."""
    with writing(tmp_path, kind=kind) as process:
        process.send_signal(signal.SIGSTOP)
        [name] = temporary(tmp_path)
        os.utime(tmp_path / name, (0, 0))
        assert remove_abandoned(tmp_path) == []
        process.send_signal(signal.SIGCONT)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=60) == 0
    assert temporary(tmp_path) == []
    if kind == "file":
        assert (tmp_path / "results.csv").read_text() == "Ada,+12125550101\n"


def test_a_writers_own_thread_beside_it_removes_nothing(tmp_path: Path) -> None:
    """Two runs of one process write into one folder."""
    with temporary_folder(tmp_path) as parts:
        replace_whole(tmp_path / "other.csv", chunks=["x"])
        assert parts.exists()


@pytest.mark.parametrize("name", [".results-x.tmp", "results-abcdefgh.tmp", ".results-abcdefgh.csv", ".results"])
def test_files_of_other_names_stay(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    assert remove_abandoned(tmp_path) == []


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """In a folder that others can write to, it could lead anywhere."""
    target = tmp_path / "precious"
    target.mkdir()
    (target / "file").write_text("mine")
    (tmp_path / ".results-abcdefgh").symlink_to(target)
    (tmp_path / ".results-abcdefgi.tmp").symlink_to(target / "file")
    assert remove_abandoned(tmp_path) == []
    assert (target / "file").read_text() == "mine"
