"""Time left of a running run: the forecast's simulation over the rows that remain."""

from collections.abc import Callable
from datetime import datetime, timedelta

from campaign.config.run_plan import RunPlan, faster
from campaign.domain.model import ClaimRefused, NotSent, Settled
from campaign.engine.queue.call_queue import CallQueue
from campaign.preparation.forecast import left_of, pace_of
from campaign.timing.hours.calling_hours import Ringing
from campaign.timing.plan.forecast import steady_forecast

_WEIGHT = 0.05  # of the newest request in the mean of their times


class TimeLeft:
    """Receives a run's events, and estimates how long the rest takes; cheap enough for every few seconds.

    Args:
        plan: of the run.
        to_call: how many rows it will handle.
        queue: the rows by their hours; None for a run without any.
        ringing: the same hours.
        now: the wall clock.
    """

    def __init__(
        self, plan: RunPlan, *, to_call: int, queue: CallQueue | None, ringing: Ringing, now: Callable[[], datetime]
    ) -> None:
        self._plan, self._left, self._queue, self._ringing, self._now = plan, to_call, queue, ringing, now
        self._seconds_in_flight: float | None = None
        self._found: Callable[[], float] = lambda: float("inf")

    def follow(self, calls_per_second: Callable[[], float]) -> None:
        """Reckons with this pace where it is slower than the plan's: with what a server was found to take."""
        self._found = calls_per_second

    def replan(self, plan: RunPlan) -> None:
        """Uses another pace from now on."""
        self._plan = plan

    def on_event(self, settled: Settled) -> None:
        """Counts an ending."""
        if not isinstance(settled.outcome, NotSent):
            self._left -= 1
        if settled.attempt.claimed_at is None or isinstance(settled.outcome, ClaimRefused):
            return
        took = max(0.0, (self._now() - settled.attempt.claimed_at).total_seconds())
        before = took if self._seconds_in_flight is None else self._seconds_in_flight
        self._seconds_in_flight = before + _WEIGHT * (took - before)

    def __call__(self) -> timedelta | None:
        """How long until the last row is sent; None if nothing is left."""
        now, seconds = self._now(), self._seconds_in_flight or 0.0
        plan = faster(self._plan, rate=min(self._plan.calls_per_second, self._found()), max_in_flight=None)
        if self._left <= 0:
            return None
        if self._queue is None:
            last = steady_forecast(self._left, now=now, pace=pace_of(plan, seconds_in_flight=seconds)).last
            return None if last is None else last - now
        left = left_of(self._queue.waiting, plan=plan, ringing=self._ringing, now=now, seconds_in_flight=seconds)
        asked = self._queue.last_asked
        times = [one for one in (left, None if asked is None else asked - now) if one is not None]
        return max(times, default=None)
