"""No statement of the program sorts, scans or walks what grows, but for a few, named here with their reasons."""

import ast
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

import campaign.ledger
from campaign.ledger.sqlite.engine import LEDGER_FILE
from campaign.ledger.store import open_ledger
from tests.ledger.backend import Clock, load, people
from tests.ledger.plans.planning import growing, plan_of
from tests.ledger.plans.recording import Record, Sent, recording
from tests.ledger.plans.script import at_a_desk, run_everything
from tests.ledger.plans.seeding import seed_rows

ONCE = "once for each time that a run is dialled, before its first call"
EXCEPTIONS: Mapping[str, str] = {
    "count_reasons": "a person asks why rows were left out: reads only the rows that were not called",
    "count_skipped": "likewise",
    "count_called": "once for each earlier run that a loaded sheet shares rows with",
    "value_names": "once for a whole results file, whose columns they are; its rows are read anyway",
    "count_outcomes": "once when a run is followed, and once at the end; of some calls, only those",
    "refuse_parted_counts": f"the check that counts and rows agree: {ONCE}",
    "count_entries": ONCE,
    "count_places": ONCE,
    "last_asked": ONCE,
    "rows_of_rerun": f"the few rows that wait for another call, where most have had theirs: {ONCE}",
    "taken_times": ONCE,
    "_note_may_skip": "once for a sheet that is loaded",
    "unknown_rows": "the rows whose answers were lost: the circuit breaker keeps them few",
    "last_unproved": f"the last try of each waiting row, which a resume may have to wait for: {ONCE}",
    "plan_entries": "once when a pace or a stagger is changed: every waiting row gets another time",
    "adopt": "once when a person changes a run's plan: every waiting row gets another zone or time",
    "rehearsed_entries": "once when a person looks at the list: of what an older version took over from a stand-in",
    "_asked_in_earnest": "likewise, where there are such entries",
    "entries_ending": "once when a person takes an entry off as the list shows it, by its last digits",
    "forget": "erasure rewrites every row of the run",
    "latest_entries": "read from the newest on, until there are enough",
    "is_anybody_on_list": "ends at the first entry",
    "trusted_key": "ends at the first entry",
    "attempts_that_rang": "once when a ledger's files are taken away: all that is known of the run is saved",
    "settle_left_open": "reads the open attempts of all runs: as many as are on their way",
    "count_waiting": f"reads the rows of reruns: {ONCE}",
    "count_in_round": f"reads the rows of reruns: {ONCE}",
    "requeue": f"reads the rows of reruns: {ONCE}",
}
"""The ledger's functions whose statements may do so -> why."""

FOR_OTHERS = frozenset({"rows_of", "_rows", "_all", "_made", "Prepared.run", "Prepared.first"})
"""Functions that send what another one has written."""

WITHOUT_A_PLAN: Mapping[str, str] = {
    "_engine.<locals>._settle_in": "pragmas",
    "_to_wal": "pragmas",
    "_pragma": "pragmas",
    "_version": "pragmas",
    "copy_log": "pragmas",
    "leave_to_the_system": "pragmas",
    "leave_to_the_system.<locals>._settle_in": "pragmas",
    "_engine.<locals>._begin": "BEGIN",
    "_engine": "BEGIN",
    "InlineWriter._transaction": "savepoints",
    "scrub": "VACUUM",
    "_copy_to": "the backup of a migration",
    "migrate": "the steps of a migration: all rows, once for each version",
}
"""The ledger's functions that send something else than statements with a plan -> what."""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """All that the program said to its ledger in a campaign that uses every verb."""
    with recording() as record, at_a_desk(tmp_path_factory.mktemp("desk")) as desk:
        run_everything(desk)
    return record


