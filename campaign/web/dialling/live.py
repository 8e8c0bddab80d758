"""Live state of a run that this server dials: what happens, as pages show it while it goes on."""

import threading
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Phase = Literal["starting", "dialling", "waiting", "following", "ended", "stopped", "failed"]
_LINES_KEPT = 50
_MINUTES_KEPT = 180


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state at one moment.

    Attributes:
        phase: what the server is doing with the run.
        lines: (when, what happened), the newest last.
        minutes: (minute, endings in it), in order.
        until: no phone may ring before; None while one may.
        left: how long the rest will take; None where that is not known.
        trouble: why it stopped or failed, in one line; None for nothing.
    """

    phase: Phase
    lines: Sequence[tuple[datetime, str]] = ()
    minutes: Sequence[tuple[datetime, int]] = ()
    until: datetime | None = None
    left: timedelta | None = None
    trouble: str | None = None

    @property
    def is_over(self) -> bool:
        """Whether the server is done with the run."""
        return self.phase in ("ended", "stopped", "failed")


class Live:
    """Collects the events of one dialling, in its own thread; read from any other."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now, self._lock = now, threading.Lock()
        self._phase: Phase = "starting"
        self._lines = deque[tuple[datetime, str]](maxlen=_LINES_KEPT)
        self._minutes = Counter[datetime]()
        self._until: datetime | None = None
        self._trouble: str | None = None
        self._left: Callable[[], timedelta | None] = lambda: None

    def enter(self, phase: Phase, *, until: datetime | None = None, trouble: str | None = None) -> None:
        """Enters a phase."""
        with self._lock:
            self._phase, self._until, self._trouble = phase, until, trouble or self._trouble

    def estimate(self, left: Callable[[], timedelta | None]) -> None:
        """Says how the time that is left is found."""
        self._left = left

    def say(self, line: str) -> None:
        """Adds a line."""
        with self._lock:
            self._lines.append((self._now(), line))

    def settled(self) -> None:
        """Counts an ending."""
        minute = self._now().replace(second=0, microsecond=0)
        with self._lock:
            self._minutes[minute] += 1
            for old in sorted(self._minutes)[:-_MINUTES_KEPT]:
                del self._minutes[old]

    def snapshot(self) -> Snapshot:
        """The state now."""
        with self._lock:
            phase, until, trouble = self._phase, self._until, self._trouble
            lines, minutes = tuple(self._lines), tuple(sorted(self._minutes.items()))
        left = self._left() if phase == "dialling" else None
        return Snapshot(phase, lines, minutes, until=until, left=left, trouble=trouble)
