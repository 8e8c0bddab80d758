"""`rehearse`: what it says is counted, what it touches is its own, and what it refuses is what `run` refuses."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Desk, StandIn
from tests.cli.rehearsal.sheets import days, people

MONDAY = datetime(2026, 11, 30, 13, 0, tzinfo=UTC)


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.now = lambda: MONDAY
    return desk


def rehearsed(desk: Desk, *words: str | Path, code: int | None = 0) -> dict[str, Any]:
    ended = desk("rehearse", "sheet.csv", "-t", "visits.toml", "--json", "-q", *words)
    assert code is None or ended.code == code, ended.err
    said: dict[str, Any] = json.loads(ended.out)
    return said


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_days_of_hours_and_retries_are_rehearsed_without_a_key(desk: Desk) -> None:
    """Who has an empty account, or none, can still see what a campaign would be."""
    people(desk, 60)
    days(desk)
    said = rehearsed(desk, code=None)
    assert (said["rows"], said["called_twice"], said["forgotten"], said["pending"]) == (60, [], [], 0)
    assert said["calls"] == said["rows_reached"] + sum(said["retries"].values())
    assert said["retries"]["no_answer"] > 0
    assert said["began"] == "2026-11-30T13:00:00.000Z"
    assert said["first_ring"] >= "2026-11-30T14:00:00.000Z"
    assert said["last_ring"] > said["last_first_call_forecast"] > said["first_ring"]


def test_what_it_says_to_a_person_begins_with_the_promise_and_ends_with_what_was_done(desk: Desk) -> None:
    people(desk, 12)
    days(desk)
    ended = desk("rehearse", "sheet.csv", "-t", "visits.toml", "--fault", "")
    assert ended.code == 0, ended.err
    first, *_, last = ended.out.splitlines()
    assert first == "0 called twice, 0 forgotten, by the stand-in's own record of rings"
    assert "the last phone would ring" in ended.out
    assert last == "nobody was called, and nothing of this is kept"
    assert "12 rows" in ended.err


def test_nothing_is_left_where_nothing_was(desk: Desk) -> None:
    people(desk, 6)
    days(desk)
    before = contents(desk.folder)
    rehearsed(desk, "--fault", "")
    assert contents(desk.folder) == before


def test_the_real_ledger_stays_as_it_is_and_still_decides(desk: Desk, server: StandIn) -> None:
    """Opt-outs and earlier calls leave out whom they leave out of the run; what is rehearsed opts nobody out."""
    people(desk, 30)
    days(desk)
    desk.sheet("Person 1,+13125550100,Monday", name="before.csv")
    assert (
        desk(
            "run", "before.csv", "-t", desk.template(name="other.toml"), "--yes", "--allow-fictitious", "--trust-clock"
        ).code
        == 0
    )
    assert desk("suppress", "add", "+12125550100", "--reason", "asked").code == 0
    before, rung = contents(desk.folder / "home"), server.rings()
    said = rehearsed(desk, "--fault", "")
    assert (said["counts"]["skipped"], said["rows"]) == (2, 28)
    assert said["retries"]
    after = contents(desk.folder / "home")
    # SQLite's index of its log is made anew by every opening.
    assert {path: text for path, text in after.items() if path.suffix != ".db-shm"} == before
    assert server.rings() == rung
    assert desk("suppress", "list").out.count("…") == 1


def test_a_rehearsed_sheet_can_be_run(desk: Desk) -> None:
    """It is no earlier run of the sheet, and none of its rows was called lately."""
    people(desk, 6)
    days(desk, rate=50)
    rehearsed(desk, "--fault", "")
    desk.now = lambda: datetime(2026, 11, 30, 20, 0, tzinfo=UTC)
    ended = desk("run", "sheet.csv", "-t", "visits.toml", "--sandbox", "--yes", "--name", "real")
    assert ended.code == 0, ended.err
    assert [row["_status"] for row in desk.results("real.results.csv")] == ["created"] * 6


def test_a_phone_that_rings_twice_is_counted(desk: Desk) -> None:
    """The count is of rings, not of what the ledger believes: here a box on the way repeats a request."""
    people(desk, 6)
    days(desk)
    said = rehearsed(desk, "--fault", "twice=2-3", code=5)
    assert (said["called_twice"], said["forgotten"]) == ([4], [])


def test_rows_whose_answer_was_lost_before_their_call_wait_for_a_person(desk: Desk) -> None:
    people(desk, 12)
    days(desk)
    said = rehearsed(desk, "--fault", "reset_before=2-4", code=1)
    assert len(said["for_a_person"]) == 2
    assert (said["called_twice"], said["forgotten"]) == ([], [])
    assert said["counts"]["unknown"] == len(said["for_a_person"])


def test_rows_whose_answer_was_lost_after_their_call_are_found(desk: Desk) -> None:
    people(desk, 12)
    days(desk)
    said = rehearsed(desk, "--fault", "reset_after=2-4")
    assert (said["for_a_person"], said["called_twice"], said["rows_reached"]) == ([], [], 12)


def test_a_run_that_would_stop_itself_says_so(desk: Desk) -> None:
    people(desk, 12)
    days(desk)
    said = rehearsed(desk, "--fault", "402=4+", code=None)
    assert said["stopped"]
    assert said["pending"] == 8
    assert said["exit_code"] in (4, 5)
    assert said["forgotten"] == []


def test_the_same_seed_rehearses_the_same_campaign(desk: Desk) -> None:
    people(desk, 30)
    days(desk)
    one, two, other = (rehearsed(desk, "--seed", seed, code=None) for seed in ("7", "7", "8"))
    assert one["retries"] == two["retries"] != other["retries"]
    assert one["counts"] == two["counts"]


@pytest.mark.parametrize(
    ("words", "about"),
    [
        (("none.csv", "-t", "visits.toml"), "none.csv"),
        (("sheet.csv", "-t", "none.toml"), "none.toml"),
        (("sheet.csv", "-t", "visits.toml", "--fault", "burns=1"), "burns"),
        (("sheet.csv", "-t", "visits.toml", "--max-calls", "2"), "--max-calls"),
        (("sheet.csv", "-t", "visits.toml", "--start", "someday"), "--start"),
    ],
)
def test_bad_input_is_refused_in_one_line_as_for_run(desk: Desk, words: tuple[str, ...], about: str) -> None:
    people(desk, 6)
    days(desk)
    ended = desk("rehearse", *words, "-q")
    assert (ended.code, ended.out) == (2, "")
    assert about in ended.err
    assert "Traceback" not in ended.err


def test_a_sheet_that_is_begun_already_is_refused_with_the_way_to_rehearse_it(desk: Desk) -> None:
    people(desk, 6)
    days(desk, rate=50)
    desk.now = lambda: datetime(2026, 11, 30, 20, 0, tzinfo=UTC)
    assert (
        desk("run", "sheet.csv", "-t", "visits.toml", "--sandbox", "--yes", "--limit", "2", "--name", "one").code == 0
    )
    assert rehearsed(desk, "--fault", "")["rows"] == 6
