"""The wall clock for what waits by it: minutes and hours, over the sleep of a machine too."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import anyio

_NAP_SECONDS = 30.0


class Clock(Protocol):
    """Time as those who wait for a moment of the day need it."""

    def now(self) -> datetime:
        """The wall clock, aware."""

    async def wait(self, until: datetime, *, stop: anyio.Event) -> None:
        """Returns at that moment, or when `stop` is set."""


class WallClock:
    """Waits by the clock that it is given."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """`now` is the wall clock; aware instants."""
        self._now = now

    def now(self) -> datetime:
        """The wall clock, aware."""
        return self._now()

    async def wait(self, until: datetime, *, stop: anyio.Event) -> None:
        """Returns at that moment, or when `stop` is set."""
        # In naps: a machine that slept wakes up behind a wait of one piece, and a clock that was set moves it.
        while not stop.is_set() and (left := (until - self.now()).total_seconds()) > 0:
            with anyio.move_on_after(min(left, _NAP_SECONDS)):
                await stop.wait()
