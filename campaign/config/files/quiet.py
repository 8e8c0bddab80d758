"""Quiet: whether a file is left alone by now, so that it can be read whole.

open for writing somewhere ................................. no, for as long as it is
open for writing nowhere, and renamed or finished since .... yes, at once
not touched for 15 s, by its own times or as watched ....... yes
all else ................................................... not yet
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from campaign.config.files.state import FileState, state_of
from campaign.config.files.writers import is_held_for_writing, is_on_own_disk

QUIET_SECONDS = 15.0
"""How long a file must have been left alone where nothing better proves that it is whole."""


class Unrest(StrEnum):
    """Why a file cannot be read whole yet, in words that follow its name."""

    HELD = "another program has it open for writing"
    TOUCHED = "it was changed less than 15 s ago"


@dataclass(frozen=True, slots=True)
class FileLook:
    """A look at a file.

    Attributes:
        state: its state.
        held: whether a process has it open for writing; None where that cannot be known.
        own_clock: whether its times are told by this machine's clock.
    """

    state: FileState
    held: bool | None
    own_clock: bool


def look_at(path: Path) -> FileLook:
    """Looks at a file.

    Raises:
        OSError: it is not there, or cannot be read.
    """
    with path.open("rb") as file:
        descriptor = file.fileno()
        held = is_held_for_writing(descriptor, path)
        # Afterwards: a writer that has just closed it has left its time.
        return FileLook(state_of(path.stat()), held, is_on_own_disk(path))


def why_not_quiet(look: FileLook, *, now: datetime, watched: float) -> Unrest | None:
    """Why the file cannot be read whole yet; None when it can.

    Args:
        look: as it is now.
        now: the wall clock, aware.
        watched: for how many seconds its state has been seen not to change.
    """
    if look.held:
        return Unrest.HELD
    if look.held is False and look.state.was_settled:
        return None
    age = now.timestamp() - look.state.touched_ns / 1e9
    # A time that lies ahead, or is told by another machine's clock, says nothing; what was watched does.
    quiet = watched >= QUIET_SECONDS or (look.own_clock and age >= QUIET_SECONDS)
    return None if quiet else Unrest.TOUCHED
