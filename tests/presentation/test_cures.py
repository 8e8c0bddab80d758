"""Every cure has words at the terminal, and all that they name is there to be typed."""

import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Formatter
from types import ModuleType

import click
import pytest

from campaign.cli.main import program
from campaign.domain.cures import Cure, CureCode, Message, Setting, runs, schedules, serving, sheets
from campaign.domain.errors import UsageError
from campaign.presentation.cures import error_line, terminal_name, terminal_option, terminal_text, terminal_words
from campaign.presentation.cures.run_words import RUN_WORDS
from campaign.presentation.cures.schedule_words import SCHEDULE_WORDS
from campaign.presentation.cures.serving_words import SERVING_WORDS
from campaign.presentation.cures.sheet_words import SHEET_WORDS

ROOT = Path(__file__).parent.parent.parent
BELOW = sorted(
    path
    for path in (ROOT / "campaign").rglob("*.py")
    if path.relative_to(ROOT / "campaign").parts[0] not in ("cli", "presentation", "__main__.py")
)
LEFT: tuple[str, ...] = ()
"""Files below presentation whose texts still name flags or verbs: none."""
EXAMPLES: dict[object, object] = {int: 7, str: "it", Setting: Setting.SHEET}
FLAG = re.compile(r"(?<![\w-])--?[a-z][a-z-]*")
VERB = re.compile(r"campaign ([a-z]+)(?: ([a-z]+))?")


def constructors() -> Iterator[Callable[..., Cure]]:
    for module in (sheets, runs, schedules, serving):
        assert isinstance(module, ModuleType)
        for _, made in inspect.getmembers(module, inspect.isfunction):
            if made.__module__ == module.__name__:
                yield made


def example(made: Callable[..., Cure]) -> Cure:
    given = inspect.signature(made).parameters.values()
    values = {one.name: EXAMPLES.get(one.annotation, [("a", "b"), ("c", "d")]) for one in given}
    by_place = [values.pop(one.name) for one in given if one.kind is one.POSITIONAL_OR_KEYWORD]
    return made(*by_place, **values)


WITH_VALUES = {cure.code: cure for cure in map(example, constructors())}
CURES = [WITH_VALUES.get(code, Cure(code)) for code in CureCode]
TABLES = (SHEET_WORDS, RUN_WORDS, SCHEDULE_WORDS, SERVING_WORDS)
WORDS = {code: words for table in TABLES for code, words in table.items()}


@pytest.mark.parametrize("cure", CURES, ids=lambda cure: cure.code)
def test_every_cure_has_words_and_no_value_goes_unsaid(cure: Cure) -> None:
    """A constructor and its words are two statements of one fact."""
    assert terminal_words(cure)
    said = {name for _, name, _, _ in Formatter().parse(WORDS[cure.code]) if name}
    assert said == dict(cure.values).keys()


def test_words_stand_in_one_table_only() -> None:
    assert len(WORDS) == sum(map(len, TABLES)) == len(CureCode)


@pytest.mark.parametrize("setting", Setting)
def test_every_setting_is_a_flag(setting: Setting) -> None:
    assert terminal_name(setting) in flags()


@pytest.mark.parametrize("cure", CURES, ids=lambda cure: cure.code)
def test_whatever_the_words_name_can_be_typed(cure: Cure) -> None:
    """Advice that fails when it is followed is worse than none."""
    words = terminal_words(cure)
    assert set(FLAG.findall(words)) <= flags()
    verbs = {" ".join(words) for words in commands(program)}
    for verb, further in VERB.findall(words):
        assert verb in verbs or any(one.startswith(f"{verb} ") for one in verbs)
        # A word of a longer verb (`schedule list`); after any other it is the run's name, or prose.
        assert verb in verbs or f"{verb} {further}" in verbs


def test_a_line_joins_facts_and_cures_as_they_are_read() -> None:
    """What the command line prints is part of its contract."""
    rehearse = Cure(CureCode.REHEARSE)
    assert error_line(UsageError(Setting.FAULT, " is for the stand-in", cure=rehearse)) == (
        "--fault is for the stand-in; add --sandbox"
    )
    assert error_line(UsageError("say when: ", cure=rehearse)) == "say when: add --sandbox"
    assert error_line(UsageError("it is done", cure=(runs.rerun_rejected("may"), rehearse))) == (
        "it is done; campaign rerun may calls the rejected rows again; add --sandbox"
    )
    assert terminal_text(Message.of("first: ", Message.of("row 3", rehearse), "; correct it")) == (
        "first: row 3; add --sandbox; correct it"
    )
    assert terminal_text("as it is") == terminal_words("as it is") == "as it is"


def test_answers_to_choose_from_are_named_as_they_are_typed() -> None:
    assert terminal_option("no_header", "no_header") == "--no-header"
    assert terminal_option("no_header", "3") == "--header-row 3"
    assert terminal_option("delimiter", ";") == ";"


def test_no_text_below_presentation_names_a_flag_or_a_verb() -> None:
    """A page has neither: what to do is a cure, which every front words for its own people."""
    verbs = "|".join({words[0] for words in commands(program)})
    named = re.compile(rf"[\"'][^\"']*(--[a-z]|(?<=[ (`])(?<!ulimit )-[a-z]\b|campaign ({verbs})\b)")
    found = {
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in BELOW
        if str(path.relative_to(ROOT)) not in LEFT
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if named.search(line)
    }
    assert not found


def flags() -> set[str]:
    return {
        flag
        for command in (program, *commands(program).values())
        for option in command.params
        for flag in (*option.opts, *option.secondary_opts)
    }


def commands(group: click.Group) -> dict[tuple[str, ...], click.Command]:
    """By the words that are typed."""
    context, found = click.Context(group), dict[tuple[str, ...], click.Command]()
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            found |= {(name, *words): further for words, further in commands(command).items()}
        else:
            found[name,] = command
    return found
