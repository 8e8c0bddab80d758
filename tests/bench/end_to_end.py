"""Sheet to results file, as whole processes: calls a second and CPU a call, beside naive code in the same run.

With a latency, what is asked for is the most that so many in flight can do; without one, more than anybody can. Beside
the whole, from the sheet to the results file, stands the dialling alone: from the first promise to the last ending.
"""

import csv
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from statistics import median

from tests.bench.costs import environment
from tests.bench.loopback import serving

TEMPLATE = """
[columns]
name = "Name"
phone = "Phone"
[variables]
day = "Day"
"""
# For a disk that is never waited for. What it would cost in lost calls is in tests/soak.
WITHOUT_FSYNC = (
    "import sys, sqlite3\nfrom campaign.ledger.sqlite import engine as door\n"
    "from sqlalchemy import event\nmade = door._engine\n"
    "def engine(*given, **named):\n"
    "    one = made(*given, **named)\n"
    "    event.listen(one, 'connect', lambda c, _: c.execute('PRAGMA synchronous=OFF').close())\n"
    "    return one\n"
    "door._engine = engine\nfrom campaign.cli.main import main\nmain(sys.argv[1:])"
)
AREAS = (212, 213, 312, 415, 510, 617, 646, 702, 718, 917)


@dataclass(frozen=True)
class Timed:
    """Seconds of a whole process; `dialled` are the calls a second between first promise and last ending, if known."""

    wall: float
    cpu: float
    dialled: float | None = None


def write_sheet(path: Path, count: int) -> None:
    """Numbers that are never dialled: the only server is on loopback."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Name", "Phone", "Day"])
        for i in range(count):
            writer.writerow([f"Person {i}", f"+1{AREAS[i // 10_000]}555{i % 10_000:04d}", "Monday the first"])


def timed(command: Sequence[str], *, env: dict[str, str]) -> Timed:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, env={**os.environ, **env}, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr
    return Timed(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def measure(*, calls: int, latency: float, in_flight: int, rounds: int) -> None:
    """Prints the medians of the variants, whose start-up and loading of an almost empty sheet is taken off."""
    variants = {"campaign": ["-m", "campaign"], "campaign, no fsync": ["-c", WITHOUT_FSYNC], "naive httpx": []}
    rate = in_flight / latency if latency else 10_000.0
    found: dict[str, list[tuple[float, float, float | None]]] = {name: [] for name in variants}
    with tempfile.TemporaryDirectory() as folder, serving(latency=latency) as port:
        base_url, here = f"http://127.0.0.1:{port}", Path(folder)
        (here / "t.toml").write_text(TEMPLATE)
        write_sheet(here / "small.csv", 1)
        write_sheet(here / "large.csv", calls)
        for turn in range(rounds):
            for name, start in variants.items():
                small, large = (
                    _once(here, start, sheet=sheet, turn=turn, base_url=base_url, in_flight=in_flight, rate=rate)
                    for sheet in ("small.csv", "large.csv")
                )
                cpu = (large.cpu - small.cpu) / calls * 1000
                found[name].append(((calls - 1) / (large.wall - small.wall), cpu, large.dialled))
    print(f"\n{calls} calls, {latency * 1000:.0f} ms, {in_flight} in flight, median of {rounds} (least to most)")
    for name, figures in found.items():
        rates, cpus = sorted(rate for rate, _, _ in figures), [cpu for _, cpu, _ in figures]
        dialled = sorted(rate for _, _, rate in figures if rate is not None)
        alone = f"; dialling alone {median(dialled):.0f} ({dialled[0]:.0f} to {dialled[-1]:.0f})" if dialled else ""
        ratio = median(mine[0] / naive[0] for mine, naive in zip(figures, found["naive httpx"], strict=True))
        print(
            f"  {name:20} {median(rates):7.0f} calls/s ({rates[0]:.0f} to {rates[-1]:.0f}){alone}"
            f"  {median(cpus):.2f} CPU ms a call  {ratio:.2f} x naive"
        )


def _once(here: Path, start: list[str], *, sheet: str, turn: int, base_url: str, in_flight: int, rate: float) -> Timed:
    results = here / f"{turn}.{len(list(here.iterdir()))}.results.csv"
    if not start:
        command = [sys.executable, "-m", "tests.bench.naive", str(here / sheet), base_url, str(results), str(in_flight)]
        return timed(command, env={})
    env = environment(Path(tempfile.mkdtemp(dir=here)), base_url=base_url)
    command = [sys.executable, *start, "run", str(here / sheet), "-t", str(here / "t.toml"), "--yes", "-q"]
    flags = ["--rate", f"{rate:g}", "--max-in-flight", str(in_flight), "--results", str(results), "--no-audit"]
    taken = timed([*command, *flags], env=env)
    return replace(taken, dialled=_dialled(Path(env["CAMPAIGN_HOME"]) / "ledger.db"))


def _dialled(ledger: Path) -> float | None:
    with closing(sqlite3.connect(ledger)) as connection:
        query = "SELECT min(claimed_at), max(ended_at), count(*) FROM attempt"
        first, last, count = connection.execute(query).fetchone()
    seconds = (datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds()
    return count / seconds if count > 1 else None
