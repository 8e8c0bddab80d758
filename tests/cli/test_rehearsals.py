"""What a rehearsal makes up keeps nobody from a real call; the list of real opt-outs guards rehearsals all the same."""

import sqlite3
from contextlib import closing

import pytest

from tests.cli.conftest import Desk, StandIn
from tests.cli.test_follow import FAST, a_day_passes, numbers

[WISHES_NOT] = numbers("completed", "DO_NOT_CALL")[:1]
"""At the stand-in this person asks not to be called."""


@pytest.fixture
def rehearsed(desk: Desk) -> Desk:
    """A sheet of one, rehearsed and followed: the stand-in made up that they asked not to be called."""
    sheet = desk.sheet(f"Ann Lee,{WISHES_NOT},Monday")
    assert desk("run", sheet, "-t", desk.template(FAST), "--sandbox", "--yes", "--name", "rehearsal").code == 0
    a_day_passes(desk)
    assert desk("follow", "rehearsal", "--sandbox", "--rate", "1000").code == 0
    return desk


def statuses(desk: Desk, name: str) -> list[str]:
    return [row["_status"] for row in desk.results(f"{name}.results.csv")]


def as_it_was_once(desk: Desk) -> None:
    """The entry holds everywhere, as older versions wrote it."""
    with closing(sqlite3.connect(desk.folder / "home" / "ledger.db")) as ledger:
        ledger.execute("DROP TRIGGER suppression_only_removed")
        ledger.execute("UPDATE suppression SET service = ''")
        ledger.commit()


def test_a_wish_that_a_rehearsal_made_up_is_shown_and_is_on_no_real_list(rehearsed: Desk) -> None:
    assert rehearsed("suppress", "check", WISHES_NOT).code == 1
    listed = rehearsed("suppress", "list").out
    assert f"…{WISHES_NOT[-4:]}  asked not to be called" in listed
    assert "only at the sandbox" in listed


def test_a_person_of_the_rehearsal_is_called_at_another_service(rehearsed: Desk, server: StandIn) -> None:
    ended = rehearsed("run", "sheet.csv", "-t", "visits.toml", "--yes", "--name", "real")
    assert ended.code == 0, ended.err
    assert server.rings() == [WISHES_NOT]


def test_the_rehearsal_itself_goes_on_as_a_real_run_would(rehearsed: Desk) -> None:
    ended = rehearsed("run", "sheet.csv", "-t", "visits.toml", "--sandbox", "--yes", "--again", "--name", "twice")
    assert ended.code == 0
    assert statuses(rehearsed, "twice") == ["skipped"]


def test_the_list_of_real_wishes_guards_rehearsals(desk: Desk) -> None:
    """A rehearsal that calls whom the run leaves out rehearses another run."""
    assert desk("suppress", "add", "+12125550101", "--reason", "asked").code == 0
    sheet = desk.sheet("Ann Lee,+12125550101,Monday")
    assert desk("run", sheet, "-t", desk.template(FAST), "--sandbox", "--yes", "--name", "rehearsal").code == 0
    assert statuses(desk, "rehearsal") == ["skipped"]


def test_a_real_wish_is_added_beside_one_that_was_made_up(rehearsed: Desk) -> None:
    added = rehearsed("suppress", "add", WISHES_NOT, "--reason", "asked")
    assert "on the suppression list now" in added.out
    assert rehearsed("suppress", "check", WISHES_NOT).code == 0


def test_entries_that_older_versions_took_over_from_a_sandbox_are_found_and_offered_for_removal(
    rehearsed: Desk,
) -> None:
    as_it_was_once(rehearsed)
    rehearsed("suppress", "add", "+12125550101", "--reason", "asked")
    assert rehearsed("suppress", "check", WISHES_NOT).code == 0
    shown = rehearsed("suppress", "list")
    assert "of 1 number only calls to a stand-in said that they are not to be called" in shown.err
    assert "campaign suppress remove --rehearsed --reason TEXT" in shown.err
    removed = rehearsed("suppress", "remove", "--rehearsed", "--reason", "made up")
    assert removed.out == "1 number of calls to a stand-in: off the suppression list now\n"
    assert rehearsed("suppress", "check", WISHES_NOT).code == 1
    assert rehearsed("suppress", "check", "+12125550101").code == 0
    assert "stand-in" not in rehearsed("suppress", "list").err


def test_a_real_wish_takes_the_place_of_an_entry_that_an_older_version_took_over(rehearsed: Desk) -> None:
    """Else it would go with those that were made up, as if nobody had ever asked."""
    as_it_was_once(rehearsed)
    assert rehearsed("suppress", "add", WISHES_NOT, "--reason", "on the phone").code == 0
    assert "stand-in" not in rehearsed("suppress", "list").err
    rehearsed("suppress", "remove", "--rehearsed", "--reason", "made up")
    assert rehearsed("suppress", "check", WISHES_NOT).code == 0


@pytest.mark.parametrize("shown", ["…0101", "...0101", "*0101"])
def test_an_entry_is_taken_off_as_the_list_shows_it_where_only_one_ends_so(desk: Desk, shown: str) -> None:
    desk("suppress", "add", "+12125550101", "+12125550102", "--reason", "asked")
    assert desk("suppress", "remove", shown, "--reason", "asked to be called again").out.startswith("…0101: off")
    assert desk("suppress", "check", "+12125550101").code == 1
    assert desk("suppress", "check", "+12125550102").code == 0


def test_an_entry_that_is_shown_like_another_one_is_not_taken_off(desk: Desk) -> None:
    desk("suppress", "add", "+12125550101", "+13125550101", "--reason", "asked")
    ended = desk("suppress", "remove", "…0101", "--reason", "mistake")
    assert ended.code == 2
    assert "2 entries of the suppression list end in 0101; give the whole number" in ended.err
    assert desk("suppress", "check", "+12125550101").code == desk("suppress", "check", "+13125550101").code == 0
    assert desk("suppress", "remove", "…9999", "--reason", "mistake").code == 2


def test_one_number_or_all_that_was_rehearsed_and_not_both(desk: Desk) -> None:
    assert desk("suppress", "remove", "--reason", "x").code == 2
    assert desk("suppress", "remove", "+12125550101", "--rehearsed", "--reason", "x").code == 2
