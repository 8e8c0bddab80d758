"""Wall clock: tells the time and waits for a given time, over minutes and hours and while the machine sleeps."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import anyio

_NAP_SECONDS = 30.0


class Clock(Protocol):
    """Port for the wall clock, for code that waits for a time of day."""

    def now(self) -> datetime:
        """The current time, aware."""

    async def wait(self, until: datetime, *, stop: anyio.Event) -> None:
        """Waits until that time, or until `stop` is set."""


class WallClock:
    """The wall clock over the time source that it is given."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """`now` returns the current time as an aware datetime."""
        self._now = now

    def now(self) -> datetime:
        """The current time, aware."""
        return self._now()

    async def wait(self, until: datetime, *, stop: anyio.Event) -> None:
        """Waits until that time, or until `stop` is set."""
        # In short sleeps: one long sleep would end too late after the machine slept or its clock was set.
        while not stop.is_set() and (left := (until - self.now()).total_seconds()) > 0:
            with anyio.move_on_after(min(left, _NAP_SECONDS)):
                await stop.wait()
