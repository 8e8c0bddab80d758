"""Stop request that survives one dialling: each dialling gets its own event, since it sets that event when it ends."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import anyio

from campaign.engine.beside import beside


class StopRequest:
    """`ask` once, from any thread; then `asked` is true, and every event returned by `heard` is set."""

    def __init__(self) -> None:
        self._door, self._asked = threading.Lock(), threading.Event()
        self._listening: list[tuple[asyncio.AbstractEventLoop, anyio.Event]] = []

    @property
    def asked(self) -> bool:
        """Whether a stop was requested."""
        return self._asked.is_set()

    def wait(self, seconds: float) -> None:
        """Waits in this thread for so long, or until the stop is requested."""
        self._asked.wait(seconds)

    def ask(self) -> None:
        """Requests a stop everywhere: no new call begins."""
        with self._door:
            self._asked.set()
            for loop, event in self._listening:
                loop.call_soon_threadsafe(event.set)

    @contextmanager
    def heard(self) -> Iterator[anyio.Event]:
        """An event of the running event loop, set when the stop is requested, or at once if it was."""
        here = asyncio.get_running_loop(), anyio.Event()
        with self._door:
            self._listening.append(here)
            if self._asked.is_set():
                here[1].set()
        try:
            yield here[1]
        finally:
            # Taken out before its loop can close: no thread may call into a closed one.
            with self._door:
                self._listening.remove(here)


@asynccontextmanager
async def own_stop(stop: anyio.Event) -> AsyncIterator[anyio.Event]:
    """A separate event that is set when `stop` is, and may be set alone."""
    own = anyio.Event()

    async def pass_on() -> None:
        await stop.wait()
        own.set()

    if stop.is_set():
        own.set()
    async with beside(pass_on):
        yield own
