"""State of a file: what tells one state of its content from another without reading it."""

import os
import stat
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileState:
    """A file's state; any write, and any replacement, makes another.

    Attributes:
        device: of the file system.
        inode: of the file in it; a file that was put in its place has another.
        kind: regular file, folder, ...
        size: bytes.
        written_ns: when its content was last written (mtime), which `cp -p`, rsync and FTP servers set as they like.
        changed_ns: when anything of it last changed (ctime), which nobody can set: a write sets both, a rename this.
    """

    device: int
    inode: int
    kind: int
    size: int
    written_ns: int
    changed_ns: int

    @property
    def touched_ns(self) -> int:
        """The later of both times: since then it was quiet, if its clock is ours."""
        return max(self.written_ns, self.changed_ns)

    @property
    def was_settled(self) -> bool:
        """Whether it was renamed, or given its times or rights, after the last write: what is done to a whole file."""
        return self.changed_ns > self.written_ns


def state_of(status: os.stat_result) -> FileState:
    """The state that a stat shows."""
    return FileState(
        status.st_dev,
        status.st_ino,
        stat.S_IFMT(status.st_mode),
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
    )
