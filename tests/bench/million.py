"""A million rows end to end, beside a tenth of them: check, run, a run that is killed in the middle and resumed.

    python -m tests.bench.million [--rows 1000000]

Beside it stands the same sheet through a script of aiohttp without a ledger, in the same run. Prints each figure with
its goal; what reads a long run afterwards is measured by `python -m tests.bench.reading`.
"""

import argparse
import csv
import signal
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from tests.bench.costs import Cost, cost_at_end, cost_of, environment, said_of, started
from tests.bench.loopback import serving
from tests.bench.reading import HEADER, TEMPLATE

_IN_FLIGHT = 64
_MOST_TIMES, _MOST_MB, _MOST_CPU_MS, _LEAST_OF_SCRIPT = 10.5, 250.0, 0.5, 0.5
_GLANCE_SECONDS = 0.05
_FIRST_NAMES = ("Ada", "Bela", "Cleo", "Dario", "Edda", "Faisal", "Greta", "Hana", "Ivo", "Jonna", "Kofi", "Linnea")
_SYLLABLES = ("mar", "lo", "ven", "tis", "gra", "bel", "kor", "dun", "sel", "ha")
_TIMED = ("check", "run", "killed, then resumed")


def measure(*, rows: int) -> None:
    """Prints the costs at a tenth of the rows and at all of them, and each goal with its figure."""
    with serving(latency=0.0) as port:
        costs = {count: _costs(count, base_url=f"http://127.0.0.1:{port}") for count in (rows // 10, rows)}
    short, long = costs[rows // 10], costs[rows]
    print(f"\n{rows} rows beside {rows // 10}, {_IN_FLIGHT} in flight, a server that answers at once")
    for name in long:
        one, ten = short[name], long[name]
        print(
            f"  {name:22}{one.cpu:8.1f} {ten.cpu:8.1f} s CPU  {one.wall:8.1f} {ten.wall:8.1f} s "
            f"{one.megabytes:6.0f} {ten.megabytes:6.0f} MB"
        )
    for name in _TIMED:
        # Of whole processes, start-up in: the tenth pays it as well.
        _goal(f"{name}, times its tenth", long[name].wall / short[name].wall, at_most=_MOST_TIMES)
        _goal(f"{name}, megabytes", long[name].megabytes, at_most=_MOST_MB)
    script, run = long["aiohttp, no ledger"], long["run"]
    _goal("run, CPU ms a call, all in", run.cpu / rows * 1000, at_most=_MOST_CPU_MS)
    _goal("run, calls/s of that script's", script.wall / run.wall, at_least=_LEAST_OF_SCRIPT)


def _goal(what: str, figure: float, *, at_most: float = float("inf"), at_least: float = 0.0) -> None:
    bound = f"at least {at_least:g}" if at_least else f"at most {at_most:g}"
    print(f"  {what:36} {figure:8.2f}  goal {bound}: {said_of(met=at_least <= figure <= at_most)}")


def _costs(rows: int, *, base_url: str) -> dict[str, Cost]:
    with tempfile.TemporaryDirectory(prefix="million-") as folder:
        here = Path(folder)
        (here / "t.toml").write_text(TEMPLATE, encoding="utf-8")
        write_sheet(here / "sheet.csv", rows)
        python = [sys.executable, "-m"]
        program, script = [*python, "campaign"], [*python, "tests.bench.aiohttp_script"]
        run = [*program, "run", "sheet.csv", "-t", "t.toml", "--name", "million", *_flags("run")]
        env = environment(here / "home", base_url=base_url)
        return {
            "check": cost_of([*program, "check", "sheet.csv", "-t", "t.toml"], here=here, env=env),
            "run": cost_of(run, here=here, env=env),
            "aiohttp, no ledger": cost_of(
                [*script, "sheet.csv", base_url, "script.jsonl", str(_IN_FLIGHT)], here=here, env=env
            ),
            "killed, then resumed": _killed(run, program, here, rows=rows, base_url=base_url),
        }


def _killed(run: list[str], program: list[str], here: Path, *, rows: int, base_url: str) -> Cost:
    """The same sheet on a home of its own, killed when about half of it is called; nobody is left out after that."""
    home = here / "killed"
    env = environment(home, base_url=base_url)
    began = time.perf_counter()
    process = started(run, here=here, env=env)
    while _attempts(home / "ledger.db") < rows // 2:
        time.sleep(_GLANCE_SECONDS)  # the state that is waited for stands in another process's ledger
    process.kill()
    first = cost_at_end(process, since=began, here=here, code=-signal.SIGKILL)
    rest = cost_of([*program, "resume", "million", *_flags("killed")], here=here, env=env, code=1)
    with closing(sqlite3.connect(home / "ledger.db")) as ledger:
        found = dict(ledger.execute("SELECT state, count(*) FROM sheet_row GROUP BY state").fetchall())
    # What was on its way when it was killed stays unknown without the server's list.
    assert found.pop("unknown", 0) <= _IN_FLIGHT, found
    assert set(found) == {"created"}, found
    return first.and_then(rest)


def _attempts(ledger: Path) -> int:
    """About how many calls were claimed: the largest number of an attempt, which costs no walk."""
    if not ledger.exists():
        return 0
    with closing(sqlite3.connect(f"{ledger.as_uri()}?mode=ro", uri=True, timeout=60)) as connection:
        try:
            return int(connection.execute("SELECT ifnull(max(rowid), 0) FROM attempt").fetchone()[0])
        except sqlite3.OperationalError:
            return 0  # it is being made


def write_sheet(path: Path, rows: int) -> None:
    """Seven columns; numbers that are never dialled, since the only server is on loopback."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for i in range(rows):
            phone = f"+1{305 + i // 8_000_000}{200 + i // 10_000 % 800}{i % 10_000:04}"
            day = f"December {1 + i % 28} at {9 + i % 9}:30 AM"
            writer.writerow([_name(i), phone, f"p{i}@example.com", day, "Dr. Larkfield", "Room 4", f"{i % 300}.50"])


def _name(number: int) -> str:
    """A name without figures, as people have: sheets hold few others, and those are looked at for longer."""
    first, rest = _FIRST_NAMES[number % len(_FIRST_NAMES)], number // len(_FIRST_NAMES)
    last = "".join(_SYLLABLES[rest // len(_SYLLABLES) ** place % len(_SYLLABLES)] for place in range(3))
    return f"{first} {last.capitalize()}"


def _flags(name: str) -> list[str]:
    pace = ["--rate", "10000", "--max-in-flight", str(_IN_FLIGHT)]
    return ["--yes", "-q", "--no-audit", "--results", f"{name}.results.csv", *pace]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.million")
    parser.add_argument("--rows", type=int, default=1_000_000)
    measure(rows=parser.parse_args().rows)
