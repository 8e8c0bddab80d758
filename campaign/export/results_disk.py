"""The disk under results files, as a port: what it may refuse at any moment, and what it does where it refuses nothing.

Everything else about files is settled by those who ask: which name, what is in the way, what a refusal means.
"""

import io
import os
import tempfile
from pathlib import Path
from typing import Protocol


class Disk(Protocol):
    """A disk that can be full, read-only, or held by another program. All raise OSError for that."""

    def create_temporary(self, folder: Path) -> tuple[int, Path]:
        """A new file in the folder, for its owner alone: its descriptor, open for writing, and its path."""

    def sync(self, descriptor: int) -> None:
        """What was written is on the disk, and outlasts a power cut."""

    def replace(self, source: Path, target: Path) -> None:
        """The source takes the target's name, at once and whole; what had it before is gone."""

    def append_to(self, path: Path) -> io.FileIO:
        """The file at the path, unbuffered, open at its end. It is not made, and no link is followed."""


class LocalDisk:
    """The disk of this machine."""

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
