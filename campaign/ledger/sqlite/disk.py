"""Disk checks: a network file system's locks and shared memory are not safe for a ledger."""

import os
from pathlib import Path

from campaign.config.files.mounts import MOUNTS, file_system_of
from campaign.domain.errors import LedgerError

__all__ = ["MOUNTS", "file_system_of", "refuse_network_disk", "sync_folder"]

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
