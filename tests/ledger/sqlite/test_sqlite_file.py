"""The ledger's file: private, durable, and never another program's."""

import os
import shutil
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

from campaign.domain.errors import LedgerError
from campaign.ledger.home import ledger_exists
from campaign.ledger.schema.tables import SCHEMA_VERSION
from campaign.ledger.sqlite.compiler import STATEMENTS
from campaign.ledger.sqlite.database import SqliteDatabase
from campaign.ledger.sqlite.engine import APPLICATION_ID, KEY_FILE, LEDGER_FILE, open_engines, trouble
from campaign.ledger.sqlite.file_watch import FileWatch
from campaign.ledger.sqlite.migrations import OLDEST
from campaign.ledger.sqlite.open_files import OpenFile
from campaign.ledger.store import Ledger, open_ledger
from tests.ledger.backend import ADA, Clock, draft, hold, load, named, people, waiting
from tests.loading import begun


def refusal(home: Path) -> str:
    """The one line with which a home is refused; what it names is a path and a cure."""
    with pytest.raises(LedgerError) as raised, open_ledger(home, now=Clock()):
        pass
    message = str(raised.value)
    assert message.isprintable()
    assert str(home / LEDGER_FILE) in message
    assert "; " in message
    return message


def made(home: Path, *, rows: int = 1) -> Path:
    """A sound ledger that was closed."""
    with open_ledger(home, now=Clock()) as ledger:
        load(ledger, people(*[f"+1{200 + row // 100}55501{row % 100:02d}" for row in range(rows)]))
    return home / LEDGER_FILE


