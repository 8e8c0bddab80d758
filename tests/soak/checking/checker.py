"""Holds a run's ledger, results and outputs against the truth: whose phone rang, and how often.

It reads with plain sqlite3, csv and json, and shares no code with the program: a mistake there is not made here too.
Every violation is a line of text that begins with the name of the rule.
"""

import csv
import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.soak.checking.history import history_faults, standing

KEY = "planted-key-3f9c27e1d4"
HOOK_SECRET = "planted-hook-secret-77b1"
_ENDED = ("created", "rejected", "unknown", "invalid", "skipped")
_SHOWN = {"sending": "pending", "retry_wait": "pending"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a series of starts may have cost.

    Attributes:
        max_in_flight: of every start.
        kills: starts that were killed; each may leave that many calls unknown. None when nobody counted.
        faults: how many POSTs at the most met a fault whose answer proves nothing.
    """

    max_in_flight: int
    kills: int | None = None
    faults: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What there is to be checked; see `Camp` for most of it.

    Attributes:
        folder: everything in it is searched for the key.
        told: row number -> (status, id) that a results file showed at some time.
        ended: whether the run is over, so that no row may wait any more.
        mark: how every invoice of the sheet begins; the calls with others are other runs'.
    """

    folder: Path
    home: Path
    run: str
    sheet: Path
    results: Path
    truth: Path
    outputs: tuple[Path, ...] = ()
    told: dict[int, tuple[str, str]] = field(default_factory=dict)
    tally: Tally
    ended: bool = True
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """The evidence, read."""

    rings: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    attempts: list[dict[str, Any]]
    events: list[dict[str, Any]]
    integrity: str
    sheet: list[list[str]]
    results: list[list[str]]


def check(evidence: Evidence) -> list[str]:
    """All violations; none for a run that kept every promise."""
    return [*check_run(evidence), *check_files(evidence.folder, outputs=evidence.outputs)]


def check_run(evidence: Evidence) -> list[str]:
    """The violations in the ledger and the results of the run, those in the other files left out."""
    try:
        facts = _read(evidence)
    except sqlite3.DatabaseError as error:
        return [f"ledger damaged: {error}"]
    return [violation for rule in _RULES for violation in rule(evidence, facts)]


def check_files(folder: Path, *, outputs: Iterable[Path]) -> list[str]:
    """Secrets in any file of the folder, and tracebacks in what the program said."""
    return [*_secrets_leaked(folder), *_crashed(outputs)]


@contextmanager
def open_ledger_file(home: Path) -> Iterator[sqlite3.Connection]:
    """The ledger, with rows as mappings; read-only, so that what a kill left behind stays for the next start."""
    with closing(sqlite3.connect(f"file:{home / 'ledger.db'}?mode=ro", uri=True, timeout=30)) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


def count_rows(home: Path, run: str) -> Counter[str]:
    """How many of the run's rows stand where."""
    with open_ledger_file(home) as ledger:
        found = ledger.execute(
            "SELECT state, count(*) FROM sheet_row WHERE run_id = (SELECT id FROM run WHERE name = ?) GROUP BY state",
            (run,),
        )
        return Counter(dict(found.fetchall()))


def rings_of(truth: Path) -> list[dict[str, Any]]:
    """The truth: one entry for each phone that rang."""
    return [json.loads(line) for line in truth.read_text(encoding="utf-8").splitlines()]


def _read(evidence: Evidence) -> Facts:
    with open_ledger_file(evidence.home) as ledger:

        def rows(query: str, *values: object) -> list[dict[str, Any]]:
            return [dict(row) for row in ledger.execute(query, values)]

        (run,) = rows("SELECT id FROM run WHERE name = ?", evidence.run)
        of_run = "row_id IN (SELECT id FROM sheet_row WHERE run_id = ?)"
        return Facts(
            rings=[ring for ring in rings_of(evidence.truth) if _invoice(ring).startswith(evidence.mark)],
            rows=rows("SELECT * FROM sheet_row WHERE run_id = ? ORDER BY id", run["id"]),
            attempts=rows("SELECT * FROM attempt WHERE run_id = ? ORDER BY row_id, number", run["id"]),
            events=rows(f"SELECT * FROM event WHERE {of_run} ORDER BY id", run["id"]),  # noqa: S608 - a constant
            integrity=ledger.execute("PRAGMA integrity_check").fetchone()[0],
            sheet=_table(evidence.sheet),
            results=_table(evidence.results) if evidence.results.exists() else [[]],
        )


def _invoice(ring: dict[str, Any]) -> str:
    return str(dict(ring["variables"]).get("invoice", ""))


def _table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, strict=True))


