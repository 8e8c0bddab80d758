"""A machine that is not what it should be: a wrong clock, a process that was stopped, a file still on its way."""

import os
import signal
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from tests.soak.attacks.attacker import FAST, rung, say, states
from tests.soak.campaigner import RUN, camp, stand_in
from tests.soak.kills.watch import Watch
from tests.soak.launched import Launch
from tests.soak.sheets import phones
from tests.soak.starting import from_cold

_TWO_DAYS = 2 * 24 * 3600.0
_DEADLINE_SECONDS = 2.0


@pytest.mark.parametrize("audit", [[], ["--no-audit"]], ids=["with the list", "without it"])
def test_a_clock_two_days_ahead_calls_nobody_again(tmp_path: Path, audit: list[str]) -> None:
    """By that clock it is long ago that these people were called; by AICaller's it was a minute ago."""
    with stand_in(tmp_path) as place, camp(tmp_path, place, flags=("--rate", "500", *audit)) as made:
        made.prepare(rows=12, call_again_after="24h")
        assert made.run().end() == 0
        made.launch = Launch(clock=_TWO_DAYS)
        start = made.run("--again", "--call-unfollowed", "--results", str(tmp_path / "again.csv"), sheet=made.sheet)
        assert start.end() == 5, start.said()
        assert set(rung(made).values()) == {1}


def test_a_clock_nine_hours_off_keeps_no_hours(tmp_path: Path) -> None:
    """Hours that are kept nine hours off ring in the night: nobody is called before both times were shown."""
    with stand_in(tmp_path) as place, camp(tmp_path, place, flags=FAST, launch=Launch(clock=9 * 3600.0)) as made:
        made.prepare(rows=12)
        start = made.run()
        assert start.end() == 5, start.said()
        assert sum(rung(made).values()) == 0
        assert "clock" in start.said()


def test_answers_that_came_while_the_process_was_stopped_are_read(tmp_path: Path) -> None:
    """They lie in the socket with their ids; a deadline that has passed meanwhile is no reason to throw them away."""
    with (
        stand_in(tmp_path, latency=0.5) as place,
        camp(tmp_path, place, flags=FAST, launch=Launch(deadline=_DEADLINE_SECONDS)) as made,
    ):
        made.prepare(rows=4)
        start = made.run()
        assert made.await_ring(start, rings=4), start.said()
        start.process.send_signal(signal.SIGSTOP)
        # A duration it must be: what is tried out is that the deadline passes while nothing runs.
        time.sleep(_DEADLINE_SECONDS + 1)
        start.process.send_signal(signal.SIGCONT)
        assert start.end() == 0, start.said()
        assert states(made)["created"] == 4, start.said()
        assert made.check() == []


@pytest.mark.nightly
def test_a_schedule_that_fires_on_a_file_in_the_middle_of_its_upload_forgets_nobody(tmp_path: Path) -> None:
    """Either everybody of the whole file is called, or nobody, with a reason: never the half that was there."""
    with stand_in(tmp_path) as place:
        watch = Watch(tmp_path, place)
        watch.add(schedules=1, people=40)
        part = tmp_path / "part0.csv"
        lines = part.read_text("utf-8").splitlines(keepends=True)
        part.write_text("".join(lines[:5]), encoding="utf-8")
        upload = threading.Thread(target=_upload, args=(part, lines), daemon=True)
        upload.start()
        start = watch.start("--once")
        code = start.end()
        upload.join(timeout=60)
        rings = watch.rings()
        assert (code == 0 and rings == 40) or (code != 0 and rings == 0), f"{rings} rings: {start.said()}"


def test_a_run_of_a_file_in_the_middle_of_its_upload_is_refused(tmp_path: Path) -> None:
    """A person may press the button too early as well."""
    with stand_in(tmp_path) as place, camp(tmp_path, place, flags=FAST) as made:
        made.prepare(rows=600)
        lines = made.sheet.read_text("utf-8").splitlines(keepends=True)
        made.sheet.write_text("".join(lines[:300]), encoding="utf-8")
        with made.sheet.open("a", encoding="utf-8") as upload:
            upload.write(lines[300][:9])
            upload.flush()
            start = made.run()
            code = start.end()
        assert code == 2, start.said()
        assert sum(rung(made).values()) == 0


