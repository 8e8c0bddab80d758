"""Whoever was called can be taken out of the ledger: nothing of them is left, and nobody is called twice for it."""

import json
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from campaign.config.database import LedgerPlace
from campaign.ledger.home import scrub
from campaign.ledger.sqlite.engine import LEDGER_FILE
from campaign.ledger.store import open_ledger
from tests.cli.conftest import TEMPLATE, Desk
from tests.cli.dialling.test_rerun import FAST, by_row, corrected, rerun, rings
from tests.cli.test_follow import a_day_passes, numbers
from tests.ledger.backend import ADA, BOB, draft, people
from tests.loading import NEW

MAIL = TEMPLATE.replace("[variables]", 'email = "Mail"\n[variables]') + "[pace]\ncalls_per_second = 1000\n"
HEADER = "Name,Phone,Day,Mail"
PEOPLE = [f"Zebedee{n},+121255501{n:02d},Quinquagesima{n},z{n}@example.org" for n in range(8)]
TRACES = [b"Zebedee", b"55501", b"Quinquagesima", b"@example.org"]


@pytest.fixture
def over(desk: Desk) -> Desk:
    """A run that is over, with refused and corrected rows, invalid and skipped ones; its results file taken away."""
    sheet = desk.sheet(*PEOPLE, "Zebedee9,12,Quinquagesima9,", f"{PEOPLE[0]}", header=HEADER)
    words = ("--sandbox", "--fault", "400_telling=0.5", "--seed", "2", "--yes", "--name", "first")
    assert desk("run", sheet, "-t", desk.template(MAIL), *words).code == 1
    refused = [row["_row"] for row in desk.results("first.results.csv") if row["_status"] == "rejected"]
    assert len(refused) > 1
    changed = corrected(desk, by_row(**{f"r{refused[0]}": {"Name": "Zebedee X", "Phone": "+12125550199"}}))
    rerun(desk, "--rows", refused[0], what=changed)
    return desk


def holding(home: Path) -> list[str]:
    """Where the ledger's own files still say anything of anybody."""
    own = [path for path in home.iterdir() if path.name.startswith(("ledger.db", "run-"))]
    return [f"{path.name}: {trace!r}" for path in own for trace in TRACES if trace in path.read_bytes()]


def test_nothing_of_anybody_is_left_in_the_ledgers_files(over: Desk) -> None:
    """Not in the tables, not in the space that rows leave behind, not in the -wal."""
    assert holding(over.folder / "home")
    ended = over("forget", "first", "--yes")
    assert ended.code == 0
    assert "run first: 10 rows forgotten" in ended.out
    assert holding(over.folder / "home") == []
    with closing(sqlite3.connect(over.folder / "home" / "ledger.db")) as ledger:
        assert ledger.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            ledger.execute("UPDATE event SET why = 'x'")


def test_what_a_killed_load_left_goes_with_the_first_run_that_is_forgotten(over: Desk) -> None:
    """No run shows these people, so nobody would ever ask for them to be taken out."""
    home = over.folder / "home"
    with subprocess.Popen([sys.executable, "-c", ""]) as killed:
        killed.wait(timeout=60)
    with open_ledger(home, now=lambda: datetime.now(UTC)) as ledger:
        left = replace(NEW, belongs_to=f"{socket.gethostname()}:{killed.pid}:0a0b0c0d")
        ledger.drafts.add(ledger.drafts.begin(left, draft()), people(ADA, BOB), wording=str)
    of_loads = "SELECT count(*) FROM sheet_row JOIN run ON run.id = run_id WHERE run.state = 'loading'"
    with closing(sqlite3.connect(home / "ledger.db")) as ledger_file:
        assert ledger_file.execute(of_loads).fetchone() == (2,)
        assert over("forget", "first", "--yes").code == 0
        assert ledger_file.execute(of_loads).fetchone() == (0,)


