"""Doors to what differs on other systems: each is opened here as Windows, or macOS, would open it.

What only the system itself can show is listed in docs/reference/platforms.md.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from campaign.domain.errors import BusyError, LedgerError
from campaign.ledger.sqlite.lock import hold_run

ROOT = Path(__file__).parent.parent.parent
# An interpreter that takes itself for Windows': its modules are there, those of other systems are not.
AS_WINDOWS = """
import json, os, signal, sys, types
# What others wrote is loaded as this system has it: Windows' own parts of it are not here.
import anyio._backends._asyncio, click, click._compat, httpx, pandas, phonenumbers, platformdirs, pydantic, sqlalchemy
import sqlalchemy.dialects.sqlite, tqdm
locked = []
windows = types.ModuleType("msvcrt")
windows.LK_NBLCK = 2
windows.locking = lambda descriptor, mode, count: locked.append((mode, count))
sys.modules["msvcrt"] = windows
for gone in ("fcntl", "resource", "uvloop"):
    sys.modules[gone] = None
sys.platform = "win32"
said = {}

from campaign.ledger.sqlite.lock import take_lock
take_lock(0)
said["locked"] = locked[:]

from campaign.cli.process.open_files import require_open_files
said["open files"] = require_open_files()

from campaign.intake.workbook import child
said["limits of the reader"] = hasattr(child, "resource")

from campaign.cli.main import exit_code
from campaign.cli.terminal import this_terminal
typed = "init --sample", "run appointments.csv -t appointment_reminder.toml --sandbox --yes -q --rate 1000"
said["campaign"] = [exit_code(each.split(), terminal=this_terminal()) for each in typed]

# Windows has no hang-up, and a Ctrl-Break: its number here is one that this system has.
signal.SIGBREAK = signal.SIGUSR1
del signal.SIGHUP
from campaign.cli.process.signals import _numbers
said["signals"] = [number.name for number in _numbers()]
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the program says there."""
    folder = tmp_path_factory.mktemp("windows")
    done = subprocess.run(
        [sys.executable, "-c", AS_WINDOWS],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "CAMPAIGN_HOME": str(folder / "home")},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def test_windows_doors_open_and_a_whole_campaign_needs_nothing_that_it_lacks(windows: dict[str, Any]) -> None:
    """One byte is locked, at once or not at all; no limit is there to be raised; the event loop is Python's own."""
    assert windows["locked"] == [[2, 1]]
    assert windows["open files"] is None
    assert windows["limits of the reader"] is False
    assert windows["campaign"] == [0, 0]


def test_ctrl_break_stops_a_run_as_ctrl_c_does_where_there_is_one(windows: dict[str, Any]) -> None:
    """The window's closing is told so."""
    assert windows["signals"] == ["SIGINT", "SIGTERM", "SIGUSR1"]


def test_a_lock_that_another_process_has_is_told_as_windows_tells_it(tmp_path: Path) -> None:
    """There it is a refused permission, not a file that would block."""

    def taken(_descriptor: int) -> None:
        raise PermissionError(13, "Permission denied")

    with pytest.raises(BusyError), hold_run(tmp_path, name="visits", number=1, take=taken):
        pass


def test_a_network_drive_without_locks_is_not_taken_for_another_process(tmp_path: Path) -> None:
    def unknown(_descriptor: int) -> None:
        raise OSError(22, "Invalid argument")

    with (
        pytest.raises(LedgerError, match="a disk of this machine"),
        hold_run(tmp_path, name="v", number=1, take=unknown),
    ):
        pass


@pytest.mark.parametrize("page", ["cp437", "cp850", "cp1252", "ascii"])
def test_a_console_that_lacks_characters_shows_escapes_and_no_traceback(tmp_path: Path, page: str) -> None:
    """Code pages of Windows have no … and no ł; stdout would end the command there."""
    sheet = tmp_path / "people.csv"
    sheet.write_text("Name,Phone\nŁucja Żak,+12125550142\n", encoding="utf-8")
    (tmp_path / "visits.toml").write_text('[columns]\nname = "Name"\nphone = "Phone"\n', encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "campaign", "check", "people.csv", "-t", "visits.toml", "--sandbox"],
        cwd=tmp_path,
        env={"PYTHONIOENCODING": page, "CAMPAIGN_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    assert b"ucja" in done.stdout
