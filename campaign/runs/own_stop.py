"""A stop of one's own: a dialling sets its event when it ends, and whoever dials again must not be stopped by that."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio


@asynccontextmanager
async def own_stop(stop: anyio.Event) -> AsyncIterator[anyio.Event]:
    """An event that is set when `stop` is, and may be set without it."""
    own = anyio.Event()

    async def pass_on() -> None:
        await stop.wait()
        own.set()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(pass_on)
        try:
            yield own
        finally:
            tasks.cancel_scope.cancel()
