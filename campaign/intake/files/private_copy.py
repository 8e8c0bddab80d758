"""Private copy of a sheet's file: a consistent snapshot, whatever is written to the original meanwhile.

    path -> open -> written by nobody? -> copied, block by block -> inode, size, times as before? -> PrivateCopy

The copy has no name: no other user can open it, and the system removes it once no process reads it, killed or not.
"""

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import IO

from campaign.config.files.state import state_of
from campaign.config.files.writers import is_held_for_writing
from campaign.domain.errors import ChangingError, SheetError

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class PrivateCopy:
    """Copy of a file that did not change while it was copied.

    Attributes:
        file: at its start, with mode 0600; the caller closes it.
        state: tells this state of the original from any other (device, inode, type, bytes, times of change).
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
        ChangingError: somebody has it open for writing, or it changed meanwhile.
        SheetError: it is too large or cannot be read, or there is no room for the copy.
    """
    try:
        original = path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from error
    with original:
        before = os.fstat(original.fileno())
        if is_held_for_writing(original.fileno(), path):
            raise ChangingError(f"sheet {path}: it is being written; wait until it is whole and closed, and try again")
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
    return PrivateCopy(copy, astuple(state_of(before)))


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
        now = state_of(path.stat())
    except OSError:
        now = None
    if now != state_of(before) or copied != before.st_size:
        raise ChangingError(f"sheet {path}: changed while it was read; wait until it is saved, and try again")


def _unreadable(path: Path, error: OSError) -> SheetError:
    if isinstance(error, PermissionError):
        return SheetError(f"sheet {path}: not readable; close it in Excel, or ask for the right to read it")
    return SheetError(f"sheet {path}: {error.strerror}; copy it to this machine and try again")


def _no_room(path: Path, error: OSError) -> SheetError:
    cure = "make room there, or set TMPDIR to a folder that has it; nothing was sent"
    where = tempfile.tempdir or "the temporary folder"
    return SheetError(f"sheet {path}: it cannot be copied to {where} to be read ({error.strerror}); {cure}")
