"""A long run that is dialled while its pages are looked at: how soon each page answers, and what that costs the run.

    python -m tests.bench.watched [--rows 100000] [--seconds 20] [--rounds 3]

`campaign serve` dials at 50 calls/s at a stand-in of its own process. Stretches of time in which nobody looks and in
which a reader loads one page after another take turns; rates are counted in the ledger, by the endings of calls.
"""

import argparse
import os
import re
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

import httpx

from tests.bench.costs import environment, said_of
from tests.bench.million import write_sheet
from tests.bench.reading import TEMPLATE

_RATE = 50.0
_MOST_MS, _LEAST_SHARE = 300.0, 0.98
_GLANCE_SECONDS = 0.1
_BETWEEN_PAGES_SECONDS = 0.2
_LONGEST_SECONDS = 300.0


@dataclass
class _Seen:
    """What was measured: milliseconds by page, and calls a second of each stretch."""

    pages: dict[str, list[float]] = field(default_factory=dict)
    alone: list[float] = field(default_factory=list)
    watched: list[float] = field(default_factory=list)


def measure(*, rows: int, seconds: float, rounds: int) -> None:
    """Prints each page's times and both rates, with their goals."""
    with tempfile.TemporaryDirectory(prefix="watched-") as folder:
        here = Path(folder)
        with _started(here) as client:
            seen = _watch(client, here, run=_launched(client, here, rows), seconds=seconds, rounds=rounds)
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"\n{rows} rows dialled at {_RATE:g}/s; load averages {load} on {os.cpu_count()} processors")
    for page, times in seen.pages.items():
        slow = max(times)
        print(
            f"  {page:24} median {statistics.median(times):6.0f} ms, worst {slow:6.0f} ms of {len(times)};"
            f" goal {_MOST_MS:g}: {said_of(met=slow <= _MOST_MS)}"
        )
    alone, watched = statistics.mean(seen.alone), statistics.mean(seen.watched)
    print(
        f"  {alone:.2f} calls/s with nobody looking, {watched:.2f} watched: {watched / alone:.1%};"
        f" goal {_LEAST_SHARE:.0%}: {said_of(met=watched >= _LEAST_SHARE * alone)}"
    )


@contextmanager
def _started(here: Path) -> Iterator[httpx.Client]:
    """The stand-in and the server; a client of the server."""
    there, port = _free_port(), _free_port()
    templates = here / "templates"
    templates.mkdir()
    pace = TEMPLATE.replace("calls_per_second = 10000", f"calls_per_second = {_RATE:g}")
    (templates / "visit.toml").write_text(pace, encoding="utf-8")
    env = {**os.environ, **environment(here / "home", base_url=f"http://127.0.0.1:{there}")}
    program = [sys.executable, "-m", "campaign"]
    with (here / "said.txt").open("wb") as said:
        sandbox = [*program, "sandbox", "--port", str(there), "--latency", "0.05"]
        serve = [*program, "serve", "--port", str(port), "--templates", str(templates)]
        processes = [subprocess.Popen(command, env=env, stdout=said, stderr=said) for command in (sandbox, serve)]
        try:
            _until(lambda: _answers(there) and _answers(port))
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
                yield client
        finally:
            for process in reversed(processes):
                process.terminate()
                process.wait()


def _launched(client: httpx.Client, here: Path, rows: int) -> str:
    """Uploads the sheet and launches it; the run's name, once it dials."""
    write_sheet(here / "people.csv", rows)
    data = {"template": "visit.toml", "where": "real"}
    with (here / "people.csv").open("rb") as sheet:
        uploaded = client.post("/new", data=data, files={"sheet": ("people.csv", sheet)})
    draft = uploaded.headers["location"].rsplit("/", 1)[0]
    _until(lambda: 'name="act" value="launch"' in client.get(f"{draft}/launch").text)
    revision = re.search(r'name="revision" value="([^"]*)"', client.get(f"{draft}/launch").text)
    assert revision is not None
    launched = client.post(f"{draft}/launch", data={"revision": revision[1]})
    assert launched.status_code == httpx.codes.SEE_OTHER, launched.text
    _until(lambda: _ended(here, since=datetime.min.replace(tzinfo=UTC)) > _RATE)
    return str(launched.headers["location"].removeprefix("/runs/"))


def _watch(client: httpx.Client, here: Path, *, run: str, seconds: float, rounds: int) -> _Seen:
    seen, base = _Seen(), f"/runs/{run}"
    pages = {
        "the list": "/",
        "the run": base,
        "its rows": f"{base}/rows",
        "its created rows": f"{base}/rows?status=created",
        "its pending rows": f"{base}/rows?status=pending",
        "a search": f"{base}/rows?q=Ada",
        "a search in vain": f"{base}/rows?q=nobody",
        "a row": f"{base}/rows/100",
        "its report page": f"{base}/report",
    }
    for _ in range(rounds):
        seen.alone.append(_rate(here, seconds=seconds, reader=None))
        # A reader has the run's page open, which moves by itself, and loads one page after another.
        with client.stream("GET", f"{base}/live"):
            reader = _reader(client, pages, seen.pages)
            seen.watched.append(_rate(here, seconds=seconds, reader=reader))
    return seen


def _reader(client: httpx.Client, pages: dict[str, str], times: dict[str, list[float]]) -> Iterator[None]:
    for name, address in cycle(pages.items()):
        begun = time.perf_counter()
        answer = client.get(address)
        times.setdefault(name, []).append((time.perf_counter() - begun) * 1000)
        assert answer.status_code == httpx.codes.OK, answer.text
        yield


def _rate(here: Path, *, seconds: float, reader: Iterator[None] | None) -> float:
    """Calls a second that ended while the reader looked, or nobody did."""
    since, begun = datetime.now(UTC), time.perf_counter()
    while (passed := time.perf_counter() - begun) < seconds:
        if reader is not None:
            next(reader)
        time.sleep(_BETWEEN_PAGES_SECONDS)  # a person reads a page before the next one
    return _ended(here, since=since, until=since + timedelta(seconds=passed)) / passed


def _ended(here: Path, *, since: datetime, until: datetime | None = None) -> int:
    ledger = here / "home" / "ledger.db"
    with closing(sqlite3.connect(f"{ledger.as_uri()}?mode=ro", uri=True, timeout=60)) as connection:
        times = connection.execute("SELECT ended_at FROM attempt WHERE ended_at IS NOT NULL").fetchall()
    ends = [datetime.fromisoformat(one) for (one,) in times]
    return sum(since <= end < (until or datetime.now(UTC)) for end in ends)


def _until(reached: Callable[[], bool]) -> None:
    ends = time.monotonic() + _LONGEST_SECONDS
    while not reached():
        if time.monotonic() > ends:
            raise TimeoutError
        time.sleep(_GLANCE_SECONDS)  # the state that is waited for stands in another process's ledger


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.watched")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    measure(rows=options.rows, seconds=options.seconds, rounds=options.rounds)
