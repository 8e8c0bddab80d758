"""Reads a small file whole, or not at all."""

import os
import stat
from pathlib import Path

from campaign.config.files.state import state_of
from campaign.config.files.writers import is_held_for_writing


def read_whole(path: Path, *, most_bytes: int) -> bytes | None:
    """The file's bytes, one more than `most_bytes` of a longer one; None when somebody has it open for writing, or it changed while it was read.

    Raises:
        OSError: it is not there, or cannot be read.
    """
    with path.open("rb") as file:
        before = os.fstat(file.fileno())
        if not stat.S_ISREG(before.st_mode):
            return file.read(most_bytes + 1)  # a pipe, which has no state, or a device without an end
        held, data = is_held_for_writing(file.fileno(), path), file.read(most_bytes + 1)
        unchanged = state_of(path.stat()) == state_of(before) and len(data) == min(before.st_size, most_bytes + 1)
    return data if unchanged and not held else None
