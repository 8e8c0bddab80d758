"""Every row can say why: how its number was read, which rule said what, each attempt, and what came of it."""

import json

import pytest

from tests.cli.conftest import TEMPLATE, Desk
from tests.cli.dialling.test_rerun import FAST, begun, by_row, corrected, rerun
from tests.cli.test_follow import a_day_passes, numbers


def told(desk: Desk, row: int | str, *flags: str) -> str:
    ended = desk("status", "first", "--why", str(row), *flags)
    assert ended.code == 0
    return ended.out


def test_a_row_that_was_refused_corrected_and_called_tells_its_story_in_order(desk: Desk) -> None:
    begun(desk, fault="400=1", rows=4)
    rerun(desk, what=corrected(desk, by_row(r3={"Phone": "(212) 555-0177"})))
    story = told(desk, 3)
    parts = ["created: AICaller has accepted", "column 'Phone' says '…0177', read as …0177", "loaded as pending"]
    parts += [
        "attempt 1: claimed",
        "…0101",
        "attempt 1: rejected: 400: Bad Request [status 400]",
        "corrected: 'Phone'",
    ]
    parts += ["until then …0101", "requeued", "attempt 2: claimed", "…0177", "attempt 2: created"]
    places = [story.find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert "+12125550177" in told(desk, 3, "--show-numbers")
    assert "+12125550177" not in story
    as_json = json.loads(told(desk, 3, "--json"))
    assert [one["outcome"] for one in as_json["attempts"]] == ["rejected", "created"]
    assert [one["http_status"] for one in as_json["attempts"]] == [400, 200]
    assert as_json["mended"][0]["columns"] == ["Phone"]
    assert as_json["phone"] == "…0177"


def test_a_row_that_was_never_sent_names_the_rule(desk: Desk) -> None:
    consent = TEMPLATE.replace("[variables]", 'consent = "Day"\n[variables]')
    desk("suppress", "add", "+12125550104", "--reason", "asked")
    sheet = desk.sheet(
        "Ada,+12125550101,yes", "Bob,12,yes", "Cy,+12125550101,yes", "Dee,+12125550103,no", "Eve,+12125550104,yes"
    )
    assert desk("run", sheet, "-t", desk.template(consent), "--sandbox", "--yes", "--name", "first").code == 0
    assert "loaded as invalid: row 3, column 'Phone': '12': an emergency" in told(desk, 3)
    assert "no number: an emergency" in told(desk, 3)
    assert "loaded as skipped: duplicate of row 2" in told(desk, 4)
    assert "consent: column 'Day' says 'no'" in told(desk, 5)
    assert "loaded as skipped: no consent" in told(desk, 5)
    assert "now: on the suppression list since" in told(desk, 6)
    assert "(asked)" in told(desk, 6)


def test_an_unknown_row_shows_its_evidence(desk: Desk) -> None:
    desk(
        "run",
        desk.people(1),
        "-t",
        desk.template(FAST),
        "--sandbox",
        "--fault",
        "reset_after=1",
        "--yes",
        "--no-audit",
        "--name",
        "first",
    )
    story = told(desk, 2)
    assert "unknown: the answer was lost" in story
    assert "[ended " in story
    assert json.loads(told(desk, 2, "--json"))["attempts"][0]["evidence"]["ended"]


def test_a_call_to_the_same_number_by_another_run_is_named(desk: Desk) -> None:
    desk("run", desk.people(1), "-t", desk.template(FAST), "--sandbox", "--yes", "--name", "earlier")
    desk("run", desk.people(1), "-t", desk.template(FAST), "--sandbox", "--yes", "--again", "--name", "first")
    story = told(desk, 2)
    assert "loaded as skipped: called recently" in story
    assert "by run earlier, row 2" in story


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("first", "--why", "99"), "run first has no row 99"),
        (("--why", "2"), "of which run?"),
        (("nosuch", "--why", "2"), "there is no run called 'nosuch'"),
    ],
)
def test_a_row_that_is_not_there_is_refused_in_one_line(desk: Desk, words: tuple[str, ...], message: str) -> None:
    desk("run", desk.people(1), "-t", desk.template(FAST), "--sandbox", "--yes", "--name", "first")
    ended = desk("status", *words)
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert message in ended.err


def test_what_became_of_the_call_is_told(desk: Desk) -> None:
    phone = numbers("noAnswer")[0]
    desk("run", desk.sheet(f"Ada,{phone},"), "-t", desk.template(FAST), "--sandbox", "--yes", "--name", "first")
    a_day_passes(desk)
    assert desk("follow", "first", "--sandbox", "--rate", "1000").code == 0
    assert "attempt 1: the call ended: no_answer [noAnswer" in told(desk, 2)
    [outcome] = json.loads(told(desk, 2, "--json"))["outcomes"]
    assert (outcome["attempt"], outcome["call_status"], outcome["outcome"]) == (1, "noAnswer", "no_answer")


def test_a_row_says_which_words_its_person_was_told(desk: Desk) -> None:
    """Somebody calls back and asks what was said."""
    words = ("-t", desk.template(), "--sandbox", "--yes", "--name", "first", "--rate", "100")
    desk("run", desk.sheet("Ada,+12125550101,Monday at nine", "Bob,+12125550102,Friday"), *words, "--limit", "1")
    assert "  told: day 'Monday at nine'" in told(desk, 2)
    assert "  would be told: day 'Friday'" in told(desk, 3)
    assert json.loads(told(desk, 2, "--json"))["told"] == {"day": "Monday at nine"}