def _called_twice(_: Evidence, facts: Facts) -> Iterator[str]:
    counts = Counter(ring["phone"] for ring in facts.rings)
    for phone, count in counts.items():
        if count > 1:
            whens = ", ".join(f"{ring['at']} ({ring['fault']})" for ring in facts.rings if ring["phone"] == phone)
            yield f"called twice: {phone} rang {count} times: {whens}"


def _called_unrecorded(_: Evidence, facts: Facts) -> Iterator[str]:
    by_phone = {row["phone"]: row for row in facts.rows if row["state"] not in ("invalid", "skipped")}
    for ring in facts.rings:
        row = by_phone.get(ring["phone"])
        if row is None:
            yield f"called but unrecorded: {ring['phone']} rang, and is no row's number"
        elif row["state"] != "unknown" and (row["state"], row["call_id"]) != ("created", ring["id"]):
            rang = f"{ring['phone']} rang as {ring['id']}"
            yield f"called but unrecorded: {rang}, and row {row['number']} is {standing(row)}"


def _created_not_called(_: Evidence, facts: Facts) -> Iterator[str]:
    rang = {(ring["phone"], ring["id"]) for ring in facts.rings}
    for row in facts.rows:
        if row["state"] == "created" and (row["phone"], row["call_id"]) not in rang:
            yield f"created but never called: row {row['number']}, {row['phone']}, is {standing(row)}"


def _rows_lost(_: Evidence, facts: Facts) -> Iterator[str]:
    in_sheet, in_ledger = len(facts.sheet) - 1, len(facts.rows)
    if in_sheet != in_ledger:
        yield f"rows lost: the sheet has {in_sheet} rows, the ledger {in_ledger}"
    numbers = [int(line[_at(facts, "_row")]) for line in facts.results[1:]]
    expected = list(range(2, in_sheet + 2))
    if numbers != expected:
        missing, extra = sorted(set(expected) - set(numbers)), Counter(numbers) - Counter(expected)
        yield f"rows lost: the results lack rows {missing[:5]}, have {dict(extra)} too much, or are out of order"


def _still_waiting(evidence: Evidence, facts: Facts) -> Iterator[str]:
    waiting = Counter(row["state"] for row in facts.rows if row["state"] not in _ENDED)
    if evidence.ended and waiting:
        yield f"forgotten: the run is over, and rows still wait: {dict(waiting)}"


def _without_reason(_: Evidence, facts: Facts) -> Iterator[str]:
    for row in facts.rows:
        if row["state"] in _ENDED and row["state"] != "created" and not (row["reason"] or "").strip():
            yield f"without a reason: row {row['number']} is {row['state']}, and nothing says why"


def _ids_twice(_: Evidence, facts: Facts) -> Iterator[str]:
    for call_id, count in Counter(row["call_id"] for row in facts.rows if row["call_id"] is not None).items():
        if count > 1:
            yield f"id twice: {call_id} stands in {count} rows"


def _damaged(_: Evidence, facts: Facts) -> Iterator[str]:
    if facts.integrity != "ok":
        yield f"ledger damaged: {facts.integrity}"


def _results_disagree(_: Evidence, facts: Facts) -> Iterator[str]:
    if not facts.results[0]:
        yield "results disagree: there is no results file"
        return
    of_row = {int(line[_at(facts, "_row")]): line for line in facts.results[1:]}
    for row, cells in zip(facts.rows, facts.sheet[1:], strict=False):
        line = of_row.get(row["number"], [])
        expected = cells + _expected(row)
        # What became of a call that was followed stands behind it.
        said = [_unguarded(cell) for cell in line[: len(expected)]]
        if said != expected:
            yield f"results disagree: row {row['number']} says {said}, and the ledger {expected}"


