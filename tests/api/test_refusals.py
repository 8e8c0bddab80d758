"""What is refused before anything is sent, and that the error names the argument that answers it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

import campaign
from tests.cli.conftest import KEY, TEMPLATE, Desk, StandIn

FAST = TEMPLATE + "[pace]\ncalls_per_second = 1000\n"


@pytest.mark.parametrize("said", [{}, {"call_people": False}, {"call_people": True, "sandbox": True}], ids=str)
@pytest.mark.parametrize("act", ["start", "resume", "rerun"])
def test_nobody_is_called_without_a_word(  # noqa: PLR0917 - fixtures, and what differs
    desk: Desk, server: StandIn, act: str, said: dict[str, bool]
) -> None:
    sheet, template = desk.people(3), desk.template(FAST)
    campaign.start(desk.people(2, first=50, name="other.csv"), template, sandbox=True, name="r", limit=1)
    words = (sheet, template) if act == "start" else ("r",)
    with pytest.raises(campaign.UnansweredError) as refused:
        getattr(campaign, act)(*words, **said)
    assert refused.value.argument == "call_people"
    assert [run.name for run in campaign.status()] == ["r"]
    assert server.rings() == []


@pytest.mark.parametrize(
    "said",
    [
        {"call_people": "no"},
        {"call_people": 1},
        {"sandbox": "False"},
        {"repairs": "acept"},
        {"changed": "no"},
        {"limit": 0},
        {"limit": True},
        {"max_calls": -1},
        {"rate": float("nan")},
        {"rate": 0},
        {"same_sheet": "yes"},
        {"allow_fictitious": "no"},
        {"now": lambda: datetime(2026, 1, 1)},  # noqa: DTZ001 - a clock without a zone is what is refused
    ],
    ids=lambda said: next(iter(said)),
)
def test_a_value_that_is_no_answer_is_refused_and_never_guessed(
    desk: Desk, server: StandIn, said: dict[str, Any]
) -> None:
    """`repairs="acept"` is not "skip", and `limit=0` is not without limit."""
    with pytest.raises(campaign.UsageError, match=next(iter(said))):
        campaign.start(desk.people(3), desk.template(FAST), **{"call_people": True, **said})
    assert server.rings() == []
    assert campaign.status() == []


def test_restored_numbers_are_called_only_when_somebody_says_so(desk: Desk, server: StandIn) -> None:
    sheet = desk.sheet("Ada Example,2079460018,Monday", "Bob Example,020 7946 0019,Monday")
    template = desk.template(FAST.replace('region = "US"', 'region = "GB"'))
    checked = campaign.check(sheet, template)
    assert [(one.argument, one.count) for one in checked.questions if one.stops] == [("repairs", 1)]
    assert not checked.is_ready
    refused = unanswered(lambda: campaign.start(sheet, template, call_people=True))
    assert refused.argument == "repairs"
    assert "repairs='accept'" in str(refused)
    assert server.rings() == []
    assert campaign.check(sheet, template, repairs="accept").is_ready
    campaign.start(sheet, template, call_people=True, repairs="skip")
    assert server.rings() == ["+442079460019"]


def test_rows_that_changed_are_called_again_only_when_somebody_says_so(desk: Desk, server: StandIn) -> None:
    template = desk.template(FAST + '[limits]\ncall_again_after = "0s"\n')
    people = [f"Person {i},+1212555010{i},Monday" for i in range(4)]
    campaign.start(desk.sheet(*people), template, call_people=True)
    changed = desk.sheet(people[0].replace("Monday", "Friday"), *people[1:], name="changed.csv")
    refused = unanswered(lambda: campaign.start(changed, template, call_people=True))
    assert refused.argument == "changed"
    campaign.start(changed, template, call_people=True, changed="call")
    assert len(server.rings()) == 5


def test_more_calls_than_the_limit_are_refused_until_it_is_raised(desk: Desk, server: StandIn) -> None:
    sheet, template = desk.people(4), desk.template(FAST + "[limits]\nmax_calls = 3\n")
    assert [one.argument for one in campaign.check(sheet, template).questions] == ["max_calls"]
    refused = unanswered(lambda: campaign.start(sheet, template, call_people=True))
    assert refused.argument == "max_calls"
    assert "(in Python: max_calls=)" in str(refused)
    assert server.rings() == []
    assert campaign.start(sheet, template, call_people=True, max_calls=4).counts.created == 4


def test_a_sheet_that_was_begun_is_neither_resumed_nor_begun_again_unasked(desk: Desk, server: StandIn) -> None:
    sheet, template = desk.people(4), desk.template(FAST)
    campaign.start(sheet, template, call_people=True, name="first", limit=1)
    refused = unanswered(lambda: campaign.start(sheet, template, call_people=True))
    assert refused.argument == "same_sheet"
    assert "first" in str(refused)
    assert len(server.rings()) == 1
    campaign.resume("first", call_people=True)
    with pytest.raises(campaign.UsageError, match=r"is finished.*--again"):
        campaign.start(sheet, template, call_people=True, same_sheet="resume")
    assert len(server.rings()) == 4


def test_a_sheet_that_can_be_read_in_two_ways_is_not_guessed_at(desk: Desk, server: StandIn) -> None:
    sheet = desk.folder / "latin.csv"
    sheet.write_bytes("Name,Phone,Day\nZo\xeb,+12125550101,\n".encode("cp1252"))
    with pytest.raises(campaign.UndecidedError, match=r"reading=Reading\(encoding=...\); one of .*'cp1252'") as refused:
        campaign.start(sheet, desk.template(FAST), call_people=True)
    assert refused.value.choice == "encoding"
    assert [cure.code for cure in refused.value.cures] == ["choose_encoding"]
    assert "--encoding" not in str(refused.value)
    reading = campaign.Reading(encoding="cp1252")
    assert campaign.check(sheet, desk.template(FAST), reading=reading).calls == 1
    assert server.rings() == []


def test_a_wrong_sheet_is_refused_with_its_values_masked(desk: Desk, server: StandIn) -> None:
    """Errors end up in logs."""
    with pytest.raises(campaign.SheetError) as refused:
        campaign.start(desk.sheet("Ada Example,+1 212 555 01,Monday"), desk.template(FAST), call_people=True)
    assert "not one of its 1 rows can be called" in str(refused.value)
    assert [cure.code for cure in refused.value.cures] == ["check_sheet"]
    assert "212 555 01" not in str(refused.value)
    assert server.rings() == []


def test_a_run_on_the_stand_in_is_not_gone_on_with_at_aicaller(desk: Desk, server: StandIn) -> None:
    campaign.start(desk.people(2), desk.template(FAST), sandbox=True, name="drill", limit=1)
    with pytest.raises(campaign.UsageError, match=r"drill.*--sandbox"):
        campaign.resume("drill", call_people=True)
    assert server.rings() == []


def test_a_watch_that_may_call_wants_a_word_as_well(desk: Desk, server: StandIn) -> None:
    campaign.start(desk.people(1), desk.template(FAST), call_people=True, name="first")
    assert unanswered(lambda: campaign.follow("first", watch=True)).argument == "call_people"
    assert len(server.rings()) == 1


def test_a_rerun_of_rows_that_cannot_be_called_again_is_refused(desk: Desk, server: StandIn) -> None:
    campaign.start(desk.people(2), desk.template(FAST), call_people=True, name="first")
    with pytest.raises(campaign.UsageError, match="no row to call again"):
        campaign.rerun("first", call_people=True, rows=[2])
    with pytest.raises(campaign.UsageError, match="a list of texts"):
        campaign.rerun("first", call_people=True, reasons="timeout")
    assert len(server.rings()) == 2


@pytest.mark.usefixtures("server")
def test_no_traceback_shows_the_key(desk: Desk) -> None:
    """Tools that report errors print local values with them."""
    with pytest.raises(campaign.UsageError) as refused:
        campaign.resume("none", call_people=True)
    frame = refused.value.__traceback__
    shown = list[str]()
    while frame is not None:
        if "campaign" in frame.tb_frame.f_code.co_filename:
            shown += [
                repr(value) for name, value in frame.tb_frame.f_locals.items() if "environ" not in repr(type(value))
            ]
        frame = frame.tb_next
    assert len(shown) > 5
    assert KEY not in "".join(shown)
    assert campaign.status() == []
    assert desk.folder.exists()


def unanswered(act: Callable[[], object]) -> campaign.UnansweredError:
    with pytest.raises(campaign.UnansweredError) as refused:
        act()
    return refused.value
