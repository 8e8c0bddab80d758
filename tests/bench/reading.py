"""All that reads a long run or writes it whole: CPU seconds and megabytes, beside those of a tenth of the rows.

    python -m tests.bench.reading [--rows 1000000] [--runs 10] [--only results]

The ledger is written by a few statements of SQL (`tests.ledger.plans.seeding`), as if it had been dialled. Each verb
is a process of its own; whatever else the machine does changes its CPU time far less than the time that passes.
"""

import argparse
import csv
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.costs import Cost, cost_of, environment, said_of
from tests.bench.loopback import serving

TEMPLATE = """
[columns]
name = "Name"
phone = "Phone"
email = "Email"
[variables]
day = "Day"
doctor = "Doctor"
[limits]
max_calls = 2000000
max_rows = 2000000
[pace]
calls_per_second = 10000
max_in_flight = 64
"""
HEADER = ["Name", "Phone", "Email", "Day", "Doctor", "Place", "Amount"]
MOST_TIMES, MOST_MB, MOST_HTML_SECONDS, MOST_STATUS_SECONDS = 10.5, 250.0, 60.0, 0.5
POLLS = 1_000
_OPENED = """
import sys, os
from datetime import datetime, timedelta, UTC
from pathlib import Path
from campaign.ledger.store import open_ledger
with open_ledger(Path(os.environ["CAMPAIGN_HOME"]), now=lambda: datetime.now(UTC) + timedelta(days=400)) as ledger:
    run = ledger.read.runs.find("long")
"""
AUDIT = (
    _OPENED
    + """
    phones, ids = [], []
    for row in ledger.read.rows.results(run.id):
        if row.call_id:
            phones.append(row.phone)
            ids.append(row.call_id)
        if len(ids) == 100:
            ledger.read.lost.phones_of_run(run.id, set(phones))
            ledger.read.lost.known_ids(ids)
            ledger.read.lost.recorded(run.id, ids)
            phones, ids = [], []
"""
)
FOLLOW = (
    _OPENED
    + f"""
    from campaign.domain.call_outcome import CallOutcome
    from campaign.ledger.records.outcomes import Rules
    rules = Rules(next_poll=lambda *_: None, call_again=lambda *_: None)
    for _ in range({POLLS // 50}):
        for call in ledger.read.outcomes.due(run.id, at=ledger.now(), first_after=timedelta(0), most=50):
            ledger.outcomes.note(call, CallOutcome(call.call_id, status="completed"), rules=rules)
        ledger.read.outcomes.next_due(run.id, first_after=timedelta(0))
        ledger.read.outcomes.to_call_again(run.id, at=ledger.now() - timedelta(days=4000))
"""
)


# A process that starts others hands its own size on to them, as far as the system counts.
SEED = """
import sys
from pathlib import Path
from tests.ledger.plans.seeding import seed_rows
seed_rows(Path(sys.argv[1]), run_id={run_id}, rows={rows}, followed={followed})
"""


@dataclass(frozen=True)
class Verb:
    """A command, and how many times the CPU ten times the rows may cost."""

    name: str
    words: Sequence[str]
    most_times: float = MOST_TIMES
    code: int = 0


VERBS = (
    Verb("status", ["status"], 1.2),
    Verb("status --why", ["status", "long", "--why", "500"], 1.2),
    Verb("status long", ["status", "long"]),
    Verb("results .csv", ["results", "long", "-o", "out.csv"]),
    Verb("results .json", ["results", "long", "-o", "out.json"]),
    Verb("results .xlsx", ["results", "long", "-o", "out.xlsx"]),
    Verb("results .html", ["results", "long", "-o", "out.html"]),
    Verb("check, compared", ["check", "sheet.csv", "-t", "t.toml", "--problems", "problems.csv"], code=1),
    Verb("audit of a list of calls", ["-c", AUDIT]),
    Verb(f"follow, {POLLS} polls", ["-c", FOLLOW], 1.2),
    Verb("rerun of 1 %", ["rerun", "long", "--yes", "-q", "--no-audit", "--results", "again.csv"], code=1),
    Verb("suppress import", ["suppress", "import", "numbers.csv", "--reason", "bench"]),
    Verb("forget", ["forget", "long", "--yes", "--unfinished"]),
)


