"""What a process costs: seconds of processor, seconds that pass, megabytes at its largest."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """Of one process, or of several one after another: seconds of processor, seconds that passed, most megabytes."""

    cpu: float
    wall: float
    megabytes: float

    def and_then(self, other: "Cost") -> "Cost":
        """Both, one after the other."""
        return Cost(self.cpu + other.cpu, self.wall + other.wall, max(self.megabytes, other.megabytes))


def environment(home: Path, *, base_url: str) -> dict[str, str]:
    """Of the program as a person sets it, on that home and against that server."""
    return {
        "CAMPAIGN_HOME": str(home),
        "AICALLER_BASE_URL": base_url,
        "AICALLER_API_KEY": "bench",
        "AICALLER_TEAM_ID": "team",
        "AICALLER_CALL_TEMPLATE_ID": "template",
        "PYTHONPATH": str(Path.cwd()),
    }


def started(command: Sequence[str], *, here: Path, env: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """A process that says what it says into `said.txt`."""
    with (here / "said.txt").open("wb") as said:
        return subprocess.Popen(command, cwd=here, env={**os.environ, **env}, stdout=said, stderr=said)


def cost_at_end(process: "subprocess.Popen[bytes]", *, since: float, here: Path, code: int) -> Cost:
    """Waits for its end, which must be with that exit code; `since` is when it began, by `time.perf_counter`."""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == code, (process.args, (here / "said.txt").read_text("utf-8")[-2000:])
    return Cost(used.ru_utime + used.ru_stime, time.perf_counter() - since, used.ru_maxrss / 1024)


def cost_of(command: Sequence[str], *, here: Path, env: Mapping[str, str], code: int = 0) -> Cost:
    """Runs a command in a process of its own."""
    began = time.perf_counter()
    return cost_at_end(started(command, here=here, env=env), since=began, here=here, code=code)


def said_of(*, met: bool) -> str:
    """A goal's word."""
    return "met" if met else "MISSED"
