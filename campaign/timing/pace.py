"""Pace: the instant at which the next call may leave."""

from dataclasses import dataclass
from typing import Protocol

# Calls leave a commit of the ledger after their slot, and commits take unequal time. One percent of slack keeps
# that jitter from ever pushing rate + 2 calls into one second, at the price of one percent of the rate.
_GUARD = 1.01


@dataclass(frozen=True, slots=True)
class PaceChange:
    """Event of a run: its pace changed, or it pauses.

    Attributes:
        text: one line for people that says why.
        by_person: a person changed it while the run goes on.
    """

    text: str
    by_person: bool = False


class AskedPace(Protocol):
    """The pace that a run's plan asks for."""

    @property
    def calls_per_second(self) -> float:
        """The run's own rate, without the account's limits."""

    @property
    def max_in_flight(self) -> int:
        """Maximum number of calls in flight."""


class Pacer:
    """Hands out send times, evenly spaced: `1 / calls_per_second` plus one percent apart.

    No burst is ever saved up: a slot that no call took is gone. Instants are seconds of whatever clock the caller uses.
    """

    def __init__(self, calls_per_second: float, *, not_before: float = 0.0) -> None:
        """`not_before` is the first instant that may be handed out; it keeps the pace over a restart."""
        self.interval = interval_of(calls_per_second)
        self._not_before, self._last = not_before, float("-inf")

    def earliest(self, now: float) -> float:
        """The instant, now or later, at which the next call may leave."""
        return max(now, self._not_before, self._last + self.interval)

    def take(self, slot: float) -> None:
        """Takes that instant as used; it must not be before `earliest`."""
        self._last = slot

    def reserve(self, now: float) -> float:
        """The instant, now or later, at which this call may leave; no other call gets it."""
        slot = self.earliest(now)
        self.take(slot)
        return slot

    def pause(self, until: float) -> None:
        """Hands out nothing before that instant; slots already handed out are the caller's to give up."""
        self._not_before = max(self._not_before, until)

    def change(self, calls_per_second: float, *, limit: float = float("inf")) -> None:
        """Changes the rate from the next slot on, counted from the last call; a `limit` of the server gets no guard."""
        self.interval = max(interval_of(calls_per_second), 1 / limit)


def interval_of(calls_per_second: float) -> float:
    """Seconds between two calls, with the one percent added."""
    return _GUARD / calls_per_second


def rate_in_words(calls_per_second: float) -> str:
    """The rate as text: `2 calls/s`, or `12 calls/min` for less than one in two seconds."""
    per_second = round(calls_per_second, 3)
    return f"{per_second:g} calls/s" if per_second >= 0.5 else f"{round(calls_per_second * 60, 3):g} calls/min"  # noqa: PLR2004 - said above


def found_in_words(calls_per_second: float) -> str:
    """The same for an estimate, which has three digits and no more."""
    return rate_in_words(float(f"{calls_per_second:.3g}"))


def asked_for(pace: AskedPace) -> str:
    """Rate and maximum in flight as text: `2 calls/s, at most 8 on their way`."""
    return f"{rate_in_words(pace.calls_per_second)}, at most {pace.max_in_flight} on their way"
