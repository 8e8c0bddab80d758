"""A rehearsal of many rows in six time zones, over days, with faults; and again with other people's luck.

    python -m tests.bench.rehearsal [--rows 50000]

Prints how long it takes, in processor time beside the clock's, what it says, and how far two of them are apart that
share the sheet and the template, and neither the faults nor how calls end.
"""

import argparse
import csv
import gc
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import anyio

from campaign.usecases.dialling.rehearsal.rehearse import Performance, open_rehearsal, perform
from tests.bench.costs import said_of
from tests.cli.rehearsal.everyday import Surroundings, options, published
from tests.cli.rehearsal.sheets import AREAS, DAYS

MONDAY = datetime(2026, 11, 30, 13, 0, tzinfo=UTC)
_MOST_SECONDS, _MOST_APART = 120.0, 0.01


def measure(*, rows: int) -> None:
    """Prints the figures of two rehearsals, and each goal with its figure."""
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
        here = Path(folder)
        (here / "t.toml").write_text(DAYS.format(rate=rows / 10_000), encoding="utf-8")
        _write(here / "s.csv", rows)
        one, other = (_performed(here, seed=seed) for seed in (1, 2))
    print(f"\nrehearsal of {rows} rows in six time zones, with faults")
    for (made, cpu, wall), what in ((one, "one"), (other, "other people's luck")):
        count = made.count
        print(
            f"  {what:20} {cpu:7.1f} s CPU {wall:7.1f} s; {count.rings} calls, {sum(made.retried.values())} again, "
            f"{len(count.twice)} twice, {len(count.forgotten)} forgotten, {len(count.for_a_person)} for a person; "
            f"last ring {count.last:%a %H:%M}, stopped: {made.stop.why if made.stop else 'no'}"
        )
    assert one[0].count.last is not None
    assert other[0].count.last is not None
    apart = abs(one[0].count.last - other[0].count.last) / (other[0].count.last - MONDAY)
    print(f"  processor time {one[1]:.1f} s, goal at most {_MOST_SECONDS:g}: {said_of(met=one[1] <= _MOST_SECONDS)}")
    print(f"  last rings apart {apart:.2%}, goal at most {_MOST_APART:.0%}: {said_of(met=apart <= _MOST_APART)}")


def _performed(here: Path, *, seed: int) -> tuple[Performance, float, float]:
    asked = options(here / "s.csv", here / "t.toml", seed=seed, polls_per_second=10.0)
    cpu, wall = time.process_time(), time.monotonic()
    with open_rehearsal(asked, context=Surroundings(here / "home", at=MONDAY)) as rehearsal:
        made = perform(rehearsal, published(rehearsal), stopping=_nobody_stops, on_day=lambda _now, _rings: None)
    return made, time.process_time() - cpu, time.monotonic() - wall


@contextmanager
def _nobody_stops() -> Iterator[anyio.Event]:
    yield anyio.Event()


def _write(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Name", "Phone"])
        # In a bench nothing leaves this process; the numbers that are kept for examples are too few.
        writer.writerows(
            [f"Person {i}", f"+1{AREAS[i % 6]}{200 + i // 60_000}{i // 6 % 10_000:04}"] for i in range(rows)
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.rehearsal")
    parser.add_argument("--rows", type=int, default=50_000)
    # As the program itself does: sheets have many rows, which make no cycles.
    gc.set_threshold(50_000, 50, 50)
    measure(rows=parser.parse_args().rows)
