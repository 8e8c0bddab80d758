"""Where long work with a ledger is done: in a thread, while the event loop goes on, or in the loop itself."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

import anyio.to_thread

T = TypeVar("T")


class Aside(Protocol):
    """Does some work to its end, whatever becomes of who waits for it."""

    def __call__(self, work: Callable[[], T], /) -> Awaitable[T]:
        """What the work returns, or raises."""


async def in_thread(work: Callable[[], T], /) -> T:
    """Does it in a thread, which is waited for also when the caller is cancelled."""
    return await anyio.to_thread.run_sync(work)


async def in_loop(work: Callable[[], T], /) -> T:
    """Does it here and now, for a loop whose clock would not wait for a thread."""
    return work()
