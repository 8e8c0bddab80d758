"""Live state of a run that this server dials: what it is doing, and what happened last."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Phase = Literal[
    "starting",
    "looking up",
    "dialling",
    "waiting",
    "listing",
    "judging",
    "following",
    "elsewhere",
    "ended",
    "stopped",
    "failed",
]
OVER: frozenset[Phase] = frozenset({"ended", "stopped", "failed"})
_LINES_KEPT = 50


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state at one moment.

    Attributes:
        phase: what the server is doing with the run.
        lines: (when, what happened), the newest last.
        until: nothing happens before; None where something may.
        left: how long the rest will take; None where that is not known.
        trouble: why it stopped or failed, in one line; None for nothing.
    """

    phase: Phase
    lines: Sequence[tuple[datetime, str]] = ()
    until: datetime | None = None
    left: timedelta | None = None
    trouble: str | None = None

    @property
    def is_over(self) -> bool:
        """Whether the server is done with the run."""
        return self.phase in OVER


class Live:
    """Collects the events of one dialling, in its own thread; read from any other."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now, self._lock = now, threading.Lock()
        self._phase: Phase = "starting"
        self._lines = deque[tuple[datetime, str]](maxlen=_LINES_KEPT)
        self._until: datetime | None = None
        self._trouble: str | None = None
        self._left: Callable[[], timedelta | None] = lambda: None

    @property
    def phase(self) -> Phase:
        """The phase now."""
        return self._phase

    def enter(self, phase: Phase, *, until: datetime | None = None, trouble: str | None = None) -> None:
        """Enters a phase; what was in trouble before it is not any more."""
        with self._lock:
            self._phase, self._until, self._trouble = phase, until, trouble

    def estimate(self, left: Callable[[], timedelta | None]) -> None:
        """Says how the time that is left is found."""
        self._left = left

    def say(self, line: str) -> None:
        """Adds a line."""
        with self._lock:
            self._lines.append((self._now(), line))

    def snapshot(self) -> Snapshot:
        """The state now."""
        with self._lock:
            phase, until, trouble, lines = self._phase, self._until, self._trouble, tuple(self._lines)
        left = self._left() if phase == "dialling" else None
        return Snapshot(phase, lines, until=until, left=left, trouble=trouble)