def set_pragma(path: Path, pragma: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA {pragma}")
        connection.commit()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@pytest.mark.parametrize("mask", [0, 0o022, 0o077])
def test_nobody_else_can_read_the_ledger(home: Path, mask: int) -> None:
    """It holds names, numbers and what is to be said to them; SQLite's own files hold them too."""
    with umask(mask), open_ledger(home, now=Clock()) as ledger, hold(ledger, load(ledger, people(ADA))):
        modes = {path.name: mode(path) for path in home.iterdir()}
        assert set(modes) == {
            "ledger.db",
            "ledger.db-wal",
            "ledger.db-shm",
            "run-1.lock",
            "run-1.journal",
            "suppression.key",
        }
        assert set(modes.values()) == {0o600}
    assert mode(home) == 0o700


def test_what_was_open_to_others_is_closed(home: Path) -> None:
    """A folder that was made by hand, a file that was copied back from somewhere."""
    path = made(home)
    path.chmod(0o666)
    home.chmod(0o777)
    with open_ledger(home, now=Clock()) as ledger:
        begun(ledger, draft())
        assert {mode(one) for one in home.iterdir()} == {0o600}
        assert mode(home) == 0o700


@pytest.mark.parametrize(
    ("pragma", "value"), [("synchronous", 2), ("journal_mode", "wal"), ("foreign_keys", 1), ("busy_timeout", 5000)]
)
def test_what_is_committed_is_on_the_disk_and_within_the_rules(home: Path, pragma: str, value: object) -> None:
    """Asked of the very connections that are used: with synchronous=NORMAL a power cut takes commits back."""

    def ask(connection: Connection) -> object:
        return connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()

    with open_ledger(home, now=Clock()) as ledger, ledger._reading.connect() as reading:
        assert ledger._writer.do(ask) == value
        assert ask(reading) == value


def test_the_file_says_whose_it_is(home: Path) -> None:
    """For `file`, for backups, and for the next version of this program."""
    with closing(sqlite3.connect(made(home))) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert APPLICATION_ID.to_bytes(4) == b"CAL1"


def test_a_ledger_is_found_again_with_all_that_is_in_it(home: Path) -> None:
    assert not ledger_exists(home)
    made(home, rows=3)
    assert ledger_exists(home)
    with open_ledger(home, now=Clock()) as ledger:
        assert len(waiting(ledger, named(ledger, "december"))) == 3


@pytest.mark.parametrize("name", ["what?", "a b", "50%20#1&x=y", "Łódź 🎈", "file:x", "c:d"])
def test_any_folder_name_is_that_folder(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ledger that is opened elsewhere than where it is looked for forgets everybody."""
    monkeypatch.chdir(tmp_path)
    with open_ledger(Path(name), now=Clock()) as ledger:
        load(ledger, people(ADA))
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert [path.name for path in (tmp_path / name).iterdir()] == [LEDGER_FILE]
    assert (tmp_path / name / LEDGER_FILE).stat().st_size > 4096


def foreign_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
        connection.commit()


def foreign_with_an_id(path: Path) -> None:
    foreign_database(path)
    set_pragma(path, "application_id=252006673")


def foreign_in_wal_mode(path: Path) -> None:
    foreign_database(path)
    set_pragma(path, "journal_mode=WAL")


FOREIGN: dict[str, Callable[[Path], object]] = {
    "a database": foreign_database,
    "a database with an id": foreign_with_an_id,
    "a database in WAL mode": foreign_in_wal_mode,
    "a text": lambda path: path.write_text("Name;Mobile\n" * 100),
    "a short text": lambda path: path.write_text("x"),
    "a header cut off": lambda path: path.write_bytes(b"SQLite format 3\0" + bytes(50)),
    "zeros": lambda path: path.write_bytes(bytes(8192)),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_what_is_not_a_ledger_is_refused_and_left_as_it_was(home: Path, kind: str) -> None:
    """To the byte, and without a file beside it: it is somebody's data."""
    home.mkdir()
    path = home / LEDGER_FILE
    FOREIGN[kind](path)
    before = path.read_bytes()
    message = refusal(home)
    assert "belongs to another program" in message or "is damaged, or not a ledger at all" in message
    assert "move it away, or point CAMPAIGN_HOME at another folder" in message
    assert path.read_bytes() == before
    assert [one.name for one in home.iterdir()] == [LEDGER_FILE]


def cut_in_the_middle(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def cut_after_a_page(path: Path) -> None:
    os.truncate(path, 4096)


def garbage(path: Path) -> None:
    data = bytearray(path.read_bytes())
    middle = len(data) // 2 // 4096 * 4096
    data[middle : middle + 8192] = b"\xa5" * 8192
    path.write_bytes(data)


@pytest.mark.parametrize("harm", [cut_in_the_middle, cut_after_a_page, garbage])
def test_a_damaged_ledger_is_refused_and_to_be_kept(home: Path, harm: Callable[[Path], None]) -> None:
    """Beginning a new one by itself would call everybody again."""
    path = made(home, rows=300)
    harm(path)
    before = path.read_bytes()
    message = refusal(home)
    assert "is damaged" in message
    assert "keep the file: it says who was called" in message
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("version", "words"),
    [
        (SCHEMA_VERSION + 1, "was written by a newer version of campaign; install that version"),
        (OLDEST - 1, "was written by an old version of campaign that this one cannot read"),
    ],
    ids=["newer", "older"],
)
def test_another_versions_ledger_is_refused(home: Path, version: int, words: str) -> None:
    """What its states mean is not known here."""
    set_pragma(made(home), f"user_version={version}")
    assert words in refusal(home)


def test_a_refused_ledger_is_let_go_of(home: Path) -> None:
    """The cure is to move it away, which some systems allow only when nobody has it open."""
    set_pragma(made(home), "user_version=99")
    refusal(home)
    open_files = Path("/proc/self/fd")
    if open_files.exists():
        assert not [fd for fd in open_files.iterdir() if fd.exists() and fd.readlink().is_relative_to(home)]
    shutil.move(home, home.with_name("elsewhere"))


def test_a_ledger_that_was_cut_off_while_it_was_made_is_made_anew(home: Path) -> None:
    """Nobody was called from it."""
    home.mkdir()
    (home / LEDGER_FILE).touch()
    made(home)


def test_a_ledger_that_another_program_keeps_to_itself_is_refused_after_a_while(home: Path) -> None:
    """A backup program, a database browser: the user is told whom to look for."""
    path = made(home)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LedgerError, match="another program keeps it locked; close that program, then go on"):
            open_engines(home, busy_ms=60)


def test_a_write_that_another_program_keeps_off_fails_after_a_while(home: Path) -> None:
    """Reading still works, so that `status` does; nothing can be promised."""
    path = made(home)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with ledger_over(home, open_engines(home, busy_ms=60)) as ledger:
            assert len(waiting(ledger, named(ledger, "december"))) == 1
            with pytest.raises(LedgerError, match=r"ledger\.db: another program keeps it locked; close that program"):
                begun(ledger, draft())


@contextmanager
def ledger_over(home: Path, engines: tuple[Engine, Engine]) -> Iterator[Ledger]:
    file = OpenFile(*engines, FileWatch(home / LEDGER_FILE))
    with closing(file.watch), closing(Ledger(home, SqliteDatabase(home, file), now=Clock())) as ledger:
        yield ledger


def test_checking_a_ledger_does_not_keep_its_writer_off(home: Path) -> None:
    """`status` checks the whole file, while a run in another process must go on."""
    wrote = list[int]()
    with closing(sqlite3.connect(made(home), isolation_level=None)) as other:
        other.execute("PRAGMA busy_timeout=0")

        def write_meanwhile(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            if "quick_check" in statement:
                wrote.append(other.execute("UPDATE run SET results_path = 'elsewhere.csv'").rowcount)

        event.listen(Engine, "before_cursor_execute", write_meanwhile)
        try:
            for engine in open_engines(home):
                engine.dispose()
        finally:
            event.remove(Engine, "before_cursor_execute", write_meanwhile)
    assert wrote == [1]


def test_a_program_that_is_making_the_ledger_is_waited_for(home: Path) -> None:
    """SQLite itself does not wait there: the second of two programs would fail at once."""
    home.mkdir()
    with closing(sqlite3.connect(home / LEDGER_FILE, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        # It is done while the first wait lasts.
        with ledger_over(home, open_engines(home, sleep=lambda _seconds: other.rollback())) as ledger:
            assert not other.in_transaction
            assert begun(ledger, draft()).run_id == 1


def test_many_programs_may_make_the_ledger_at_once(home: Path) -> None:
    """Schedules that start together on a new machine; SQLite alone lets one of them fail."""
    ended = list[object]()

    def start() -> None:
        together.wait()
        try:
            with open_ledger(home, now=Clock()) as ledger:
                ended.append(begun(ledger, draft()).run_id)
        except LedgerError as error:
            ended.append(error)

    together = threading.Barrier(6)
    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, ended)) == list("123456")


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("a file in the way", "home is a file, and must be the ledger's folder; point CAMPAIGN_HOME"),
        ("a folder for a file", "home cannot be written: .*; make it writable, or point CAMPAIGN_HOME"),
    ],
)
def test_a_home_that_cannot_be_one_is_refused(tmp_path: Path, where: str, says: str) -> None:
    """In one line, with the cure."""
    home = tmp_path / "home"
    if where == "a file in the way":
        home.write_text("")
    else:
        (home / LEDGER_FILE).mkdir(parents=True)
    with pytest.raises(LedgerError, match=says):
        open_ledger(home, now=Clock()).__enter__()


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("database or disk is full", "/h/ledger.db: the disk is full; free some space, then go on"),
        ("database is locked", "another program keeps it locked"),
        ("database disk image is malformed", "is damaged or not a ledger (database disk image is malformed)"),
        ("file is not a database", "keep the file: it says who was called"),
        ("disk I/O error", "/h/ledger.db cannot be written (disk I/O error); check the disk"),
        ("attempt to write a readonly database", "check the disk and the folder's permissions, then go on"),
        ("unable to open database file", "cannot be written (unable to open database file)"),
    ],
)
def test_each_trouble_has_its_words_and_its_cure(reason: str, words: str) -> None:
    """The driver's own words help nobody who came to make calls."""
    said = trouble(Path("/h/ledger.db"), OperationalError("COMMIT", None, sqlite3.OperationalError(reason)))
    assert words in said
    assert said.startswith("/h/ledger.db")


