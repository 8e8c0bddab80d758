"""What the command line writes, and what it leaves behind, when there is little to say or to write it in."""

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import anyio
import pytest

from campaign.cli.commands import dial
from campaign.cli.options.flags import ShownFlags
from campaign.cli.progress import Progress
from campaign.cli.terminal import this_terminal
from campaign.engine.events import Started, WaitingUntil
from campaign.engine.run_end import DialingEnd
from tests.cli.conftest import Desk


def test_a_locale_without_a_character_shows_its_escape(desk: Desk) -> None:
    """The three dots of a shortened number stand in no ISO-8859-1."""
    sheet = desk.sheet("Zoë Bell,+1212555,Monday")
    command = [sys.executable, "-m", "campaign", "check", str(sheet), "-t", str(desk.template())]
    latin = {"PYTHONIOENCODING": "iso-8859-1", "PYTHONUTF8": "0", "PYTHONPATH": os.fspath(Path.cwd())}
    ended = subprocess.run(
        command, cwd=desk.folder, env=os.environ | latin, capture_output=True, check=False, timeout=60
    )
    assert b"Traceback" not in ended.stderr
    assert b"\\u2026" in ended.stdout


@pytest.mark.parametrize("words", [("status",), ("status", "first"), ("pace", "first")], ids=" ".join)
def test_who_only_asks_leaves_no_folder_behind(desk: Desk, words: tuple[str, ...]) -> None:
    """A mistyped CAMPAIGN_HOME would else become one."""
    desk(*words)
    assert not (desk.folder / "home").exists()


@pytest.mark.parametrize("words", [("status",), ("pace", "first", "--rate", "2")], ids=" ".join)
def test_a_home_that_is_a_file_is_said_to_be_one(desk: Desk, words: tuple[str, ...]) -> None:
    (desk.folder / "home").write_text("", encoding="utf-8")
    assert f"{desk.folder / 'home'} is a file, and must be the ledger's folder" in desk(*words).err


def test_a_rerun_with_nothing_to_do_says_so_and_counts_no_zeros(desk: Desk) -> None:
    desk("run", desk.people(3), "-t", desk.template(), "--sandbox", "--yes", "--rate", "100", "--name", "first")
    ended = desk("rerun", "first", "--sandbox", "--yes")
    assert ended.code == 0
    assert ended.err.splitlines() == [
        "run first: no failed row to call again",
        "run first: nothing to call",
        "run first: 3 created",
    ]


def test_a_line_while_the_bar_is_drawn_stands_above_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It would else begin in the middle of the bar, and leave half of it behind."""
    screen = _Screen()
    monkeypatch.setattr(sys, "stderr", screen)

    async def events() -> AsyncIterator[Any]:
        yield Started(3, tmp_path / "results.csv")
        yield WaitingUntil(datetime(2026, 11, 30, 9, tzinfo=UTC))
        yield DialingEnd({}, None, None, None, ())

    dialing = cast("Any", SimpleNamespace(events=events(), time_left=lambda: None))
    shown = ShownFlags(show_numbers=False, yes=True, quiet=False, verbose=False, as_json=False)
    anyio.run(lambda: dial._shown(dialing, run="first", shown=shown, terminal=this_terminal()))
    line = next(line for line in screen.getvalue().splitlines(keepends=False) if "wait" in line)
    assert "|" not in line


def test_a_run_that_waits_counts_down_in_its_bar_by_the_wall_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bar that stands still for hours looks like a program that hangs; a machine may sleep meanwhile."""
    screen = _Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    nine, now = datetime(2026, 11, 30, 9, tzinfo=UTC), datetime(2026, 11, 30, 5, 40, tzinfo=UTC)
    with Progress(total=3, quiet=False, verbose=False, left=lambda: None) as progress:
        progress.wait_until(nine, now=now)
        assert "in 3 h 20 min" in screen.getvalue()
        progress.tick(now + timedelta(hours=3, minutes=19))
        assert "in 1 min 0 s" in screen.getvalue()
        progress.tick(nine + timedelta(hours=1))
        assert "in 0 s" in screen.getvalue()


@pytest.mark.parametrize("words", [("run",), ("follow",)], ids=" ".join)
def test_in_a_log_each_line_of_what_takes_long_says_when(desk: Desk, words: tuple[str, ...]) -> None:
    """A file of a night's run is of little use if nobody knows what happened when; a person's terminal stays clean."""
    begun: tuple[str | Path, ...] = (
        "run",
        desk.people(3),
        "-t",
        desk.template(),
        "--sandbox",
        "--yes",
        "--rate",
        "100",
        "--name",
        "first",
    )
    if words == ("follow",):
        desk(*begun)
        begun = ("follow", "first", "--deadline", "1s")
    desk.logs = True
    stamped = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} .+")
    lines = [line for line in desk(*begun).err.splitlines() if "first" in line]
    assert lines
    assert any(stamped.fullmatch(line) for line in lines)


class _Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_results_go_to_stdout_a_line_of_json_a_row(desk: Desk) -> None:
    """For programs: nothing else stands on stdout, and no file is left."""
    desk("run", desk.people(3), "-t", desk.template(), "--sandbox", "--yes", "--name", "first")
    ended = desk("results", "first", "-o", "-")
    assert (ended.code, ended.err) == (0, "")
    rows = [json.loads(line) for line in ended.out.splitlines()]
    assert [row["row"] for row in rows] == [2, 3, 4]
    assert {row["status"] for row in rows} == {"created"}
    assert rows[0]["cells"]["Name"] == "Person 0"
    assert not (desk.folder / "-").exists()
    assert desk("results", "nobody", "-o", "-").code == 2
