"""No number, time, text or path that a flag can hold ends in a traceback: it is used, or refused in one line."""

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Never

import click
import pytest

from campaign.cli.main import program
from tests.cli.conftest import Desk, Ended
from tests.cli.extremes.values import FAR_NUMBERS, FAR_PATHS, FAR_TEXTS, FAR_TIMES, WORST
from tests.cli.verbs import commands

MOST_SECONDS = 20
"""How long one command may take on a busy machine before it counts as hanging."""
CODES = {0, 1, 2, 3, 5}
SHEET = ["sheet.csv", "-t", "visits.toml"]
# What stands beside the value that is tried, so that all the rest is sound.
REST = {
    ("init",): ["sheet.csv", "--yes", "--region", "US"],
    ("check",): SHEET,
    ("run",): [*SHEET, "--sandbox", "--yes", "--again", "--rate", "1000"],
    ("rehearse",): [*SHEET, "--again", "-q"],
    ("resume",): ["first", "--sandbox", "--yes"],
    ("rerun",): ["first", "--sandbox", "--yes"],
    ("pace",): ["first"],
    ("templates",): ["lead_qualification", "copies"],
    ("resolve",): ["first", "--sandbox"],
    ("follow",): ["first", "--sandbox", "--deadline", "0s", "--rate", "1000"],
    ("status",): ["first"],
    ("results",): ["first", "-o", "out.csv"],
    ("forget",): ["first", "--yes"],
    ("cancel",): ["first", "--reason", "x", "--yes"],
    ("stop",): ["first"],
    ("suppress", "add"): ["+12125550101"],
    ("suppress", "import"): ["sheet.csv"],
    ("suppress", "list"): [],
    ("suppress", "check"): ["+12125550101"],
    ("suppress", "remove"): ["+12125550101", "--reason", "asked"],
    ("schedule", "add"): ["daily", *SHEET, "--sandbox", "--timezone", "Europe/Berlin", "--at", "2031-12-01T09:00"],
    ("schedule", "edit"): ["daily", "--grace", "2h"],
    ("schedule", "run"): ["daily", "--now"],
    ("schedule", "pause"): ["daily"],
    ("schedule", "resume"): ["daily"],
    ("schedule", "remove"): ["daily"],
    ("user", "add"): ["ada", "--password-file", "visits.toml"],
    ("user", "password"): ["ada", "--password-file", "visits.toml"],
    ("user", "remove"): ["ada"],
    ("token", "add"): ["n8n"],
    ("token", "revoke"): ["n8n"],
    ("sandbox",): ["--faults"],
    # Without a server both are refused, whatever is said.
    ("worker",): [],
    ("ledger", "move"): ["--to", "file"],
}
WAITING = {("listen",), ("serve",), ("completion",)}
"""Without a flag that takes a value, or waiting for others: see their own tests."""


class HangsError(Exception):
    """A command took longer than any may."""


def walked() -> Iterator[tuple[tuple[str, ...], click.Parameter]]:
    for words, command in commands(program):
        for parameter in command.params:
            if not getattr(parameter, "is_flag", False) and words not in WAITING:
                yield words, parameter


def line(words: tuple[str, ...], parameter: click.Parameter, value: str) -> list[str]:
    """The command line that has this value, and is sound otherwise."""
    rest = list(REST[words])
    if isinstance(parameter, click.Option):
        return [*words, *rest, f"{parameter.opts[-1]}={value}"]
    arguments = [one.name for one in dict(commands(program))[words].params if isinstance(one, click.Argument)]
    rest[arguments.index(parameter.name) : arguments.index(parameter.name) + 1] = [value]
    return [*words, *rest]


def far(option: click.Parameter) -> tuple[str, ...]:
    """The values that are far out for a flag of this kind."""
    if isinstance(option.type, click.Path):
        return FAR_PATHS
    if isinstance(option.type, click.types.StringParamType):
        return (*FAR_NUMBERS[:8], *FAR_TIMES, *FAR_TEXTS)
    return (*FAR_NUMBERS, *FAR_TIMES, "", " ", "\x00", "\udcff")