def test_a_folder_that_holds_more_than_a_ledger_is_not_closed_to_others(tmp_path: Path) -> None:
    """CAMPAIGN_HOME=/tmp, or the folder one works in, must not lock everybody else out; the ledger's own file does."""
    home = tmp_path / "shared"
    home.mkdir(mode=0o755)
    home.chmod(0o755)
    (home / "somebody's file").write_text("theirs")
    for _ in range(2):
        for engine in open_engines(home):
            engine.dispose()
    assert stat.S_IMODE(home.stat().st_mode) == 0o755
    assert stat.S_IMODE((home / "ledger.db").stat().st_mode) == 0o600


def test_a_ledger_that_is_gone_is_not_begun_anew_while_its_key_is_there(home: Path) -> None:
    """A new one would know nobody who asked not to be called."""
    with open_ledger(home, now=Clock()) as ledger:
        ledger.suppression.add([ADA], reason="asked", source="test")
    (home / LEDGER_FILE).unlink()
    assert "is missing" in refusal(home)
    assert not (home / LEDGER_FILE).exists()
    (home / KEY_FILE).unlink()
    with open_ledger(home, now=Clock()) as ledger:
        assert not ledger.read.suppression.entries()


def test_a_ledger_that_is_opened_again_compiles_no_statement_anew(tmp_path: Path) -> None:
    """A script, a page or a scheduler opens ledgers again and again, each time with two new engines."""

    def looked_at(home: Path) -> int:
        before = len(STATEMENTS)
        with open_ledger(home, now=Clock()) as ledger:
            named(ledger, "december")
        return len(STATEMENTS) - before

    homes = [tmp_path / name for name in ("one", "other")]
    for home in homes:
        made(home)
    STATEMENTS.clear()
    assert looked_at(homes[0]) > 0
    assert [looked_at(home) for home in homes] == [0, 0]


def test_a_ledger_of_another_build_is_refused_with_what_is_the_matter(tmp_path: Path) -> None:
    """One of an unreleased build has the same number and other columns: the disk has nothing to do with it."""
    path = made(tmp_path / "home")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE run DROP COLUMN again")
        connection.commit()
    with pytest.raises(LedgerError) as raised, open_ledger(tmp_path / "home", now=Clock()) as ledger:
        ledger.read.runs.all()
    message = str(raised.value)
    assert "was made by another build of campaign" in message
    assert "permissions" not in message
