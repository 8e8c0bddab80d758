"""How long an event loop was busy with one thing: whatever else it carries waits as long."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

_EVERY_SECONDS = 0.002


@dataclass
class Block:
    """The longest block so far.

    Attributes:
        seconds: that passed; a machine that does other things lengthens it.
        busy: seconds of processor that the loop's own thread used in one.
    """

    seconds: float = 0.0
    busy: float = 0.0

    def __str__(self) -> str:
        return f"longest block {self.seconds * 1000:.0f} ms, of processor {self.busy * 1000:.0f} ms"


@asynccontextmanager
async def longest_block() -> AsyncIterator[Block]:
    """Watches the running loop: a timer that is due every two milliseconds comes as late as the loop is blocked."""
    block = Block()

    async def watch() -> None:
        while True:
            asked, used = time.perf_counter(), time.thread_time()
            await asyncio.sleep(_EVERY_SECONDS)
            block.seconds = max(block.seconds, time.perf_counter() - asked - _EVERY_SECONDS)
            block.busy = max(block.busy, time.thread_time() - used)

    watching = asyncio.get_running_loop().create_task(watch())
    try:
        yield block
    finally:
        watching.cancel()
