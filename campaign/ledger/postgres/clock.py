"""The server's clock: what several machines share goes by it, however far their own clocks are apart.

It is kept as its distance to this machine's clock since it was started, which nobody sets; so our wall clock may be set
at any time, and the server is asked once a minute.
"""

import time
from collections.abc import Callable

from sqlalchemy import Connection, text

_ASK = text("SELECT extract(epoch FROM clock_timestamp())::float8")
_ASKED_EVERY_SECONDS = 60.0
_SAME_SECONDS = 0.05


def since_start() -> float:
    """Seconds since the machine was started, also those in which it slept."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class DatabaseClock:
    """How far the server's clock is ahead of this machine's wall clock."""

    def __init__(self, *, running: Callable[[], float] = since_start, wall: Callable[[], float] = time.time) -> None:
        self._running, self._wall = running, wall
        self._asked, self._distance = float("-inf"), 0.0

    def ahead(self, connection: Connection) -> float:
        """Seconds; 0 where the two are the same but for what cannot be told."""
        if self._running() - self._asked >= _ASKED_EVERY_SECONDS:
            before = self._running()
            said = float(connection.execute(_ASK).scalar_one())
            self._asked = self._running()
            self._distance = said - (before + self._asked) / 2
        ahead = self._running() + self._distance - self._wall()
        return 0.0 if abs(ahead) <= _SAME_SECONDS else ahead
