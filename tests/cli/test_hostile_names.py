"""A name may hold what a terminal obeys: whichever argument it stands in, it is shown as text, on one line."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from campaign.cli.main import program
from tests.cli.conftest import TEMPLATE, Desk
from tests.cli.verbs import commands

ROOT = Path(__file__).parents[2]
# Retitles the terminal, clears it, turns the rest of the line around, and forges a line of its own.
HOSTILE = "a\x1b]0;owned\x07\x9b2J\u202egnp\u2066\rb\nrun december: 5 created"
ENDLESS = {"sandbox", "serve"}  # With a sound value in every other place they serve until they are stopped.


def cases() -> Iterator[tuple[str, ...]]:
    """Each verb, with the hostile name in one place that takes a text, and something in all that it needs."""
    for words, command in commands(program):
        for param in command.params:
            if isinstance(param, click.Option) and (param.is_flag or param.count):
                continue
            if words[0] in ENDLESS and param.name not in ("fault", "port", "host"):
                continue
            given = list[str]()
            for other in command.params:
                if other is not param and not other.required:
                    continue
                value = HOSTILE if other is param else "12"
                # An option goes before what ends the options: a name may begin with a dash as well.
                given = [other.opts[0], value, *given] if isinstance(other, click.Option) else [*given, value]
            yield *words, *given


CASES = list(cases())


def unseen(text: str) -> set[str]:
    """What a terminal might obey in a text of lines."""
    return {char for char in text.replace("\n", "") if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}


def test_every_verb_is_walked() -> None:
    assert {case[0] for case in CASES} > {"run", "check", "init", "resume", "status", "results", "suppress", "schedule"}
    assert len(CASES) > 100


@pytest.mark.parametrize("case", CASES, ids=lambda case: " ".join(case).replace(HOSTILE, "HOSTILE"))
def test_a_hostile_name_is_shown_as_text_wherever_it_stands(desk: Desk, case: tuple[str, ...]) -> None:
    ended = desk(*case)
    assert not unseen(ended.out + ended.err), repr(ended.err)
    assert "run december: 5 created" not in (ended.out + ended.err).splitlines()


def test_hostile_names_of_files_that_are_there_are_shown_as_text(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home, a sheet, a template, results and a run's people, all through one campaign to its end."""
    name = HOSTILE.replace("/", "")
    home = desk.folder / f"home {name}"
    monkeypatch.setenv("CAMPAIGN_HOME", str(home))
    sheet = desk.people(3, name=f"{name}.csv")
    template = desk.template(TEMPLATE, name=f"{name}.toml")
    results = desk.folder / f"{name} results.csv"
    page = desk.folder / f"{name}.html"
    said = [
        desk("status"),
        desk("check", sheet, "-t", template, "--sandbox", "-v"),
        desk("check", sheet, "-t", template, "--sandbox", "--json"),
        desk("run", sheet, "-t", template, "--sandbox", "--yes", "--name", "it", "--results", results, "--rate", "50"),
        desk("run", sheet, "-t", template, "--sandbox", "--yes"),
        desk("status"),
        desk("status", "it", "--json"),
        desk("results", "it", "-o", page),
        desk("results", "it", "-o", desk.folder),
        desk("init", sheet, "-t", template),
        desk("suppress", "import", sheet, "--column", "Phone"),
        desk("suppress", "list"),
        desk("suppress", "list", "--json"),
        desk("schedule", "add", "nightly", str(sheet), "-t", template, "--at", "2027-01-01T09:00", "--timezone", "UTC"),
        desk("schedule", "list"),
        desk("schedule", "list", "--json"),
        desk("forget", "it", "--yes"),
    ]
    assert [ended.code for ended in said[:5]] == [0, 0, 0, 0, 3]
    for ended in said:
        assert not unseen(ended.out + ended.err), repr(ended.out + ended.err)
    (home / "ledger.db").write_bytes(b"no ledger")
    ended = desk("status")
    assert ended.code == 5
    assert not unseen(ended.err)


def test_nothing_of_the_command_line_writes_to_the_terminal_past_its_door() -> None:
    written = re.compile(r"\b(click\.(echo|secho|confirm|prompt|style)|print|sys\.(stdout|stderr)\.write)\(")
    found = [
        f"{path.name}:{number}"
        for path in (ROOT / "campaign" / "cli").rglob("*.py")
        if path.name != "output.py"
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if written.search(line)
    ]
    assert not found
