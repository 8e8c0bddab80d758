"""The declarations and the typed options say the same; clock and environment come in at one place."""

import ast
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, get_type_hints

import pytest

import campaign.cli
from campaign.cli.declarations.options import OPTIONS
from campaign.cli.main import _VERBS, program
from tests.cli.verbs import commands

CLI = Path(campaign.cli.__file__).parent


def leaves(kind: type[Any]) -> list[str]:
    return [
        leaf
        for name, hint in get_type_hints(kind).items()
        for leaf in (leaves(hint) if isinstance(hint, type) and is_dataclass(hint) else [name])
    ]


@pytest.mark.parametrize("words", [words for words, _ in commands(program)], ids=" ".join)
def test_each_flag_of_a_verb_is_a_field_of_its_options_and_the_other_way_round(
    words: tuple[str, ...],
) -> None:
    """A flag without a field would be taken and forgotten."""
    command = dict(commands(program))[words]
    declared = [parameter.name for parameter in command.params]
    assert sorted(leaves(getattr(command.callback, OPTIONS))) == sorted(set(filter(None, declared)))


def test_every_verb_is_declared() -> None:
    assert {words[0] for words, _ in commands(program)} == set(_VERBS)


def test_only_the_terminal_knows_the_clock_and_the_environment() -> None:
    """Whatever else reads them could not be told another time, and would be a clock to patch."""
    found = [
        f"{path.relative_to(CLI)}:{getattr(node, 'lineno', 0)}: {ast.unparse(node)}"
        for path in sorted(CLI.rglob("*.py"))
        if path.name != "terminal.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if reads_clock_or_environment(node)
    ]
    assert not found


def reads_clock_or_environment(node: ast.AST) -> bool:
    outside = ("environ", "environb", "getenv", "utcnow", "today")
    match node:
        case ast.ImportFrom(names=names):
            return any(name.name in outside for name in names)
        case ast.Attribute(attr="now", value=value):
            return ast.unparse(value).endswith("datetime")
        case ast.Attribute(attr=attribute):
            return attribute in outside
    return False


@pytest.mark.parametrize(
    "planted", ["datetime.now(UTC)", "dt.datetime.now()", "date.today()", "os.environ['A']", "from os import environ"]
)
def test_that_rule_finds_what_breaks_it(planted: str) -> None:
    assert any(map(reads_clock_or_environment, ast.walk(ast.parse(planted))))
