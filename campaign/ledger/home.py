"""A ledger's folder, without opening the ledger: whether it holds one, and which other files hold personal data."""

import contextlib
import sqlite3
from pathlib import Path

from campaign.domain.errors import LedgerError
from campaign.ledger.sqlite.engine import BUSY_TIMEOUT_MS, LEDGER_FILE

_COPIES = (
    f"{LEDGER_FILE}.v*-backup",
    f"{LEDGER_FILE}.v*-part",
    "run-*.journal",
    "run-*.journal.other-*",
    "sandbox.truth.jsonl",
    "uploads/*",
)


def ledger_exists(home: Path) -> bool:
    """Whether this folder has a ledger, or a file that may be one."""
    return (home / LEDGER_FILE).exists()


def scrub(home: Path) -> None:
    """Rewrites the ledger's file without erased data, and empties the -wal. No other process may have it open.

    Raises:
        LedgerError: another program has it open, or the disk is full; the rows are erased, traces remain.
    """
    path = home / LEDGER_FILE
    try:
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}").close()
            connection.execute("PRAGMA secure_delete=ON").close()
            connection.execute("VACUUM").close()
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as error:
        raise LedgerError(_left_behind(path, str(error))) from None
    if busy:
        raise LedgerError(_left_behind(path, "another program reads it"))


def copies_beside(home: Path) -> list[Path]:
    """Files beside the ledger that may hold the same personal data, and that this program does not remove."""
    return sorted(path for pattern in _COPIES for path in home.glob(pattern))


def _left_behind(path: Path, why: str) -> str:
    return (
        f"{path}: the people were taken out, but their traces could not be wiped from the file ({why}); "
        "end every other campaign, free as much disk as the file takes, and forget the same again"
    )
