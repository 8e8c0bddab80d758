"""The program as a person starts it: words in, words and files out."""

import csv
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest

from campaign.cli.main import exit_code
from campaign.cli.terminal import Terminal, this_terminal
from campaign.sandbox.config import SandboxConfig
from campaign.sandbox.faults.table import FaultPlan
from tests.in_thread import in_thread

ROOT = Path(__file__).parent.parent.parent
KEY = "sk-planted-5f2d91"
TEMPLATE = """
[columns]
name = "Name"
phone = "Phone"
[variables]
day = { column = "Day", optional = true }
[phone]
region = "US"
"""


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


@dataclass
class Desk:
    """A folder to work in, and the program.

    Attributes:
        now: the wall clock of the commands that are typed from now on; None for that of this machine.
        hear: gets each line that a person is shown, as it is shown.
        logs: whether lines have the time before them, as in a file.
    """

    folder: Path
    run_here: Callable[..., Ended]
    env: dict[str, str] = field(default_factory=dict)
    now: Callable[[], datetime] | None = None
    hear: Callable[[str], None] = lambda _line: None
    logs: bool = False

    def __call__(self, *words: str | Path) -> Ended:
        here = this_terminal()

        def say(line: str) -> None:
            here.say(line)
            self.hear(line)

        return self.run_here(*words, terminal=replace(here, now=self.now or here.now, say=say, logs=self.logs))

    def sheet(self, *rows: str, name: str = "sheet.csv", header: str = "Name,Phone,Day") -> Path:
        path = self.folder / name
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return path

    def template(self, text: str = TEMPLATE, name: str = "visits.toml") -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def results(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def people(self, count: int, *, first: int = 0, name: str = "sheet.csv") -> Path:
        """A sheet of so many callable people; up to 1,000 of them."""
        areas = (212, 213, 312, 415, 510, 617, 646, 702, 718, 917)
        numbers = [f"+1{areas[i // 100]}55501{i % 100:02d}" for i in range(first, first + count)]
        return self.sheet(*(f"Person {i},{number},Monday" for i, number in enumerate(numbers)), name=name)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Desk:
    """The program inside this process: fast, with real files and a real ledger."""
    for variable in [name for name in os.environ if name.startswith(("AICALLER_", "CAMPAIGN_"))]:
        monkeypatch.delenv(variable)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CAMPAIGN_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("sys.stdin", io.StringIO())

    def run_here(*words: str | Path, terminal: Terminal) -> Ended:
        capfd.readouterr()
        code = exit_code([str(word) for word in words], terminal=terminal)
        out, err = capfd.readouterr()
        return Ended(code, out, err)

    return Desk(tmp_path, run_here)


@dataclass(frozen=True)
class StandIn:
    """A sandbox that outlives the runs that call it."""

    base_url: str
    truth: Path
    env: dict[str, str]
    rung_before: int = 0

    def rings(self) -> list[str]:
        """The phones that rang, in order."""
        return self._all_rings()[self.rung_before :]

    def from_now(self) -> "StandIn":
        """The same, as if nobody had been rung yet: with a call template of its own, whose list of calls is empty."""
        rung = len(self._all_rings())
        return replace(self, rung_before=rung, env={**self.env, "AICALLER_CALL_TEMPLATE_ID": f"template-{uuid4()}"})

    def _all_rings(self) -> list[str]:
        if not self.truth.exists():
            return []
        return [json.loads(line)["phone"] for line in self.truth.read_text("utf-8").splitlines()]


@pytest.fixture(scope="session")
def faultless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """`campaign sandbox`, one for all tests: it takes longer to start than most of them last."""
    with sandbox_process(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture
def server(faultless: StandIn, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> StandIn:  # noqa: ARG001 - clears the environment first
    """A sandbox without faults, and the environment that leads there."""
    fresh = faultless.from_now()
    for name, value in fresh.env.items():
        monkeypatch.setenv(name, value)
    return fresh


@contextmanager
def stand_in(
    folder: Path,
    *,
    fault: str = "",
    seed: int = 0,
    latency: float = 0.0,
    clock: Callable[[], float] = time.time,
) -> Iterator[StandIn]:
    """Another one, which misbehaves as it is told to; in a thread of the tests, since a process takes long to start."""
    truth = folder / "truth.jsonl"
    config = SandboxConfig(
        faults=FaultPlan.parse(fault, seed=seed), seed=seed, latency=latency, truth=truth, clock=clock
    )
    with in_thread(config) as sandbox:
        yield StandIn(sandbox.base_url, truth, _way_to(sandbox.base_url))


@contextmanager
def sandbox_process(folder: Path) -> Iterator[StandIn]:
    truth = folder / "truth.jsonl"
    command = [sys.executable, "-m", "campaign", "sandbox", "--port", "0", "--truth", str(truth)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            base_url = process.stdout.readline().split("AICALLER_BASE_URL=")[1].split()[0]
            yield StandIn(base_url, truth, _way_to(base_url))
        finally:
            process.kill()


def _way_to(base_url: str) -> dict[str, str]:
    return {
        "AICALLER_BASE_URL": base_url,
        "AICALLER_API_KEY": KEY,
        "AICALLER_TEAM_ID": "team",
        "AICALLER_CALL_TEMPLATE_ID": "template",
    }
