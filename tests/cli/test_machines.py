"""What programs rely on: errors as JSON, exit codes, pipes, notifications, completion and help."""

import hmac
import io
import json
import os
import re
import shlex
import subprocess
import sys
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import click
import pytest

from campaign.cli.declarations.examples import EXAMPLES
from campaign.cli.declarations.help import HEADINGS, run_names
from campaign.cli.main import program
from tests.aicaller.listening import answering, listening
from tests.cli.conftest import ROOT, TEMPLATE, Desk
from tests.cli.verbs import commands

FAST = TEMPLATE + "[pace]\ncalls_per_second = 1000\n"
FIRST = ("--sandbox", "--yes", "--name", "first")


@pytest.fixture
def run(desk: Desk) -> Desk:
    """Run `first`, of three people."""
    assert desk("run", desk.people(3), "-t", desk.template(FAST), *FIRST).code == 0
    return desk


def error_of(desk: Desk, *words: str | Path) -> dict[str, object]:
    ended = desk(*words, "--json")
    told = json.loads(ended.out)
    assert told["exit_code"] == ended.code
    error: dict[str, object] = told["error"]
    return error


def test_an_error_is_one_object_with_its_place_and_its_cure(desk: Desk) -> None:
    """A program that fixes sheets needs the row and the column, and no sentence to take apart."""
    sheet = desk.sheet("Ada,12,", "Bob,13,")
    error = error_of(desk, "run", sheet, "-t", desk.template(), "--sandbox", "--yes")
    assert (error["code"], error["row"], error["column"]) == ("sheet", 2, "Phone")
    assert error["value"] is not None
    assert error["cure"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("run", "nowhere.csv", "-t", "visits.toml", "--sandbox", "--yes"), "sheet"),
        (("run", "sheet.csv", "-t", "nowhere.toml", "--sandbox", "--yes"), "template"),
        (("run", "sheet.csv", "-t", "visits.toml", "--sandbox", "--yes"), "nothing_new"),
        (("status", "nobody"), "usage"),
        (("status", "--no-such-flag"), "usage"),
        (("status", "--limit", "0"), "usage"),
        (("run",), "usage"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_each_kind_of_error_has_a_code(run: Desk, words: tuple[str, ...], code: str) -> None:
    error = error_of(run, *words)
    assert error["code"] == code
    assert set(error) == {"code", "message", "row", "column", "value", "setting", "cure", "cures"}


def test_an_error_says_what_cures_it_by_a_code_that_stays(run: Desk) -> None:
    error = error_of(run, "run", "sheet.csv", "-t", "visits.toml", "--sandbox", "--yes")
    assert [cure["code"] for cure in error["cures"]] == ["run_again"]  # type: ignore[attr-defined] # JSON


def test_nothing_new_to_call_has_an_exit_code_of_its_own(run: Desk) -> None:
    """A timer's job tells the day without a new sheet from a sheet that is wrong."""
    assert run("run", "sheet.csv", "-t", "visits.toml", "--sandbox", "--yes").code == 3


@pytest.mark.parametrize("words", ["status -v first", "status --why 2 first", "results first -o -", "status --json"])
def test_a_reader_that_is_gone_changes_no_exit_code(run: Desk, words: str) -> None:
    """`| head` is no failure; under `pipefail` it ended scripts."""
    command = f"set -o pipefail; {shlex.quote(sys.executable)} -m campaign {words} | head -n 0"
    ended = subprocess.run(
        ["bash", "-c", command],
        cwd=run.folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_sheet_is_read_from_standard_input(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that makes a list need not write it down, and nothing of it is left behind."""
    monkeypatch.setenv("TMPDIR", str(desk.folder / "tmp"))
    (desk.folder / "tmp").mkdir()
    text = desk.people(3).read_bytes()
    for words in (("check", "-"), ("run", "-", *FIRST)):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
        assert desk(words[0], words[1], "-t", desk.template(FAST), *words[2:]).code in (0, 1)
    assert [row["_status"] for row in desk.results("first.results.csv")] == ["created"] * 3
    assert "stdin" in desk("status", "first").out


def test_a_verb_that_there_is_not_is_named_by_the_nearest_one(desk: Desk) -> None:
    assert "did you mean 'status'?" in desk("stauts").err
    assert "did you mean 'list'?" in desk("schedule", "lst").err


def test_the_runs_are_chosen_by_what_is_left_of_them_and_by_when_they_began(run: Desk) -> None:
    """A ledger of a year has thousands."""
    run("run", run.people(3, first=10), "-t", "visits.toml", "--sandbox", "--yes", "--limit", "1", "--name", "second")
    assert [one["run"] for one in json.loads(run("status", "--with", "pending", "--json").out)] == ["second"]
    assert [one["run"] for one in json.loads(run("status", "--limit", "1", "--json").out)] == ["second"]
    assert json.loads(run("status", "--since", "2100-01-01", "--json").out) == []
    shown = run("status").out.splitlines()
    assert shown[0] == "run  begun  sheet  at: rows"
    assert re.fullmatch(r"first  \d{4}-\d\d-\d\d \d\d:\d\d \w+  sheet.csv  at sandbox: 3 created", shown[1])
    assert run("status", "first", "--limit", "1").code == 2


def test_the_end_of_a_run_and_of_a_following_is_posted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """To a chat or a scheduler, with nothing of the sheet in it, and signed."""
    monkeypatch.setenv("CAMPAIGN_NOTIFY_SECRET", "a-secret-of-ours")
    signatures = list[tuple[str, str]]()

    def keep(handler: BaseHTTPRequestHandler) -> None:
        signatures.append((handler.headers["X-Campaign-Timestamp"], handler.headers["X-Campaign-Signature"]))
        answering(200)(handler)

    with listening(keep) as (url, posted):
        ended = desk("run", desk.people(3), "-t", desk.template(FAST), *FIRST, "--notify-url", url)
        desk("follow", "first", "--deadline", "1s", "--notify-url", url)
        desk("resume", "first", "--sandbox", "--yes", "--notify-url", url)
    told, followed, _ = map(json.loads, posted)
    results = str(desk.folder / "first.results.csv")
    at = told.pop("at")
    assert at.endswith("Z")
    assert told == {
        "event": "run",
        "run": "first",
        "exit_code": ended.code,
        "reason": None,
        "counts": {"created": 3},
        "results": results,
        "text": f"run first: 3 created; results in {results}",
    }
    assert (followed["event"], followed["exit_code"]) == ("follow", 1)
    assert followed["reason"] == "some rows are rejected or unknown, or their calls are not over"
    for (timestamp, signature), body in zip(signatures, posted, strict=True):
        signed = hmac.new(b"a-secret-of-ours", f"{timestamp}.".encode() + body, "sha256").hexdigest()
        assert signature == f"sha256={signed}"
    assert b"Person" not in b"".join(posted)


def test_a_run_that_is_refused_is_posted_too(desk: Desk) -> None:
    """A night without calls is what somebody must hear of; its reason quotes nothing of the sheet."""
    with listening(answering(200)) as (url, posted):
        sheet = desk.sheet("Ada Secret,12,")
        assert desk("run", sheet, "-t", desk.template(), "--sandbox", "--yes", "--notify-url", url).code == 2
    [told] = map(json.loads, posted)
    assert (told["exit_code"], told["reason"], told["counts"]) == (2, "refused: nothing was sent", {})
    assert (told["run"], told["text"]) == (None, "a run of sheet.csv; refused: nothing was sent")


def test_an_address_that_will_not_do_is_refused_before_the_first_call(desk: Desk) -> None:
    ended = desk("run", desk.people(1), "-t", desk.template(), *FIRST, "--notify-url", "http://example.org/x")
    assert ended.code == 2
    assert "only https" in ended.err


def test_a_shell_completes_the_names_of_runs(run: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert names("fi") == ["first"]
    assert names("x") == []
    monkeypatch.setenv("CAMPAIGN_HOME", str(run.folder / "nowhere"))
    assert names("") == []


def names(incomplete: str) -> list[str]:
    command = dict(commands(program))[("resume",)]
    [parameter] = [one for one in command.params if one.name == "run_name"]
    return run_names(click.Context(command), parameter, incomplete)


@pytest.mark.parametrize("words", [words for words, _ in commands(program)], ids=" ".join)
def test_each_help_ends_with_examples_that_would_be_understood(words: tuple[str, ...]) -> None:
    """An example with a flag that there is not is worse than none."""
    command = dict(commands(program))[words]
    for example in EXAMPLES[words]:
        typed = [word for word in shlex.split(example) if not word.startswith((">", "<"))]
        assert tuple(typed[1 : 1 + len(words)]) == words
        given = [word for word in typed[1 + len(words) :] if word != "-"]
        command.make_context("x", given + ["x"] * typed.count("-"), resilient_parsing=False, obj=None)


def test_flags_of_a_long_help_stand_in_groups(desk: Desk) -> None:
    lines = desk("run", "--help").out.splitlines()
    headings = [line for line in lines if line and not line.startswith(" ")]
    assert "How the sheet is read:" in headings
    assert headings[-1] == "Examples:"


def test_each_flag_that_has_a_group_is_one_of_some_verb() -> None:
    declared = {parameter.name for _, command in commands(program) for parameter in command.params}
    assert HEADINGS.keys() <= declared
