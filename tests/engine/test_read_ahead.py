"""Rows are read before they are needed, in order, and what goes wrong while they are read is raised to who asks."""

import gc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TypeVar

import anyio
import anyio.lowlevel
import pytest

from campaign.domain.errors import LedgerError
from campaign.engine.beside import beside
from campaign.engine.pacing.settled_heap import settled_heap
from campaign.engine.queue.ports import NotYet
from campaign.engine.queue.read_ahead import ReadAhead

pytestmark = pytest.mark.anyio
T = TypeVar("T")
NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


async def in_loop(work: Callable[[], T], /) -> T:
    return work()


async def test_all_rows_come_once_and_in_order() -> None:
    rows = ReadAhead(iter(range(1_050)), aside=in_loop, now=lambda: NOON)
    found = list[int]()
    async with beside(rows.run):
        for row in rows:
            await anyio.lowlevel.checkpoint()
            found += [] if isinstance(row, NotYet) else [row]
    assert found == [*range(1_050)]


async def test_who_asks_while_rows_are_read_is_told_to_ask_again_and_the_loop_goes_on() -> None:
    """A round trip to a database far away would hold up every answer."""
    asked, answered = anyio.Event(), anyio.Event()

    async def slowly(work: Callable[[], T], /) -> T:
        asked.set()
        await answered.wait()
        return work()

    rows = ReadAhead(iter(range(3)), aside=slowly, now=lambda: NOON)
    async with beside(rows.run):
        await asked.wait()
        assert isinstance(next(rows), NotYet)
        answered.set()
        await rows.read()
    assert [*rows] == [0, 1, 2]


async def test_rows_that_were_read_come_before_the_error() -> None:
    def failing() -> Iterator[int]:
        yield from range(200)
        raise LedgerError("the disk is gone")

    rows = ReadAhead(failing(), aside=in_loop, now=lambda: NOON)
    await rows.read()
    await rows.read()
    assert [next(rows) for _ in range(200)] == [*range(200)]
    with pytest.raises(LedgerError):
        next(rows)


def test_what_was_left_out_before_the_calls_stays_so_after_them() -> None:
    """The tests' own start leaves out what it loads, as the program's does."""
    before, made = gc.get_freeze_count(), [list[int]() for _ in range(5_000)]
    with settled_heap():
        assert gc.get_freeze_count() >= before + len(made)
    assert bool(gc.get_freeze_count()) is bool(before)
