"""Several runs of one account at once, each a process of its own on one ledger: how much of the pace they use together.

    python -m tests.bench.shared_pace [--seconds 10]

Bound by what is in flight: 2,000 calls/s are asked for, the server takes 100 ms, and 48 calls are on their way
together, whether of one run, two or four. Bound by the rate: each asks for 50/s, and has more workers than that needs.
"""

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from bisect import bisect_left
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.bench.costs import environment, said_of
from tests.bench.loopback import serving
from tests.bench.million import write_sheet
from tests.bench.reading import TEMPLATE

_LATENCY, _FAST, _TOGETHER, _RATE = 0.1, 2_000.0, 48, 50.0
_LEAST_OF_ONE, _LEAST_OF_RATE, _MOST_OF_RATE = 0.75, 0.98, 1.02


@dataclass(frozen=True)
class _Together:
    """What several runs did while all of them were calling."""

    per_second: float
    most_in_a_second: int


def measure(*, seconds: float) -> None:
    """Prints calls a second for one run, two and four, and the goals."""
    print(f"\nruns of one account, {_FAST:g}/s asked, {_LATENCY * 1000:g} ms, {_TOGETHER} in flight together")
    with serving(latency=_LATENCY) as port:
        alone = _dialled(1, in_flight=_TOGETHER // 4, rate=_FAST, seconds=seconds, port=port)
        print(f"  one run with {_TOGETHER // 4} in flight: {alone.per_second:.0f} calls/s")
        for count in (1, 2, 4):
            all_of_them = _dialled(count, in_flight=_TOGETHER // count, rate=_FAST, seconds=seconds, port=port)
            least = _LEAST_OF_ONE * alone.per_second * 4
            print(
                f"  {count} with {_TOGETHER // count} each: {all_of_them.per_second:.0f} calls/s, "
                f"{all_of_them.per_second / alone.per_second:.2f} of that one; at least {least:.0f}: "
                f"{said_of(met=all_of_them.per_second >= least)}"
            )
        for count in (1, 2, 4):
            bound = _dialled(count, in_flight=_TOGETHER // count, rate=_RATE, seconds=seconds, port=port)
            share, most = bound.per_second / _RATE, bound.most_in_a_second
            met = share >= _LEAST_OF_RATE and most <= _RATE * _MOST_OF_RATE
            print(
                f"  {count} at {_RATE:g}/s: {share:.1%} of it, at most {most} in any second; goal "
                f"{_LEAST_OF_RATE:.0%}, {_RATE * _MOST_OF_RATE:g}: {said_of(met=met)}"
            )


def _dialled(count: int, *, in_flight: int, rate: float, seconds: float, port: int) -> _Together:
    with tempfile.TemporaryDirectory(prefix="shared-pace-") as folder:
        here = Path(folder)
        pace = TEMPLATE.replace("calls_per_second = 10000", f"calls_per_second = {rate:g}")
        (here / "t.toml").write_text(pace.replace("max_in_flight = 64", f"max_in_flight = {in_flight}"), "utf-8")
        write_sheet(here / "all.csv", count * _rows(count, in_flight=in_flight, rate=rate, seconds=seconds))
        header, *lines = (here / "all.csv").read_text("utf-8").splitlines()
        env = environment(here / "home", base_url=f"http://127.0.0.1:{port}")
        running = []
        for number in range(count):
            sheet = f"sheet-{number}.csv"
            (here / sheet).write_text("\n".join([header, *lines[number::count]]) + "\n", "utf-8")
            words = ["run", sheet, "-t", "t.toml", "--yes", "-q", "--no-audit", "--name", f"run-{number}"]
            running.append(_started([sys.executable, "-m", "campaign", *words], here=here, env=env))
        ledger = here / "home" / "ledger.db"
        _wait_for_calls(ledger, runs=count)
        time.sleep(seconds)  # what is measured is a stretch of time
        for process in running:
            process.terminate()
        for process in running:
            process.wait()
        return _counted(ledger, seconds=seconds)


def _rows(count: int, *, in_flight: int, rate: float, seconds: float) -> int:
    """More than each of them can call."""
    return int(min(rate, in_flight / _LATENCY) * (seconds + 15) / (1 if rate > _RATE else count) * 1.5) + 50


def _wait_for_calls(ledger: Path, *, runs: int) -> None:
    while True:
        time.sleep(0.1)  # the state that is waited for stands in another process's ledger
        if ledger.exists():
            with closing(sqlite3.connect(f"{ledger.as_uri()}?mode=ro", uri=True, timeout=60)) as connection:
                try:
                    asked = "SELECT count(DISTINCT run_id) FROM attempt WHERE ended_at IS NOT NULL"
                    if connection.execute(asked).fetchone()[0] == runs:
                        return
                except sqlite3.OperationalError:
                    continue  # it is being made


def _counted(ledger: Path, *, seconds: float) -> _Together:
    """Of the middle of the stretch in which all were calling."""
    with closing(sqlite3.connect(ledger)) as connection:
        claims = connection.execute("SELECT run_id, claimed_at FROM attempt ORDER BY claimed_at").fetchall()
    of_runs: dict[int, list[float]] = {}
    for run_id, at in claims:
        of_runs.setdefault(run_id, []).append(datetime.fromisoformat(at).timestamp())
    since = max(times[0] for times in of_runs.values()) + 1.0
    until = min(*(times[-1] for times in of_runs.values()), since + seconds - 1.5)
    times = [at for one in of_runs.values() for at in one]
    among = sorted(at for at in times if since <= at < until)
    return _Together(len(among) / (until - since), _most_in_a_second(among))


def _most_in_a_second(times: Sequence[float]) -> int:
    return max((bisect_left(times, at + 1.0) - index for index, at in enumerate(times)), default=0)


def _started(command: list[str], *, here: Path, env: dict[str, str]) -> "subprocess.Popen[bytes]":
    with (here / "said.txt").open("ab") as said:
        return subprocess.Popen(command, cwd=here, env={**os.environ, **env}, stdout=said, stderr=said)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.shared_pace")
    parser.add_argument("--seconds", type=float, default=10.0)
    measure(seconds=parser.parse_args().seconds)
