"""Read ahead: rows of a run that are read from the ledger before they are needed, beside the event loop."""

from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Generic, Protocol, TypeVar

import anyio

from campaign.domain.errors import LedgerError
from campaign.engine.queue.ports import NotYet

T = TypeVar("T")
_READ_AT_ONCE = 200
_FEW = 100
_SOON = timedelta(milliseconds=1)


class Aside(Protocol):
    """Does work to its end while the event loop goes on; see `Ledger.aside`."""

    def __call__(self, work: Callable[[], list[T]], /) -> Awaitable[list[T]]:
        """What the work returns, or raises."""


class ReadAhead(Generic[T]):
    """Iterator over rows, some of which are at hand; `NotYet` while the next ones are being read.

    Args:
        rows: read lazily, in whatever thread asks.
        aside: where they are read.
        now: the wall clock, aware.
    """

    def __init__(self, rows: Iterator[T], *, aside: Aside, now: Callable[[], datetime]) -> None:
        self._rows, self._aside, self._now = rows, aside, now
        self._held, self._more = deque[T](), anyio.Event()
        self._ended, self._failure = False, list[LedgerError]()

    async def run(self) -> None:
        """Reads on whenever few rows are left, until all are read."""
        while not self._ended:
            if len(self._held) > _FEW:
                self._more = anyio.Event()
                await self._more.wait()
            await self.read()

    async def read(self) -> None:
        """Reads some rows; what goes wrong meets the caller that asks for the first missing row."""
        try:
            found = await self._aside(lambda: list(islice(self._rows, _READ_AT_ONCE)))
        except LedgerError as error:
            self._failure, self._ended = [error], True
            return
        self._held.extend(found)
        self._ended = len(found) < _READ_AT_ONCE

    def __iter__(self) -> "ReadAhead[T]":
        return self

    def __next__(self) -> T | NotYet:
        """The next row, or when to ask again.

        Raises:
            StopIteration: all rows were handed out.
            LedgerError: the ledger cannot be read.
        """
        if len(self._held) <= _FEW:
            self._more.set()
        if self._held:
            return self._held.popleft()
        if self._failure:
            raise self._failure[0]
        if self._ended:
            raise StopIteration
        return NotYet(self._now() + _SOON)
