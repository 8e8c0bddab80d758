"""Limiters as servers have them, on a clock that is handed in: which calls are taken, when, while a limit may move."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

Limit = Callable[[float], float]
"""Calls a second, at an instant."""


def always(calls_per_second: float) -> Limit:
    """A limit that never moves."""
    return lambda _: calls_per_second


def moving(*steps: tuple[float, float]) -> Limit:
    """A limit that moves: (from when on, calls a second), in order."""
    return lambda at: next(limit for since, limit in reversed(steps) if at >= since)


class Limiter(Protocol):
    """A server's limiter."""

    def takes(self, at: float) -> bool:
        """Whether a call that comes at this instant is taken."""


@dataclass
class TokenBucket:
    """Saves up what is not used, at most `burst` seconds of it and at least two calls."""

    limit: Limit
    burst: float = 1.0
    _tokens: float = float("inf")
    _at: float = 0.0

    def takes(self, at: float) -> bool:
        limit = self.limit(at)
        self._tokens = min(max(2.0, self.burst * limit), self._tokens + (at - self._at) * limit)
        self._at = at
        if self._tokens < 1.0:
            return False
        self._tokens -= 1.0
        return True


@dataclass
class FixedWindow:
    """Counts from each full second on."""

    limit: Limit
    _window: int = -1
    _count: int = 0

    def takes(self, at: float) -> bool:
        if int(at) != self._window:
            self._window, self._count = int(at), 0
        if self._count >= self.limit(at):
            return False
        self._count += 1
        return True


@dataclass
class SlidingWindow:
    """Counts what it took in the second before."""

    limit: Limit
    _taken: deque[float] = field(default_factory=deque)

    def takes(self, at: float) -> bool:
        while self._taken and self._taken[0] <= at - 1.0:
            self._taken.popleft()
        if len(self._taken) >= self.limit(at):
            return False
        self._taken.append(at)
        return True


@dataclass
class AtRandom:
    """Takes all but some, whatever the rate: as an edge in trouble does."""

    refused: float
    chance: Callable[[], float]

    def takes(self, at: float) -> bool:  # noqa: ARG002 - a limiter's method; the instant does not matter
        return self.chance() >= self.refused
