"""Whether a file is being written can be seen on Linux, and must not be guessed elsewhere."""

import subprocess
import sys
from pathlib import Path

import pytest

from campaign.config.files.writers import is_held_for_writing
from campaign.config.template_file import load_template
from campaign.domain.errors import TemplateError
from tests.config.files.leases import needs_leases

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="leases are Linux's")

NFS = "22 1 0:5 / / rw - nfs4 server:/home rw\n"
OWN = "22 1 0:5 / / rw - ext4 /dev/sda rw\n"


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "sheet.csv"
    path.write_text("Name,Phone\n", encoding="utf-8")
    return path


def held(path: Path, *, mounts: str = OWN) -> bool | None:
    listed = path.with_name("mounts")
    listed.write_text(mounts, encoding="utf-8")
    with path.open("rb") as file:
        return is_held_for_writing(file.fileno(), path, mounts=listed)


@pytest.mark.parametrize("mode", ["a", "r+", "w"])
def test_a_file_that_is_open_for_writing_is_seen_however_long_it_rests(sheet: Path, mode: str) -> None:
    """An upload that stalls for an hour leaves no other trace."""
    needs_leases(sheet)
    with sheet.open(mode):
        assert held(sheet) is True
    assert held(sheet) is False


def test_readers_do_not_count(sheet: Path) -> None:
    with sheet.open("rb"):
        assert held(sheet) in (False, None)


def test_on_a_network_disk_nothing_is_known(sheet: Path) -> None:
    """NFS and SMB refuse a lease that their server has not granted, and nobody needs to write for that."""
    with sheet.open("a"):
        assert held(sheet, mounts=NFS) is None
        assert held(sheet, mounts="") is None


@pytest.mark.parametrize("mark", [".~lock.sheet.csv#", "~$sheet.csv"])
def test_a_spreadsheet_program_that_shows_the_sheet_does_not_count(sheet: Path, mark: str) -> None:
    """It keeps the file open for writing for as long as it is shown, saved or not."""
    sheet.with_name(mark).touch()
    with sheet.open("a"):
        assert held(sheet) is None


def test_a_writer_that_comes_while_it_is_asked_ends_nobody(sheet: Path) -> None:
    """The system announces it by a signal, whose usual effect is the end of the process that asked."""
    asking = (
        "import sys; from pathlib import Path; from campaign.config.files.writers import is_held_for_writing as held\n"
        "path = Path(sys.argv[1]); file = path.open('rb'); print('asking', flush=True)\n"
        "for _ in range(1_000): held(file.fileno(), path)\n"
        "print('alive')"
    )
    with subprocess.Popen([sys.executable, "-c", asking, sheet], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        while process.poll() is None:
            with sheet.open("a"):
                pass
        assert process.stdout.read() == "alive\n"
    assert process.returncode == 0


def test_a_template_that_is_being_written_is_refused_in_one_line(tmp_path: Path) -> None:
    """Half of a template may be a template without its limits."""
    path = tmp_path / "visits.toml"
    path.write_text("[columns]\n", encoding="utf-8")
    needs_leases(path)
    with path.open("a"), pytest.raises(TemplateError, match="it is being written; wait until it is saved"):
        load_template(path)
