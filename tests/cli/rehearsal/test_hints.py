"""What a command proposes is right to the letter, for a run of the sandbox as for a real one."""

import re
import shlex

import pytest

from tests.cli.conftest import Desk
from tests.cli.test_follow import FAST

_PROPOSED = re.compile(r"campaign ((?:resume|rerun|resolve|follow) [^\s;,]+(?: --[a-z-]+)*)")


def proposed(told: str) -> list[list[str]]:
    """The commands of a text, as words."""
    return [shlex.split(words) for words in _PROPOSED.findall(told)]


@pytest.mark.parametrize(
    ("words", "verb"),
    [
        (("--limit", "1"), "resume"),
        (("--fault", "400=1-2"), "rerun"),
        (("--fault", "reset_after=1-2", "--no-audit"), "resolve"),
    ],
)
def test_what_a_sandbox_run_proposes_is_followed_to_the_letter(desk: Desk, words: tuple[str, ...], verb: str) -> None:
    """Nobody has a key yet who plays with the sandbox: a command that asks for one ends the first campaign."""
    sheet = desk.people(3)
    told = desk("run", sheet, "-t", desk.template(FAST), "--sandbox", "--yes", "--name", "first", *words).err
    [command] = [command for command in proposed(told) if command[0] == verb]
    ended = desk(*command, "--yes")
    assert ended.code == 0, ended.err
    assert [row["_status"] for row in desk.results("first.results.csv")] == ["created"] * 3


def test_a_resumed_sandbox_run_still_takes_faults(desk: Desk) -> None:
    """It is at the stand-in, whether the flag says so or the run."""
    sheet = desk.people(3)
    desk("run", sheet, "-t", desk.template(FAST), "--sandbox", "--yes", "--name", "first", "--limit", "1")
    assert desk("resume", "first", "--fault", "400=1", "--yes").code == 1
    assert [row["_status"] for row in desk.results("first.results.csv")] == ["created", "rejected", "rejected"]
