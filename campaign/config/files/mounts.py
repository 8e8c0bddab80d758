"""Mounts: the kind of file system that holds a path, as Linux lists it."""

from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
"""Where Linux says what is mounted."""


def file_system_of(path: Path, mounts: str) -> str | None:
    """The kind of file system that holds an absolute path, by the lines of /proc/self/mountinfo."""
    # By their texts, since this is asked for every file that is opened or written: paths cost ten times as much.
    within, longest, kind = f"{path}/", 0, None
    for line in mounts.splitlines():
        before, dash, after = line.partition(" - ")
        fields = before.split()
        if not dash or len(fields) < 5:  # noqa: PLR2004 - the mount point is the fifth field
            continue
        point = fields[4] if "\\" not in fields[4] else fields[4].encode().decode("unicode_escape")
        # Of two mounts on one point the later one is on top.
        if len(point) >= longest and within.startswith(f"{point.rstrip('/')}/"):
            longest, kind = len(point), after.split()[0]
    return kind
