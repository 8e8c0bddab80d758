"""Reads a small file whole, or not at all."""

import os
import stat
from pathlib import Path

from campaign.config.files.state import state_of
from campaign.config.files.writers import is_held_for_writing


def read_whole(path: Path) -> bytes | None:
    """The file's bytes; None when somebody has it open for writing, or it changed while it was read.

    Raises:
        OSError: it is not there, or cannot be read.
    """
    with path.open("rb") as file:
        before = os.fstat(file.fileno())
        if not stat.S_ISREG(before.st_mode):
            return file.read()  # a pipe, which has no state
        held, data = is_held_for_writing(file.fileno(), path), file.read()
        unchanged = state_of(path.stat()) == state_of(before) and len(data) == before.st_size
    return data if unchanged and not held else None
