"""How long an event loop was busy with one thing: whatever else it carries waits as long."""

import asyncio
import sys
import threading
import time
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import FrameType

_EVERY_SECONDS = 0.002
_LONG_SECONDS = 0.02
_SHOWN = 3


@dataclass
class Block:
    """The longest blocks so far.

    Attributes:
        seconds: that passed; a machine that does other things lengthens it.
        busy: seconds of processor that the loop's own thread used in one.
        seen: where the loop was found that had worked for some time without a turn -> how often.
    """

    seconds: float = 0.0
    busy: float = 0.0
    seen: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        where = sorted(self.seen.items(), key=lambda one: -one[1])[:_SHOWN]
        shown = "; ".join(f"{place} ({times})" for place, times in where)
        return f"longest block {self.seconds * 1000:.0f} ms, of processor {self.busy * 1000:.0f} ms" + (
            f"; seen at {shown}" if shown else ""
        )


@asynccontextmanager
async def longest_block() -> AsyncIterator[Block]:
    """Watches the running loop: a timer that is due every two milliseconds comes as late as the loop is blocked."""
    block, turned = Block(), [time.thread_time()]
    ended = threading.Event()

    async def watch() -> None:
        while True:
            asked, used = time.perf_counter(), time.thread_time()
            turned[0] = used
            await asyncio.sleep(_EVERY_SECONDS)
            block.seconds = max(block.seconds, time.perf_counter() - asked - _EVERY_SECONDS)
            block.busy = max(block.busy, time.thread_time() - used)

    loops = threading.get_ident()
    sampler = threading.Thread(target=lambda: _sample(block, turned, loops=loops, ended=ended), daemon=True)
    sampler.start()
    watching = asyncio.get_running_loop().create_task(watch())
    try:
        yield block
    finally:
        watching.cancel()
        ended.set()
        sampler.join()


def _sample(block: Block, turned: list[float], *, loops: int, ended: threading.Event) -> None:
    clock = time.pthread_getcpuclockid(loops)
    while not ended.wait(_LONG_SECONDS / 4):
        if time.clock_gettime(clock) - turned[0] > _LONG_SECONDS:
            place = _place(sys._current_frames().get(loops))
            block.seen[place] = block.seen.get(place, 0) + 1


def _place(frame: FrameType | None) -> str:
    """The program's own functions on the stack, the innermost last."""
    ours = [one.name for one in traceback.extract_stack(frame) if "/campaign/" in one.filename] if frame else []
    return " > ".join(ours[-4:]) or "elsewhere"
