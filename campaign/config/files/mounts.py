"""Mounts: the kind of file system that holds a path, as Linux lists it."""

from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
"""Where Linux says what is mounted."""


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