def test_what_sqlite_leaves_in_the_file_is_wiped(tmp_path: Path) -> None:
    """Not every SQLite overwrites what it deletes: the file is written anew, whichever is installed."""
    path = tmp_path / LEDGER_FILE
    with closing(sqlite3.connect(path)) as ledger:
        ledger.execute("PRAGMA secure_delete=OFF")
        ledger.execute("CREATE TABLE kept (words TEXT)")
        ledger.executemany("INSERT INTO kept VALUES (?)", [(f"Zebedee{n}" * 50,) for n in range(100)])
        ledger.commit()
        ledger.execute("DELETE FROM kept")
        ledger.commit()
    assert b"Zebedee" in path.read_bytes()
    scrub(LedgerPlace(tmp_path))
    assert b"Zebedee" not in path.read_bytes()


def test_what_may_still_hold_them_is_named(over: Desk) -> None:
    told = over("forget", "first", "--yes").err
    assert str(over.folder / "first.results.csv") in told
    assert "sandbox.truth.jsonl" in told


def test_counts_times_and_ids_are_kept(over: Desk) -> None:
    before = json.loads(over("status", "first", "--json").out)["counts"]
    rows = over.results("first.results.csv")
    over("forget", "first", "--yes")
    assert json.loads(over("status", "first", "--json").out)["counts"] == before
    assert over("results", "first", "-o", "after.csv").code == 0
    after = over.results("after.csv")
    for name in ("_row", "_status", "_id", "_attempts", "_submitted_at"):
        assert [row[name] for row in after] == [row[name] for row in rows]
    assert {row[name] for row in after for name in ("Name", "Phone", "Day", "Mail", "_phone")} == {""}
    assert "its people were forgotten on" in over("status", "first", "--why", "2").out


def test_a_forgotten_run_calls_nobody(over: Desk) -> None:
    """Its rejected rows have no number any more."""
    over("forget", "first", "--yes")
    rung = rings(over)
    for verb in ("resume", "rerun"):
        ended = over(verb, "first", "--sandbox", "--yes")
        assert ended.code == 2
        assert "were forgotten on" in ended.err
    assert rings(over) == rung


def test_who_was_called_is_not_called_again_within_the_time(over: Desk) -> None:
    rung = set(rings(over))
    over("forget", "first", "--yes")
    sheet = over.folder / "sheet.csv"
    other = over.template(MAIL.replace("Day", "Mail"), name="other.toml")
    assert "called recently" in over("check", sheet, "-t", other, "--sandbox").out
    assert over("run", sheet, "-t", other, "--sandbox", "--yes", "--name", "second").code == 0
    rows = over.results("second.results.csv")
    assert {row["_phone"] for row in rows if row["_status"] == "created"}.isdisjoint(rung)
    recently = [row for row in rows if "called recently" in row["_error"]]
    assert {row["_phone"] for row in recently} == rung - {"+12125550199"}


def test_the_same_sheet_is_known_again(over: Desk) -> None:
    """Also without the day's grace: the same words to the same number were said."""
    over("forget", "first", "--yes")
    sheet, template = over.folder / "sheet.csv", over.folder / "visits.toml"
    again = over("run", sheet, "-t", template, "--sandbox", "--yes")
    assert again.code == 3
    assert "this sheet was run under this template already, as first" in again.err
    longer = over.sheet(*PEOPLE, "Yolanda,+12125550150,Monday,", header=HEADER, name="longer.csv")
    report = json.loads(over("check", longer, "-t", template, "--sandbox", "--json").out)["compared"]
    assert report["run"] == "first"
    assert len(report["done"]) == len(rings(over)) - 1  # all but the one whose words were corrected
    assert report["new"] == 9 - len(report["done"])


