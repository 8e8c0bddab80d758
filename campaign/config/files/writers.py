"""Writers of a file: whether any process has it open for writing at this moment, where the system can say so.

Linux grants a read lease only on a file that no process has open for writing, wherever the process runs. The lease is
given back at once: it is asked for its answer alone. It is granted on our own files, and on disks of this machine.
"""

import errno
import os
import signal
import sys
from pathlib import Path

from campaign.config.files.mounts import MOUNTS, file_system_of

# Elsewhere a refused lease may mean something else: NFS and SMB refuse one that their server has not granted before.
_LEASES = frozenset({"ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "bcachefs", "tmpfs", "overlay"})
_MARKS = (".~lock.{}#", "~${}")


def is_held_for_writing(descriptor: int, path: Path, *, mounts: Path = MOUNTS) -> bool | None:
    """Whether a process has the file open for writing; None where that cannot be known.

    Args:
        descriptor: of the file, open for reading only.
        path: of the file.
        mounts: the system's list of mounts.
    """
    # A spreadsheet program keeps a sheet open for writing for as long as it shows it; its mark lies beside the sheet.
    if not is_on_own_disk(path, mounts=mounts) or any(_mark(path, form).exists() for form in _MARKS):
        return None
    return _lease_refused(descriptor)


def is_on_own_disk(path: Path, *, mounts: Path = MOUNTS) -> bool:
    """Whether the file is on a disk of this machine, whose times are told by this machine's clock."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return file_system_of(Path(os.path.realpath(path)), lines) in _LEASES


def _mark(path: Path, form: str) -> Path:
    return path.with_name(form.format(path.name))


def _lease_refused(descriptor: int) -> bool | None:
    if sys.platform != "linux":
        return None
    import fcntl  # noqa: PLC0415 - other systems have no such module, and get no further than the line above

    try:
        # A writer that comes in this moment is announced by a signal, and the usual one would end this process.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        return True if error.errno == errno.EAGAIN else None
    fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False
