"""What a sheet leaves open is asked at a terminal, refused without one, and said by flags to each verb."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from campaign.cli.declarations.verbs import check
from campaign.cli.options.flags import ReadingFlags, built
from campaign.cli.options.verbs import CheckOptions
from campaign.cli.read_choices import as_flags, choices_from, with_choices
from campaign.domain.errors import UndecidedError, UsageError
from campaign.intake.files.read_options import Choices, chosen
from campaign.presentation.cures.choice_words import ABOUT_CHOICES, CHOICE_QUESTIONS
from tests.cli.conftest import Desk

TITLED = ("Name,Phone,Day", "Ada Example,+12125550101,Monday", "Bo Example,+12125550102,Tuesday")
SAID = ReadingFlags(
    sheet_name=None,
    header_row=None,
    no_header=False,
    encoding=None,
    delimiter=None,
    include_hidden=False,
    skip_hidden=False,
    extra_field=None,
)
VERBS = [("check",), ("run", "--sandbox", "--yes"), ("run", "--sandbox", "--dry-run")]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Somebody sits at the terminal, and types these lines."""
    return lambda *lines: monkeypatch.setattr("sys.stdin", Terminal("".join(f"{line}\n" for line in lines)))


def titled(desk: Desk) -> Path:
    return desk.sheet(*TITLED, header="Visits of December,,")


@pytest.mark.parametrize("verb", VERBS)
def test_without_a_terminal_the_question_is_the_error(desk: Desk, verb: tuple[str, ...]) -> None:
    ended = desk(*verb, titled(desk), "-t", desk.template())
    assert ended.code == 2
    assert len(ended.err.strip().splitlines()) == 1
    assert "--header-row 2" in ended.err
    assert ended.out == ""


def test_every_choice_of_a_sheet_is_explained() -> None:
    asked = set(Choices.__slots__) - {"one_column", "usual_extra_field"}
    assert asked == ABOUT_CHOICES.keys() == CHOICE_QUESTIONS.keys()


def test_a_question_mark_explains_and_what_is_no_place_is_asked_again(desk: Desk, answer: Callable[..., None]) -> None:
    answer("?", "7", "two", "1")
    ended = desk("check", titled(desk), "-t", desk.template())
    assert ended.code == 0, ended
    assert "what is above it is no person, and is not called" in ended.err
    assert "'7' is none of them; type a number from 1 to" in ended.err
    assert "'two' is none of them" in ended.err


@pytest.mark.parametrize("verb", VERBS)
def test_a_flag_answers_it(desk: Desk, verb: tuple[str, ...]) -> None:
    ended = desk(*verb, titled(desk), "-t", desk.template(), "--header-row", "2")
    assert ended.code == 0, ended
    assert "2 to call" in ended.out + ended.err or "2 requests" in ended.err


@pytest.mark.parametrize("verb", VERBS)
def test_a_person_answers_it_and_is_told_the_flag(
    desk: Desk, verb: tuple[str, ...], answer: Callable[..., None]
) -> None:
    answer("7", "x", "1", "y")
    ended = desk(*(word for word in verb if word != "--yes"), titled(desk), "-t", desk.template())
    assert ended.code == 0, ended
    assert "1. 2: Name | Phone | Day" in ended.err
    assert "--header-row 2" in ended.err
    assert "Which one?" not in ended.out
    assert "2 to call" in ended.out + ended.err or "2 requests" in ended.err


def test_nobody_is_called_when_the_question_is_not_answered(desk: Desk, answer: Callable[..., None]) -> None:
    """Ctrl-D at the question."""
    answer()
    ended = desk("run", titled(desk), "-t", desk.template(), "--sandbox")
    assert ended.code == 130
    assert "nothing was sent" in ended.err
    assert not list(desk.folder.glob("*.results.csv"))


