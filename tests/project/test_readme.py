"""README and code state the same facts."""

import re
from pathlib import Path

import click
import pytest

from campaign.cli.declarations import verbs
from campaign.cli.main import _VERBS
from campaign.domain.errors import BusyError, LedgerError, UsageError
from campaign.domain.model import RowState
from campaign.export.columns import RESULT_COLUMNS

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_every_verb_of_the_program_is_in_the_readme_and_no_other() -> None:
    assert set(re.findall(r"\| `campaign (\w+)", README)) == set(_VERBS)


def test_every_verb_says_of_itself_what_the_program_says_of_it() -> None:
    commands: dict[str, click.Command] = {name: getattr(verbs, name) for name in _VERBS}
    assert {name: command.short_help for name, command in commands.items()} == _VERBS


def test_every_status_is_explained() -> None:
    explained = set(re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE))
    assert explained - {"_status"} == {state.shown for state in RowState}


@pytest.mark.parametrize("code", [0, 1, UsageError.exit_code, 4, LedgerError.exit_code, BusyError.exit_code, 130])
def test_every_exit_code_is_explained(code: int) -> None:
    assert re.search(rf"^\| {code}\b", README, re.MULTILINE)


def test_the_result_columns_are_listed() -> None:
    assert ", ".join(RESULT_COLUMNS) in README


def test_ci_runs_the_command_that_the_readme_gives() -> None:
    """A person who follows the README must see what CI sees."""
    assert README.count("\n# test\n") == 1
    ci = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "sed -n '/^# test$/" in ci
    nightly = ".venv/bin/pytest -m nightly"
    assert f"command='{nightly}'" in ci
    assert f"`{nightly}`" in README


def test_the_test_command_checks_types_and_ends_with_the_tests() -> None:
    """No test does it in their place."""
    (command,) = re.findall(r"\n# test\n(.+)\n```", README)
    assert command.split(" && ")[-2:] == [".venv/bin/mypy", ".venv/bin/pytest"]
