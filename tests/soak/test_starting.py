"""What stands for the real program must be one: a process of its own, which ends, speaks and dies as any other."""

import os
import signal
from pathlib import Path

import pytest

from tests.soak.launched import Launch
from tests.soak.starting import Spawn, from_cold, from_warm_beside
from tests.warm import warm


@pytest.mark.parametrize("spawn", [from_cold, from_warm_beside])
def test_a_start_says_and_ends_as_the_program_does(tmp_path: Path, spawn: Spawn) -> None:
    output = tmp_path / "said.txt"
    with output.open("wb") as file:
        environment = {"PATH": os.environ["PATH"], "CAMPAIGN_HOME": "home"}
        start = spawn(
            Launch(), ["check", "no.csv", "-t", "x"], output=file.fileno(), folder=tmp_path, environment=environment
        )
        assert start.wait(timeout=60) == start.poll() == 2
    assert output.read_text("utf-8").startswith("campaign: ")
    assert start.pid != os.getpid()


def test_a_start_has_its_own_folder_environment_and_streams(tmp_path: Path) -> None:
    with warm().piped(f"{__name__}:show", ["word"], folder=tmp_path, environment={"OWN": "yes"}) as start:
        start.stdin.write("asked\n")
        assert start.ended() == (f"{tmp_path} {{'OWN': 'yes'}} ['word'] asked\n", "beside\n")
        assert start.process.returncode == 7


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_start_dies_of_a_signal_and_says_so(tmp_path: Path, number: signal.Signals) -> None:
    with warm().piped(f"{__name__}:wait", [], folder=tmp_path, environment={}) as start:
        assert start.stdout.readline() == "here\n"
        assert start.process.poll() is None
        start.process.send_signal(number)
        assert start.process.wait(timeout=60) == -number
        # It is gone, and not only silent.
        with pytest.raises(ProcessLookupError):
            os.kill(start.process.pid, 0)


def show(words: list[str]) -> int:
    print(Path.cwd(), dict(os.environ), words, input())  # noqa: T201 - its voice
    os.write(2, b"beside\n")
    return 7


def wait(_words: list[str]) -> int:
    print("here", flush=True)  # noqa: T201 - its voice
    signal.pause()
    return 0
