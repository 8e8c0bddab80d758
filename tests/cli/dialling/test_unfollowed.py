"""A run that would call people again whose earlier calls nobody has looked up: it says so, and asks."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Desk, StandIn
from tests.cli.test_schedule_follow_up import ENDED, FAST, NO_ANSWER, WISHES_NOT, Days, days, server

__all__ = ["days", "server"]

AGAIN = ("--yes", "--again")
TOLD = "3 people would be called again, and how their earlier call ended was not looked up since (run first)"


@pytest.fixture
def sheet(desk: Desk, days: Days, server: StandIn) -> Path:
    """A sheet whose people were called yesterday; one of them said in that call that they are not to be called."""
    made = desk.sheet(*(f"Ann Lee,{phone},Monday" for phone in (ENDED, WISHES_NOT, NO_ANSWER)))
    assert desk("run", made, "-t", desk.template(FAST), "--yes", "--name", "first").code == 0
    days.next()
    assert len(server.rings()) == 3
    return made


def test_without_an_answer_nobody_is_called(desk: Desk, sheet: Path, server: StandIn) -> None:
    """--yes agrees to calls, not to calling people who may have said no."""
    ended = desk("run", sheet, "-t", "visits.toml", *AGAIN)
    assert ended.code == 2
    assert TOLD in ended.err
    assert "Say --follow-first or --call-unfollowed; nothing was sent" in ended.err
    assert len(server.rings()) == 3


def test_followed_first_who_said_no_is_not_called(desk: Desk, sheet: Path, server: StandIn) -> None:
    """What the question is for."""
    ended = desk("run", sheet, "-t", "visits.toml", *AGAIN, "--follow-first", "--name", "second")
    assert ended.code == 0, ended.err
    assert "run first: 3 calls looked up, 1 asked not to be called again" in ended.err
    assert sorted(server.rings()[3:]) == sorted([ENDED, NO_ANSWER])
    assert [row["_status"] for row in desk.results("second.results.csv")] == ["created", "skipped", "created"]


def test_they_can_be_called_all_the_same(desk: Desk, sheet: Path, server: StandIn) -> None:
    assert desk("run", sheet, "-t", "visits.toml", *AGAIN, "--call-unfollowed").code == 0
    assert len(server.rings()) == 6


@pytest.mark.parametrize(("said", "rings"), [("follow", 5), ("call", 6)])
def test_the_template_can_answer(desk: Desk, sheet: Path, server: StandIn, *, said: str, rings: int) -> None:
    """A run that a timer starts each night has nobody to ask."""
    desk.template(FAST + f'[answers]\nunfollowed = "{said}"\n')
    assert desk("run", sheet, "-t", "visits.toml", *AGAIN).code == 0
    assert len(server.rings()) == rings


def test_calls_that_were_looked_up_raise_no_question(desk: Desk, sheet: Path, server: StandIn) -> None:
    assert desk("follow", "first", "--rate", "1000", "-q").code == 0
    assert desk("run", sheet, "-t", "visits.toml", *AGAIN).code == 0
    assert sorted(server.rings()[3:]) == sorted([ENDED, NO_ANSWER])


@pytest.mark.parametrize(("within", "code"), [("36h", 0), ("20h", 2)])
def test_how_long_ago_is_too_long_is_the_templates(desk: Desk, sheet: Path, *, within: str, code: int) -> None:
    desk.template(f'{FAST}followed_within = "{within}"\n')
    assert desk("run", sheet, "-t", "visits.toml", *AGAIN).code == code


def test_people_who_are_new_are_called_without_a_question(desk: Desk, sheet: Path, server: StandIn) -> None:
    desk.people(4, first=500)
    assert desk("run", sheet, "-t", "visits.toml", "--yes").code == 0
    assert len(server.rings()) == 7


def test_what_cannot_be_looked_up_is_refused(
    desk: Desk, sheet: Path, server: StandIn, *, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked to look first, it must not call people whose calls it could not look up: nobody answers there."""
    monkeypatch.setenv("AICALLER_BASE_URL", "http://127.0.0.1:9")
    ended = desk("run", sheet, "-t", "visits.toml", *AGAIN, "--follow-first")
    assert ended.code == 2
    assert "3 of these people were called before (by run first)" in ended.err
    assert len(server.rings()) == 3


def test_check_says_what_the_run_would_ask(desk: Desk, sheet: Path) -> None:
    found = json.loads(desk("check", sheet, "-t", "visits.toml", "--json").out)
    assert "unfollowed" not in [one["about"] for one in found["undecided"]], "the same words are not said again at all"
    desk.sheet(*(f"Ann Lee,{phone},Friday" for phone in (ENDED, WISHES_NOT, NO_ANSWER)))
    ended = desk("check", sheet, "-t", "visits.toml", "--json")
    [asked] = [one for one in json.loads(ended.out)["undecided"] if one["about"] == "unfollowed"]
    assert ended.code == 1
    assert (asked["count"], asked["flags"]) == (3, ["--follow-first", "--call-unfollowed"])
    told = "3 people called before, and how that call ended was not looked up since: a run asks first"
    assert told in desk("check", sheet, "-t", "visits.toml").out


def test_a_sandbox_run_is_asked_nothing(desk: Desk, days: Days) -> None:
    """What the stand-in inside the program makes up is no wish of anybody."""
    made = desk.people(2)
    assert desk("run", made, "-t", desk.template(FAST), "--sandbox", "--yes").code == 0
    days.next()
    assert desk("run", made, "-t", "visits.toml", "--sandbox", *AGAIN).code == 0
