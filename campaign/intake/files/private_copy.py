"""Private copy of a sheet's file: a consistent snapshot, whatever is written to the original meanwhile.

    path -> open -> copied, block by block -> inode, size and time of change as before? -> PrivateCopy

The copy has no name: no other user can open it, and the system removes it once no process reads it, killed or not.
"""

import os
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from campaign.domain.errors import SheetError

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class PrivateCopy:
    """Copy of a file that did not change while it was copied.

    Attributes:
        file: at its start, with mode 0600; the caller closes it.
        state: tells this state of the original from any other (device, inode, type, bytes, time of change).
    """

    file: IO[bytes]
    state: tuple[int, ...]


def copy_privately(
    path: Path, *, most_bytes: int | None = None, new_file: Callable[[], IO[bytes]] = tempfile.TemporaryFile
) -> PrivateCopy:
    """Copies a regular file into the temporary folder.

    Args:
        path: the file.
        most_bytes: a larger one is refused before it is copied; None for any size.
        new_file: makes the empty file that becomes the copy.

    Raises:
        SheetError: it changed meanwhile, is too large or cannot be read, or there is no room for the copy.
    """
    try:
        original = path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from error
    with original:
        before = os.fstat(original.fileno())
        if most_bytes is not None and before.st_size > most_bytes:
            raise SheetError(f"sheet {path}: {before.st_size:,} bytes are too many; save it as CSV")
        try:
            copy = new_file()
        except OSError as error:
            raise _no_room(path, error) from error
        try:
            _require_unchanged(path, before, copied=_copied(path, original, copy))
        except BaseException:
            with suppress(OSError):  # a full disk, again: what is still buffered is of no use
                copy.close()
            raise
    return PrivateCopy(copy, _state(before))


def _copied(path: Path, original: IO[bytes], copy: IO[bytes]) -> int:
    """How many bytes were copied."""
    copied = 0
    while True:
        try:
            block = original.read(_BLOCK)
        except OSError as error:
            raise _unreadable(path, error) from error
        try:
            copy.write(block)
            if not block:
                copy.seek(0)  # writes what is still buffered
                return copied
        except OSError as error:
            raise _no_room(path, error) from error
        copied += len(block)


def _require_unchanged(path: Path, before: os.stat_result, *, copied: int) -> None:
    try:
        now = _state(path.stat())
    except OSError:
        now = ()
    if now != _state(before) or copied != before.st_size:
        raise SheetError(f"sheet {path}: changed while it was read; wait until it is saved, and try again")


def _state(status: os.stat_result) -> tuple[int, ...]:
    """State of a file, which differs once it was written to or replaced."""
    return status.st_dev, status.st_ino, stat.S_IFMT(status.st_mode), status.st_size, status.st_mtime_ns


def _unreadable(path: Path, error: OSError) -> SheetError:
    if isinstance(error, PermissionError):
        return SheetError(f"sheet {path}: not readable; close it in Excel, or ask for the right to read it")
    return SheetError(f"sheet {path}: {error.strerror}; copy it to this machine and try again")


def _no_room(path: Path, error: OSError) -> SheetError:
    cure = "make room there, or set TMPDIR to a folder that has it; nothing was sent"
    where = tempfile.tempdir or "the temporary folder"
    return SheetError(f"sheet {path}: it cannot be copied to {where} to be read ({error.strerror}); {cure}")
