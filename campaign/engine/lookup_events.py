"""Lookups while they go on: their events, how much was listed so far, and an end as soon as a stop is asked for.

A list of calls comes from outside, and may be long, slow or endless: nobody should wait for it in silence, or wait for
it at all once the run is to end. What lookups write they write between two waits, so they end whole.
"""

import math
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing

import anyio

from campaign.engine.beside import beside
from campaign.reconcile.events import CallsBeingListed, ListAwaited, ReconcileEvent

_SHOWN_EVERY_SECONDS = 5.0


async def lookup_events(
    lookups: AsyncGenerator[ReconcileEvent], *, listed: Callable[[], int], stop: anyio.Event
) -> AsyncIterator[ReconcileEvent]:
    """The events of lookups, and of their progress every few seconds; ends with them, or at once when `stop` is set.

    Args:
        lookups: not begun yet.
        listed: how many calls were listed so far.
        stop: ends it in the middle of a list.
    """
    failure: list[Exception] = []
    send, receive = anyio.create_memory_object_stream[ReconcileEvent](math.inf)

    async def look_up() -> None:
        with send:
            try:
                async with aclosing(lookups):
                    async for event in lookups:
                        send.send_nowait(event)
            except Exception as error:  # noqa: BLE001 - raised below, not in a group of one
                failure.append(error)

    async def end_on_stop() -> None:
        await stop.wait()
        send.close()

    is_awaited = False
    with receive:
        async with beside(look_up), beside(end_on_stop):
            while True:
                with anyio.move_on_after(_SHOWN_EVERY_SECONDS) as waited:
                    try:
                        event = await receive.receive()
                    except anyio.EndOfStream:
                        break
                if not waited.cancelled_caught:
                    is_awaited = isinstance(event, ListAwaited)
                    yield event
                elif (count := listed()) or not is_awaited:
                    # A list that is awaited, as was said, is not being read yet.
                    yield CallsBeingListed(count)
    if failure and not stop.is_set():
        raise failure[0]
