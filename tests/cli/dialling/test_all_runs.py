"""One picture of a sheet that was run, corrected, rerun and fed in again, whichever run called each row."""

import json

import pytest

from tests.cli.conftest import Desk
from tests.cli.test_follow import FAST, a_day_passes, numbers


@pytest.fixture
def sheet_of_two_runs(desk: Desk) -> Desk:
    """Ada was called by `first`, Bob after his number was corrected by `second`, which left Ada out."""
    answers = numbers("completed", "ENDED_NORMALLY")
    words = ("-t", desk.template(FAST), "--sandbox", "--yes", "--name")
    desk("run", desk.sheet(f"Ada,{answers[0]},Monday", "Bob,12,Monday"), *words, "first")
    a_day_passes(desk)
    desk("follow", "first", "--rate", "1000", "-q")
    desk("run", desk.sheet(f"Ada,{answers[0]},Monday", f"Bob,{answers[1]},Monday"), *words, "second")
    return desk


def test_each_row_shows_its_latest_call_whichever_run_made_it(sheet_of_two_runs: Desk) -> None:
    desk = sheet_of_two_runs
    lines = [json.loads(line) for line in desk("results", "second", "-o", "-", "--all-runs").out.splitlines()]
    assert [line["status"] for line in lines] == ["created", "created"]
    assert lines[0]["call_status"] == "completed"
    first = desk.results("first.results.csv")[0]["_id"]
    assert lines[0]["id"] == first
    assert "first" in lines[0]["error"], "it still says which run that was"


@pytest.mark.parametrize("ending", ["csv", "xlsx", "html"])
def test_every_format_has_that_picture(sheet_of_two_runs: Desk, *, ending: str) -> None:
    desk = sheet_of_two_runs
    ended = desk("results", "second", "-o", f"whole.{ending}", "--all-runs")
    assert ended.code == 0, ended.err
    if ending == "csv":
        assert [row["_outcome"] for row in desk.results("whole.csv")] == ["ended_normally", ""]


def test_without_the_flag_a_run_shows_itself_alone(sheet_of_two_runs: Desk) -> None:
    """Programs read what this run did; nothing of that changes."""
    lines = [json.loads(line) for line in sheet_of_two_runs("results", "second", "-o", "-").out.splitlines()]
    assert [line["status"] for line in lines] == ["skipped", "created"]
