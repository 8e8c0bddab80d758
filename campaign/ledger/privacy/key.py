"""The key under which the suppression list hashes its numbers: a file of its own beside the ledger, made once.

A person who obtains the ledger's file alone cannot find out who is on the list by hashing all numbers.
The ledger keeps the key's fingerprint: under another key no number on the list would match, and all would be called.
"""

import hmac
import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, delete, exists, insert, select

from campaign.domain.errors import LedgerError
from campaign.ledger.schema.tables import suppression, suppression_key
from campaign.ledger.sqlite.disk import sync_folder
from campaign.ledger.sqlite.engine import KEY_FILE

_KEY_BYTES = 32
_FINGERPRINTED = b"campaign suppression list"


def digest_of(phone: str, *, key: bytes) -> str:
    """HMAC-SHA256 of an E.164 number, hex."""
    return digester(key)(phone)


def digester(key: bytes) -> Callable[[str], str]:
    """Returns `digest_of` under one key, for many numbers.

    Not `hmac.digest`: for each number it lets go of the interpreter, and waits for the ledger's thread to give it back.
    """
    keyed = hmac.new(key, digestmod="sha256")

    def digest(phone: str) -> str:
        one = keyed.copy()
        one.update(phone.encode())
        return one.hexdigest()

    return digest


def trusted_key(connection: Connection, home: Path) -> bytes | None:
    """The verified key of this ledger's list; None while no key exists and the list is empty.

    Raises:
        LedgerError: numbers are on the list, and their key is missing, damaged, or another one.
    """
    path = home / KEY_FILE
    key, known = _read(path), connection.execute(select(suppression_key.c.fingerprint)).scalar()
    if key is not None and known == _fingerprint(key):
        return key
    # Another machine may be calling by the key of a ledger on a server: there it is never replaced, for no list.
    is_shared = known is not None and connection.dialect.name == "postgresql"
    if not is_shared and not connection.execute(select(exists(select(suppression.c.id)))).scalar():
        return None
    what = "is missing" if key is None else "is not the one of this ledger"
    raise LedgerError(
        f"{path} {what}: without it nobody on the suppression list can be known again, so nobody is called; "
        "put the file back from where the ledger was copied from, from another machine that has it, or from a backup"
    )


def ready_key(connection: Connection, home: Path) -> bytes:
    """The key of this ledger's list, created if there is none. The connection holds the ledger's write lock.

    Raises:
        LedgerError: as for `trusted_key`; or the file cannot be written.
    """
    if (trusted := trusted_key(connection, home)) is not None:
        return trusted
    # The list is empty. A key of unknown fingerprint is one whose transaction was interrupted, or of an earlier ledger.
    key = _read(home / KEY_FILE) or _made(home)
    connection.execute(delete(suppression_key))
    connection.execute(insert(suppression_key).values(id=1, fingerprint=_fingerprint(key)))
    return key


def _fingerprint(key: bytes) -> str:
    return hmac.digest(key, _FINGERPRINTED, "sha256").hex()


def _read(path: Path) -> bytes | None:
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(0o600)
        key = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LedgerError(f"{path} cannot be read: {error.strerror}; make it readable, then go on") from None
    if len(key) != _KEY_BYTES:
        raise LedgerError(
            f"{path} is damaged: {len(key)} bytes, where a key has {_KEY_BYTES}; put it back from a backup, or, if "
            "nobody is on the suppression list yet, remove it"
        )
    return key


def _made(home: Path) -> bytes:
    """Creates a key under a temporary name first, so that the file under its final name is always whole."""
    part, key = home / f"{KEY_FILE}.part", secrets.token_bytes(_KEY_BYTES)
    try:
        part.unlink(missing_ok=True)  # of a process that died; a living one would hold the write lock
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        try:
            os.write(descriptor, key)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        part.replace(home / KEY_FILE)
        sync_folder(home)
    except OSError as error:
        raise LedgerError(
            f"the suppression list's key cannot be written to {home}: {error.strerror}; make room, or the folder "
            "writable, then go on"
        ) from None
    return key
