"""Words of the command line that make no sense are refused before anything is done, by name and with a cure."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, TEMPLATE, Desk
from tests.cli.sheets.test_choosing import Terminal

HELD_STARTS = """
import os, runpy, signal, sys

class InterruptsWhileLoading:
    def find_spec(self, name, path=None, target=None):
        if name == "campaign.cli.main":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, InterruptsWhileLoading())
sys.argv = ["campaign", "--version"]
runpy.run_module("campaign", run_name="__main__")
"""
ADD = ("schedule", "add", "daily", "sheet.csv", "-t", "visits.toml", "--timezone", "UTC", "--at", "2027-01-01T09:00")


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Somebody sits at the terminal, and types these lines."""
    return lambda *lines: monkeypatch.setattr("sys.stdin", Terminal("".join(f"{line}\n" for line in lines)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("--accept-repairs", "--skip-repairs"),
        ("--call-changed", "--skip-changed"),
        ("--include-hidden", "--skip-hidden"),
        ("--quiet", "--verbose"),
    ],
)
@pytest.mark.parametrize("swapped", [False, True], ids=["", "swapped"])
def test_flags_that_contradict_each_other_are_refused_by_name(
    desk: Desk, one: str, other: str, *, swapped: bool
) -> None:
    """Which of them was meant is not for the program to say: one of them may ring a phone."""
    flags = (other, one) if swapped else (one, other)
    ended = desk("run", desk.people(2), "-t", desk.template(), "--sandbox", "--yes", *flags)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"campaign: {one} and {other} contradict each other; leave one out\n"
    assert not (desk.folder / "home").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("check", "sheet.csv", "-t", "visits.toml", "--accept-repairs", "--skip-repairs"),
        (*ADD, "--call-changed", "--skip-changed"),
        ("schedule", "run", "--once", "-q", "-v"),
        ("resume", "first", "-q", "-v"),
        ("rerun", "first", "-q", "-v"),
        ("follow", "first", "-q", "-v"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_every_verb_refuses_them(desk: Desk, words: tuple[str, ...]) -> None:
    desk.people(2)
    desk.template()
    ended = desk(*words)
    assert ended.code == 2
    assert "contradict each other; leave one out" in ended.err


@pytest.mark.parametrize("dry", [(), ("--dry-run",)], ids=["run", "dry-run"])
@pytest.mark.parametrize(
    ("flags", "names", "cure"),
    [
        (("--seed", "7"), "--seed", "give --fault as well, or leave --seed out"),
        (("--seed", "0"), "--seed", "give --fault as well, or leave --seed out"),
        (("--max-in-flight", "1001"), "--max-in-flight", "1<=x<=1000"),
        (("--name", "a/b"), "a/b", ""),
        (("--fault", "400=2"), "400=2", ""),
        (("--fault", "no_such=0.5"), "no_such", ""),
        (("--canary", "1"), "canary", ""),
        (("--results", "sheet.csv"), "sheet.csv", "name another file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_dry_run_refuses_what_the_run_refuses(
    desk: Desk, *, flags: tuple[str, ...], names: str, cure: str, dry: tuple[str, ...]
) -> None:
    """A dry run that passes is taken for a run that will pass."""
    ended = desk("run", desk.people(2), "-t", desk.template(), "--sandbox", "--yes", *flags, *dry)
    assert (ended.code, ended.out) == (2, "")
    assert names in ended.err
    assert cure in ended.err


def test_as_many_in_flight_as_a_template_may_say_are_taken(desk: Desk) -> None:
    fast = desk.template(TEMPLATE + "[pace]\ncalls_per_second = 1000\n")
    ended = desk("run", desk.people(2), "-t", fast, "--sandbox", "--yes", "--max-in-flight", "1000", "--name", "first")
    assert ended.code == 0


def test_nobody_is_asked_whether_nobody_is_to_be_called(desk: Desk, answer: Callable[..., None]) -> None:
    """All were called a moment ago: there is nothing to agree to, and each row says why."""
    sheet, template = desk.people(2), desk.template(TEMPLATE + "[pace]\ncalls_per_second = 1000\n")
    assert desk("run", sheet, "-t", template, "--sandbox", "--yes", "--name", "first").code == 0
    answer()
    again = desk("run", sheet, "-t", template, "--sandbox", "--again", "--name", "second")
    assert again.code == 0
    assert "Make 0 calls" not in again.out + again.err
    assert "2 called recently" in desk("status", "second").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("forget", "first"), "nothing was forgotten"),
        (("resolve", "first", "--sandbox", "--not-called", "2"), "row 2 is not unknown"),
        (("init", "sheet.csv", "-t", "made.toml"), "wrote made.toml"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_verb_that_sends_nothing_does_not_say_that_nothing_was_sent(
    desk: Desk, words: tuple[str, ...], said: str
) -> None:
    """It would make one wonder what could have been sent."""
    template = desk.template(TEMPLATE + "[pace]\ncalls_per_second = 1000\n")
    desk("run", desk.people(2), "-t", template, "--sandbox", "--yes", "--name", "first")
    ended = desk(*words)
    assert said in ended.err
    assert "nothing was sent" not in ended.err


def test_a_question_that_is_left_says_what_its_verb_has_not_done(desk: Desk, answer: Callable[..., None]) -> None:
    """Ctrl-D at the question."""
    template = desk.template(TEMPLATE + "[pace]\ncalls_per_second = 1000\n")
    desk("run", desk.people(2), "-t", template, "--sandbox", "--yes", "--name", "first")
    answer()
    assert desk("forget", "first").err.endswith("campaign: stopped; nothing was changed\n")
    answer()
    other = desk.people(2, first=10)
    assert desk("run", other, "-t", template, "--sandbox").err.endswith("campaign: stopped; nothing was sent\n")


def test_an_interrupt_while_the_program_loads_ends_it_without_a_traceback(tmp_path: Path) -> None:
    """Typed right after the command: nothing has been done, so there is nothing to say."""
    ended = subprocess.run(
        [sys.executable, "-c", HELD_STARTS],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (ended.returncode, ended.stdout) == (-signal.SIGINT, "")
    assert ended.stderr == ""
