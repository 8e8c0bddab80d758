"""Stagger: spreads a run's calls over time, and decides what happens to a planned time when the call is sent."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaign.config.run_plan import RunPlan
from campaign.config.timing_sections import StaggerSection
from campaign.domain.instants import HOUR, SECOND, instant_of, millis
from campaign.timing.hours.hours import Openings
from campaign.timing.pace import Pacer
from campaign.timing.plan.slots import Milliseconds, Order, Slot, Spacing, WaitingSlot, line_up, own_moment

LEAST_DELAY = timedelta(seconds=5)
"""A call that is due sooner than this is sent without a delay: its time would be past before it arrives."""
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Stagger:
    """How the calls of a run are spread: exactly one of `every`, `per_hour` and `over`.

    Attributes:
        start: of the first call, aware; None for when the run begins.
        every: between two calls.
        per_hour: calls an hour.
        over: the time over which all calls of the run are spread evenly.
        jitter: up to this much is added to each call's time, by chance; the row and the seed decide how much.
        seed: another one gives other jitter.
        order: the sheet's, or each time zone by its share.
    """

    start: datetime | None = None
    every: timedelta | None = None
    per_hour: float | None = None
    over: timedelta | None = None
    jitter: timedelta = timedelta(0)
    seed: int = 0
    order: Order = "sheet"

    def __post_init__(self) -> None:
        """Raises ValueError, one line for people."""
        given = [one for one in (self.every, self.per_hour, self.over) if one is not None]
        if len(given) != 1:
            raise ValueError("give one of every, per_hour and over")
        if (given[0] <= timedelta(0)) if isinstance(given[0], timedelta) else given[0] <= 0:
            raise ValueError("every, per_hour and over are more than nothing")
        if self.jitter < timedelta(0):
            raise ValueError("jitter is not less than nothing")
        if self.start is not None and self.start.tzinfo is None:
            raise ValueError("start needs a time zone")

    def gap(self, count: int) -> float:
        """Milliseconds between two calls of a run of that many rows."""
        if self.per_hour is not None:
            return HOUR / self.per_hour
        if self.over is not None:
            return self.over / _MILLISECOND / max(1, count)
        return (self.every or timedelta(0)) / _MILLISECOND

    def jitter_of(self, row: int) -> int:
        """Jitter in milliseconds, from 0 to the maximum: the same for the same row and seed on every machine."""
        most = self.jitter // _MILLISECOND
        digest = hashlib.blake2b(f"{self.seed}:{row}".encode(), digest_size=8).digest()
        return int.from_bytes(digest) % (most + 1)


def planned(
    rows: Iterable[WaitingSlot],
    *,
    stagger: Stagger,
    count: int,
    now: datetime,
    least_gap: float = 0.0,
    taken: Iterable[int] = (),
) -> Iterator[Slot]:
    """Every row's slot under the stagger; hours move slots and keep their distance (see `slots.line_up`).

    Args:
        rows: all rows of the run that wait, in the sheet's order.
        stagger: how they are spread.
        count: how many there are.
        now: aware; nothing is planned before it.
        least_gap: milliseconds that the pace asks for between two calls.
        taken: milliseconds of the run's calls that are planned or sent already, when the rest is planned again.
    """
    begin = millis(now) + 1 if stagger.start is None else max(millis(now) + 1, millis(stagger.start))
    spacing = Spacing(max(stagger.gap(count), least_gap))
    jitter = stagger.jitter_of if stagger.jitter else None
    return line_up(rows, begin=begin, spacing=spacing, order=stagger.order, jitter=jitter, taken=taken)


@dataclass(frozen=True, slots=True)
class RingNow:
    """Send the call without `callDelayedUntil`."""


@dataclass(frozen=True, slots=True)
class RingAt:
    """Send the call with this `callDelayedUntil`; no other row of the run has the same."""

    instant: datetime


@dataclass(frozen=True, slots=True)
class NeverAllowed:
    """Do not send the call: it may not ring at any moment within a year."""


def at_send(
    planned_for: datetime | None, *, now: datetime, openings: Openings, own: Milliseconds
) -> RingNow | RingAt | NeverAllowed:
    """What to send for a time that was planned earlier: never a past time, never one outside the hours.

    A plan that still holds is sent as it is, with its own millisecond. One that is past rings now, or when the person
    may be called next, and then gets a new millisecond of its own. It is not kept at its old one: that would be past.

    Args:
        planned_for: aware; None for as soon as possible.
        now: aware, at the moment of sending.
        openings: the person's hours.
        own: all milliseconds of the run that are planned or sent.
    """
    soonest = now + LEAST_DELAY
    if planned_for is not None and planned_for >= soonest and openings.allowed(planned_for):
        return RingAt(planned_for)
    due = planned_for is None or planned_for < soonest
    if due and openings.allowed(now):
        return RingNow()
    moment = openings.next_allowed(now if due or planned_for is None else planned_for)
    if moment is not None and moment < soonest:
        moment = openings.next_allowed(soonest)
    found = None if moment is None else own_moment(millis(moment), openings=openings, own=own)
    return NeverAllowed() if found is None else RingAt(instant_of(found))


def stagger_of(plan: RunPlan) -> Stagger | None:
    """The plan's stagger: the template's; else by the pace, where calls are submitted ahead of the hours.

    None where nothing is planned, and every row goes as soon as it may.
    """
    if plan.stagger is not None:
        return as_stagger(plan.stagger)
    hold = plan.delays and plan.hours is not None and plan.hours.restricts
    # Without distance, all who wait for the morning would be called in its first second.
    return Stagger(per_hour=plan.calls_per_second * 3_600) if hold else None


def as_stagger(section: StaggerSection) -> Stagger:
    """The template's `[stagger]` as a `Stagger`, with its start as an instant."""
    return Stagger(
        start=section.start,
        every=section.every,
        per_hour=section.per_hour,
        over=section.over,
        jitter=section.jitter,
        seed=section.seed,
        order=section.order,
    )


def least_gap(plan: RunPlan) -> float:
    """Minimum milliseconds between two calls, as the pace keeps them."""
    return Pacer(plan.calls_per_second).interval * SECOND
