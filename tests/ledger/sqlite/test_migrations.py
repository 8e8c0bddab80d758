"""A ledger of an older version is brought up to date: all that it says stays said, whatever happens on the way."""

import re
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from campaign.domain.errors import LedgerError
from campaign.domain.model import Created
from campaign.ledger.schema.tables import SCHEMA_VERSION
from campaign.ledger.sqlite.engine import LEDGER_FILE, more_engines
from campaign.ledger.sqlite.migrations import backup_path, copy_beside, migrate
from campaign.ledger.sqlite.scripts import STEPS
from campaign.ledger.store import open_ledger
from tests.ledger.backend import Clock, hold, named, waiting

SCHEMA_1 = Path(__file__).parents[2] / "data" / "ledger_schema_1.sql"
TABLES_OF_1 = ("attempt", "event", "run", "sheet_row")
OLD_TEXTS: tuple[tuple[str | None, str | None], ...] = (
    ("duplicate of row 4", "duplicate"),
    ("duplicate of row 4, there under another name", "duplicate"),
    ("duplicate of row", "duplicate"),  # cut where it quotes a long number, when its person was erased
    ("no consent (column 'OK?': 'by a call that this ledger does not know: x')", "no_consent"),
    ("no consent (row 7 says no for the same number)", "no_consent"),
    ("no consent", "no_consent"),
    ("our own number", "own_number"),
    (
        "on the suppression list since 2026-12-01 (done already: by a call that this ledger does not know: x)",
        "suppressed",
    ),
    ("on the suppression list since 2026-12-01", "suppressed"),
    ("called lately: 2026-12-01T09:00:00.000Z by run december, row 2", "called_recently"),
    ("called recently: 2026-12-01T09:00:00.000Z by run december, row 2", "called_recently"),
    ("called recently", "called_recently"),
    ("done already: 2026-12-01T09:00:00.000Z by run december, row 2", "called_before"),
    ("changed since it was called: 2026-12-01T09:00:00.000Z by run december, row 2", "changed"),
    ("called once within 24 hours (calls_per_person_per_day)", "over_day_limit"),
    ("called 3 times within 24 hours (calls_per_person_per_day)", "over_day_limit"),
    ("called since: 2026-12-01T09:00:00.000Z by run december, row 2", "superseded"),
    ("called with the same words, by a call that this ledger does not know: c-1", "called_elsewhere"),
    ("called lately: 2026-12-01T09:00:00.000Z by a call that this ledger does not know: c-1", "called_elsewhere"),
    ("called recently: 2026-12-01T09:00:00.000Z by a call that this ledger does not know: c-1", "called_elsewhere"),
    ("done already: 2026-12-01T09:00:00.000Z by a call that this ledger does not know: c-1", "called_elsewhere"),
    ("forgotten before it was called", "erased"),
    ("forgotten", None),
    (None, None),
)
"""What earlier versions wrote of skipped rows, and the code that it comes to."""
MOVES = "SELECT from_state, to_state FROM transition"


_BY_NIGHT = pytest.mark.nightly


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def old(home: Path) -> Path:
    """The file of a ledger that version 1 left in the middle of a run."""
    home.mkdir(mode=0o700)
    path = home / LEDGER_FILE
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(SCHEMA_1.read_text("utf-8"))
        connection.execute("PRAGMA journal_mode=WAL")
    return path


