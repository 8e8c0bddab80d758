"""Two fronts, one way: the same sheet by command line and by API leaves the same ledger and the same results file."""

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import campaign
from tests.cli.conftest import TEMPLATE, Desk

SLOW = TEMPLATE + "[pace]\ncalls_per_second = 1000\nmax_in_flight = 1\n"
ROWS = (
    "Ada Example,+12125550101,Monday",
    "Bob Example,12,Tuesday",
    "Ada Again,(212) 555-0101,",
    ",+12125550102,",
    *(f"Person {i},+1312555{i:04},Monday" for i in range(100, 140)),
)
FAULT = "400_telling=0.3,close_after=0.1"
# What differs from one run of the same to the next: clocks, processes, and the stand-in's ids.
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z|\b1[0-9]{9}\.[0-9]+\b")
_OWNER = re.compile(r"[\w.-]+:\d+:[0-9a-f]{8}")
_SECRET = (("draft", "token"), ("attempt", "said"))
_ID = re.compile(r"\b[0-9a-f]{24}\b|127\.0\.0\.1:\d+")


def test_the_same_sheet_by_command_line_and_by_api_comes_to_the_same(desk: Desk) -> None:
    sheet, template = desk.sheet(*ROWS), desk.template(SLOW)
    left = desk.folder / "left.csv"
    ended = desk("run", sheet, "-t", template, "--sandbox", "--yes", "--name", "same", "--results", left,
                 "--fault", FAULT, "--seed", "5", "--no-audit", "--limit", "30")  # fmt: skip
    (desk.folder / "home").rename(desk.folder / "by command line")
    right = desk.folder / "right.csv"
    end = campaign.start(
        sheet, template, sandbox=True, name="same", results_file=right, fault=FAULT, seed=5, audit=False, limit=30
    )
    assert end.exit_code == ended.code
    first, second = contents(desk.folder / "by command line"), contents(desk.folder / "home")
    assert first.keys() == second.keys()
    assert len(first["attempt"]) == 30
    for table in first:
        assert first[table] == second[table], table
    assert plain(left.read_text("utf-8")) == plain(right.read_text("utf-8"))
    assert {row["_status"] for row in desk.results("left.csv")} >= {"created", "rejected", "pending", "invalid"}


def contents(home: Path) -> Mapping[str, list[tuple[str, ...]]]:
    """Table -> its rows, without what no two ledgers share: secrets of its own, and how fast it went."""
    with closing(sqlite3.connect(home / "ledger.db")) as ledger:
        named = "SELECT name FROM sqlite_master WHERE type = 'table'"
        tables = [name for (name,) in ledger.execute(named) if name not in ("suppression_key", "account_pace", "home")]
        return {
            table: sorted(
                tuple(plain(str(cell)) for cell in row)
                for row in ledger.execute(f'SELECT {shared(ledger, table)} FROM "{table}"')  # noqa: S608 - the names are the ledger's own
            )
            for table in tables
        }


def shared(ledger: sqlite3.Connection, table: str) -> str:
    """The table's columns, but for the token that nobody can guess, and hashes by a key of the home's own."""
    names = [name for _, name, *_ in ledger.execute(f'PRAGMA table_info("{table}")')]
    return ", ".join(f'"{name}"' for name in names if (table, name) not in _SECRET)


def plain(text: str) -> str:
    for pattern, word in ((_INSTANT, "INSTANT"), (_OWNER, "OWNER"), (_ID, "ID")):
        text = pattern.sub(word, text)
    return text.replace("left.csv", "FILE").replace("right.csv", "FILE")
