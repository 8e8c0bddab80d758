"""Disk checks: a network file system's locks and shared memory are not safe for a ledger."""

import os
from pathlib import Path

from campaign.domain.errors import LedgerError

MOUNTS = Path("/proc/self/mountinfo")
"""Where Linux says what is mounted."""
_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "9p", "afs", "ceph", "glusterfs", "lustre", "beegfs"}
    | {"fuse.sshfs", "fuse.s3fs", "fuse.rclone", "fuse.gcsfuse", "fuse.glusterfs", "fuse.ceph", "davfs", "fuse.davfs2"}
)


def refuse_network_disk(home: Path, *, mounts: Path = MOUNTS) -> None:
    """Refuses a folder on a network file system; where the system does not report the kind, assumes a local one.

    Args:
        home: the folder.
        mounts: the system's list of mounts.

    Raises:
        LedgerError: naming the folder, the kind of disk and the cure.
    """
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return  # Only Linux has it.
    kind = file_system_of(Path(os.path.realpath(home)), lines)
    if kind in _NETWORK:
        raise LedgerError(
            f"{home} is on a network disk ({kind}), where a ledger can lose what it was told to keep; "
            "point CAMPAIGN_HOME at a folder on this machine's own disk"
        )


def sync_folder(folder: Path) -> None:
    """Makes the names of a folder's files durable, as fsync does for their content.

    Raises:
        OSError: the disk fails.
    """
    if os.name == "posix":  # Elsewhere a folder cannot be opened, and need not be.
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def file_system_of(path: Path, mounts: str) -> str | None:
    """The kind of file system that holds an absolute path, by the lines of /proc/self/mountinfo."""
    best, kind = -1, None
    for line in mounts.splitlines():
        before, dash, after = line.partition(" - ")
        fields = before.split()
        if not dash or len(fields) < 5:  # noqa: PLR2004 - the mount point is the fifth field
            continue
        point = Path(fields[4].encode().decode("unicode_escape"))
        # Of two mounts on one point the later one is on top.
        if (point == path or point in path.parents) and len(point.parts) >= best:
            best, kind = len(point.parts), after.split()[0]
    return kind
