"""The watch over an open ledger's files: silent through all that SQLite does to them, loud at all that others do."""

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from campaign.config.database import LedgerPlace
from campaign.domain.errors import LedgerFilesError
from campaign.ledger.home import scrub
from campaign.ledger.sqlite.database import SqliteDatabase
from campaign.ledger.sqlite.engine import LEDGER_FILE
from campaign.ledger.sqlite.file_watch import FileWatch
from campaign.ledger.store import Ledger, open_ledger
from tests.ledger.backend import Clock, load, people, waiting

pytestmark = pytest.mark.skipif(os.name != "posix", reason="elsewhere an open file cannot be taken away")


@pytest.fixture
def ledger(home: Path) -> Iterator[Ledger]:
    with open_ledger(home, now=Clock()) as opened:
        load(opened, people("+12125550101", "+12125550102"))
        yield opened


@pytest.fixture
def watch(ledger: Ledger) -> FileWatch:
    database = ledger._database
    assert isinstance(database, SqliteDatabase)
    return database._file.watch


def write(path: Path, *, rows: int = 1) -> None:
    """Another program's writes to the ledger, by SQLite's own ways."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=20)) as connection:
        for _ in range(rows):
            connection.execute("UPDATE run SET results_path = hex(randomblob(8000))").close()


def checkpoint(path: Path, kind: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None, timeout=20)) as connection:
        connection.execute(f"PRAGMA wal_checkpoint({kind})").close()


@pytest.mark.parametrize("kind", ["PASSIVE", "FULL", "RESTART", "TRUNCATE"])
def test_a_checkpoint_is_no_alarm(home: Path, watch: FileWatch, kind: str) -> None:
    """It writes ledger.db, begins the -wal anew, or cuts it off: all by the rules."""
    path = home / LEDGER_FILE
    for _ in range(5):
        write(path)
        watch.check()
        checkpoint(path, kind)
        watch.check()
        write(path, rows=3)
        watch.check()


def test_a_ledger_that_is_rewritten_whole_is_no_alarm(home: Path, ledger: Ledger, watch: FileWatch) -> None:
    """As `forget` does, while others have it open."""
    ledger.read.runs.all()
    for _ in range(3):
        write(home / LEDGER_FILE, rows=3)
        watch.check()
        scrub(LedgerPlace(home))
        watch.check()


def test_no_moment_of_others_writing_is_an_alarm(home: Path, watch: FileWatch) -> None:
    """The files are looked at while two writers commit, and a third copies the log: thousands of moments."""
    path, done = home / LEDGER_FILE, threading.Event()

    def until_done(work: Callable[[], None]) -> None:
        while not done.is_set():
            work()

    works = [partial(write, path)] * 2 + [partial(checkpoint, path, kind) for kind in ("RESTART", "TRUNCATE")]
    threads = [threading.Thread(target=until_done, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    try:
        for _ in range(20_000):
            watch.check()
    finally:
        done.set()
        for thread in threads:
            thread.join()


def replace_file(path: Path) -> None:
    copy = path.with_name("copy")
    shutil.copyfile(path, copy)
    copy.replace(path)


def write_over(path: Path) -> None:
    """As `cp` does: the same file, with the content of another, here the same content once more."""
    data = path.read_bytes()
    path.write_bytes(data)


def hole_in_log(path: Path) -> None:
    """Cut off, and then grown again by somebody who did not notice."""
    size = path.stat().st_size
    os.truncate(path, size // 2)
    os.truncate(path, size)


@pytest.mark.parametrize(
    ("suffix", "harm", "words"),
    [
        ("", Path.unlink, "ledger.db was removed or renamed"),
        ("-wal", Path.unlink, "ledger.db-wal was removed or renamed"),
        ("-shm", Path.unlink, "ledger.db-shm was removed or renamed"),
        ("", replace_file, "ledger.db was replaced by another file"),
        ("-wal", replace_file, "ledger.db-wal was replaced by another file"),
        ("-shm", replace_file, "ledger.db-shm was replaced by another file"),
        ("", write_over, "ledger.db was written over by another program"),
        ("-wal", lambda path: os.truncate(path, 0), "ledger.db-wal was cut off or written over"),
        ("-wal", lambda path: os.truncate(path, path.stat().st_size - 1), "ledger.db-wal was cut off or written over"),
        ("-wal", hole_in_log, "ledger.db-wal was cut off or written over"),
    ],
)
def test_what_others_do_to_the_files_is_told_in_one_line(
    home: Path, watch: FileWatch, *, suffix: str, harm: Callable[[Path], None], words: str
) -> None:
    write(home / LEDGER_FILE)
    watch.check()
    harm(home / f"{LEDGER_FILE}{suffix}")
    with pytest.raises(LedgerFilesError) as raised:
        watch.check()
    assert words in str(raised.value)
    assert str(raised.value).isprintable()


def test_a_home_that_is_renamed_is_noticed_also_when_another_takes_its_place(home: Path, watch: FileWatch) -> None:
    home.rename(home.with_name("moved"))
    with pytest.raises(LedgerFilesError, match=r"ledger.db was removed or renamed"):
        watch.check()
    shutil.copytree(home.with_name("moved"), home)
    with pytest.raises(LedgerFilesError, match=r"was replaced by another file"):
        watch.check()


def test_nothing_is_acknowledged_that_went_into_a_file_which_others_do_not_see(home: Path, ledger: Ledger) -> None:
    """Neither an opt-out nor a claim, in the very commit before which the file was taken away."""
    (home / f"{LEDGER_FILE}-wal").unlink()
    with pytest.raises(LedgerFilesError, match="was removed or renamed"):
        ledger.suppression.add(["+12125550103"], reason="asked", source="test")
    with pytest.raises(LedgerFilesError, match="was removed or renamed"):
        ledger.drafts.expire()
    assert waiting(ledger, ledger.read.runs.all()[0])


def test_an_idle_ledger_notices_by_itself(home: Path, ledger: Ledger) -> None:
    """A run that waits for its hours must not find out in the morning."""
    (home / f"{LEDGER_FILE}-shm").unlink()
    noticed = threading.Event()
    while ledger._writer.failed is None:
        noticed.wait(0.02)
    assert "ledger.db-shm was removed or renamed" in str(ledger._writer.failed)
