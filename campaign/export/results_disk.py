"""Disk port for results files: the operations that can fail at any moment, and their local implementation.

The callers decide everything else about files: the name, what to do about an existing file, what a refusal means.

A temporary file holds people's data. Its writer keeps it locked until it has its final name; the lock of a writer that
was killed falls, and the next writer in that folder removes what it left.
"""

import contextlib
import io
import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

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
            return False  # Held; or a disk without locks, where nothing is taken for abandoned.
        return True


PREFIX = ".results-"
"""How the names of temporary files and folders begin, in the folder of the results."""
_ABANDONED = re.compile(r"\.results-[a-z0-9_]{8}(\.tmp)?")


class Disk(Protocol):
    """A disk that may be full, read-only, or locked by another program. All methods raise OSError for that."""

    def create_temporary(self, folder: Path) -> tuple[int, Path]:
        """Creates a file in the folder, for its owner alone: its descriptor, open for writing, and its path."""

    def sync(self, descriptor: int) -> None:
        """Flushes what was written to the disk, so that it survives a power cut."""

    def replace(self, source: Path, target: Path) -> None:
        """Renames the source to the target atomically; the old target is gone."""

    def append_to(self, path: Path) -> io.FileIO:
        """Opens the file at the path at its end, unbuffered. It is not created, and no link is followed."""


class LocalDisk:
    """This machine's disk."""

    def create_temporary(self, folder: Path) -> tuple[int, Path]:
        """As `Disk` says."""
        while True:
            # mkstemp creates with 0600 whatever the umask, and never opens what is already there.
            descriptor, name = tempfile.mkstemp(dir=folder, prefix=PREFIX, suffix=".tmp")
            _lock(descriptor, wait=True)
            # Before it was locked, another writer may have taken it for one that was left.
            if os.name != "posix" or os.fstat(descriptor).st_nlink:
                return descriptor, Path(name)
            os.close(descriptor)

    def sync(self, descriptor: int) -> None:
        """As `Disk` says."""
        os.fsync(descriptor)

    def replace(self, source: Path, target: Path) -> None:
        """As `Disk` says."""
        source.replace(target)

    def append_to(self, path: Path) -> io.FileIO:
        """As `Disk` says."""
        return io.FileIO(path, "ab", opener=_opened)


LOCAL_DISK: Disk = LocalDisk()
"""Where results go unless another disk is named."""


@contextlib.contextmanager
def temporary_folder(where: Path) -> Iterator[Path]:
    """A folder for parts of a results file, removed when the block ends; locked, so that no other writer removes it."""
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=where, ignore_cleanup_errors=True) as name:
        descriptor = os.open(name, os.O_RDONLY) if os.name == "posix" else None
        try:
            if descriptor is not None:
                _lock(descriptor, wait=True)
            yield Path(name)
        finally:
            if descriptor is not None:
                os.close(descriptor)


@contextlib.contextmanager
def still_locked(descriptor: int) -> Iterator[None]:
    """Keeps the lock of a temporary file while the block lasts, also when its descriptor is closed in it."""
    # Elsewhere a file cannot be renamed while it is open.
    kept = os.dup(descriptor) if os.name == "posix" else None
    try:
        yield
    finally:
        if kept is not None:
            os.close(kept)


def remove_abandoned(folder: Path) -> list[Path]:
    """Removes what killed writers of this user left in the folder; returns what it removed. Never what is in use."""
    left = list[Path]()
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        left.extend(Path(entry.path) for entry in entries if _ABANDONED.fullmatch(entry.name))
    return [path for path in left if _removed(path)]


def _removed(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return False
    try:
        found = os.fstat(descriptor)
        is_folder = stat.S_ISDIR(found.st_mode)
        ours = os.name != "posix" or found.st_uid == os.geteuid()
        if not ours or not (is_folder or stat.S_ISREG(found.st_mode)) or not _lock(descriptor, wait=False):
            return False
        if os.name != "posix":
            os.close(descriptor)
            descriptor = -1
        if is_folder:
            shutil.rmtree(path)
        else:
            path.unlink()
    except OSError:
        return False
    finally:
        if descriptor >= 0:
            os.close(descriptor)
    return True


def _opened(path: str, flags: int) -> int:
    return os.open(path, (flags | getattr(os, "O_NOFOLLOW", 0)) & ~os.O_CREAT)