def _cost_of(words: Sequence[str], *, here: Path, env: dict[str, str], code: int) -> Cost:
    start = [sys.executable] if words[0] == "-c" else [sys.executable, "-m", "campaign"]
    return cost_of([*start, *words], here=here, env=env, code=code)


@contextmanager
def long_run(*, rows: int, base_url: str, runs: int = 1) -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder with a ledger of that many runs of so many rows each, the sheet of such a run, and a list of numbers."""
    with tempfile.TemporaryDirectory(prefix="reading-") as folder:
        here = Path(folder)
        env = environment(here / "home", base_url=base_url)
        (here / "t.toml").write_text(TEMPLATE, "utf-8")
        for count in range(runs):
            name = "long" if count == 0 else f"long-{count}"
            _write(
                here / "one.csv", HEADER, [["Bo", f"+1305200{count:04}", "b@example.com", "Monday", "Dr. Who", "", ""]]
            )
            words = ["run", "one.csv", "-t", "t.toml", "--yes", "-q", "--no-audit", "--name", name]
            _cost_of(words, here=here, env=env, code=0)
            seed = SEED.format(run_id=count + 1, rows=rows, followed=runs == 1)
            subprocess.run([sys.executable, "-c", seed, str(here / "home" / "ledger.db")], check=True)
        if runs == 1:
            _write(here / "numbers.csv", ["Phone"], ([f"+1{305 + i // 8_000_000}{_seven(i)}"] for i in range(rows)))
            _write(here / "sheet.csv", HEADER, _cells(here / "home" / "ledger.db"))
        yield here, env


def measure(*, rows: int, runs: int, only: str = "") -> None:
    """Prints each verb's cost at a tenth of the rows and at all of them, with the goal beside it."""
    verbs = [verb for verb in VERBS if only in verb.name]
    print(f"\n{rows} rows beside {rows // 10}: CPU seconds, times, MB; goals: at most 10.5 times, {MOST_MB:.0f} MB")
    with serving(latency=0.0) as port:
        costs = {}
        for count in (rows // 10, rows):
            with long_run(rows=count, base_url=f"http://127.0.0.1:{port}") as (here, env):
                for verb in verbs:
                    costs[count, verb.name] = _cost_of(verb.words, here=here, env=env, code=verb.code)
        for verb in verbs:
            _tell(verb, short=costs[rows // 10, verb.name], long=costs[rows, verb.name])
        if runs and not only:
            with long_run(rows=rows, base_url=f"http://127.0.0.1:{port}", runs=runs) as (here, env):
                cost = _cost_of(["status"], here=here, env=env, code=0)
            told = said_of(met=cost.cpu <= MOST_STATUS_SECONDS)
            print(f"  status of {runs} runs: {cost.cpu:.2f} s, goal {MOST_STATUS_SECONDS} s: {told}")


def _tell(verb: Verb, *, short: Cost, long: Cost) -> None:
    times, met = long.cpu / short.cpu, long.megabytes <= MOST_MB and long.cpu / short.cpu <= verb.most_times
    if "html" in verb.name:
        met = met and long.cpu <= MOST_HTML_SECONDS
    figures = f"{short.cpu:8.2f} {long.cpu:8.2f} s {times:6.2f} (goal {verb.most_times:4.1f})"
    print(f"  {verb.name:26}{figures} {short.megabytes:6.0f} {long.megabytes:6.0f} MB  {said_of(met=met)}")


def _seven(i: int) -> str:
    return f"{200 + i // 10_000 % 800}{i % 10_000:04}"


def _cells(ledger: Path) -> Iterator[Sequence[str]]:
    """The cells of the first run's rows."""
    with closing(sqlite3.connect(ledger)) as connection:
        parts = ", ".join(f"json_extract(cells, '$[{at}]')" for at in range(len(HEADER)))
        yield from connection.execute(f"SELECT {parts} FROM sheet_row WHERE run_id = 1 ORDER BY id")  # noqa: S608 - numbers


def _write(path: Path, header: Sequence[str], rows: object) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)  # type: ignore[arg-type]  # rows of any sequence


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.reading")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=10, help="of so many rows, for `status`; 0 leaves it out")
    parser.add_argument("--only", default="", help="verbs whose name holds this")
    given = parser.parse_args()
    measure(rows=given.rows, runs=given.runs, only=given.only)
