"""Open files: asks the system at the start for as many as may be needed, and refuses to begin with too few."""

import sys

from campaign.domain.errors import UsageError
from campaign.domain.system_errors.open_files import LEAST_OPEN_FILES, RAISE_OPEN_FILES, WANTED_OPEN_FILES


def require_open_files() -> None:
    """Raises this process's own limit as far as it may; a process that began with too few would fail halfway.

    Raises:
        UsageError: even so it may open too few.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - there is none on Windows

    allowed, ceiling = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed == resource.RLIM_INFINITY or allowed >= WANTED_OPEN_FILES:
        return
    raised = WANTED_OPEN_FILES if ceiling == resource.RLIM_INFINITY else min(ceiling, WANTED_OPEN_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(allowed, raised), ceiling))
    if max(allowed, raised) < LEAST_OPEN_FILES:
        raise UsageError(
            f"this program may open only {max(allowed, raised)} files and connections at once, and needs "
            f"{LEAST_OPEN_FILES}; nothing was sent; {RAISE_OPEN_FILES}"
        )
