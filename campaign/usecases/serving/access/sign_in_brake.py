"""Sign-in brake: after five failures of a name or an address its sign-ins must wait, 1 s, 2 s, ... up to 60 s.

admit --> 0: try it (it counts as a failure from now on) --> succeeded: it was none
   `---> seconds to wait
"""

import threading
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

FREE = 5
"""Failures before the first wait."""
LONGEST_SECONDS = 60.0
_FORGOTTEN_AFTER_SECONDS = 900.0
_MOST = 10_000
_LONGEST = 100


@dataclass(slots=True)
class _Failures:
    count: int
    last: float
    free_at: float


class SignInBrake:
    """Counts failures in memory; for all threads of one server. `clock` is monotonic, in seconds.

    A try counts before its password is looked at, so that a hundred at once are not all free.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._failed: dict[tuple[str, str], _Failures] = {}

    def admit(self, name: str, address: str) -> float:
        """Seconds to wait before a try under this name from this address; 0 admits it, and counts it as a failure."""
        with self._lock:
            now, keys = self._clock(), _keys(name, address)
            self._forget(now)
            waits = [found.free_at - now for key in keys if (found := self._failed.get(key))]
            if waits and max(waits) > 0:
                return max(waits)
            for key in keys:
                self._count(key, now)
            return 0.0

    def succeeded(self, name: str, address: str) -> None:
        """Takes back what `admit` counted: the name begins anew, the address has one failure less."""
        with self._lock:
            of_name, of_address = _keys(name, address)
            self._failed.pop(of_name, None)
            # Not all of them: who has one password would have free tries at all others.
            if found := self._failed.get(of_address):
                found.count, found.free_at = max(0, found.count - 1), self._clock()

    def _count(self, key: tuple[str, str], now: float) -> None:
        # The newest stands last.
        found = self._failed.pop(key, None) or _Failures(0, now, now)
        found.count, found.last = found.count + 1, now
        over = found.count - FREE
        found.free_at = now + min(LONGEST_SECONDS, 2.0 ** min(over, 10)) if over >= 0 else now
        self._failed[key] = found

    def _forget(self, now: float) -> None:
        while self._failed:
            oldest = next(iter(self._failed))
            if len(self._failed) <= _MOST and self._failed[oldest].last + _FORGOTTEN_AFTER_SECONDS > now:
                return
            del self._failed[oldest]


def _keys(name: str, address: str) -> tuple[tuple[str, str], tuple[str, str]]:
    # As `names.plain_name` compares them: another spelling is no other user. Cut, since a long one fills the memory.
    plain = unicodedata.normalize("NFKC", name[:_LONGEST]).casefold()[:_LONGEST]
    return ("name", plain), ("address", address[:_LONGEST])