def _secrets_leaked(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        content = path.read_bytes() if path.is_file() else b""
        if KEY.encode() in content or HOOK_SECRET.encode() in content:
            yield f"key leaked: into {path.name}"


def _history_broken(_: Evidence, facts: Facts) -> Iterator[str]:
    faults = history_faults(rows=facts.rows, attempts=facts.attempts, events=facts.events)
    return (f"history broken: {fault}" for fault in faults)


def _claimed_ahead(evidence: Evidence, facts: Facts) -> Iterator[str]:
    left_open = Counter(owner for attempt in facts.attempts if (owner := left_open_by(attempt)) is not None)
    for owner, count in left_open.items():
        if count > evidence.tally.max_in_flight:
            yield f"claimed ahead: {owner} left {count} calls open, with {evidence.tally.max_in_flight} at once allowed"


def _too_many_unknown(evidence: Evidence, facts: Facts) -> Iterator[str]:
    tally = evidence.tally
    if tally.kills is None:
        return
    unknown = sum(row["state"] == "unknown" for row in facts.rows)
    most = tally.kills * tally.max_in_flight + tally.faults
    if unknown > most:
        yield f"too many unknown: {unknown} rows; {tally.kills} kills and {tally.faults} faults make {most} at the most"
    of_kills = sum(left_open_by(attempt) is not None for attempt in facts.attempts)
    if unknown - of_kills > tally.faults:
        yield f"too many unknown: {unknown - of_kills} rows without a kill, and {tally.faults} faults at the most"


def _was_looked_up(facts: Facts, row_id: int) -> bool:
    return any(
        event["row_id"] == row_id and (event["from_state"], event["to_state"]) == ("unknown", "created")
        for event in facts.events
    )


def _told_otherwise(evidence: Evidence, facts: Facts) -> Iterator[str]:
    by_number = {row["number"]: row for row in facts.rows}
    for number, (status, call_id) in evidence.told.items():
        row = by_number.get(number)
        # A rejected row may be called again, a lost answer found; every other ending is for good.
        found = (
            row is not None and (status, row["state"]) == ("unknown", "created") and _was_looked_up(facts, row["id"])
        )
        if (
            row is not None
            and not found
            and status != "rejected"
            and (status, call_id) != (row["state"], row["call_id"] or "")
        ):
            yield f"told otherwise: row {number} was shown as {status} {call_id}, and is {standing(row)}"


def _crashed(outputs: Iterable[Path]) -> Iterator[str]:
    for output in outputs:
        if "Traceback (most recent call last)" in output.read_text(encoding="utf-8"):
            yield f"crashed: {output.name} holds a traceback"


_RULES: tuple[Callable[[Evidence, Facts], Iterator[str]], ...] = (
    _called_twice,
    _called_unrecorded,
    _created_not_called,
    _rows_lost,
    _still_waiting,
    _without_reason,
    _ids_twice,
    _damaged,
    _results_disagree,
    _history_broken,
    _claimed_ahead,
    _too_many_unknown,
    _told_otherwise,
)


def left_open_by(attempt: dict[str, Any]) -> str | None:
    """The start that died with this call on its way, if one did."""
    if attempt["outcome"] != "unknown" or attempt["evidence"] is None:
        return None
    owner = json.loads(attempt["evidence"]).get("owner")
    return str(owner) if owner is not None else None


def _expected(row: dict[str, Any]) -> list[str]:
    """The results' own columns for a row, from `_row` to `_delayed_until`."""
    sent = row["submitted_at"] if row["state"] in ("created", "rejected", "unknown") else None
    values = (row["number"], _SHOWN.get(row["state"], row["state"]), row["call_id"], row["reason"], row["attempts"])
    return ["" if value is None else str(value) for value in (*values, row["phone"], sent, None)]


def _at(facts: Facts, column: str) -> int:
    return facts.results[0].index(column) if facts.results[0] else 0


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:2] in tuple("=+-@") else cell
