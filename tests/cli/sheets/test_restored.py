"""A number that was restored is called only after a person has seen it before and after."""

import json
from collections.abc import Callable

import pytest

from tests.cli.conftest import TEMPLATE, Desk, StandIn
from tests.cli.sheets.test_choosing import Terminal

BRITISH = TEMPLATE.replace('region = "US"', 'region = "GB"')


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Somebody sits at the terminal, and types these lines."""
    return lambda *lines: monkeypatch.setattr("sys.stdin", Terminal("".join(f"{line}\n" for line in lines)))


def test_a_lost_zero_is_shown_and_not_called_without_a_word(desk: Desk, server: StandIn) -> None:
    """Also not with --yes: the 0 may have been another digit."""
    sheet, template = desk.sheet("Ada Example,2079460018,Monday"), desk.template(BRITISH)
    report = json.loads(desk("check", sheet, "-t", template, "--json").out)
    assert report["noted"]["repaired"] == 1
    ended = desk("run", sheet, "-t", template, "--yes")
    assert ended.code == 2
    assert "'2079460018': called as +442079460018: the 0 before it is missing" in ended.err
    assert "--accept-repairs" in ended.err
    assert server.rings() == []
    assert desk("run", sheet, "-t", template, "--yes", "--accept-repairs").code == 0
    assert server.rings() == ["+442079460018"]


RESTORED = ("Ada Example,2079460018,Monday", "Bob Example,020 7946 0019,Monday")


def test_rows_of_restored_numbers_can_be_left_out_and_the_others_are_called(desk: Desk, server: StandIn) -> None:
    """One number in doubt must not keep a thousand people waiting."""
    sheet, template = desk.sheet(*RESTORED), desk.template(BRITISH)
    ended = desk("run", sheet, "-t", template, "--yes", "--skip-repairs", "--results", "made.csv")
    assert (ended.code, server.rings()) == (0, ["+442079460019"])
    ada, bob = desk.results("made.csv")
    assert (ada["_status"], bob["_status"]) == ("invalid", "created")
    assert "the 0 before it is missing; read as +442079460018; write it in full" in ada["_error"]


def test_the_question_offers_to_leave_them_out(desk: Desk, server: StandIn, answer: Callable[..., None]) -> None:
    """The right number further down is no duplicate of one that is not called."""
    sheet, template = desk.sheet(*RESTORED, "Ada Example,+442079460018,Monday"), desk.template(BRITISH)
    answer("stop")
    ended = desk("run", sheet, "-t", template)
    assert (ended.code, server.rings()) == (2, [])
    assert "Call them so, skip their rows, or stop?" in ended.err
    answer("skip", "y")
    ended = desk("run", sheet, "-t", template, "--rate", "1000")
    assert (ended.code, server.rings()) == (0, ["+442079460019", "+442079460018"])
    assert ended.err.count("Call them so, skip their rows, or stop?") == 1


def test_they_can_be_called_so_by_an_answer(desk: Desk, server: StandIn, answer: Callable[..., None]) -> None:
    answer("call", "y")
    assert desk("run", desk.sheet(*RESTORED), "-t", desk.template(BRITISH), "--rate", "1000").code == 0
    assert len(server.rings()) == 2


def test_check_says_that_a_run_would_ask_and_which_flag_answers(desk: Desk) -> None:
    """Whoever starts runs unattended must hear of it before."""
    sheet, template = desk.sheet(*RESTORED), desk.template(BRITISH)
    told = "1 number would be called as restored: a run asks first, and with --yes it refuses; say --accept-repairs"
    ended = desk("check", sheet, "-t", template)
    assert (ended.code, told in ended.out) == (1, True)
    for flag, code, to_call in (("--accept-repairs", 0, 2), ("--skip-repairs", 1, 1)):
        ended = desk("check", sheet, "-t", template, flag, "--json")
        report = json.loads(ended.out)
        assert (ended.code, report["to_call"]) == (code, to_call)
        assert "repairs" not in {one["about"] for one in report["undecided"]}
    dry = desk("run", sheet, "-t", template, "--dry-run", "--sandbox", "--skip-repairs")
    assert [json.loads(line)["row"] for line in dry.out.splitlines()] == [3]
