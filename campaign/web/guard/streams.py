"""Streams: how many pages are kept moving at once. Each looks again and again, beside the calls that are made."""

from collections.abc import Iterator
from contextlib import contextmanager

MOST_STREAMS = 50


class Streams:
    """Counts the open streams of one server, in its event loop."""

    def __init__(self, most: int = MOST_STREAMS) -> None:
        """At most so many are let in."""
        self._most, self._open = most, 0

    @property
    def is_full(self) -> bool:
        """Whether another one would be one too many."""
        return self._open >= self._most

    @contextmanager
    def one(self) -> Iterator[bool]:
        """Counts a stream while the block lasts; says whether it is let in."""
        is_let_in = not self.is_full
        self._open += is_let_in
        try:
            yield is_let_in
        finally:
            self._open -= is_let_in
