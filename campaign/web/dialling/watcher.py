"""Watcher: what pages of runs show again and again, read from the ledger as seldom as it has changed.

calls a minute: a minute that is over is counted once; of the present one the calls are counted anew each time
ends of calls:  counted from all of them, so the more seldom the longer that takes
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from campaign.domain.call_outcome import CallEnd
from campaign.usecases.context import Ledger

T = TypeVar("T")

MINUTES = 60
_MINUTE = timedelta(minutes=1)
_RUNS_KEPT = 200
_ENDS_EVERY_SECONDS = 2.0
_SHARE = 50
"""Counting ends takes at most a fiftieth of the time."""


@dataclass(frozen=True, slots=True)
class _Ends:
    counts: Mapping[CallEnd, int]
    again_at: float


class Watcher:
    """Keeps what was counted of the runs that are looked at."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` is in seconds, from any beginning."""
        self._clock, self._lock = clock, threading.Lock()
        self._minutes = dict[int, dict[datetime, int]]()
        self._ends = dict[int, _Ends]()

    def minutes(self, ledger: Ledger, run_id: int) -> list[tuple[datetime, int]]:
        """The run's calls in each minute of the hour that ends with its latest call; none before the first call."""
        last = ledger.read.runs.last_claim(run_id)
        if last is None:
            return []
        end = last.replace(second=0, microsecond=0)
        wanted = [end - _MINUTE * back for back in range(MINUTES - 1, -1, -1)]
        with self._lock:
            known = self._minutes.get(run_id, {})
        # The latest minute that was counted may have gone on since.
        latest = max(known, default=None)
        missing = [minute for minute in wanted if minute not in known or minute == latest]
        counted = {minute: known.get(minute, 0) for minute in wanted}
        counted |= ledger.read.runs.watch.claims_by_minute(run_id, missing)
        with self._lock:
            _keep(self._minutes, run_id, counted)
        first = next(index for index, minute in enumerate(wanted) if counted[minute])
        return [(minute, counted[minute]) for minute in wanted[first:]]

    def ends(self, ledger: Ledger, run_id: int) -> Mapping[CallEnd, int]:
        """How the run's calls ended, as far as is known, by at most a few seconds ago."""
        with self._lock:
            known = self._ends.get(run_id)
        begun = self._clock()
        if known is not None and begun < known.again_at:
            return known.counts
        counts = ledger.read.runs.watch.ends(run_id)
        over = self._clock()
        again_at = over + max(_ENDS_EVERY_SECONDS, (over - begun) * _SHARE)
        with self._lock:
            _keep(self._ends, run_id, _Ends(counts, again_at))
        return counts


def _keep(kept: dict[int, T], run_id: int, value: T) -> None:
    kept.pop(run_id, None)
    kept[run_id] = value
    while len(kept) > _RUNS_KEPT:
        del kept[next(iter(kept))]
