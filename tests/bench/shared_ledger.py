"""Forty workers on one PostgreSQL ledger, on paper: a simulation of discrete events with measured service times.

    python -m tests.bench.shared_ledger

Prints what a million calls an hour ask of the server, and what is full first as the load grows.
`docs/explanation/many-machines.md` says what follows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from tests.bench.ledger_on_paper import Disk, Events, PaceRow
from tests.bench.runs_on_paper import Case, Run

WAL_BYTES, REQUEST_WAL_BYTES = 14_000, 300
"""Of a call, with full-page images: pgbench with 40 clients; of a request for slots: a guess, the row is short."""
SESSIONS = (1 + 1 + 1) + (1 + 1 + 1), (1 + 8 + 4) + (1 + 8 + 1)
"""Of a worker with one run, at least and at most: writer, readers and the engine's pool; the run's writer, readers and
hold (`connecting.py`, `engine.py`, `process.py`)."""
TICK_READS = 5
"""A second, of each worker: counted in `process.py`."""
BEATS_PER_SECOND = 2 / 5
"""Commits of a worker besides: its heartbeat and the engine's, every 5 s."""
_WARM_UP_SECONDS = 3.0
_REACHED, _FULL = 0.95, 0.9
_MILLION_AN_HOUR = 278.0
CASES = {
    "a million an hour, 40 accounts": Case(_MILLION_AN_HOUR),
    "the same, one account": Case(_MILLION_AN_HOUR, accounts=1),
    "the same, 5 ms away": Case(_MILLION_AN_HOUR, accounts=1, away=0.005),
    "the same, four accounts": Case(_MILLION_AN_HOUR, accounts=4, away=0.005),
    "one account, flushes of 5 ms": Case(_MILLION_AN_HOUR, accounts=1, flush=0.005),
    "ten million, one account": Case(10 * _MILLION_AN_HOUR, accounts=1),
    "a quarter, ten workers": Case(2.5 * _MILLION_AN_HOUR, runs=10, accounts=1),
    "ten million, faster server": Case(10 * _MILLION_AN_HOUR, accounts=1, faster=10, flush=0.0002),
    "the same, 40 accounts": Case(10 * _MILLION_AN_HOUR, faster=10, flush=0.0002),
    "faster, one account, 5 ms away": Case(10 * _MILLION_AN_HOUR, accounts=1, away=0.005, faster=10, flush=0.0002),
}
_GROWING = {
    "this server, 40 accounts": Case(_MILLION_AN_HOUR),
    "this server, one account": Case(_MILLION_AN_HOUR, accounts=1),
    "this, one account, flushes 0.2 ms": Case(_MILLION_AN_HOUR, accounts=1, flush=0.0002),
    "this, one account, 2 ms away": Case(_MILLION_AN_HOUR, accounts=1, away=0.002),
    "this, one account, 5 ms away": Case(_MILLION_AN_HOUR, accounts=1, away=0.005),
    "faster server, one account": Case(_MILLION_AN_HOUR, accounts=1, faster=10, flush=0.0002),
    "faster, one account, 5 ms away": Case(_MILLION_AN_HOUR, accounts=1, away=0.005, faster=10, flush=0.0002),
    "faster, four accounts, 5 ms away": Case(_MILLION_AN_HOUR, accounts=4, away=0.005, faster=10, flush=0.0002),
}


@dataclass(frozen=True)
class Found:
    """What came of it, a second; seconds of waiting; parts of the time for which something was taken."""

    calls: float
    commits: float
    wal_bytes: float
    requests: float
    disk: float
    row: float
    writer: float
    in_flight: float
    claim_mean: float
    claim_p99: float
    request_mean: float


def simulate(case: Case, *, seed: int = 1) -> Found:
    """Some seconds of it, after the runs have begun; runs of an account share its row."""
    events, random = Events(), Random(seed)
    disk, rows = Disk(events, flush=case.flush, faster=case.faster), [PaceRow(events) for _ in range(case.accounts)]
    runs = [
        Run(case, events, disk, rows[number % case.accounts], random, free=case.in_flight)
        for number in range(case.runs)
    ]
    for run in runs:
        events.at(1.0 + random.random(), run.ask)
    events.run(until=_WARM_UP_SECONDS)
    before = disk.commits, disk.busy_seconds, sum(run.requests for run in runs)
    spent = [run.writer_seconds for run in runs], [row.changed_seconds for row in rows]
    for run in runs:
        run.waits.clear()
    for row in rows:
        row.waits.clear()
    events.run(until=_WARM_UP_SECONDS + case.seconds)
    waits = sorted(wait for run in runs for wait in run.waits)
    calls, requests = len(waits) / case.seconds, (sum(run.requests for run in runs) - before[2]) / case.seconds
    return Found(
        calls=calls,
        commits=(disk.commits - before[0]) / case.seconds + case.runs * BEATS_PER_SECOND,
        wal_bytes=calls * WAL_BYTES + requests * REQUEST_WAL_BYTES,
        requests=requests,
        disk=(disk.busy_seconds - before[1]) / case.seconds,
        row=max(row.changed_seconds - was for row, was in zip(rows, spent[1], strict=True)) / case.seconds,
        writer=max(run.writer_seconds - was for run, was in zip(runs, spent[0], strict=True)) / case.seconds,
        in_flight=calls * (sum(case.answer) / 2 + _mean(waits)) / (case.runs * case.in_flight),
        claim_mean=_mean(waits),
        claim_p99=waits[int(0.99 * len(waits))] if waits else 0.0,
        request_mean=_mean([wait for row in rows for wait in row.waits]),
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / max(1, len(values))


def full(case: Case, found: Found) -> str | None:
    """What is full first, where the calls that are asked for are not made."""
    if found.calls >= _REACHED * case.rate:
        return None
    parts = {"server's disk": found.disk, "a run's writer": found.writer, "calls in flight": found.in_flight}
    name = max(parts, key=parts.__getitem__)
    return name if parts[name] >= _FULL else "pace row"


def breaks_at(case: Case) -> tuple[float, float, str]:
    """Raises the load by steps of `case.rate`: what is reached last, what is made at most, what is full then."""
    reached = made = 0.0
    for step in range(1, 31):
        more = replace(case, rate=step * case.rate)
        found = simulate(more)
        made = max(made, found.calls)
        if what := full(more, found):
            return reached, made, what
        reached = more.rate
    return reached, made, "nothing"


def show() -> None:
    """Prints both tables."""
    least, most = (count * 40 for count in SESSIONS)
    print(f"connections of 40 workers with a run each: {least} to {most}")
    print(f"reads a second of their ticks: {40 * TICK_READS}\n")
    print(f"{'':34}calls/s commits/s WAL MB/s GB/h requests/s disk  row claim ms  p99 request ms  not reached for")
    for name, case in CASES.items():
        f = simulate(case)
        print(
            f"{name:34}{f.calls:7.0f} {f.commits:9.0f} {f.wal_bytes / 1e6:8.1f} {f.wal_bytes * 3.6e-6:4.0f} "
            f"{f.requests:10.0f} {f.disk:4.0%} {f.row:4.0%} {f.claim_mean * 1e3:8.0f} {f.claim_p99 * 1e3:4.0f} "
            f"{f.request_mean * 1e3:10.0f}  {full(case, f) or '-'}"
        )
    print(f"\n{'as the load grows':34}reached  at most  then full")
    for name, case in _GROWING.items():
        reached, made, what = breaks_at(case)
        print(f"{name:34}{reached:7.0f} {made:8.0f}  {what}")


if __name__ == "__main__":
    show()
