"""Work that goes on beside a block, for as long as the block lasts; what the block raises comes out as it is."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import anyio
from anyio.abc import TaskStatus


@asynccontextmanager
async def beside(work: Callable[[], Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """Does `work` until it or the block ends."""

    async def begun(*, task_status: TaskStatus[None]) -> None:
        task_status.started()
        await work()

    async with started_beside(begun):
        yield


@asynccontextmanager
async def started_beside(work: Callable[..., Coroutine[Any, Any, None]]) -> AsyncIterator[Any]:
    """The same, once `work` has told by its `task_status` that it has started, and what it has come to."""
    failure: Exception | KeyboardInterrupt | None = None
    async with anyio.create_task_group() as tasks:
        try:
            yield await tasks.start(work)
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - raised again below, not in a group of one
            failure = error
        tasks.cancel_scope.cancel()
    if failure is not None:
        raise failure
