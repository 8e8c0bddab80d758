"""File locks, one process to a run and one to a schedule: the system releases a lock when its holder dies.

The ledger's conditional updates alone keep two processes from calling a person twice; the lock keeps the second one
from mistaking the first one's calls in flight for those of a crash.
"""

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from campaign.domain.cures.runs import wait_and_resume
from campaign.domain.errors import BusyError, LedgerError

if sys.platform == "win32":
    import msvcrt

    def take_lock(descriptor: int) -> None:
        """Locks the open file at once, or not at all; see the other system's."""
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def take_lock(descriptor: int) -> None:
        """Locks the open file at once, or not at all.

        Raises:
            BlockingIOError: another process has it.
            OSError: the disk knows no locks.
        """
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_LOCKED_FILE = re.compile(r"^\d+: FLOCK +ADVISORY +WRITE +-?\d+ +[0-9a-f]+:[0-9a-f]+:(\d+) ", re.MULTILINE)
_LOCK = re.compile(r"run-(\d+)\.lock")


@contextmanager
def hold_run(home: Path, *, name: str, number: int, take: Callable[[int], None] = take_lock) -> Iterator[None]:
    """Holds the run for as long as the block, or the process, lives.

    Args:
        home: the ledger's folder.
        name: the run's name, for the message.
        number: the run's number in the ledger, for the lock's file.
        take: locks an open file's descriptor.

    Raises:
        BusyError: another process holds it.
        LedgerError: the lock's file cannot be created.
    """
    busy = BusyError(f"run {name!r} is being worked on by another process", cure=wait_and_resume(name))
    with _held(home / f"run-{number}.lock", busy=busy, take=take):
        yield


def held_runs(home: Path) -> frozenset[int]:
    """The numbers of the runs that a process holds, this one or another; none where the system does not list locks.

    The locks are not tried: who only looks must not stand in the way of a process that begins.
    """
    try:
        listed = Path("/proc/locks").read_text(encoding="ascii", errors="replace")
    except OSError:
        return frozenset()
    files = {int(found) for found in _LOCKED_FILE.findall(listed)}
    if not files:
        return frozenset()
    return frozenset(int(name[1]) for path in home.glob("run-*.lock") if (name := _run_of(path, files)))


def _run_of(path: Path, files: set[int]) -> re.Match[str] | None:
    try:
        return _LOCK.fullmatch(path.name) if path.stat().st_ino in files else None
    except OSError:
        return None


@contextmanager
def hold_schedule(home: Path, *, name: str, number: int) -> Iterator[None]:
    """Holds the schedule for as long as the block, or the process, lives.

    If a schedule that can be held has an open firing, a process that died left it.

    Raises:
        BusyError: another process, or another thread of this one, holds it.
        LedgerError: the lock's file cannot be created.
    """
    busy = BusyError(f"schedule {name!r} is being seen to by another scheduler")
    with _held(home / f"schedule-{number}.lock", busy=busy, take=take_lock):
        yield


@contextmanager
def _held(path: Path, *, busy: BusyError, take: Callable[[int], None]) -> Iterator[None]:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise LedgerError(
            f"cannot write {path}: {error.strerror}; make {path.parent} writable, or set CAMPAIGN_HOME"
        ) from None
    try:
        try:
            take(descriptor)
        except (BlockingIOError, PermissionError):
            raise busy from None
        except OSError as error:
            raise LedgerError(
                f"cannot lock {path}: {error.strerror}; point CAMPAIGN_HOME at a folder on a disk of this machine"
            ) from None
        # The file stays: removing it would let a third process lock a new one while a second still waits for this.
        yield
    finally:
        os.close(descriptor)
