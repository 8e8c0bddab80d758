"""Forecast of a run: when its first and last phone ring, how many each hour, and which rows do not fit."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby, islice

from campaign.domain.instants import HOUR, SECOND, instant_of, millis
from campaign.timing.plan.slots import Slot, Spacing, WaitingSlot, line_up
from campaign.timing.plan.stagger import Stagger

# As `pace.Pacer` keeps it.
_PACE_GUARD = 1.01
_SAMPLE = 2_000


@dataclass(frozen=True, slots=True)
class Pace:
    """The limits of the template's `[pace]`, and how long one call request takes.

    Attributes:
        calls_per_second: at most.
        max_in_flight: call requests on their way at once.
        seconds_in_flight: mean time from a request's first byte to its answer; of a live run, as measured.
    """

    calls_per_second: float
    max_in_flight: int
    seconds_in_flight: float = 1.0

    @property
    def gap(self) -> float:
        """Minimum distance between two calls, in milliseconds."""
        return SECOND * _PACE_GUARD / self.calls_per_second


@dataclass(frozen=True, slots=True)
class Forecast:
    """The expected course of a run without failures.

    Attributes:
        first: when the first phone rings, UTC; None if none does.
        last: when the last one does, before `finish_by`.
        hourly: (beginning of an hour, UTC; zone; how many phones ring), in that order; none without calls.
        late: rows that have no slot before `finish_by`: they would stay pending.
        never: rows that may not be called at any time within a year.
        most_calls: how many phones may ring at the worst, if every row needs all of its tries.
    """

    first: datetime | None
    last: datetime | None
    hourly: tuple[tuple[datetime, str, int], ...]
    late: tuple[int, ...]
    never: tuple[int, ...]
    most_calls: int

    @property
    def fits(self) -> int:
        """How many rows ring in time."""
        return sum(count for _, _, count in self.hourly)


def forecast(
    rows: Iterable[WaitingSlot],
    *,
    now: datetime,
    pace: Pace,
    stagger: Stagger | None = None,
    count: int | None = None,
    finish_by: datetime | None = None,
    tries: int = 1,
    limit: int | None = None,
) -> Forecast:
    """Simulates the whole run; for a run in progress, its waiting rows.

    Args:
        rows: all that wait, in the sheet's order.
        now: aware.
        pace: of the requests.
        stagger: of the calls, if they are spread.
        count: how many rows there are; needed for a stagger with `over` only.
        finish_by: aware; no call rings at or after it.
        tries: how often a row may be called at most.
        limit: only so many rows are called, the first that may be.
    """
    spread = 0.0 if stagger is None else stagger.gap(count or 0)
    begin = now if stagger is None or stagger.start is None else max(now, stagger.start)
    spacing = Spacing(max(pace.gap, spread), pace.max_in_flight, pace.seconds_in_flight * SECOND)
    slots = line_up(
        rows,
        begin=millis(begin),
        spacing=spacing,
        order="sheet" if stagger is None else stagger.order,
        jitter=None if stagger is None or not stagger.jitter else stagger.jitter_of,
    )
    return _summed(islice(slots, limit), finish_by=finish_by, tries=tries)


def steady_forecast(count: int, *, now: datetime, pace: Pace, tries: int = 1) -> Forecast:
    """Forecast of that many rows without hours and times, in constant time and memory: one after another, from now."""
    gap = max(pace.gap, pace.seconds_in_flight * SECOND / pace.max_in_flight)
    begin, hourly, done = millis(now), [], 0
    while done < count:
        hour = (begin + int(done * gap)) // HOUR
        # The first call that begins in a later hour.
        following = min(count, max(done + 1, math.ceil(((hour + 1) * HOUR - begin) / gap)))
        hourly.append((instant_of(hour * HOUR), _label(()), following - done))
        done = following
    last = instant_of(begin + int((count - 1) * gap)) if count else None
    return Forecast(instant_of(begin) if count else None, last, tuple(hourly), (), (), count * tries)


def time_left(
    waiting: Iterable[tuple[WaitingSlot, int]],
    *,
    now: datetime,
    pace: Pace,
    stagger: Stagger | None = None,
) -> timedelta | None:
    """How long until the last phone rings, for a progress bar: cheap enough for every few seconds, at any size.

    The same simulation on a sample: of a million rows, one for every five hundred, so many times as far apart. It is a
    percent off at most, where rows of one kind do not all stand at one end of the sheet.

    Args:
        waiting: (one row, how many there are that have its zones and hours), of those that still wait.
        now: aware.
        pace: as measured so far.
        stagger: as for `forecast`.

    Returns:
        None if no phone will ring any more.
    """
    groups = list(waiting)
    scale = max(1, sum(count for _, count in groups) // _SAMPLE)
    sample = [one for one, count in groups for _ in range(-(-count // scale))]
    rows = (replace(one, row=number) for number, one in enumerate(sample))
    spread = 0.0 if stagger is None else stagger.gap(len(sample) * scale)
    gap = max(pace.gap, spread, pace.seconds_in_flight * SECOND / pace.max_in_flight)
    begin = now if stagger is None or stagger.start is None else max(now, stagger.start)
    slots = line_up(rows, begin=millis(begin), spacing=Spacing(gap * scale), order="zones")
    last = max((slot.at for slot in slots if slot.at is not None), default=None)
    return None if last is None else instant_of(last) - now


def row_ranges(rows: Sequence[int]) -> str:
    """Row numbers as ranges for people: `2-5, 9`. Sorted numbers make the fewest ranges."""
    runs = [[row for _, row in group] for _, group in groupby(enumerate(rows), lambda pair: pair[1] - pair[0])]
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _summed(slots: Iterable[Slot], *, finish_by: datetime | None, tries: int) -> Forecast:
    end = None if finish_by is None else millis(finish_by)
    hourly: Counter[tuple[int, tuple[str, ...]]] = Counter()
    late, never = [], []
    first = last = None
    for slot in slots:
        if slot.at is None:
            never.append(slot.row)
        elif end is not None and slot.at >= end:
            late.append(slot.row)
        else:
            hourly[slot.at // HOUR, slot.zones] += 1
            first = slot.at if first is None else min(first, slot.at)
            last = slot.at if last is None else max(last, slot.at)
    return Forecast(
        first=None if first is None else instant_of(first),
        last=None if last is None else instant_of(last),
        hourly=_by_zone(hourly),
        late=tuple(sorted(late)),
        never=tuple(sorted(never)),
        most_calls=hourly.total() * tries,
    )


def _by_zone(hourly: Counter[tuple[int, tuple[str, ...]]]) -> tuple[tuple[datetime, str, int], ...]:
    named: Counter[tuple[int, str]] = Counter()
    for (hour, zones), count in hourly.items():
        named[hour, _label(zones)] += count
    return tuple((instant_of(hour * HOUR), zone, count) for (hour, zone), count in sorted(named.items()))


def _label(zones: tuple[str, ...]) -> str:
    if not zones:
        return "anywhere"
    return zones[0] if len(zones) == 1 else f"{zones[0]} +{len(zones) - 1}"
