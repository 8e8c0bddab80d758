"""Folder of uploads: sheets that a server received, each under a name of ours, for its owner's eyes alone.

chunks -> TOKEN.xlsx.part, 0600, locked -> fsync -> TOKEN.xlsx -> fsync of the folder -> its record -> unlocked

A file without a record that nobody has locked was left by a process that was killed.
"""

import hashlib
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from campaign.domain.errors import LedgerError, UsageError
from campaign.domain.system_errors.open_files import is_of_open_files

if sys.platform == "win32":

    def _lock(descriptor: int, *, wait: bool) -> bool:
        del descriptor, wait
        return True  # What is open there cannot be removed.
else:
    import fcntl

    def _lock(descriptor: int, *, wait: bool) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError:
            return False  # Held; or a disk without locks, where nothing is taken for left.
        return True


SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
"""How the names of sheets end; a file that ends otherwise is read by its content all the same."""
_PART = ".part"
_OURS = re.compile(r"[0-9a-f]{32}(\.[a-z]{3,4})?(\.part)?")
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file that is whole and on the disk: its size in bytes, and the SHA-256 of its content, hex."""

    path: Path
    size: int
    sha256: str


def upload_folder(home: Path) -> Path:
    """The folder of uploads beside the ledger; it may not be there yet."""
    return home / "uploads"


@contextmanager
def received(path: Path, chunks: Iterable[bytes], *, most_bytes: int) -> Iterator[ReceivedFile]:
    """Receives a file; the block records it, and it is not taken for left meanwhile. If either fails, it is removed.

    Args:
        path: where it is to stand; a new name, in a folder that is made where it is not there.
        chunks: its content; what they raise passes through.
        most_bytes: more are refused, as soon as they come.

    Raises:
        UsageError: it is too large, or empty.
        LedgerError: the disk is full, or fails.
    """
    part = path.with_name(path.name + _PART)
    descriptor = _created(part)
    try:
        yield _stored(descriptor, chunks, part=part, path=path, most_bytes=most_bytes)
    except BaseException:
        part.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)


def remove_unknown(folder: Path, *, is_known: Callable[[str], bool]) -> list[str]:
    """Removes the files of uploads that nobody knows and nobody is receiving; returns their names."""
    try:
        names = sorted(path.name for path in folder.iterdir() if _OURS.fullmatch(path.name))
    except OSError:
        return []
    return [name for name in names if not is_known(name) and _removed(folder / name, is_known=is_known)]


@contextmanager
def _disk_trouble(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if is_of_open_files(error):
            raise
        raise LedgerError(
            f"{folder}: the sheet cannot be stored ({error.strerror or error}); nothing was kept of it; "
            "free some space, then upload it again"
        ) from None


def _created(part: Path) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with _disk_trouble(part.parent):
        part.parent.mkdir(mode=0o700, exist_ok=True)
        if os.name == "posix":
            part.parent.chmod(0o700)
        while True:
            descriptor = os.open(part, flags, 0o600)
            _lock(descriptor, wait=True)
            # Before it was locked, another process may have taken it for one that was left.
            if os.name != "posix" or os.fstat(descriptor).st_nlink:
                return descriptor
            os.close(descriptor)


def _stored(descriptor: int, chunks: Iterable[bytes], *, part: Path, path: Path, most_bytes: int) -> ReceivedFile:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > most_bytes:
            limit = f"{most_bytes / _MEGABYTE:.0f} MB" if most_bytes >= _MEGABYTE else f"{most_bytes:,} bytes"
            raise UsageError(f"the file is larger than {limit}; nothing was kept of it; split it into several")
        digest.update(chunk)
        with _disk_trouble(part.parent):
            _append(descriptor, chunk)
    if not size:
        raise UsageError("the file is empty; nothing was kept of it; choose the sheet that you mean")
    with _disk_trouble(part.parent):
        os.fsync(descriptor)
        part.rename(path)
        _sync_folder(path.parent)
    return ReceivedFile(path, size, digest.hexdigest())


def _append(descriptor: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _removed(path: Path, *, is_known: Callable[[str], bool]) -> bool:
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return False
    try:
        # Asked again under the lock: its receiver has recorded it before letting go.
        if not _lock(descriptor, wait=False) or is_known(path.name):
            return False
        path.unlink()
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":  # Elsewhere a folder cannot be opened, and need not be.
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
