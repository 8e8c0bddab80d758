"""A disk whose troubles are named by the moment at which they strike, and switched on and off by a test."""

import errno
import io
import os
from collections.abc import Callable
from pathlib import Path

from campaign.export.results_disk import LocalDisk


class NearlyFull(io.FileIO):
    """A file on a disk that takes so many bytes more, and then none."""

    def __init__(self, path: Path, disk: "TroubledDisk") -> None:
        super().__init__(path, "ab")
        self.disk = disk

    def write(self, data: bytes, /) -> int:  # type: ignore[override]  # only ever handed bytes here
        if self.disk.room is None:
            return super().write(data)
        if self.disk.room == 0:
            raise trouble(errno.ENOSPC)
        part = data[: self.disk.room]
        self.disk.room -= len(part)
        return super().write(part)


class TroubledDisk(LocalDisk):
    """This machine's disk while no trouble is switched on.

    Attributes:
        room: how many bytes a file that grows may take yet; None for no end of them.
        opens: makes the file that grows.
        opens_none: another program took the file that should grow.
        held: files that another program holds, so that they cannot be replaced.
        holds_all: nothing can be replaced.
        sync_fails: what is written does not come to rest: the disk is full.
        read_only: no file can be made.
    """

    def __init__(self) -> None:
        self.room: int | None = None
        self.opens: Callable[[Path, TroubledDisk], io.FileIO] = NearlyFull
        self.held = set[Path]()
        self.opens_none = self.holds_all = self.sync_fails = self.read_only = False

    def create_temporary(self, folder: Path) -> tuple[int, Path]:
        if self.read_only:
            raise trouble(errno.EROFS)
        return super().create_temporary(folder)

    def sync(self, descriptor: int) -> None:
        if self.sync_fails:
            raise trouble(errno.ENOSPC)
        super().sync(descriptor)

    def replace(self, source: Path, target: Path) -> None:
        if self.holds_all or target in self.held:
            raise trouble(errno.EACCES)
        super().replace(source, target)

    def append_to(self, path: Path) -> io.FileIO:
        if self.opens_none:
            raise trouble(errno.EACCES)
        return self.opens(path, self)


def trouble(number: int) -> OSError:
    """The error of that number, as the system raises it."""
    return OSError(number, os.strerror(number))
