"""README and code state the same facts."""

import re
from pathlib import Path

import click

from campaign.cli.declarations import verbs
from campaign.cli.main import _VERBS
from campaign.domain.model import RowState
from tests.docs.blocks import blocks_of
from tests.docs.making.picture import PICTURE

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text("utf-8")
MOST_LINES = 150
SET_UP = ["python3 -m venv .venv", ". .venv/bin/activate"]


def test_it_is_short_enough_to_be_read() -> None:
    """What is longer stands in docs/."""
    assert len(README.splitlines()) <= MOST_LINES


def test_every_verb_says_of_itself_what_the_program_says_of_it() -> None:
    commands: dict[str, click.Command] = {name: getattr(verbs, name) for name in _VERBS}
    assert {name: command.short_help for name, command in commands.items()} == _VERBS


def test_every_status_is_explained() -> None:
    [explained] = re.findall(r"`_status` is one of (.+?)\. \[", README, re.DOTALL)
    assert set(re.findall(r"`(\w+)`", explained)) == {state.shown for state in RowState}


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
    assert command.split(" && ")[-2:] == ["mypy", "pytest"]


def test_each_of_the_two_commands_does_all_of_its_set_up_and_leaves_it_behind() -> None:
    """A newcomer's next command is plain `campaign ...`: an environment that is gone would not find it."""
    for name in ("try", "test"):
        (block,) = [each.text for each in blocks_of(README) if each.text.startswith(f"# {name}\n")]
        (line,) = block.splitlines()[1:]
        assert line.split(" && ")[:2] == SET_UP
        assert "pip install" in line.split(" && ")[2]


def test_what_it_links_to_in_the_project_is_there() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)", README) if "://" not in link]
    assert len(links) > 20
    assert [link for link in links if not (ROOT / link).exists()] == []
    assert f"]({PICTURE.relative_to(ROOT).as_posix()})" in README
