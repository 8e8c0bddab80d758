"""Asks SQLite how it would answer a statement, and finds in its plan what grows with the ledger."""

import re
import sqlite3
from collections.abc import Iterator, Mapping

from tests.ledger.plans.recording import Sent

LONG = frozenset(
    {
        "sheet_row",
        "attempt",
        "event",
        "mending",
        "timetable",
        "delay",
        "call_outcome",
        "draft_row",
        "suppression",
        "act",
        "idempotency_key",
    }
)
"""Tables with a row for each row of a sheet, each number of a list, or each request. Of the others an office
has a few hundred."""
_ALIAS = re.compile(r"\b(\w+) AS (\w+)")
_READ = re.compile(r"^(SCAN|SEARCH) (\w+)(?: USING (.*?))?(?: LEFT-JOIN)?$")
_WHOLE = re.compile(r"\((run_id=\?|service=\?|run_id=\? AND state=\?|run_id=\? AND place=\?)\)$")
"""All of a run, of a service, or of one state."""


def plan_of(ledger: sqlite3.Connection, sent: Sent) -> list[str]:
    """The lines of the database's plan."""
    return [line[3] for line in ledger.execute(f"EXPLAIN QUERY PLAN {sent.text}", sent.parameters)]


def growing(sent: Sent, plan: list[str]) -> Iterator[str]:
    """The lines of a plan whose work grows with the ledger or with a run: sorts, scans, and walks of whole runs."""
    named = {alias: table for table, alias in _ALIAS.findall(sent.text)}
    reads = [
        (line, read[1], read[3] or "") for line in plan if (read := _READ.match(line)) and _is_long(read[2], named)
    ]
    sorts = [line for line in plan if "TEMP B-TREE" in line or "AUTOMATIC" in line] if reads else []
    yield from sorts
    # A page in the order of its index ends where it is full; the one call of a service that is sought may be its last.
    stops = "(service=?)" not in " ".join(plan) and "LIMIT" in sent.text.upper() and not sorts
    for line, how, index in reads:
        if how == "SCAN" or index.endswith("(rowid>?)") or (_WHOLE.search(index) and not stops):
            yield line


def _is_long(table: str, named: Mapping[str, str]) -> bool:
    return named.get(table, table) in LONG