@pytest.mark.parametrize(
    "verb", [("run", "--sandbox", "--yes"), ("run", "--sandbox", "--dry-run", "--yes"), ("init", "--yes")]
)
def test_yes_chooses_nothing_even_at_a_terminal(desk: Desk, verb: tuple[str, ...], answer: Callable[..., None]) -> None:
    """It agrees to what is shown; a program that waits for an answer all night has not been told not to ask."""
    answer("1", "1")
    sheet, template = titled(desk), desk.template(name="t.toml")
    ended = desk(*verb, sheet, "-t", "new.toml" if verb[0] == "init" else template)
    assert (ended.code, len(ended.err.strip().splitlines())) == (2, 1)
    assert "--header-row 2" in ended.err


@pytest.mark.parametrize("answered", [1, 2])
def test_a_first_row_that_may_be_a_person_is_asked_about(
    desk: Desk, answer: Callable[..., None], answered: int
) -> None:
    template = desk.template('[columns]\nname = "#1"\nphone = "#2"\n')
    answer(str(answered))
    ended = desk("check", desk.sheet(TITLED[2], header=TITLED[1]), "-t", template)
    assert ended.code == 0, ended
    assert f"{3 - answered} to call" in ended.out
    assert ("--no-header", "--header-row 1")[answered - 1] in ended.err


@pytest.mark.parametrize("pair", [("--no-header", "--header-row=2"), ("--include-hidden", "--skip-hidden")])
def test_flags_that_contradict_each_other_are_refused(desk: Desk, pair: tuple[str, str]) -> None:
    ended = desk("check", titled(desk), "-t", desk.template(), *pair)
    assert ended.code == 2
    assert "contradict" in ended.err


@pytest.mark.parametrize(
    "choices",
    [
        Choices(),
        Choices(sheet="Leads", header_row=3, encoding="cp1252", delimiter="\t", hidden="skip"),
        Choices(no_header=True, delimiter=";", hidden="include"),
        Choices(max_rows=2_000_000),
    ],
)
def test_the_flags_of_choices_make_the_same_choices(choices: Choices) -> None:
    """They are printed for the user to repeat."""
    given = check.make_context("check", ["s.csv", "-t", "t.toml", *as_flags(choices)]).params
    made = built(CheckOptions, given)
    assert choices_from(made.sheet.reading, max_rows=made.answers.max_rows) == choices


def test_every_kind_of_choice_can_be_made_by_an_answer() -> None:
    nothing = Choices()
    assert chosen(nothing, "sheet", "2026") == Choices(sheet="2026")
    assert chosen(nothing, "header_row", "4") == Choices(header_row=4)
    assert chosen(nothing, "no_header", "no_header") == Choices(no_header=True)
    assert chosen(nothing, "no_header", "3") == Choices(header_row=3)
    assert chosen(nothing, "encoding", "cp1252") == Choices(encoding="cp1252")
    assert chosen(nothing, "delimiter", ";") == Choices(delimiter=";")
    assert chosen(nothing, "max_rows", "500") == Choices(max_rows=500)
    assert chosen(nothing, "hidden", "skip") == Choices(hidden="skip")


def test_one_answer_after_the_other_adds_up(answer: Callable[..., None]) -> None:
    """A workbook can have several sheets, and hidden rows in the one that was chosen."""
    asked = iter([("sheet", "B"), ("hidden", "skip")])

    def read(choices: Choices) -> Choices:
        for choice, value in asked:
            raise UndecidedError(choice, choice=choice, options=[(value, "")])
        return choices

    answer("1", "1")
    assert with_choices(read, Choices(encoding="cp1252"), ask=True) == Choices(
        sheet="B", hidden="skip", encoding="cp1252"
    )


def test_a_question_that_any_answer_could_settle_is_left_to_the_flag(answer: Callable[..., None]) -> None:
    """Nobody should have to guess what may be typed."""
    answer("1")

    def read(choices: Choices) -> None:
        raise UndecidedError(f"say --encoding, not {choices}", choice="encoding", options=[])

    with pytest.raises(UndecidedError):
        with_choices(read, Choices(), ask=True)


def test_no_flag_is_no_choice() -> None:
    assert choices_from(SAID) == Choices()
    with pytest.raises(UsageError):
        choices_from(replace(SAID, no_header=True, header_row=1))
