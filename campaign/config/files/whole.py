"""Reads a small file whole, or not at all."""

import errno
import os
import select
import stat
from pathlib import Path
from typing import BinaryIO

from campaign.config.files.state import state_of
from campaign.config.files.writers import is_held_for_writing

_PATIENCE_SECONDS = 5.0


def read_whole(path: Path, *, most_bytes: int) -> bytes | None:
    """The file's bytes; None when somebody has it open for writing, or it changed while it was read.

    Of a file that is longer than `most_bytes`, one byte more than that.

    Raises:
        OSError: it is not there, or cannot be read.
    """
    with _opened(path) as file:
        before = os.fstat(file.fileno())
        if not stat.S_ISREG(before.st_mode):
            return file.read(most_bytes + 1)  # a pipe, which has no state, or a device without an end
        held, data = is_held_for_writing(file.fileno(), path), file.read(most_bytes + 1)
        unchanged = state_of(path.stat()) == state_of(before) and len(data) == min(before.st_size, most_bytes + 1)
    return data if unchanged and not held else None


def _opened(path: Path) -> BinaryIO:
    if os.name != "posix" or not stat.S_ISFIFO(path.stat().st_mode):
        return path.open("rb")
    # Opening a pipe waits for somebody to write into it, for ever where nobody does.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    if not select.select([descriptor], [], [], _PATIENCE_SECONDS)[0]:
        os.close(descriptor)
        raise OSError(errno.ENODATA, "a pipe into which nobody writes")
    os.set_blocking(descriptor, True)
    return os.fdopen(descriptor, "rb")