@pytest.fixture(
    scope="module", params=[pytest.param(100, marks=pytest.mark.nightly), 100_000], ids=["100 rows", "100,000 rows"]
)
def ledger(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """A ledger with a run of so many rows."""
    home = tmp_path_factory.mktemp("seeded") / "home"
    with open_ledger(home, now=Clock()) as opened:
        record = load(opened, people())
    seed_rows(home / LEDGER_FILE, run_id=record.id, rows=request.param)
    with closing(sqlite3.connect(home / LEDGER_FILE, isolation_level=None)) as connection:
        yield connection


@pytest.mark.parametrize("analysed", [False, True], ids=["without statistics", "with statistics"])
def test_no_statement_sorts_scans_or_walks_what_grows(
    said: Record, ledger: sqlite3.Connection, *, analysed: bool
) -> None:
    """A page of results that sorts its run costs the square of the run: a million rows take hours."""
    ledger.execute("BEGIN")
    if analysed:
        ledger.execute("ANALYZE")
    found = defaultdict[str, list[str]](list)
    for sent in said.sent:
        plan = plan_of(ledger, sent)
        if (lines := list(growing(sent, plan))) and _sender(sent) not in EXCEPTIONS:
            found[" < ".join(sent.by[:3])].append(f"{sent.text[:200]}\n        {lines}")
    ledger.execute("ROLLBACK")
    ledger.execute("PRAGMA query_only=OFF").close()
    assert not found, "\n".join(f"{sender}\n    {line}" for sender, lines in found.items() for line in lines)


def test_each_exception_is_still_one(said: Record, ledger: sqlite3.Connection) -> None:
    """A list of what is allowed shrinks with what is mended, or it hides the next fault."""
    needed = {_sender(sent) for sent in said.sent if any(growing(sent, plan_of(ledger, sent)))}
    assert needed == set(EXCEPTIONS)


def test_the_campaign_reaches_every_function_of_the_ledger_that_sends_a_statement(said: Record) -> None:
    """A statement that the campaign never sends is one whose plan nobody has seen."""
    reached = {name for sender in said.senders for name in _and_around(sender)}
    assert set(_senders()) - reached - set(WITHOUT_A_PLAN) == set()


def test_the_plan_of_a_page_that_sorts_its_run_is_seen(ledger: sqlite3.Connection) -> None:
    """As the results were once read."""
    page = "SELECT * FROM sheet_row WHERE run_id = ? AND id > ? ORDER BY id LIMIT 200"
    sorting = Sent(page.replace("sheet_row", "sheet_row INDEXED BY row_by_state", 1), (1, 0), ())
    assert list(growing(sorting, plan_of(ledger, sorting)))
    right = Sent(page.replace("sheet_row", "sheet_row INDEXED BY row_in_order", 1), (1, 0), ())
    assert not list(growing(right, plan_of(ledger, right)))
    for scan in ("SELECT * FROM sheet_row AS r WHERE r.reason = ?", "SELECT * FROM sheet_row WHERE id > ?"):
        sent = Sent(scan, (1,), ())
        assert list(growing(sent, plan_of(ledger, sent)))


def _sender(sent: Sent) -> str:
    return next(name for by in sent.by if (name := by.split(".<locals>.")[0]) not in FOR_OTHERS)


def _and_around(sender: str) -> Iterator[str]:
    """The function, and those in which it is defined."""
    parts = sender.split(".<locals>.")
    yield from (".<locals>.".join(parts[:count]) for count in range(1, len(parts) + 1))


def _senders() -> Iterator[str]:
    """The qualified names of the ledger's functions that send statements of their own."""
    for path in Path(campaign.ledger.__file__).parent.rglob("*.py"):
        if "postgres" not in path.parts:
            yield from _sending(ast.parse(path.read_text("utf-8")), prefix="")


def _sending(node: ast.AST, *, prefix: str) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield from _sending(child, prefix=f"{prefix}{child.name}.")
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            name = f"{prefix}{child.name}"
            if any(_sends(one) for one in ast.walk(child)):
                yield name
            yield from _sending(child, prefix=f"{name}.<locals>.")
        else:
            yield from _sending(child, prefix=prefix)


def _sends(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"execute", "run", "first"}
    )
