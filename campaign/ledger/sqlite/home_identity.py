"""Home identity: tells a ledger's file from its copies, and refuses a copy until somebody says to go on with it.

renamed or moved on one disk ....... the same file: goes on silently
copied, or put back from a backup .. another file with the same content: asks
"""

import ctypes
import os
import secrets
import struct
import sys
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select

from campaign.domain.cures import Cure, CureCode
from campaign.domain.errors import CopiedHomeError
from campaign.ledger.schema.home_table import home

# From linux/stat.h. The birth of a file is what no copy shares; an inode's number is given to another file again.
_AT_FDCWD, _STATX_INO, _STATX_BTIME = -100, 0x100, 0x800
_STATX_BYTES = 256
_MASK, _INODE, _BIRTH = struct.Struct("=I"), struct.Struct("=32xQ"), struct.Struct("=80xqI")


def recognise_home(connection: Connection, path: Path, *, at: str, go_on: bool) -> None:
    """Records which file the ledger is, the first time; refuses one that was another file before.

    Args:
        connection: in a transaction that writes.
        path: of the ledger's file.
        at: now, as the ledger writes instants.
        go_on: somebody has seen to it that no campaign goes on with the file that this is a copy of.

    Raises:
        CopiedHomeError: it is a copy, and nobody has.
    """
    known = connection.execute(select(home)).first()
    file = identity_of(path)
    if known is not None and known.file != file and not go_on:
        raise copied(path, was=known.path)
    ledger_id = secrets.token_hex(16) if known is None else known.ledger_id
    connection.execute(delete(home))
    connection.execute(insert(home).values(id=1, ledger_id=ledger_id, file=file, path=str(path.absolute()), since=at))


def is_recognised(connection: Connection, path: Path) -> bool:
    """Whether the ledger says that it is this file, at this path."""
    known = connection.execute(select(home.c.file, home.c.path)).first()
    return known is not None and tuple(known) == (identity_of(path), str(path.absolute()))


def identity_of(path: Path) -> str:
    """The inode's number with the file's time of birth; where the system does not tell that, with its device."""
    if sys.platform == "linux" and (born := _born(path)) is not None:
        return born
    found = path.stat()
    birth = getattr(found, "st_birthtime", None)  # of macOS and the BSDs
    if birth is None and os.name == "nt":
        birth = found.st_ctime
    return f"{found.st_ino} on {found.st_dev}" if birth is None else f"{found.st_ino} born {birth}"


def copied(path: Path, *, was: str) -> CopiedHomeError:
    """The refusal of a copy."""
    if was == str(path.absolute()):
        what = f"{path} is not the file that it was: it looks as if it was put back from a copy"
    else:
        what = f"{path} looks like a copy of {was}"
    return CopiedHomeError(
        f"{what}; calls may be going on with the other one, and who waits in both would be called twice, so nothing "
        "was sent",
        cure=Cure(CureCode.GO_ON_HERE),
    )


def _born(path: Path) -> str | None:
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "statx"):
        return None
    block = ctypes.create_string_buffer(_STATX_BYTES)
    if libc.statx(_AT_FDCWD, os.fsencode(path), 0, _STATX_INO | _STATX_BTIME, block):
        return None
    [mask] = _MASK.unpack_from(block)
    if not mask & _STATX_BTIME:
        return None
    [inode] = _INODE.unpack_from(block)
    seconds, nanoseconds = _BIRTH.unpack_from(block)
    return f"{inode} born {seconds}.{nanoseconds:09}"
