"""A ledger's folder, without opening the ledger: whether it holds one, and which other files hold personal data."""

import contextlib
import sqlite3
from datetime import datetime
from pathlib import Path

from campaign.config.database import DatabaseAddress, LedgerPlace
from campaign.domain.errors import LedgerError
from campaign.domain.instants import to_text
from campaign.ledger.sqlite.engine import BUSY_TIMEOUT_MS, LEDGER_FILE

_COPIES = (
    f"{LEDGER_FILE}.v*-backup",
    f"{LEDGER_FILE}.v*-part",
    f"{LEDGER_FILE}.moved-*",
    "run-*.journal",
    "run-*.journal.other-*",
    "sandbox.truth.jsonl",
    "uploads/*",
)


def ledger_exists(home: Path) -> bool:
    """Whether this folder has a ledger, or a file that may be one."""
    return (home / LEDGER_FILE).exists()


def scrub(place: LedgerPlace) -> None:
    """Wipes what is erased out of the ledger's file, which no other process may have open; or out of its tables.

    Raises:
        LedgerError: another program has it open, or the disk is full; the rows are erased, traces remain.
    """
    if place.address is None:
        _rewrite(place.home / LEDGER_FILE)
        return
    from campaign.ledger.postgres.wiping import wipe_tables  # noqa: PLC0415 - start-up, and an extra: most have a file

    wipe_tables(place.address)


def move_ledger(source: LedgerPlace, target: LedgerPlace, *, now: datetime) -> int:
    """Moves a whole ledger; the one that it leaves is sealed. Returns how many rows it has in all tables.

    Raises:
        UsageError: it is there already.
        BusyError: a run is held.
        LedgerError: the target has content, or one of them fails; then nothing was moved.
    """
    from campaign.ledger.database.moving import move  # noqa: PLC0415 - start-up: one verb of many does so

    return move(source, target, at=to_text(now)).total


def copies_kept_by(address: DatabaseAddress | None) -> str | None:
    """What may still hold erased data beside a database, and is its operator's; None for a file."""
    if address is None:
        return None
    return f"the write-ahead log, standbys, dumps and backups of {address}, and its tables' free space until it is used"


def copies_beside(home: Path, *, is_elsewhere: bool) -> list[Path]:
    """Files beside the ledger that may hold the same personal data, and that this program does not remove.

    Of a ledger that was moved into a database, the file that it left is one of them.
    """
    patterns = (*_COPIES, LEDGER_FILE) if is_elsewhere else _COPIES
    return sorted(path for pattern in patterns for path in home.glob(pattern))


def _rewrite(path: Path) -> None:
    """Rewrites the file without erased data, and empties the -wal."""
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


def _left_behind(path: Path, why: str) -> str:
    return (
        f"{path}: the people were taken out, but their traces could not be wiped from the file ({why}); "
        "end every other campaign, free as much disk as the file takes, and forget the same again"
    )
