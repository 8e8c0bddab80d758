"""Open files: a process may have so many at once, sockets included, and every message about that has the same cure."""

import errno
import os

LEAST_OPEN_FILES = 64
"""What a command needs: ledger, locks, sheet and results, an event loop, and eight calls at once with the stand-in."""
WANTED_OPEN_FILES = 4096
"""Enough for as many calls at once as may be asked for, in several runs."""
_NONE_LEFT = frozenset({errno.EMFILE, errno.ENFILE})
RAISE_OPEN_FILES = (
    f"raise its limit (ulimit -n {WANTED_OPEN_FILES}; LimitNOFILE={WANTED_OPEN_FILES} of a systemd service)"
)
NO_OPEN_FILES_LEFT = (
    f"this program may not open any more files or connections; {RAISE_OPEN_FILES}, "
    "or let fewer calls be on their way at once, then go on"
)


def is_of_open_files(error: BaseException) -> bool:
    """Whether the system said that no more may be open."""
    return isinstance(error, OSError) and error.errno in _NONE_LEFT


def none_left() -> bool:
    """Whether no more may be open at this moment: some libraries say only that something cannot be opened."""
    try:
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        return is_of_open_files(error)
    return False
