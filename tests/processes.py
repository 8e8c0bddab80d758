"""What the system says of another process."""

from pathlib import Path


def is_stopped(pid: int) -> bool:
    """Whether a signal has stopped it, so that it does nothing until it is told to go on."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace").rpartition(")")[2].split()[0] == "T"
    except FileNotFoundError:
        return False
