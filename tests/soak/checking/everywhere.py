"""Holds a home with many runs against the truth: what no single run can show.

Each run is held by the rules of `checker`; here are those between runs: who was called by two of them, whose opt-out
one of them has not heeded, and what is left of a run that was forgotten.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.soak.checking.checker import Evidence, Tally, check_files, check_run, open_ledger_file, rings_of
from tests.soak.checking.optouts import Attempted, OptOut, opt_out_faults, seconds_of
from tests.soak.sheets import read_sheet

_NAME, _PHONE, _INVOICE = 0, 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRun:
    """A run that somebody started.

    Attributes:
        mark: how the invoices of its sheet begin.
        repeats: whether its template lets people be called again whom other runs have called.
        forgotten: whether `forget` said that its people are forgotten.
    """

    name: str
    mark: str
    sheet: Path
    results: Path
    repeats: bool = False
    forgotten: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """All that there is to be checked.

    Attributes:
        outputs: what every process said.
        told: what the results file of the first run showed on the way.
    """

    folder: Path
    home: Path
    truth: Path
    runs: Sequence[KnownRun]
    opt_outs: Sequence[OptOut]
    outputs: tuple[Path, ...]
    told: Mapping[int, tuple[str, str]]
    tally: Tally


def check_everything(world: Everything) -> list[str]:
    """All violations; none when every promise was kept to everybody."""
    published = published_runs(world.home)
    rings = rings_of(world.truth)
    faults = [*check_files(world.folder, outputs=world.outputs), *_called_by_two(world, rings), *_ids_twice(world)]
    faults += opt_out_faults(world.opt_outs, rings=rings, attempts=attempts_of(world))
    for number, run in enumerate(world.runs):
        if run.forgotten:
            faults += _traces(world.home, run)
        elif run.name in published:
            told = dict(world.told) if number == 0 else {}
            tally = world.tally if number == 0 else Tally(max_in_flight=world.tally.max_in_flight)
            faults += [f"run {run.name}: {fault}" for fault in check_run(_evidence(world, run, told=told, tally=tally))]
        elif any(_invoice(ring).startswith(run.mark) for ring in rings):
            faults.append(f"called but unrecorded: run {run.name} has called, and is not in the ledger")
    return faults


def published_runs(home: Path) -> set[str]:
    """The names of the runs that a ledger has; none while it is being made."""
    if not (home / "ledger.db").exists():
        return set()
    with open_ledger_file(home) as ledger:
        if not ledger.execute("SELECT 1 FROM sqlite_master WHERE name = 'run'").fetchone():
            return set()
        return {row["name"] for row in ledger.execute("SELECT name FROM run WHERE state = 'ready'")}


def attempts_of(world: Everything) -> list[Attempted]:
    """All attempts, those of forgotten runs included, with the numbers from the sheets."""
    phones = {run.name: dict(enumerate((row[_PHONE] for row in read_sheet(run.sheet)), start=2)) for run in world.runs}
    with open_ledger_file(world.home) as ledger:
        found = ledger.execute(
            "SELECT a.row_id, a.number, a.phone, a.claimed_at, a.outcome, a.call_id, run.name AS run, r.number AS line"
            " FROM attempt a JOIN sheet_row r ON r.id = a.row_id JOIN run ON run.id = a.run_id"
        )
        return [
            Attempted(
                claim=(row["row_id"], row["number"]),
                run=row["run"],
                phone=row["phone"] if row["phone"].startswith("+") else phones[row["run"]][row["line"]],
                claimed_at=seconds_of(row["claimed_at"]),
                outcome=row["outcome"],
                call_id=row["call_id"],
            )
            for row in found
        ]


def _evidence(world: Everything, run: KnownRun, *, told: dict[int, tuple[str, str]], tally: Tally) -> Evidence:
    return Evidence(
        folder=world.folder,
        home=world.home,
        run=run.name,
        sheet=run.sheet,
        results=run.results,
        truth=world.truth,
        told=told,
        tally=tally,
        mark=run.mark,
    )


def _called_by_two(world: Everything, rings: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    repeating = tuple(run.mark for run in world.runs if run.repeats)
    once = [ring for ring in rings if not (repeating and _invoice(ring).startswith(repeating))]
    for phone, count in Counter(ring["phone"] for ring in once).items():
        if count > 1:
            by = ", ".join(f"{_invoice(ring)} at {ring['at']}" for ring in once if ring["phone"] == phone)
            yield f"called twice: {phone} rang {count} times, for {by}"


def _ids_twice(world: Everything) -> Iterator[str]:
    with open_ledger_file(world.home) as ledger:
        for row in ledger.execute(
            "SELECT call_id, count(*) AS rows FROM sheet_row WHERE call_id IS NOT NULL GROUP BY call_id HAVING rows > 1"
        ):
            yield f"id twice: {row['call_id']} stands in {row['rows']} rows"


def _traces(home: Path, run: KnownRun) -> Iterator[str]:
    """What is left in the ledger of people who were to be forgotten."""
    rows = read_sheet(run.sheet)
    with open_ledger_file(home) as ledger:
        of_run = "run_id = (SELECT id FROM run WHERE name = ?)"
        told = [
            f"{row['cells']} {row['contact']} {row['phone']}"
            for row in ledger.execute(f"SELECT cells, contact, phone FROM sheet_row WHERE {of_run}", (run.name,))  # noqa: S608 - a constant
        ]
        called = {row["phone"] for row in ledger.execute(f"SELECT phone FROM attempt WHERE {of_run}", (run.name,))}  # noqa: S608 - a constant
    left = {row[_NAME] for row in rows if any(row[_NAME] in text for text in told)}
    left |= {row[_PHONE] for row in rows if row[_PHONE] in called or any(row[_PHONE] in text for text in told)}
    if left:
        yield f"not forgotten: run {run.name} still holds {sorted(left)[:3]}"


def _invoice(ring: Mapping[str, Any]) -> str:
    return str(dict(ring["variables"]).get("invoice", ""))
