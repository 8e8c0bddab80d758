"""The command line on a ledger in PostgreSQL: what a person sees is what they see on a file."""

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.cli.conftest import Desk, StandIn, stand_in
from tests.postgres_server import (
    OwnSchema,
    own_schema,
    postgres_server,
    set_fsync,
    start_again,
    stop_at_once,
)
from tests.warm import Piped, warm

TEMPLATE = """
[columns]
name = "Name"
phone = "Phone"
[variables]
day = { column = "Day", optional = true }
[phone]
region = "US"
[pace]
calls_per_second = 1000
"""
_LONGEST_SECONDS = 60.0
OWN = {"_id", "_submitted_at"}
"""Columns in which two campaigns differ."""


@pytest.fixture
def schema(durable_postgres: Path) -> Iterator[OwnSchema]:
    with own_schema(durable_postgres) as made:
        yield made


@pytest.fixture
def on_postgres(schema: OwnSchema, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> OwnSchema:  # noqa: ARG001 - clears the environment first
    """Every command's ledger is there."""
    monkeypatch.setenv("CAMPAIGN_DB", schema.url)
    return schema


def started(desk: Desk, *words: str | Path) -> AbstractContextManager[Piped]:
    return warm().piped("campaign.cli.main:main", list(map(str, words)), folder=desk.folder, environment=os.environ)


def has_rung(server: StandIn, *, times: int) -> bool:
    until = time.monotonic() + _LONGEST_SECONDS
    while len(server.rings()) < times and time.monotonic() < until:
        time.sleep(0.005)
    return len(server.rings()) >= times


def told(desk: Desk, sheet: Path, results: str) -> list[object]:
    """A campaign with its verbs: how each ends, and what stands in the results."""
    stand_in = ("--sandbox", "--yes")
    run = ("run", sheet, "-t", desk.template(TEMPLATE), "--name", "visits", "--results", results, *stand_in)
    verbs = (
        ("suppress", "add", "+12125550103", "--reason", "asked"),
        (*run, "--fault", "400=1", "--limit", "2"),
        ("resume", "visits", *stand_in),
        ("status", "visits", "--json"),
        ("rerun", "visits", *stand_in),
        ("follow", "visits", "--sandbox", "--rate", "1000", "--deadline", "1s"),
        ("status", "visits", "--why", "3"),
        ("results", "visits", "-o", f"all-{results}"),
        ("suppress", "list"),
        run,
        ("forget", "visits", "--yes", "--unfinished", "--with-calls-ahead"),
        ("schedule", "add", "later", sheet, "-t", "visits.toml", "--at", "2099-12-01T09:00", "--sandbox"),
        ("schedule", "list"),
        ("status",),
    )
    said: list[object] = [(words[0], desk(*words).code) for words in verbs]
    rows = [{name: said for name, said in row.items() if name not in OWN} for row in desk.results(f"all-{results}")]
    assert {row["_status"] for row in rows} == {"created", "skipped"}
    return [*said, *rows]


def test_a_campaign_on_a_server_is_that_on_a_file(
    desk: Desk, schema: OwnSchema, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who changes the database changes nothing else."""
    sheet, other = desk.people(8), desk.folder / "other"
    on_file = told(desk, sheet, "file.csv")
    monkeypatch.setenv("CAMPAIGN_HOME", str(other))
    monkeypatch.setenv("CAMPAIGN_DB", schema.url)
    assert told(desk, sheet, "server.csv") == on_file
    assert not (other / "ledger.db").exists()


def test_a_killed_run_is_gone_on_with_and_nobody_is_called_twice(
    desk: Desk, on_postgres: OwnSchema, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`kill -9` in the middle: what was on its way is looked up, and never sent again."""
    sheet, template = desk.people(30), desk.template(TEMPLATE)
    with stand_in(desk.folder, latency=0.03) as server:
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        with started(
            desk, "run", sheet, "-t", template, "--name", "visits", "--yes", "--max-in-flight", "4"
        ) as process:
            assert has_rung(server, times=8)
            process.send_signal(signal.SIGKILL)
            process.process.wait(timeout=60)
        # The server notices the end of the process by itself; until then the run is held.
        until = time.monotonic() + _LONGEST_SECONDS
        while (ended := desk("resume", "visits")).code == 75 and time.monotonic() < until:
            time.sleep(0.05)
        assert ended.code in {0, 1}, ended.err
        rung = Counter(server.rings())
    with on_postgres.engine.connect() as connection:
        # Killed between the claim and the first byte: nobody knows, and so nobody is called.
        unknown = connection.exec_driver_sql("SELECT count(*) FROM sheet_row WHERE state = 'unknown'").scalar_one()
    assert set(rung.values()) == {1}
    assert rung.total() + unknown == 30
    assert (unknown > 0) == (ended.code == 1)


@pytest.mark.nightly
def test_a_server_that_dies_in_the_middle_loses_no_ending_and_calls_nobody_twice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What no database can take stands in the journal beside, and is read before anything is sent again."""
    with postgres_server() as folder, stand_in(desk.folder, latency=0.05) as server:
        set_fsync(folder, "on")
        for name, value in {**server.env, "CAMPAIGN_DB": f"postgresql://tester@/postgres?host={folder}"}.items():
            monkeypatch.setenv(name, value)
        words = ("run", desk.people(60), "-t", desk.template(TEMPLATE), "--name", "visits", "--yes")
        with started(desk, *words, "--max-in-flight", "8") as process:
            assert has_rung(server, times=20)
            stop_at_once(folder)
            _, said = process.ended()
        assert process.returncode == 5
        assert "see that the server runs and can be reached from here, then go on" in said
        start_again(folder)
        ended = desk("resume", "visits")
        assert ended.code in {0, 1}, ended.err
        counts = json.loads(desk("status", "visits", "--json").out)["counts"]
        rung = Counter(server.rings())
    assert set(rung.values()) == {1}
    assert rung.total() + counts.get("unknown", 0) >= 60


def test_the_database_is_named_on_the_command_line_too(desk: Desk, schema: OwnSchema) -> None:
    assert "no runs yet" in desk("--db", schema.url, "status").err
    assert desk("--db", schema.url, "suppress", "add", "+12125550101", "--reason", "x").code == 0
    assert "0101" in desk("--db", schema.url, "suppress", "list").out
    assert "0101" not in desk("suppress", "list").out


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://ada:s3cret@db/calls", "begins with mysql://"),
        ("s3cret", "is no URL"),
        ("postgresql://ada:s3cret@db.example/calls", "can be read by every user of this machine"),
        ("postgresql://db.example/calls?password=s3cret", "can be read by every user of this machine"),
        ("postgresql://db.example:many/calls", "has a port that is none"),
        ("postgresql://ada@127.0.0.1:1/calls", "cannot be reached"),
        ("postgresql:///calls?host=/nowhere&s3cret=1", "is no address that PostgreSQL knows"),
    ],
)
def test_a_url_that_will_not_do_is_one_line_without_a_secret(desk: Desk, url: str, says: str) -> None:
    ended = desk("--db", url, "status")
    assert ended.code in {2, 5}
    assert says in ended.err
    assert ended.err.count("\n") == 1
    assert "s3cret" not in ended.err


def test_a_copy_that_is_gone_on_with_is_the_one_that_was_named(desk: Desk, schema: OwnSchema) -> None:
    """The answer must not go to the ledger of the environment."""
    assert desk("--db", schema.url, "status").code == 0
    with schema.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO home VALUES (1, 'x', 'another server', 'there', '2026') "
                                   "ON CONFLICT (id) DO UPDATE SET file = 'another server'")  # fmt: skip
    assert desk("--db", schema.url, "suppress", "add", "+12125550101", "--reason", "x").code == 2
    assert desk("--go-on-here", "--db", schema.url, "status").code == 0
    assert desk("--db", schema.url, "suppress", "add", "+12125550101", "--reason", "x").code == 0


def test_forgetting_says_what_only_the_operator_can_wipe(desk: Desk, on_postgres: OwnSchema) -> None:
    """The write-ahead log, standbys and dumps hold who was erased, and no program of ours can reach them."""
    sheet, template = desk.people(2), desk.template(TEMPLATE)
    assert desk("run", sheet, "-t", template, "--name", "visits", "--yes", "--sandbox").code == 0
    ended = desk("forget", "visits", "--yes")
    assert ended.code == 0
    assert "for the database's operator: the write-ahead log, standbys, dumps and backups" in ended.err
    with on_postgres.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sheet_row WHERE phone LIKE '+%%'").scalar() == 0


def test_a_rehearsal_knows_whom_the_real_ledger_knows_and_changes_nothing_there(
    desk: Desk, on_postgres: OwnSchema
) -> None:
    sheet, template = desk.people(3), desk.template(TEMPLATE)
    assert desk("suppress", "add", "+12125550101", "--reason", "asked").code == 0
    ended = desk("rehearse", sheet, "-t", template, "--allow-fictitious", "--fault", "400=0")
    assert ended.code == 0, ended.err
    assert "suppression" in (ended.out + ended.err)
    with on_postgres.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM run").scalar() == 0
