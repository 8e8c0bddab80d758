"""`python -m tests.bench.workbooks`: a long .xlsx read by `open_sheet`, and by plain pandas, each a process of its own.

    rows x 7 -> seconds by the clock and of the processor, peak memory of the process and of its child

Run by hand, on a machine that does nothing else.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]  # it has no stubs

from tests.bench.screening import rows as people

HEADER = ("Name", "Phone", "Email", "City", "Amount", "Due", "Notes")
READERS = {
    "open_sheet, each row once": """
from pathlib import Path
from campaign.intake.open_sheet import open_sheet
count = sum(1 for _ in open_sheet(Path(sys.argv[1])).rows)
""",
    "open_sheet, list of all rows": """
from pathlib import Path
from campaign.intake.open_sheet import open_sheet
count = len(list(open_sheet(Path(sys.argv[1])).rows))
""",
    "pandas.read_excel(engine='calamine', dtype=object)": """
import pandas
count = len(pandas.read_excel(sys.argv[1], engine="calamine", dtype=object))
""",
    "pandas as a child would use it: frame, text, JSON": """
import gc, pandas
from pydantic_core import to_json
from campaign.intake.formats.cells import text_of
gc.disable()
frame = pandas.read_excel(
    sys.argv[1], engine="calamine", dtype=object, header=None, keep_default_na=False, na_filter=False
)
count, batch = -1, []
for cells in frame.itertuples(index=False, name=None):
    batch.append([cell if type(cell) is str else text_of(cell) for cell in cells])
    count += 1
    if len(batch) == 500:
        to_json(batch)
        batch.clear()
""",
}
REPORT = """
own, child = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
print(count, own.ru_maxrss, child.ru_maxrss)
"""


def measure(*, rows: int, rounds: int) -> None:
    """Prints the best of some rounds of each reader, all on the same file, in turns."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "contacts.xlsx"
        # In a process of its own: whoever is started from a large process begins with its peak of memory.
        subprocess.run([sys.executable, "-m", "tests.bench.workbooks", f"--rows={rows}", f"--write={path}"], check=True)
        print(f"{rows:,} rows x {len(HEADER)}, {path.stat().st_size:,} bytes, best of {rounds}")
        seen: dict[str, list[tuple[float, float, int, int]]] = {name: [] for name in READERS}
        for _ in range(rounds):
            for name, code in READERS.items():
                seen[name].append(_timed(code, path, rows))
    for name, figures in seen.items():
        clock, processor, own, child = (min(column) for column in zip(*figures, strict=True))
        print(f"{name:52} {clock:6.2f} s {processor:6.2f} s CPU {own:5} MB {child:5} MB in the child")


def _write(path: Path, rows: int) -> None:
    chance = random.Random(1)
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        page = book.add_worksheet("Contacts")
        page.write_row(0, 0, HEADER)
        for number, row in enumerate(people(rows), start=1):
            city, amount = chance.choice(["Paris", "Rome", "Oslo"]), round(chance.random() * 1_000, 2)
            page.write_row(number, 0, [*row.cells[:3], city, amount, "2026-12-01", "call after five"])


def _timed(code: str, path: Path, rows: int) -> tuple[float, float, int, int]:
    before, start = os.times(), time.perf_counter()
    command = [sys.executable, "-c", "import resource, sys\n" + code + REPORT, str(path)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    clock, after = time.perf_counter() - start, os.times()
    count, own, child = map(int, said.split())
    if count != rows:
        raise AssertionError(f"{count} rows of {rows}")
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    return clock, processor, own // 1024, child // 1024


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.workbooks")
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", type=Path, help="only write the workbook there")
    arguments = parser.parse_args()
    if arguments.write:
        _write(arguments.write, arguments.rows)
    else:
        measure(rows=arguments.rows, rounds=arguments.rounds)
