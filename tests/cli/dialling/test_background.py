"""`run` and `resume --background`: all is asked here, and a unit of systemd makes the calls; or it is said how."""

import json
import os
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import KEY, Desk
from tests.cli.test_follow import FAST

MANAGER = f"""#!{sys.executable}
import os, subprocess, sys
here = os.path.dirname(os.path.abspath(__file__))
open(os.path.join(here, "words"), "a").write("\\n".join(sys.argv[1:]) + "\\n")
words, given = sys.argv[1:], {{}}
while words[0].startswith("--"):
    if words[0].startswith("--setenv="):
        name, _, value = words[0].removeprefix("--setenv=").partition("=")
        given[name] = value
    words.pop(0)
with open(os.path.join(here, "journal"), "w") as journal:
    sys.exit(subprocess.run(words, env=given, stdout=journal, stderr=journal).returncode if CODE == 0 else CODE)
"""
"""In the place of systemd: what it is given, and nothing else of this process, is what the run has."""


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs that stand before the system's."""
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


def program(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def systemd(tools: Path) -> Path:
    program(tools, "systemctl", "#!/bin/sh\necho running\n")
    program(tools, "loginctl", "#!/bin/sh\necho Linger=no\n")
    program(tools, "systemd-run", MANAGER.replace("CODE", "0"))
    return tools


def words(desk: Desk, *more: str) -> list[str | Path]:
    return ["run", desk.people(3), "-t", desk.template(FAST), "--sandbox", "--name", "first", "--background", *more]


def test_the_run_is_begun_here_and_dialled_by_the_unit(desk: Desk, systemd: Path) -> None:
    ended = desk(*words(desk, "--yes"))
    assert ended.code == 0, ended.err
    assert "run first goes on in the background, as campaign-first.service" in ended.err
    assert "loginctl enable-linger" in ended.err
    assert ended.out == f"{desk.folder / 'first.results.csv'}\n"
    assert [row["_status"] for row in desk.results("first.results.csv")] == ["created"] * 3, (
        systemd / "journal"
    ).read_text("utf-8")


def test_what_is_open_is_asked_before_anything_goes_to_the_background(desk: Desk, systemd: Path) -> None:
    """A unit has nobody to ask: it would stop at the first question, at night."""
    ended = desk(*words(desk))
    assert ended.code == 2
    assert "Make 3 calls?" in ended.err
    assert not (systemd / "words").exists()
    assert json.loads(desk("status", "--json").out) == []


@pytest.mark.usefixtures("systemd")
@pytest.mark.parametrize("verb", ["run", "resume"])
@pytest.mark.parametrize("said", ["--old-plan", "--new-plan"])
def test_the_plan_that_was_said_here_is_the_one_of_the_unit(desk: Desk, *, verb: str, said: str) -> None:
    """A unit that compared the template again had nobody to ask, and called nobody, at night."""
    begun = words(desk, "--yes", "--limit", "1")
    assert desk(*begun).code == 0
    desk.template(FAST + "[limits]\nfinish_by = 2999-01-01T08:00:00Z\n")
    again = begun[:-2] if verb == "run" else ["resume", "first", "--background", "--yes"]
    ended = desk(*again, said)
    assert ended.code == 0, ended.err
    assert [row["_status"] for row in desk.results("first.results.csv")] == ["created"] * 3


@pytest.mark.usefixtures("systemd")
def test_flags_of_the_dialling_hold_there_too(desk: Desk) -> None:
    desk(*words(desk, "--yes", "--limit", "1", "--results", "mine.csv", "--no-audit"))
    assert [row["_status"] for row in desk.results("mine.csv")] == ["created", "pending", "pending"]


def test_no_key_and_no_secret_comes_into_a_unit(desk: Desk, systemd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others can read what a unit is started with."""
    monkeypatch.setenv("AICALLER_API_KEY", KEY)
    ended = desk(*words(desk, "--yes"))
    assert ended.code == 2
    assert "set AICALLER_API_KEY_FILE to it" in ended.err
    assert KEY not in ended.err
    monkeypatch.delenv("AICALLER_API_KEY")
    monkeypatch.setenv("AICALLER_WEBHOOK_SECRET", KEY)
    assert "leave --background out" in desk(*words(desk, "--yes", "--webhook", "https://hooks.example.org/c")).err
    assert desk(*words(desk, "--yes")).code == 0
    assert KEY not in (systemd / "words").read_text("utf-8")


def test_a_unit_that_is_not_taken_leaves_a_run_to_go_on_with(desk: Desk, systemd: Path) -> None:
    program(systemd, "systemd-run", "#!/bin/sh\necho 'Unit campaign-first.service already exists.' >&2\nexit 1\n")
    ended = desk(*words(desk, "--yes"))
    assert ended.code == 5
    assert "Unit campaign-first.service already exists.); go on with it here: campaign resume first" in ended.err
    assert desk("resume", "first", "--sandbox", "--yes").code == 0


@pytest.mark.parametrize("says", ["offline", ""])
def test_where_there_is_none_it_says_how_and_begins_nothing(desk: Desk, tools: Path, *, says: str) -> None:
    program(tools, "systemctl", f"#!/bin/sh\necho {says}\n")
    ended = desk(*words(desk, "--yes"))
    assert ended.code == 2
    assert "nohup campaign" in ended.err
    assert not (desk.folder / "home").exists()


@pytest.mark.parametrize("other", [("--dry-run",), ("--canary", "2")])
def test_what_cannot_go_there_is_refused_by_name(desk: Desk, *, other: tuple[str, ...]) -> None:
    assert f"--background and {other[0]} contradict each other" in desk(*words(desk, "--yes", *other)).err