def ask(path: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(question).fetchall()


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that stands in the tables and columns of version 1."""
    with closing(sqlite3.connect(":memory:")) as of_1:
        of_1.executescript(SCHEMA_1.read_text("utf-8"))
        columns = {
            table: ", ".join(
                f'"{name}"' for [name] in of_1.execute("SELECT name FROM pragma_table_info(?)", [table]).fetchall()
            )
            for table in TABLES_OF_1
        }
    return {
        table: ask(path, f"SELECT {columns[table]} FROM {table} ORDER BY rowid")  # noqa: S608 - names from here
        for table in TABLES_OF_1
    }


def schema(path: Path) -> dict[str, str]:
    """Name -> what it was made with, whatever the spacing."""
    made = ask(path, "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {str(name): "".join(str(sql).split()) for name, sql in made}


def version(path: Path) -> object:
    return ask(path, "PRAGMA user_version")[0][0]


def open_and_close(home: Path) -> None:
    with open_ledger(home, now=Clock()):
        pass


@contextmanager
def engines(path: Path) -> Iterator[tuple[Engine, Engine]]:
    writing, reading = more_engines(path.parent)
    try:
        yield writing, reading
    finally:
        writing.dispose()
        reading.dispose()


def test_all_that_an_old_ledger_says_stays_said(old: Path) -> None:
    """Who was called above all: forgetting one of them is a second call."""
    before, rules, moves = content(old), schema(old), set(ask(old, MOVES))
    assert sum(map(len, before.values())) + len(moves) > 30
    open_and_close(old.parent)
    assert version(old) == SCHEMA_VERSION
    assert content(old) == before
    assert set(ask(old, MOVES)) >= moves
    after = schema(old)
    after["sheet_row"] = re.sub(r",skip_reasonTEXTCONSTRAINT.*?\)\)", "", after["sheet_row"])
    after["attempt"] = re.sub(r",lineTEXTGENERATED.*?,saidTEXT,polledINTEGER", "", after["attempt"])
    after["run"] = re.sub(r",againINTEGER.*?\)\)", "", after["run"])
    assert rules.pop("attempt_by_number") != after["attempt_by_line"]
    assert {name: after[name] for name in rules} == rules
    assert any("RAISE(ABORT" in sql for sql in rules.values())
    assert ask(old, "PRAGMA integrity_check") == [("ok",)]


def test_an_old_ledger_comes_to_be_what_a_new_one_is(old: Path, tmp_path: Path) -> None:
    """Two statements of one schema, the whole one and the steps, must not drift apart."""
    open_and_close(old.parent)
    open_and_close(tmp_path / "new")
    assert schema(old) == schema(tmp_path / "new" / LEDGER_FILE)


def test_a_ledger_of_the_version_before_goes_on_with_its_rows_its_drafts_and_its_rules(old: Path) -> None:
    """Schema 7 adds tables and one legal move, and takes nothing away: what stood in the others stands as it was."""
    with closing(sqlite3.connect(old, isolation_level=None)) as connection:
        for step in range(1, 6):
            for statement in STEPS[step]:
                connection.execute(statement)
        connection.execute("PRAGMA user_version=6")
    tables = [str(name) for name in schema(old) if ask(old, f"SELECT 1 FROM pragma_table_info('{name}')")]  # noqa: S608 - names from here
    before = {name: ask(old, f"SELECT * FROM {name}") for name in tables if name not in ("home", "dial_order")}  # noqa: S608 - names from here
    assert sum(map(len, before.values())) > 30
    rules = schema(old)
    with open_ledger(old.parent, now=Clock()) as ledger:
        record = named(ledger, "december")
        assert ledger.serving.orders.order(record, "{}", "ada").revision == 1
        assert ledger.serving.uploads.all() == []
    assert version(old) == SCHEMA_VERSION
    before["transition"] += [("unknown", "rejected")]
    assert {name: ask(old, f"SELECT * FROM {name}") for name in before} == before  # noqa: S608 - names from here
    after = schema(old)
    assert {name: after[name] for name in rules} == rules
    assert version(backup_path(old, version=6)) == 6


@pytest.fixture
def old_3(old: Path) -> Path:
    """The same ledger, brought to version 3, with a row for each text that a version wrote of a skipped row."""
    insert = (
        "INSERT INTO sheet_row (run_id, number, key, state, phone, contact, cells, reason) "
        "VALUES (1, :number, 'key' || :number, 'skipped', '+12025550101', '{}', '[]', :reason)"
    )
    with closing(sqlite3.connect(old, isolation_level=None)) as connection:
        for statement in (*STEPS[1], *STEPS[2], "PRAGMA user_version=3"):
            connection.execute(statement)
        connection.executemany(insert, [{"number": 100 + at, "reason": text} for at, (text, _) in enumerate(OLD_TEXTS)])
    return old


def test_rows_that_were_skipped_before_there_were_codes_have_theirs(old_3: Path) -> None:
    """By the words that their version had for it; a text that none of them wrote has no code."""
    open_and_close(old_3.parent)
    coded = ask(old_3, "SELECT reason, skip_reason FROM sheet_row WHERE number >= 100 ORDER BY number")
    assert coded == list(OLD_TEXTS)
    assert {code for _, code in coded} == {*re.findall(r"THEN '(\w+)'", " ".join(STEPS[3])), None}
    assert ask(old_3, "SELECT skip_reason FROM sheet_row WHERE run_id = 2 AND number = 3") == [("called_recently",)]
    assert ask(old_3, "SELECT count(*) FROM sheet_row WHERE state <> 'skipped' AND skip_reason IS NOT NULL") == [(0,)]
    assert version(backup_path(old_3, version=3)) == 3


def test_the_rows_of_an_old_ledgers_runs_are_counted(old_3: Path) -> None:
    """A run whose counts are not those of its rows is not dialled any more."""
    open_and_close(old_3.parent)
    published = "run_id IN (SELECT id FROM run WHERE state = 'ready')"
    rows = f"SELECT run_id, state, ifnull(skip_reason, ''), count(*) FROM sheet_row WHERE {published} GROUP BY 1, 2, 3"  # noqa: S608 - words from here
    kept = ask(old_3, "SELECT run_id, state, skip_reason, rows FROM row_count WHERE rows > 0 ORDER BY 1, 2, 3")
    assert kept == ask(old_3, rows)
    assert len(kept) > 10
    outcomes = "EXISTS (SELECT 1 FROM call_outcome o WHERE o.call_id = a.call_id)"
    assert ask(old_3, f"SELECT count(*) FROM attempt a WHERE (polled IS NOT NULL) <> {outcomes}") == [(0,)]  # noqa: S608 - words from here


def test_a_new_code_needs_no_step(old_3: Path) -> None:
    """The list of the codes is the program's: a ledger of any age takes the next one."""
    open_and_close(old_3.parent)
    assert ask(old_3, "SELECT count(*) FROM sqlite_schema WHERE sql LIKE '%skip_reason_known%'") == [(0,)]
    with closing(sqlite3.connect(old_3, isolation_level=None)) as at_work:
        at_work.execute("UPDATE sheet_row SET skip_reason = 'under_18' WHERE number = 100")
        with pytest.raises(sqlite3.IntegrityError, match="skip_reason_of_skipped"):
            at_work.execute("UPDATE sheet_row SET skip_reason = '' WHERE number = 100")
    assert ask(old_3, "PRAGMA integrity_check") == [("ok",)]


@pytest.mark.anyio
async def test_a_run_of_an_old_ledger_goes_on(old: Path) -> None:
    """Its call on the way is unknown, its waiting rows are called, and nobody else."""
    with open_ledger(old.parent, now=Clock()) as ledger:
        record = named(ledger, "december")
        with hold(ledger, record) as held:
            assert held.recovered == 1
            for attempt in waiting(ledger, record):
                assert await held.claim(attempt) is None
                await held.settle(attempt, Created(f"id-{100 + attempt.row_id}"))
        counts = ledger.read.rows.count_states(record.id)
    assert dict(counts) == {"created": 3, "rejected": 1, "unknown": 2, "invalid": 1}


def test_the_ledger_as_it_was_is_kept_beside_it(old: Path) -> None:
    """For the one who must go back to the older version; private as the ledger is, whole, and one file."""
    before = content(old)
    open_and_close(old.parent)
    kept = backup_path(old, version=1)
    assert version(kept) == 1
    assert content(kept) == before
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    made = {path.name for path in old.parent.iterdir()}
    assert not [name for name in made if "part" in name]
    for beside in ("-wal", "-shm"):
        (kept.parent / (kept.name + beside)).unlink(missing_ok=True)  # this test's own look at it
    assert ask(kept, "PRAGMA integrity_check") == [("ok",)]


def test_a_new_ledger_needs_no_copy(home: Path) -> None:
    open_and_close(home)
    open_and_close(home)
    assert [path.name for path in home.iterdir()] == [LEDGER_FILE]


@pytest.mark.parametrize(
    "cut",
    [
        pytest.param((step, last), marks=() if last in (1, len(STEPS[step]) // 2, len(STEPS[step])) else _BY_NIGHT)
        for step in STEPS
        for last in range(1, len(STEPS[step]) + 1)
    ],
)
def test_a_migration_that_is_cut_off_leaves_the_old_version(old: Path, cut: tuple[int, int]) -> None:
    """After any of its statements; and the next start brings the ledger up to date."""
    before, rules = content(old), schema(old)
    step, last = cut
    cut_off = (*STEPS[step][:last], "SELECT nothing FROM nowhere")
    with engines(old) as (writing, reading), pytest.raises(OperationalError, match="nowhere"):
        migrate(writing, reading, path=old, steps={**STEPS, step: cut_off})
    assert version(old) == 1
    assert (content(old), schema(old)) == (before, rules)
    open_and_close(old.parent)
    assert version(old) == SCHEMA_VERSION


def test_without_room_for_the_copy_nothing_is_changed(old: Path) -> None:
    """The copy is what a person goes back to: it comes first, or nothing comes."""

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    refused = pytest.raises(LedgerError, match=r"v1-backup cannot be written .*No space left.*; free some space")
    with engines(old) as (writing, reading), refused as raised:
        migrate(writing, reading, path=old, copy=partial(copy_beside, fsync=full))
    assert "\n" not in str(raised.value)
    assert version(old) == 1
    assert not [path for path in old.parent.iterdir() if "backup" in path.name or "part" in path.name]
    open_and_close(old.parent)
    assert version(old) == SCHEMA_VERSION


def test_many_programs_may_come_upon_an_old_ledger_at_once(old: Path) -> None:
    """Schedules that start together after an update: one brings it up to date, the others wait for it."""
    ended = list[object]()

    def start() -> None:
        together.wait()
        try:
            with open_ledger(old.parent, now=Clock()) as ledger:
                ended.append(len(ledger.suppression.entries()))
        except LedgerError as error:
            ended.append(error)

    together = threading.Barrier(4)
    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ended == [0] * 4
    assert version(old) == SCHEMA_VERSION


@pytest.fixture
def older_process(old: Path) -> Iterator[sqlite3.Connection]:
    """One of the older version that has the ledger open, and has asked it something."""
    with closing(sqlite3.connect(old, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("SELECT count(*) FROM sheet_row").fetchone()
        yield connection


def test_an_older_program_that_is_at_work_is_not_disturbed(old: Path, older_process: sqlite3.Connection) -> None:
    """An update must not stop a run in the middle: it reads and writes on as before."""
    claim = "UPDATE sheet_row SET state = 'sending', attempts = 1 WHERE number = 8"
    older_process.execute("BEGIN")
    older_process.execute("SELECT * FROM sheet_row").fetchone()
    open_and_close(old.parent)
    assert older_process.execute("SELECT count(*) FROM sheet_row").fetchone() == (11,)
    older_process.execute("COMMIT")
    assert older_process.execute(claim).rowcount == 1
    older_process.execute("UPDATE sheet_row SET state = 'pending' WHERE number = 8")


def test_nothing_is_promised_between_the_copy_and_the_migration(old: Path, older_process: sqlite3.Connection) -> None:
    """A promise that the copy does not know of would be broken by whoever goes back to it."""
    tried = list[str]()
    older_process.execute("PRAGMA busy_timeout=0")

    def copy_then_claim(reading: Engine, path: Path, *, version: int) -> None:
        copy_beside(reading, path, version=version)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            older_process.execute("BEGIN IMMEDIATE")
        tried.append("claim")

    with engines(old) as (writing, reading):
        migrate(writing, reading, path=old, copy=copy_then_claim)
    assert tried == ["claim"]
