"""Home identity: tells a ledger's file from its copies, and refuses a copy until somebody says to go on with it.

renamed or moved on one disk ....... the same file: goes on silently
copied, or put back from a backup .. another file with the same content: asks
"""

import ctypes
import os
import struct
import sys
from pathlib import Path

from campaign.domain.cures import Cure, CureCode
from campaign.domain.errors import CopiedHomeError

# From linux/stat.h. The birth of a file is what no copy shares; an inode's number is given to another file again.
_AT_FDCWD, _STATX_INO, _STATX_BTIME = -100, 0x100, 0x800
_STATX_BYTES = 256
_MASK, _INODE, _BIRTH = struct.Struct("=I"), struct.Struct("=32xQ"), struct.Struct("=80xqI")


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
