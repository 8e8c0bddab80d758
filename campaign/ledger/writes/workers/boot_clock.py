"""Boot clock: seconds that also pass while this process is stopped, and while its machine sleeps."""

import time

# Linux's counts a machine's sleep as well; macOS's CLOCK_MONOTONIC does. Elsewhere a sleeping machine goes uncounted.
_CLOCK = getattr(time, "CLOCK_BOOTTIME", None) or getattr(time, "CLOCK_MONOTONIC", None)


def boot_seconds() -> float:
    """The seconds of that clock; nobody can set it."""
    return time.monotonic() if _CLOCK is None else time.clock_gettime(_CLOCK)