def test_an_unfinished_run_is_refused_and_its_rows_are_never_called_if_it_is_forgotten_all_the_same(desk: Desk) -> None:
    desk("run", desk.people(4), "-t", desk.template(FAST), "--sandbox", "--yes", "--limit", "1", "--name", "first")
    refused = desk("forget", "first", "--yes")
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "3 rows are still to be called" in refused.err
    assert desk("forget", "first", "--yes", "--unfinished").code == 0
    assert json.loads(desk("status", "first", "--json").out)["counts"] == {"created": 1, "skipped": 3}
    assert desk("resume", "first", "--sandbox", "--yes").code == 2
    assert len(rings(desk)) == 1


def test_it_is_asked_before(over: Desk) -> None:
    assert over("forget", "first").code == 2
    assert holding(over.folder / "home")
    assert over("forget", "--yes").code == 2
    assert over("forget", "first", "--older-than", "9d", "--yes").code == 2
    assert over("forget", "--older-than", "soon", "--yes").code == 2


def test_only_runs_that_are_old_enough_are_forgotten(over: Desk) -> None:
    told = over("forget", "--older-than", "90d", "--yes")
    assert (told.code, told.out) == (0, "")
    assert holding(over.folder / "home")
    with closing(sqlite3.connect(over.folder / "home" / "ledger.db")) as ledger:
        ledger.execute("UPDATE attempt SET claimed_at = '2020' || substr(claimed_at, 5)")
        ledger.commit()
    assert "run first: 10 rows forgotten" in over("forget", "--older-than", "90d", "--yes").out
    assert holding(over.folder / "home") == []


def test_what_another_program_keeps_open_is_said(over: Desk) -> None:
    """The people are out of the tables then, and their traces are wiped when it is asked again."""
    with closing(sqlite3.connect(over.folder / "home" / "ledger.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM run").fetchone()
        ended = over("forget", "first", "--yes")
        assert ended.code == 5
        assert "could not be wiped" in ended.err
        reader.execute("COMMIT")
    assert over("forget", "first", "--yes").code == 0
    assert holding(over.folder / "home") == []


def test_what_was_collected_in_the_calls_is_forgotten(desk: Desk) -> None:
    """A recording's address, and what a person said."""
    phone = numbers("completed", "ENDED_NORMALLY")[0]
    desk("run", desk.sheet(f"Ada,{phone},"), "-t", desk.template(FAST), "--sandbox", "--yes", "--name", "first")
    a_day_passes(desk)
    assert desk("follow", "first", "--sandbox", "--rate", "1000").code == 0
    said = "SELECT status, recording_url IS NULL AND result_values IS NULL FROM call_outcome"

    def known() -> list[tuple[str, int]]:
        with closing(sqlite3.connect(desk.folder / "home" / "ledger.db")) as ledger:
            return ledger.execute(said).fetchall()

    assert known() == [("completed", 0)]
    assert desk("forget", "first", "--yes").code == 0
    assert known() == [("completed", 1)]


def test_the_calls_of_a_day_are_counted_though_their_people_were_forgotten(desk: Desk) -> None:
    limits = '[limits]\ncall_again_after = "0s"\ncalls_per_person_per_day = 1\n'
    sheet, template = desk.people(1), desk.template(FAST + limits)
    assert desk("run", sheet, "-t", template, "--sandbox", "--yes", "--name", "first").code == 0
    assert desk("forget", "first", "--yes").code == 0
    words = ("--sandbox", "--yes", "--again", "--no-audit", "--name", "second")
    desk("run", sheet, "-t", template, *words)
    [row] = desk.results("second.results.csv")
    assert (row["_status"], row["_error"]) == ("skipped", "called once within 24 hours (calls_per_person_per_day)")


def test_what_a_killed_writer_left_beside_the_results_is_removed_and_named(over: Desk) -> None:
    """It holds the same people as the results file that it never became."""
    left = over.folder / ".results-abcd1234.tmp"
    left.write_text("Zebedee")
    ended = over("forget", "first", "--yes")
    assert ended.code == 0
    assert f"had left it: {left}" in ended.err
    assert not left.exists()
