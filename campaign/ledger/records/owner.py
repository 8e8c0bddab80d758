"""Owner: names the process that writes something into a ledger, so that what a dead one left can be told apart."""

import os
import secrets
import socket

_PARTS = 3  # host, process, and what tells two openings of one process apart


def new_owner() -> str:
    """`host:pid:random`, for one opening of a ledger by this process."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def is_dead(owner: str) -> bool:
    """Whether this was a process of this machine that has ended; False where that cannot be known.

    A process id may be another process's by now: then what was left waits for its time.
    """
    parts = owner.rsplit(":", _PARTS - 1)
    # Elsewhere than on POSIX, signal 0 is no question: it ends the process.
    if os.name != "posix" or len(parts) != _PARTS or parts[0] != socket.gethostname() or not parts[1].isdecimal():
        return False
    try:
        os.kill(int(parts[1]), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False
