"""Calls that take 100 ms, many in flight, and a disk that takes its time: how near to the ideal the dialling comes.

    python -m tests.bench.in_flight [--seconds 10]

The ideal is what so many in flight can do: 50 in flight at 100 ms make 500 calls/s. Measured from the first claim to
the last ending, as the ledger has them. A slow disk is a real one whose fsync strace delays.
"""

import argparse
import os
import sqlite3
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.bench.costs import cost_of, environment, said_of
from tests.bench.loopback import serving
from tests.bench.million import write_sheet
from tests.bench.reading import TEMPLATE

_LATENCY = 0.1
_FSYNC = "fsync,fdatasync"


@dataclass(frozen=True)
class _Case:
    in_flight: int
    least_of_ideal: float
    fsync_ms: int = 0

    @property
    def ideal(self) -> float:
        """Calls a second."""
        return self.in_flight / _LATENCY


_CASES = (_Case(50, 0.9), _Case(50, 0.8, fsync_ms=5), _Case(50, 0.8, fsync_ms=20), _Case(500, 0.5))


def measure(*, seconds: float) -> None:
    """Prints each case with its goal."""
    print(f"\n{_LATENCY * 1000:.0f} ms a call, some {seconds:g} s of dialling each")
    for case in _CASES:
        reached = _dialled(case, calls=int(case.ideal * seconds))
        disk = f", {case.fsync_ms} ms more for each fsync" if case.fsync_ms else ""
        met = said_of(met=reached >= case.least_of_ideal * case.ideal)
        print(
            f"  {case.in_flight:4} in flight{disk:34} {reached:6.0f} calls/s, {reached / case.ideal:.2f} of the ideal;"
            f" goal {case.least_of_ideal:g}: {met}",
            flush=True,
        )


def _dialled(case: _Case, *, calls: int) -> float:
    """Calls a second, from the first claim to the last ending."""
    with tempfile.TemporaryDirectory(prefix="in-flight-") as folder, serving(latency=_LATENCY) as port:
        here = Path(folder)
        (here / "t.toml").write_text(TEMPLATE, encoding="utf-8")
        write_sheet(here / "sheet.csv", calls)
        env = environment(here / "home", base_url=f"http://127.0.0.1:{port}")
        pace = ["--rate", f"{2 * case.ideal:g}", "--max-in-flight", str(case.in_flight)]
        run = [sys.executable, "-m", "campaign", "run", "sheet.csv", "-t", "t.toml", "--yes", "-q", "--no-audit", *pace]
        cost_of([*_delayed(case.fsync_ms), *run], here=here, env=env)
        with closing(sqlite3.connect(here / "home" / "ledger.db")) as ledger:
            query = "SELECT min(claimed_at), max(ended_at), count(*) FROM attempt WHERE outcome = 'created'"
            first, last, count = ledger.execute(query).fetchone()
        assert count == calls, (count, calls)
        return float(count / (datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds())


def _delayed(milliseconds: int) -> Sequence[str]:
    if not milliseconds:
        return ()
    inject = f"inject={_FSYNC}:delay_exit={milliseconds * 1000}"
    return ("strace", "-f", "-qq", "--seccomp-bpf", "-o", os.devnull, "-e", f"trace={_FSYNC}", "-e", inject)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.in_flight")
    parser.add_argument("--seconds", type=float, default=10.0)
    measure(seconds=parser.parse_args().seconds)
