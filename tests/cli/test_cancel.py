"""`cancel` ends what is still to be called, for good, and says what it cannot end."""

import json

import pytest

from tests.cli.conftest import Desk, stand_in
from tests.cli.test_calls_ahead import staggered
from tests.cli.test_follow import FAST, followed, people

__all__ = ["followed", "people"]


@pytest.fixture
def begun(desk: Desk) -> Desk:
    """Run `a`: one of three people is called."""
    words = ("--sandbox", "--yes", "--limit", "1", "--name", "a", "--results", "a.csv")
    assert desk("run", desk.people(3), "-t", desk.template(FAST), *words).code == 0
    return desk


def rings(desk: Desk) -> int:
    return len((desk.folder / "home" / "sandbox.truth.jsonl").read_text("utf-8").splitlines())


def test_nobody_of_a_cancelled_run_is_called_any_more_and_each_row_says_why(begun: Desk) -> None:
    ended = begun("cancel", "a", "--reason", "the clinic is closed", "--yes")
    assert ended.code == 0, ended.err
    assert ended.out == "run a is cancelled: 1 created, 2 skipped\n"
    refused = begun("resume", "a", "--sandbox")
    assert refused.code == 2
    assert "run a was cancelled; nothing was sent" in refused.err
    for words in (["run", "sheet.csv", "-t", "visits.toml", "--yes"], ["rerun", "a", "--yes"]):
        begun(*words, "--sandbox")
    assert rings(begun) == 1
    begun("results", "a", "-o", "b.csv")
    rows = begun.results("b.csv")
    assert [row["_status"] for row in rows] == ["created", "skipped", "skipped"]
    assert {row["_error"] for row in rows[1:]} == {"the run was cancelled (the clinic is closed)"}
    assert "skipped: 2 the run was cancelled (the clinic is closed)" in begun("status", "a").out


def test_no_rejected_row_of_a_cancelled_run_is_called_again(desk: Desk) -> None:
    """Its end is the end of reruns and call-backs, too."""
    words = ("--sandbox", "--yes", "--limit", "2", "--name", "a", "--no-audit", "--fault", "400=1")
    desk("run", desk.people(3), "-t", desk.template(FAST), *words)
    assert desk("cancel", "a", "--reason", "x", "--yes").code == 0
    refused = desk("rerun", "a", "--sandbox", "--yes")
    assert refused.code == 2
    assert "run a was cancelled" in refused.err


def test_people_of_a_cancelled_run_may_be_called_by_another_one(begun: Desk) -> None:
    begun("cancel", "a", "--reason", "wrong day", "--yes")
    words = ("--sandbox", "--yes", "--again", "--name", "b")
    assert begun("run", "sheet.csv", "-t", "visits.toml", *words).code == 0
    assert rings(begun) == 3


def test_without_an_agreement_or_a_reason_nothing_is_cancelled(begun: Desk) -> None:
    ended = begun("cancel", "a", "--reason", "x")
    assert ended.code == 2
    assert "Cancel 2 rows of run a? No command calls them after that." in ended.err
    assert "nothing was cancelled" in ended.err
    for reason in ("", "  ", "two\nlines", "x" * 201):
        assert begun("cancel", "a", "--reason", reason, "--yes").code == 2
    assert json.loads(begun("status", "a", "--json").out)["counts"]["pending"] == 2


def test_a_run_without_waiting_rows_has_nothing_to_cancel(begun: Desk) -> None:
    begun("resume", "a", "--sandbox")
    ended = begun("cancel", "a", "--reason", "x", "--yes")
    assert ended.code == 2
    assert "run a has no row that is still to be called: there is nothing to cancel" in ended.err
    assert begun("cancel", "nobody", "--reason", "x", "--yes").code == 2


def test_calls_that_aicaller_has_already_are_named_since_they_ring_all_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stand_in(desk.folder) as server:
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        assert staggered(desk, "--limit", "1", people=3).code == 0
        ended = desk("cancel", "visits", "--reason", "x", "--yes")
    assert ended.code == 0, ended.err
    assert "1 call at AICaller already, which nothing here can take back:" in ended.err
    assert "row 2 of run visits rings at 20" in ended.err


def test_the_json_has_the_counts_and_the_calls_ahead(begun: Desk) -> None:
    told = json.loads(begun("cancel", "a", "--reason", "x", "--yes", "--json").out)
    assert told["run"] == "a"
    assert told["counts"]["skipped"] == 2
    assert told["ahead"] == 0


def test_call_backs_can_be_ended_where_no_row_waits(followed: Desk) -> None:
    """Everybody was called, and the clinic closes: who did not answer would be called back in the evening."""
    ended = followed("cancel", "first", "--reason", "the clinic is closed")
    assert "Cancel 1 call-back of run first? No command calls them after that." in ended.err
    before = rings(followed)
    ended = followed("cancel", "first", "--reason", "the clinic is closed", "--yes")
    assert ended.code == 0, ended.err
    assert "1 called row will not be called back" in ended.err
    for words in (["resume", "first"], ["rerun", "first", "--outcome", "no_answer"]):
        refused = followed(*words, "--sandbox", "--yes")
        assert refused.code == 2
        assert "run first was cancelled" in refused.err
    assert followed("follow", "first", "--watch", "--deadline", "2s", "-q").code == 0
    assert rings(followed) == before
    why = followed("status", "first", "--why", "3").out
    assert "its run was cancelled: nobody of it is called, or called back, any more (the clinic is closed)" in why
    assert followed("cancel", "first", "--reason", "again", "--yes").code == 2


def test_who_waits_in_another_run_as_well_is_said(desk: Desk) -> None:
    """Who cancels a run to keep people from being called would think that nobody calls them."""
    desk.people(4)
    words = ("--sandbox", "--yes", "--limit", "1")
    assert desk("run", "sheet.csv", "-t", desk.template(FAST), *words, "--name", "a").code == 0
    desk.people(3, first=2)
    assert desk("run", "sheet.csv", "-t", "visits.toml", *words, "--name", "b", "--again").code == 0
    ended = desk("cancel", "a", "--reason", "x", "--yes")
    assert ended.code == 0
    told = "run b has 1 of these people waiting as well, and calls them: campaign cancel b ends that"
    assert told in ended.err
