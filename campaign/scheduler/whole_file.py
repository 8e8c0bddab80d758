"""Whole files: a firing reads its sheet and its template once they are left alone, and waits for that within its grace.

look --> left alone: read it
 ^`----> written, or changed just now --> within the grace: wait a second --> look
 |                                                              |
 '--------------------------------------------------------------'     after it: refused
"""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from campaign.config.files.quiet import FileLook, Unrest, look_at, why_not_quiet
from campaign.domain.errors import ChangingError, SheetError
from campaign.intake.files.file_type import START, Kind, kind_of

LOOK_EVERY_SECONDS = 1.0


class Waiting(Protocol):
    """What waiting needs from outside; a scheduler's surroundings have it."""

    @property
    def now(self) -> Callable[[], datetime]:
        """The wall clock; aware instants."""

    @property
    def wait(self) -> Callable[[float], None]:
        """Waits for so many seconds, less long once a stop is asked for."""


class Stopped(Exception):  # noqa: N818 - it is no error
    """A stop was asked for while a file was waited for."""


def wait_until_whole(
    find: Callable[[], Path],
    *,
    until: datetime,
    waiting: Waiting,
    stopped: Callable[[], bool],
    on_wait: Callable[[Path, Unrest], None],
) -> Path:
    """The file, once it is left alone.

    Args:
        find: finds it, afresh at each look: a newer one may come meanwhile.
        until: the end of the schedule's grace.
        waiting: clock and wait.
        stopped: whether a stop was asked for.
        on_wait: gets the file and what is waited for, once for each reason.

    Raises:
        SheetError: there is no such file; or it is not left alone within the grace.
        Stopped: a stop was asked for.
    """
    watched, state, told = 0.0, None, None
    while True:
        path, look = _looked_at(find)
        watched, state = (watched, look.state) if look.state == state else (0.0, look.state)
        why = why_not_quiet(look, now=waiting.now(), watched=watched)
        if why is None:
            return path
        if stopped():
            raise Stopped
        if waiting.now() >= until:
            raise ChangingError(
                f"{path}: {why}, and the schedule's grace is over; write it under another name and rename it when "
                "it is whole, or let the schedule fire later; nothing was sent"
            )
        if why is not told:
            on_wait(path, why)
            told = why
        waiting.wait(LOOK_EVERY_SECONDS)
        watched += LOOK_EVERY_SECONDS


def ends_in_a_line(path: Path) -> bool:
    """Whether a text file ends in the middle of a line; what is no text, or cannot be read, does not."""
    try:
        with path.open("rb") as file:
            if kind_of(file.read(START)) is not Kind.TEXT:
                return False
            file.seek(-1, os.SEEK_END)
            return file.read(1) not in b"\r\n\x00"  # the end of a line may be two bytes, 0A 00
    except (OSError, SheetError):
        return False


def _looked_at(find: Callable[[], Path]) -> tuple[Path, FileLook]:
    path = find()
    try:
        return path, look_at(path)
    except OSError as error:
        raise SheetError(
            f"{path}: {error.strerror or type(error).__name__}; make it readable, or put it there"
        ) from None
