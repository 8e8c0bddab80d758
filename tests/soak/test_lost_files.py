"""The ledger's files are taken away or written over while a run dials: it stops, and then knows who was called.

SQLite goes on with files that nobody else sees; another process then writes an opt-out that the run never reads.
"""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.soak.campaigner import Camp, Start, camp, stand_in
from tests.soak.sheets import phones

pytestmark = pytest.mark.skipif(os.name != "posix", reason="elsewhere an open file cannot be taken away")

# The sheet is called from its beginning, at a pace at which most of it still waits when the files are lost.
_SLOW = ("--rate", "25", "--max-in-flight", "4", "--no-audit")
_ROWS = 200
_RINGS = 8
_NOTICED_WITHIN_SECONDS = 20.0
"""One second is promised; a busy machine may take its time to run a process at all."""


def remove_log(home: Path) -> None:
    (home / "ledger.db-wal").unlink()


def remove_index(home: Path) -> None:
    (home / "ledger.db-shm").unlink()


def empty_log(home: Path) -> None:
    os.truncate(home / "ledger.db-wal", 0)


def halve_log(home: Path) -> None:
    log = home / "ledger.db-wal"
    os.truncate(log, log.stat().st_size // 2)


def remove_ledger(home: Path) -> None:
    (home / "ledger.db").unlink()


def move_another_here(home: Path) -> None:
    os.replace(_another(home), home / "ledger.db")  # noqa: PTH105 - what mv does


def write_another_over(home: Path) -> None:
    shutil.copyfile(_another(home), home / "ledger.db")


def rename_home(home: Path) -> None:
    home.rename(home.with_name("moved"))


def remove_home(home: Path) -> None:
    shutil.rmtree(home)


def _another(home: Path) -> Path:
    """Any other database."""
    another = home.with_name("another.db")
    another.write_bytes(b"SQLite format 3\0" + bytes(8176))
    return another


LOSSES: list[Callable[[Path], None]] = [
    remove_log,
    remove_index,
    empty_log,
    halve_log,
    remove_ledger,
    move_another_here,
    write_another_over,
    rename_home,
    remove_home,
]


def name_of(loss: Callable[[Path], None]) -> str:
    return loss.__name__


@pytest.mark.parametrize("loss", LOSSES, ids=name_of)
def test_a_run_whose_files_are_lost_stops_before_its_next_call(tmp_path: Path, loss: Callable[[Path], None]) -> None:
    """Within a second, with code 5 and a line that names the file; nobody is called who opts out from then on."""
    with stand_in(tmp_path) as place, camp(tmp_path, place, flags=_SLOW) as made:
        start = _dialling(made)
        loss(made.home)
        rung, lost_at = _rung(made), time.monotonic()
        added = made.beside("suppress", "add", phones(_ROWS)[-1])
        assert start.end() == 5, start.said()
        assert time.monotonic() - lost_at < _NOTICED_WITHIN_SECONDS
        assert "while this program had the ledger open" in start.said()
        assert "Traceback" not in start.said() + added.stdout
        assert "SELECT" not in start.said() + added.stdout
        # What was claimed before is called; nothing is claimed after.
        assert _rung(made) <= rung + 8
        if added.returncode == 0:
            assert "on the suppression list now" in added.stdout
            listed = made.beside("suppress", "list")
            assert phones(_ROWS)[-1][-4:] in listed.stdout, added.stdout + listed.stdout


@pytest.mark.parametrize("loss", [remove_log, remove_index, empty_log, halve_log], ids=name_of)
def test_the_next_start_calls_nobody_a_second_time(tmp_path: Path, loss: Callable[[Path], None]) -> None:
    """Claims and endings that were in the lost file alone come back from the emergency journal; no list is read."""
    with stand_in(tmp_path) as place, camp(tmp_path, place, flags=_SLOW) as made:
        start = _dialling(made)
        loss(made.home)
        assert start.end() == 5, start.said()
        made.flags = ("--rate", "500", "--no-audit")
        made.finish()
        assert made.check() == []


def test_a_home_that_comes_back_goes_on(tmp_path: Path) -> None:
    """What was in flight when it was renamed is in its journal."""
    with stand_in(tmp_path) as place, camp(tmp_path, place, flags=_SLOW) as made:
        start = _dialling(made)
        rename_home(made.home)
        assert start.end() == 5, start.said()
        (tmp_path / "moved").rename(made.home)
        made.flags = ("--rate", "500", "--no-audit")
        made.finish()
        assert made.check() == []


def _dialling(made: Camp) -> Start:
    made.prepare(rows=_ROWS)
    start = made.run()
    assert made.await_ring(start, rings=_RINGS), start.said()
    return start


def _rung(made: Camp) -> int:
    return made.place.truth.read_bytes().count(b"\n")
