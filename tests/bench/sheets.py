"""A million rows of CSV and a long .xlsx through `campaign check`, beside what pandas takes to read them, and no more.

    python -m tests.bench.sheets [--rows 1000000] [--workbook-rows 200000] [--rounds 3]

Each is a process of its own, by turns, so that whatever else the machine does falls on all of them alike. The ratio is
that of processor time to the bare loop of phonenumbers, or to pandas.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench import workbooks
from tests.bench.screening import rows

TEMPLATE = """
[call]
team_id = "0123456789abcdef01234567"
call_template_id = "0123456789abcdef01234567"
[columns]
name = "Name"
phone = "Phone"
email = "Email"
[variables]
appointment = "{column}"
"""
CHECK = """
from campaign.cli.main import main
main(["check", sys.argv[1], "-t", sys.argv[2]])
"""
ON_CSV = {
    "campaign check": CHECK,
    "bare phonenumbers, the numbers alone": """
import csv, phonenumbers
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    for row in csv.reader(file):
        try:
            number = phonenumbers.parse(row[1], None)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
""",
    "pandas.read_csv(dtype=str)": """
import pandas
pandas.read_csv(sys.argv[1], dtype=str, keep_default_na=False, na_filter=False)
""",
}
ON_WORKBOOK = {
    "campaign check": CHECK,
    "open_sheet, each row once": workbooks.READERS["open_sheet, each row once"],
    "pandas.read_excel(engine='calamine')": """
import pandas
pandas.read_excel(sys.argv[1], engine="calamine", dtype=object)
""",
}


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds by the clock and of the processor; MB at most, of the process and of the largest that it started."""

    clock: float
    processor: float
    memory: int
    child: int


def measure(*, count: int, workbook_rows: int, rounds: int) -> None:
    """Prints the medians of some rounds."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        _write_csv(home / "people.csv", count)
        (home / "csv.toml").write_text(TEMPLATE.format(column="Appointment"), encoding="utf-8")
        (home / "book.toml").write_text(TEMPLATE.format(column="Due"), encoding="utf-8")
        print(f"\n{count:,} rows x 4 of CSV in E.164, median of {rounds}; ratio to the bare loop")
        _compare(ON_CSV, home / "people.csv", home / "csv.toml", rounds=rounds, to=1)
        command = [sys.executable, "-m", "tests.bench.workbooks", f"--rows={workbook_rows}"]
        subprocess.run([*command, f"--write={home / 'people.xlsx'}"], check=True)
        print(f"\n{workbook_rows:,} rows x 7 of .xlsx, median of {rounds}; ratio to pandas")
        _compare(ON_WORKBOOK, home / "people.xlsx", home / "book.toml", rounds=rounds, to=2)


def _compare(programs: dict[str, str], sheet: Path, template: Path, *, rounds: int, to: int) -> None:
    seen: dict[str, list[Spent]] = {name: [] for name in programs}
    for _ in range(rounds):
        for name, code in programs.items():
            seen[name].append(_spent(code, sheet, template))
    processor = {name: median(one.processor for one in spent) for name, spent in seen.items()}
    for name, spent in seen.items():
        ratio = processor[name] / list(processor.values())[to]
        memory, child = max(one.memory for one in spent), max(one.child for one in spent)
        clock = median(one.clock for one in spent)
        print(f"  {name:38} {clock:7.2f} s {processor[name]:7.2f} s CPU {ratio:6.2f} {memory:5} MB {child:5} MB child")


def _spent(code: str, sheet: Path, template: Path) -> Spent:
    told = template.parent / "told.txt"
    report = "import atexit, resource, sys\natexit.register(lambda: open(sys.argv[3], 'w').write(' '.join("
    report += "str(resource.getrusage(who).ru_maxrss) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))))\n"
    command = [sys.executable, "-c", report + code, str(sheet), str(template), str(told)]
    before, start = os.times(), time.perf_counter()
    ended = subprocess.run(
        command,
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=os.environ | {"CAMPAIGN_HOME": str(template.parent)},
    )
    clock, after = time.perf_counter() - start, os.times()
    # Exit code 1: some of the invented numbers are nobody's, as in any sheet.
    if ended.returncode not in (0, 1):
        raise RuntimeError(ended.stderr.decode())
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    memory, child = (int(size) // 1024 for size in told.read_text(encoding="utf-8").split())
    return Spent(clock, processor, memory, child)


def _write_csv(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("Name,Phone,Email,Appointment\r\n")
        file.writelines(",".join(row.cells[:4]) + "\r\n" for row in rows(count))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.sheets")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--workbook-rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    measure(count=arguments.rows, workbook_rows=arguments.workbook_rows, rounds=arguments.rounds)