def _upload(part: Path, lines: list[str]) -> None:
    """Line by line, over some seconds, as a slow connection does it."""
    with part.open("a", encoding="utf-8") as file:
        for line in lines[5:]:
            file.write(line)
            file.flush()
            time.sleep(0.2)


def test_too_few_file_descriptors_are_told_in_one_line_with_the_cure(tmp_path: Path) -> None:
    """A traceback tells nobody to raise a limit."""
    few = partial(from_cold, wrapper=("prlimit", "--nofile=24"))
    with stand_in(tmp_path, latency=0.3) as place, camp(tmp_path, place, spawn=few) as made:
        made.flags = ("--rate", "500", "--max-in-flight", "64", "--no-audit")
        made.prepare(rows=80)
        start = made.run()
        code = start.end()
        assert code in (2, 5), start.said()
        assert "Traceback" not in start.said()
        assert "file" in start.said()
        assert made.broken == []
        assert set(rung(made).values()) <= {1}


@pytest.mark.parametrize(
    ("flags", "more"),
    [
        pytest.param(("--rate", "1e-300"), "", id="a pace of never"),
        pytest.param((), "finish_by = 0001-01-01T00:00:00+14:00\n", id="an end before the first year"),
    ],
)
def test_absurd_numbers_are_told_in_one_line(tmp_path: Path, flags: tuple[str, ...], more: str) -> None:
    with stand_in(tmp_path) as place, camp(tmp_path, place, flags=("--no-audit", *flags)) as made:
        made.prepare(rows=3)
        made.template.write_text(made.template.read_text("utf-8") + more, encoding="utf-8")
        start = made.run()
        assert start.end() == 2, start.said()
        assert "Traceback" not in start.said()
        # A wrong flag is told below two lines on how the command is used.
        told = [line for line in start.said().splitlines() if line.startswith(("campaign: ", "Error: "))]
        assert len(told) == 1, start.said()
        assert start.said().rstrip().endswith(told[0])
        assert sum(rung(made).values()) == 0


def test_a_killed_writer_s_leavings_go_with_the_next_one(tmp_path: Path) -> None:
    """They hold everybody's name and number under a name that nobody looks for."""
    with stand_in(tmp_path) as place, camp(tmp_path, place, flags=FAST) as made:
        made.prepare(rows=3)
        assert made.run("--limit", "1").end() == 0
        left = tmp_path / ".results-k1ll3d00.tmp"
        left.write_text("Ada Rookwood,+12015550100\n", encoding="utf-8")
        os.utime(left, (1_700_000_000, 1_700_000_000))
        made.finish()
        assert not left.exists()


def test_a_key_that_others_can_read_is_not_used_silently(tmp_path: Path) -> None:
    with stand_in(tmp_path) as place, camp(tmp_path, place, flags=FAST) as made:
        made.prepare(rows=2)
        key = tmp_path / "key"
        key.write_text("another-key-of-the-machine\n", encoding="utf-8")
        key.chmod(0o644)
        made.more_environment |= {"AICALLER_API_KEY_FILE": str(key), "AICALLER_API_KEY": ""}
        start = made.run()
        start.end()
        assert "others" in start.said() or "chmod" in start.said(), start.said()


def test_names_that_command_the_terminal_are_shown_as_text(tmp_path: Path) -> None:
    """ESC, OSC and right-to-left marks in the name of a sheet or a home."""
    folder = tmp_path / "a\x1b]0;owned\x07b\u202egpj"
    folder.mkdir()
    with stand_in(folder) as place, camp(folder, place, flags=FAST) as made:
        made.prepare(rows=2)
        made.finish()
        said = made.starts[0].said() + say(made, "status")[1] + say(made, "status", RUN)[1]
        said += say(made, "suppress", "add", phones(1)[0])[1] + say(made, "check", "nothing\x1b[2J.csv", "-t", "x")[1]
        assert not {"\x1b", "\x07", "\u202e"} & set(said), said
