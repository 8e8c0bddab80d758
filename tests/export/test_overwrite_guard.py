"""Only a results file of ours is ever written over."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from campaign.domain.errors import UsageError
from campaign.domain.result_row import ResultRow
from campaign.export.csv import write_results
from campaign.export.json_rows import write_json
from campaign.export.overwrite_guard import refuse_foreign
from campaign.export.results_disk import LOCAL_DISK, Disk
from tests.export.troubled_disk import TroubledDisk

WRITERS = [write_results, write_json]


def refusal(path: Path, *, disk: Disk = LOCAL_DISK) -> str:
    with pytest.raises(UsageError) as caught:
        refuse_foreign(path, disk=disk)
    message = str(caught.value)
    assert "\n" not in message
    assert caught.value.cures or "; " in message  # the cure
    return message


def test_a_new_name_is_accepted_and_nothing_is_left_by_the_look(tmp_path: Path) -> None:
    refuse_foreign(tmp_path / "r.csv")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_accepted(tmp_path: Path) -> None:
    """mktemp makes one, and nothing is lost with it."""
    (tmp_path / "r.csv").touch()
    refuse_foreign(tmp_path / "r.csv")


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("header", [(), ("A",), ("_row", "_status"), ("a\nb", '"', "=1")], ids=repr)
@pytest.mark.parametrize("count", [0, 1])
def test_every_file_of_ours_is_known_again(
    tmp_path: Path, *, ada: ResultRow, write: Callable[..., Path], header: tuple[str, ...], count: int
) -> None:
    """Otherwise a resumed run would refuse its own file."""
    path = tmp_path / "r.csv"
    write(path, header=header, rows=[ada] * count)
    refuse_foreign(path)
    write(path, header=header, rows=[])


@pytest.mark.parametrize(
    "content",
    [
        b"Patient,Mobile\nAda,2025550101\n",
        b"x\n_row,_status,_id\n",
        b"_row,x,_status,_id\n",
        b"_row,_status\n",
        b"_row;_status;_id\n",
        b"[]",
        b'[{"row": 1}]',
        b"\x00\x01\x02\xff\xfe",
        b"PK\x03\x04",
        b"\n",
        b'"' + b"x" * 200_000,
        b"x" * 3_000_000,
    ],
    ids=lambda content: repr(content[:20]),
)
def test_what_is_not_ours_is_refused_and_stays(tmp_path: Path, content: bytes) -> None:
    """A slip of the hand must not cost the contact sheet."""
    path = tmp_path / "contacts.csv"
    path.write_bytes(content)
    assert refusal(path).endswith("contacts.csv: is there already, and is not a results file")
    for write in WRITERS:
        with pytest.raises(UsageError):
            write(path, header=(), rows=[])
    assert path.read_bytes() == content


def test_a_link_is_refused_wherever_it_leads(tmp_path: Path) -> None:
    """A link to nothing is as bad: writing would make the file that it names."""
    ours = write_results(tmp_path / "ours.csv", header=(), rows=[])
    (tmp_path / "r.csv").symlink_to(ours)
    (tmp_path / "loose.csv").symlink_to(tmp_path / "nothing")
    assert "is a link" in refusal(tmp_path / "r.csv")
    assert "is a link" in refusal(tmp_path / "loose.csv")
    assert not (tmp_path / "nothing").exists()


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "is a folder" in refusal(tmp_path)


def test_a_pipe_is_refused_without_waiting_for_its_other_end(tmp_path: Path) -> None:
    """Opening it would hang before the first call."""
    os.mkfifo(tmp_path / "r.csv")
    assert "a pipe" in refusal(tmp_path / "r.csv")


def test_a_device_is_refused() -> None:
    """Replaced by a file, /dev/null would be missed by the whole machine."""
    assert refusal(Path(os.devnull))
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize(
    "name", ["a\x00b.csv", "x" * 300 + ".csv", "missing/r.csv", "file/r.csv"], ids=lambda name: ascii(name[:9])
)
def test_a_path_where_nothing_can_be_made_is_refused(tmp_path: Path, name: str) -> None:
    """Before the first call, not at its end."""
    (tmp_path / "file").touch()
    refusal(tmp_path / name)


def test_a_missing_folder_is_not_made(tmp_path: Path) -> None:
    """A mistyped folder would hide the results."""
    message = refusal(tmp_path / "missing" / "r.csv")
    assert "make the folder, or name a file in another one" in message
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_takes_no_files_is_refused(tmp_path: Path, disk: TroubledDisk) -> None:
    """Read-only, or full: asked by doing, as permission bits mean nothing to root."""
    disk.read_only = True
    assert "cannot be written to (Read-only file system)" in refusal(tmp_path / "r.csv", disk=disk)


def test_a_name_with_a_line_end_makes_no_second_line(tmp_path: Path) -> None:
    """A message is one line, and a name is no place for terminal commands."""
    path = tmp_path / "a\n\x1b[2Jb.csv"
    path.write_text("x")
    assert "a\\n\\x1b[2Jb.csv" in refusal(path)
