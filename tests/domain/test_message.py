"""A message holds facts, settings and cures: the facts alone read well wherever no front words the rest."""

import re
from functools import partial

import pytest

from campaign.domain.cures import Cure, CureCode, Message, Setting
from campaign.domain.cures.runs import resume_run
from campaign.domain.cures.sheets import choose_encoding, leave_out, write_in_full
from campaign.domain.errors import AuditError, SheetError, UndecidedError, UsageError
from campaign.domain.model import Invalid, Problem

ADD = Cure(CureCode.REHEARSE)


@pytest.mark.parametrize(
    ("message", "facts"),
    [
        (Message.of("there is no run"), "there is no run"),
        (Message.of("there is no run", ADD), "there is no run"),
        (Message.of("say when: ", ADD), "say when"),
        (Message.of("in which time zone? ", ADD), "in which time zone?"),
        (Message.of(Setting.HEADER_ROW, " 9 is none"), "header row 9 is none"),
        (
            Message.of("the first: ", Message.of("row 3 is bad", ADD), "; correct it"),
            "the first: row 3 is bad; correct it",
        ),
    ],
)
def test_the_facts_alone_are_a_sentence(message: Message, facts: str) -> None:
    assert str(message) == facts


def test_an_error_says_what_it_is_about_and_what_can_be_done() -> None:
    """A page marks the field, and shows a button for each cure."""
    error = UsageError(Setting.FAULT, " is for the stand-in", cure=(ADD, resume_run("may")))
    assert str(error) == "fault is for the stand-in"
    assert (error.setting, error.cures) == (Setting.FAULT, (ADD, resume_run("may")))


def test_every_kind_of_error_takes_a_cure() -> None:
    """Those with values of their own must not lose it."""
    asked = UndecidedError("it holds 2 sheets", choice="sheet", options=[("A", "")], cure=ADD)
    refused = AuditError("not known", refused=True, cure=ADD)
    assert (str(asked), asked.cures, str(refused), refused.cures) == ("it holds 2 sheets", (ADD,), "not known", (ADD,))


def test_an_error_that_is_told_in_another_keeps_its_cures() -> None:
    inner = SheetError("only hidden sheets hold anything", cure=ADD)
    outer = SheetError("sheet a.xlsx: ", inner.message)
    assert (str(outer), outer.cures) == ("sheet a.xlsx: only hidden sheets hold anything", (ADD,))


def test_problems_of_one_row_are_one_message() -> None:
    problems = (Problem(2, "Phone", "12", "too short", ADD), Problem(2, "Day", "", "blank", "fill it in"))
    message = Invalid(problems).message
    assert str(message) == "row 2, column 'Phone': '12': too short | row 2, column 'Day': blank; fill it in"
    assert message.cures == (ADD,)


def test_cures_that_differ_in_a_number_alone_are_one_when_it_is_masked() -> None:
    """A thousand restored numbers are one group of problems, not a thousand."""
    first, second = write_in_full(phone="+14155550132"), write_in_full(phone="+14155550133")
    assert first != second
    digits = partial(re.compile(r"\+?\d{3,}").sub, "…")
    assert first.masked(digits) == second.masked(digits) == write_in_full(phone="…")


def test_a_message_is_masked_in_its_facts_and_its_cures_and_says_the_same() -> None:
    """What a sheet holds stands in both, and errors end up in logs."""
    said = Message.of(
        "row 3: Ann; ", Setting.NAME, " is Ann", choose_encoding([("cp1252", "Ann")]), leave_out(Setting.NAME)
    )
    hidden = said.masked(lambda text: text.replace("Ann", "•"))
    assert hidden == Message.of(
        "row 3: •; ", Setting.NAME, " is •", choose_encoding([("cp1252", "•")]), leave_out(Setting.NAME)
    )
