"""Runs on several machines: nobody is called twice and nobody is forgotten, whatever becomes of one of them."""

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.scale.rack import Rack, rack

IN_FLIGHT = 12
ROWS = 300


@pytest.fixture
def made(tmp_path: Path, postgres: Path) -> Iterator[Rack]:
    with rack(tmp_path, postgres) as made:
        yield made


@pytest.fixture
def dialling(made: Rack) -> dict[str, subprocess.Popen[bytes]]:
    """Two workers, and a run of which one of them has made some calls."""
    workers = {name: made.worker(name) for name in ("rack-1", "rack-2")}
    made.start("office", "run", made.sheet(ROWS), "-t", made.template(), "--yes", "--name", "visits", "--detach")
    made.until(lambda: len(made.rings()) >= 60)
    return workers


def assert_all_were_called_once(made: Rack, *, most_in_doubt: int) -> None:
    made.until(
        lambda: not {"pending", "sending", "retry_wait"} & {state for state, rows in made.states().items() if rows}
    )
    rings, states = made.rings(), made.states()
    assert len(rings) == len(set(rings)), "called twice"
    doubt = states.get("unknown", 0)
    assert doubt <= most_in_doubt
    assert states.get("created", 0) + doubt == ROWS, states
    assert len(rings) >= ROWS - doubt, "said to be called, and was not"


def test_a_terminal_hands_its_run_to_a_worker_and_watches_it(made: Rack) -> None:
    made.worker("rack-1")
    office = made.start("office", "run", made.sheet(8), "-t", made.template(rate=100), "--yes", "--name", "visits")
    assert office.wait(60) == 0, made.said("office")
    assert "a worker dials it (on duty: rack-1)" in made.said("office")
    assert len(set(made.rings())) == len(made.rings()) == 8
    assert made.dials() == "rack-1"
    made.start("office", "status").wait(60)
    assert "worker rack-1: on duty since" in made.said("office")


@pytest.mark.nightly
def test_a_worker_that_is_killed_is_followed_by_another(
    made: Rack, dialling: dict[str, subprocess.Popen[bytes]]
) -> None:
    dialling[made.dials()].kill()
    assert_all_were_called_once(made, most_in_doubt=IN_FLIGHT)


@pytest.mark.nightly
def test_a_worker_that_is_stopped_and_goes_on_later_calls_nobody_again(
    made: Rack, dialling: dict[str, subprocess.Popen[bytes]]
) -> None:
    stopped = made.dials()
    dialling[stopped].send_signal(signal.SIGSTOP)
    made.until(lambda: made.dials() != stopped)
    dialling[stopped].send_signal(signal.SIGCONT)
    assert_all_were_called_once(made, most_in_doubt=IN_FLIGHT)
    made.until(lambda: made.said(stopped).count("on duty") == 2)


@pytest.mark.nightly
def test_a_worker_that_is_taken_for_dead_while_it_lives_calls_nobody_again(
    made: Rack, dialling: dict[str, subprocess.Popen[bytes]]
) -> None:
    with psycopg.connect(made.schema.url) as connection:
        connection.execute("UPDATE worker SET ended_at = seen_at, ended_by = 'a false alarm' WHERE ended_at IS NULL")
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'campaign %'"
            " AND pid <> pg_backend_pid()"
        )
    assert_all_were_called_once(made, most_in_doubt=IN_FLIGHT)
    assert all(process.poll() is None for process in dialling.values())


@pytest.mark.parametrize(
    "seconds", [pytest.param(3, marks=pytest.mark.nightly), pytest.param(50, marks=pytest.mark.soak)]
)
def test_an_outage_of_the_server_is_waited_for(
    made: Rack, dialling: dict[str, subprocess.Popen[bytes]], postgres: Path, *, seconds: int
) -> None:
    """The engine itself ends after some; the worker begins it anew."""
    with psycopg.connect(f"postgresql://tester@/template1?host={postgres}", autocommit=True) as elsewhere:
        elsewhere.execute("ALTER DATABASE postgres ALLOW_CONNECTIONS false")
        try:
            elsewhere.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'postgres'")
            time.sleep(seconds)
        finally:
            elsewhere.execute("ALTER DATABASE postgres ALLOW_CONNECTIONS true")
            made.schema.engine.dispose()
    assert_all_were_called_once(made, most_in_doubt=IN_FLIGHT)
    assert all(process.poll() is None for process in dialling.values())


@pytest.mark.nightly
def test_a_stop_from_anywhere_reaches_the_worker(made: Rack) -> None:
    made.worker("rack-1")
    made.start("office", "run", made.sheet(ROWS), "-t", made.template(rate=5), "--yes", "--name", "visits", "--detach")
    made.until(lambda: len(made.rings()) >= 5)
    assert made.start("office", "stop", "visits").wait(60) == 0
    made.until(lambda: "has stopped it" in made.said("rack-1"))
    rang = len(made.rings())
    assert made.states()["pending"] == ROWS - rang
    time.sleep(3)
    assert len(made.rings()) == rang


@pytest.mark.nightly
def test_one_number_in_two_runs_on_two_workers_is_called_once(made: Rack) -> None:
    for name in ("rack-1", "rack-2"):
        made.worker(name)
    for name in ("a", "b"):
        sheet = made.sheet(100, name=name)
        words = ("-t", made.template(rate=200), "--yes", "--name", name, "--detach", "--again")
        made.start(f"office-{name}", "run", sheet, *words)
    made.until(lambda: len(made.ask("SELECT 1 FROM run WHERE state = 'ready'")) == 2)
    made.until(
        lambda: "pending" not in {state for state, rows in made.states().items() if rows} and len(made.rings()) >= 100
    )
    assert len(made.rings()) == len(set(made.rings())) == 100


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"AICALLER_API_KEY": "sk-another"}, "has another key of the same account"),
        ({"AICALLER_TEAM_ID": ""}, "AICALLER_TEAM_ID is not set"),
        ({"CAMPAIGN_DB": "", "CAMPAIGN_HOME": "elsewhere"}, "a worker needs a ledger in PostgreSQL"),
    ],
    ids=["another key", "no team", "a file"],
)
@pytest.mark.nightly
def test_who_cannot_be_a_worker_is_told_in_one_line(made: Rack, change: dict[str, str], said: str) -> None:
    made.worker("rack-1")
    odd = made.start("rack-2", "worker", "--name", "rack-2", **change)
    assert odd.wait(60) in (2, 5)
    lines = [line for line in made.said("rack-2").splitlines() if line]
    assert len(lines) == 1
    assert said in lines[0]
