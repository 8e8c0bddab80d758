"""Makes what a ledger says older than it is: a test does not wait for minutes."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from campaign.domain.instants import from_text, to_text


def make_older(home: Path, *, by: timedelta) -> None:
    """Every attempt was claimed by so much earlier."""
    with closing(sqlite3.connect(home / "ledger.db", timeout=30)) as ledger, ledger:
        ledger.create_function("earlier", 1, lambda at: to_text(from_text(at) - by))
        ledger.execute("UPDATE attempt SET claimed_at = earlier(claimed_at)")
