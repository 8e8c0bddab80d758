"""Read back: whether opt-outs that were just committed are there for others, seen through a connection of their own.

The connection is opened by path, as another process would open it: what the writing connection sees proves nothing
once its files are no longer those at the path. First the committed pages are copied into ledger.db, so that an opt-out
survives the loss of the -wal too.
"""

import contextlib
import sqlite3
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from campaign.domain.errors import LedgerError

_AT_ONCE = 500
_BUSY_SECONDS = 5.0


def copy_log(path: Path) -> None:
    """Copies the committed pages of the -wal into ledger.db: they survive the loss of the -wal then.

    Raises:
        LedgerError: the ledger cannot be written.
    """
    try:
        with _opened(path) as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").close()
    except sqlite3.Error as error:
        raise LedgerError(f"{path} cannot be written ({error}); check the disk, then go on") from None


def read_back(path: Path, numbers: Sequence[Sequence[str]]) -> None:
    """Checks that each of these numbers is active on the suppression list of the ledger at this path.

    A number is given by the hashes of its spellings, and is there by any of them.

    Raises:
        LedgerError: one is not, or that cannot be told.
    """
    try:
        with _opened(path) as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").close()
            there = _active(connection, list(chain(*numbers)))
    except sqlite3.Error as error:
        raise LedgerError(_unseen(path, str(error))) from None
    if any(there.isdisjoint(spelt) for spelt in numbers):
        raise LedgerError(_unseen(path, "the file at this path does not have it"))


def _opened(path: Path) -> contextlib.closing[sqlite3.Connection]:
    # By URI: the file is not created if it is gone.
    address = f"{path.absolute().as_uri()}?mode=rw"
    return contextlib.closing(sqlite3.connect(address, uri=True, timeout=_BUSY_SECONDS))


def _active(connection: sqlite3.Connection, digests: Sequence[str]) -> set[str]:
    found = set[str]()
    for at in range(0, len(digests), _AT_ONCE):
        some = digests[at : at + _AT_ONCE]
        marks = ", ".join("?" * len(some))
        statement = f"SELECT digest FROM suppression WHERE removed_at IS NULL AND digest IN ({marks})"  # noqa: S608 - question marks
        found |= {digest for (digest,) in connection.execute(statement, some)}
    return found


def _unseen(path: Path, why: str) -> str:
    return (
        f"{path}: an opt-out was written, and could not be read back ({why}), so it may not be on the list; put the "
        "right ledger back, then add it again"
    )
