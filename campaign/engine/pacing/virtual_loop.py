"""Virtual time: an event loop whose clock leaps to the next timer once nothing is ready, so that days take seconds.

What runs in it must wait for nothing outside of it: a thread's work or another process's answer would take no time of
this clock, or come days too late.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

import anyio

T = TypeVar("T")


class VirtualClock:
    """A wall clock, and the loop's clock of seconds beside it: they never part.

    Attributes:
        seconds: since the start.
    """

    def __init__(self, start: datetime) -> None:
        """`start` is aware."""
        self.start, self.seconds = start, 0.0

    def now(self) -> datetime:
        """The current time of this clock, aware."""
        return self.start + timedelta(seconds=self.seconds)


def run_in_virtual_time(main: Callable[[], Coroutine[Any, Any, T]], *, clock: VirtualClock) -> T:
    """Runs it in an event loop of this thread whose time is that clock's."""
    return anyio.run(main, backend_options={"loop_factory": lambda: _VirtualLoop(clock)})


class _VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self, clock: VirtualClock) -> None:
        self._virtual = clock
        super().__init__(_LeapingSelector(clock))

    def time(self) -> float:
        return self._virtual.seconds


class _LeapingSelector(selectors.BaseSelector):
    """Reports what is ready; when nothing is, the clock moves by as much as would have been waited."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock, self._real = clock, selectors.DefaultSelector()

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._real.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._real.unregister(fileobj)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        # Without a timer only a signal or a thread can go on.
        ready = self._real.select(0 if timeout is not None else None)
        if not ready and timeout is not None and timeout > 0:
            self._clock.seconds += timeout
        return ready

    def close(self) -> None:
        self._real.close()

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._real.get_map()
