"""Background work for the duration of a block; an exception of the block is raised unchanged."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import anyio
from anyio.abc import TaskStatus


@asynccontextmanager
async def beside(work: Callable[[], Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """Runs `work` until it or the block ends."""

    async def begun(*, task_status: TaskStatus[None]) -> None:
        task_status.started()
        await work()

    async with started_beside(begun):
        yield


@asynccontextmanager
async def started_beside(work: Callable[..., Coroutine[Any, Any, None]]) -> AsyncIterator[Any]:
    """The same, once `work` has reported its start by its `task_status`; yields the value that it reported."""
    failure: Exception | KeyboardInterrupt | None = None
    async with anyio.create_task_group() as tasks:
        try:
            yield await tasks.start(work)
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - raised again below, not in a group of one
            failure = error
        tasks.cancel_scope.cancel()
    if failure is not None:
        raise failure
