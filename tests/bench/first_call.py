"""From the command to the first call: a new sheet, and one that is gone on with.

    python -m tests.bench.first_call

The process is killed as soon as it has opened its first connection; seconds of processor are those of the process and
of those that it had started and waited for.
"""

import os
import select
import socket
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.costs import environment, said_of, started
from tests.bench.million import write_sheet
from tests.bench.reading import TEMPLATE

_MOST_SECONDS = 120.0
_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class _Begun:
    wall: float
    cpu: float


def measure(*, rows: int, many: int, rounds: int) -> None:
    """Prints the least of the rounds: `rows` new and gone on with, `many` new."""
    new, again, large = [], [], []
    for _ in range(rounds):
        one, two = _first_calls(rows, verbs=("run", "resume"))
        new.append(one)
        again.append(two)
        large += _first_calls(many, verbs=("run",))
    print(f"\nto the first call, least of {rounds}")
    _tell(f"{rows} rows, new, s CPU", min(begun.cpu for begun in new), goal=1.2)
    _tell(f"{rows} rows, gone on with, s CPU", min(begun.cpu for begun in again), goal=1.2)
    _tell(f"{many} rows, new, s", min(begun.wall for begun in large), goal=5.0)


def _tell(what: str, figure: float, *, goal: float) -> None:
    print(f"  {what:36} {figure:6.2f}  goal at most {goal:g}: {said_of(met=figure <= goal)}", flush=True)


def _first_calls(rows: int, *, verbs: Sequence[str]) -> list[_Begun]:
    with tempfile.TemporaryDirectory(prefix="first-call-") as folder, socket.create_server(("127.0.0.1", 0)) as server:
        here = Path(folder)
        (here / "t.toml").write_text(TEMPLATE, encoding="utf-8")
        write_sheet(here / "sheet.csv", rows)
        env = environment(here / "home", base_url=f"http://127.0.0.1:{server.getsockname()[1]}")
        flags = {"run": ["sheet.csv", "-t", "t.toml", "--name", "first"], "resume": ["first"]}
        python = [sys.executable, "-m", "campaign"]
        return [
            _until_called([*python, verb, *flags[verb], "--yes", "-q", "--no-audit"], server, here=here, env=env)
            for verb in verbs
        ]


def _until_called(command: Sequence[str], server: socket.socket, *, here: Path, env: dict[str, str]) -> _Begun:
    began = time.perf_counter()
    process = started(command, here=here, env=env)
    try:
        if not select.select([server], [], [], _MOST_SECONDS)[0]:
            raise AssertionError((here / "said.txt").read_text("utf-8")[-2000:])
        return _Begun(time.perf_counter() - began, _seconds_used(process.pid))
    finally:
        process.kill()
        process.wait()
        _drain(server)


def _seconds_used(pid: int) -> float:
    # The name of the program, in parentheses, may hold blanks; the fields after it do not.
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _PER_SECOND


def _drain(server: socket.socket) -> None:
    """Takes the connections of the killed process away, so that the next one's is the first."""
    while select.select([server], [], [], 0)[0]:
        server.accept()[0].close()


if __name__ == "__main__":
    measure(rows=1_000, many=100_000, rounds=3)
