"""Lookups show how far they are, end at once when the run is to end, and raise what they raise."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

import anyio
import pytest
from trio.testing import MockClock

from campaign.domain.errors import AuditError
from campaign.engine.lookup_events import lookup_events
from campaign.reconcile.events import AuditIncomplete, CallsBeingListed, ListAwaited, ReconcileEvent

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, Any]]:
    return "trio", {"clock": MockClock(autojump_threshold=0)}


async def listing(seconds: float, *, error: Exception | None = None) -> AsyncGenerator[ReconcileEvent]:
    await anyio.sleep(seconds)
    if error is not None:
        raise error
    yield AuditIncomplete("no list")


async def events_of(lookups: AsyncGenerator[ReconcileEvent], stop: anyio.Event) -> list[ReconcileEvent]:
    counts = iter(range(1, 1_000))
    return [event async for event in lookup_events(lookups, listed=lambda: next(counts), stop=stop)]


async def test_a_long_list_shows_how_much_was_read_and_a_short_one_does_not() -> None:
    long, short = await events_of(listing(12), anyio.Event()), await events_of(listing(1), anyio.Event())
    assert long == [CallsBeingListed(1), CallsBeingListed(2), AuditIncomplete("no list")]
    assert short == [AuditIncomplete("no list")]


async def test_a_list_that_is_awaited_is_not_said_to_be_read() -> None:
    """When it can have the call was said once; what is read after that is shown."""
    awaited, calls = ListAwaited(datetime(2026, 12, 1, 9, 2, tzinfo=UTC)), 0

    async def waits_then_reads() -> AsyncGenerator[ReconcileEvent]:
        nonlocal calls
        yield awaited
        await anyio.sleep(121)  # between two looks, or either of them may come first
        calls = 7
        await anyio.sleep(6)

    found = [event async for event in lookup_events(waits_then_reads(), listed=lambda: calls, stop=anyio.Event())]
    assert found == [awaited, CallsBeingListed(7)]


async def test_a_stop_ends_a_list_that_would_never_end() -> None:
    stop = anyio.Event()
    found: list[ReconcileEvent] = []
    async with anyio.create_task_group() as tasks:

        async def ask() -> None:
            await anyio.sleep(7)
            stop.set()

        tasks.start_soon(ask)
        found += await events_of(listing(10**9), stop)
        assert anyio.current_time() < 100
    assert found == [CallsBeingListed(1)]


async def test_what_a_lookup_raises_is_raised_as_it_is() -> None:
    with pytest.raises(AuditError, match="who was called"):
        await events_of(listing(1, error=AuditError("who was called is not known")), anyio.Event())
