"""Disk port for results files: the operations that can fail at any moment, and their local implementation.

The callers decide everything else about files: the name, what to do about an existing file, what a refusal means.
"""

import io
import os
import tempfile
from pathlib import Path
from typing import Protocol


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
        # mkstemp creates with 0600 whatever the umask, and never opens what is already there.
        descriptor, name = tempfile.mkstemp(dir=folder, prefix=".results-", suffix=".tmp")
        return descriptor, Path(name)

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


def _opened(path: str, flags: int) -> int:
    return os.open(path, (flags | getattr(os, "O_NOFOLLOW", 0)) & ~os.O_CREAT)