def harmful(words: tuple[str, ...], option: click.Parameter) -> list[str]:
    """Those that have done harm. A template's pipe is waited for: every day by one verb that reads templates."""
    waited_for = "--template" in option.opts and words != ("check",)
    return [value for value in far(option) if value in WORST and not (waited_for and value == "pipe.csv")]


@contextmanager
def within(seconds: int) -> Iterator[None]:
    def hangs(_number: int, _frame: FrameType | None) -> Never:
        raise HangsError

    before = signal.signal(signal.SIGALRM, hangs)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def why_not_plain(ended: Ended) -> str:
    """What is wrong with this end; empty for one that was meant: a code of its own, and one line that says why."""
    if ended.code not in CODES:
        return f"code {ended.code}"
    if "Traceback" in ended.err or "fault of this program" in ended.err:
        return ended.err[-300:]
    said = [one for one in ended.err.splitlines() if one.startswith(("Error:", "campaign:"))]
    if ended.code == 2 and not ended.out and len(said) != 1:
        return f"not one line: {ended.err[-300:]!r}"
    return ""


@pytest.fixture
def desk_with_run(desk: Desk) -> Desk:
    desk.template()
    desk.people(2)
    assert desk("run", *SHEET, "--sandbox", "--yes", "--name", "first", "--rate", "1000").code == 0
    (desk.folder / "full.csv").symlink_to("/dev/full")
    os.mkfifo(desk.folder / "pipe.csv")
    return desk


def first_seen() -> Iterator[tuple[tuple[str, ...], click.Parameter]]:
    """Each flag of the verb that has it first: most are declared once, and shared by verbs."""
    seen = set[tuple[str, str]]()
    for words, parameter in walked():
        kind = parameter.opts[-1], repr(parameter.type)
        if kind not in seen:
            seen.add(kind)
            yield words, parameter


FIRST = list(first_seen())
# A flag that verbs share is declared once: the night walks it with the first of them, a soak with each.
EVERY = [
    pytest.param(
        *one, id=" ".join((*one[0], one[1].opts[-1])), marks=pytest.mark.nightly if one in FIRST else pytest.mark.soak
    )
    for one in walked()
]
VERBS = list(dict.fromkeys(words for words, _ in first_seen()))


@pytest.mark.parametrize("words", VERBS, ids=" ".join)
def test_a_flag_with_an_extreme_value_is_used_or_refused(desk_with_run: Desk, words: tuple[str, ...]) -> None:
    """The values that have done harm, each flag of its first verb; the night walks all, each with a run of its own."""
    wrong = {
        parameter.opts[-1]: wrong_of(desk_with_run, words, parameter, values=harmful(words, parameter))
        for verb, parameter in first_seen()
        if verb == words
    }
    assert not {flag: found for flag, found in wrong.items() if found}


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("words", "parameter"), EVERY)
def test_a_flag_with_any_extreme_value_is_used_or_refused(
    desk_with_run: Desk, words: tuple[str, ...], parameter: click.Parameter
) -> None:
    assert not wrong_of(desk_with_run, words, parameter, values=far(parameter))


def wrong_of(
    desk: Desk, words: tuple[str, ...], parameter: click.Parameter, *, values: Sequence[str]
) -> dict[str, str]:
    """The values with which the command does not end as it was meant to, and how it ends."""
    wrong: dict[str, str] = {}
    for value in values:
        try:
            with within(MOST_SECONDS):
                why = why_not_plain(desk(*line(words, parameter, value)))
        except Exception as error:  # noqa: BLE001 - what comes out here is what a person would see as a traceback
            why = f"{type(error).__name__}: {error}"
        if why:
            wrong[value[:40]] = why[:300]
    return wrong


def test_an_end_that_was_not_meant_is_seen() -> None:
    assert why_not_plain(Ended(1, "", "Traceback (most recent call last):"))
    assert why_not_plain(Ended(70, "", "campaign: ..."))
    assert why_not_plain(Ended(2, "", ""))
    assert not why_not_plain(Ended(2, "", "campaign: no such file"))
