"""A ledger that is opened twice in one process keeps its locks; each opening is whole."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pytest

from campaign.domain.errors import LedgerError
from campaign.ledger.port.ledger import ReadableLedger
from campaign.ledger.reading import open_for_reading
from campaign.ledger.store import open_ledger


class Opening(Protocol):
    def __call__(self, home: Path, *, now: Callable[[], datetime]) -> AbstractContextManager[ReadableLedger]: ...


ROOT = Path(__file__).parents[3]


def now() -> datetime:
    return datetime(2026, 11, 29, 9, 0, tzinfo=UTC)


@pytest.mark.skipif(os.name != "posix", reason="locks that belong to a process are POSIX's")
@pytest.mark.parametrize("second", [open_ledger, open_for_reading])
def test_a_second_opening_leaves_the_first_its_locks(tmp_path: Path, second: Opening) -> None:
    """Without its locks the first would be nobody to the next process, which takes the -wal away from under it."""
    with open_ledger(tmp_path, now=now) as first:
        first.suppression.add(["+12125550101"], reason="asked", source="test")
        with second(tmp_path, now=now) as again:
            assert len(again.read.suppression.entries()) == 1
        wal = tmp_path / "ledger.db-wal"
        before = wal.stat().st_ino
        another_process(tmp_path)
        assert wal.exists()
        assert wal.stat().st_ino == before
        first.suppression.add(["+12125550102"], reason="asked", source="test")
        assert another_process(tmp_path) == "2"


def test_threads_that_open_a_ledger_at_once_make_one(tmp_path: Path) -> None:
    def add(number: int) -> None:
        with open_ledger(tmp_path, now=now) as ledger:
            ledger.suppression.add([f"+121255501{number:02d}"], reason="asked", source="test")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add, range(24)))
    assert another_process(tmp_path) == "24"


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads take turns a thousand times as often: what may happen between two steps happens."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("restless")
@pytest.mark.parametrize("opened", [open_ledger, open_for_reading])
def test_a_thread_that_opens_a_ledger_as_another_closes_it_finds_its_files(tmp_path: Path, opened: Opening) -> None:
    """The last to close takes the -wal and the -shm with it, which to the next would look like a loss."""

    def open_and_close(_number: int) -> None:
        with opened(tmp_path, now=now):
            pass

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(open_and_close, range(90)))


def test_a_ledger_that_was_closed_is_looked_at_again(tmp_path: Path) -> None:
    """What lies there by then may be another program's."""
    with open_ledger(tmp_path, now=now), open_ledger(tmp_path, now=now):
        pass
    (tmp_path / "ledger.db").write_bytes(b"something else" * 100)
    with pytest.raises(LedgerError, match="not a ledger"), open_ledger(tmp_path, now=now):
        pass


def another_process(home: Path) -> str:
    """How many numbers are on its list, as another process reads it, which opens and closes it."""
    program = (
        "import sqlite3, sys\n"
        "ledger = sqlite3.connect(sys.argv[1])\n"
        "print(ledger.execute('SELECT count(*) FROM suppression').fetchone()[0])\n"
        "ledger.close()\n"
    )
    command = [sys.executable, "-c", program, str(home / "ledger.db")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, timeout=60)
    return done.stdout.strip()
