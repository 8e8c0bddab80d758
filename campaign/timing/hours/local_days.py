"""Local days as stretches of real time: where clocks change, an hour is missing or comes twice.

    Clock shows   00:00 ........ 02:00|03:00 ........ 24:00       23 hours, one piece on each side of the change
    Clock shows   00:00 ........ 02:00|01:00 ........ 24:00       25 hours: 01:30 stands in both pieces

So nothing here adds hours to a wall clock: each piece has one offset, and in it clock and real time go together.
"""

from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from campaign.domain.instants import DAY, HOUR, SECOND, instant_of

Stretch = tuple[int, int]
"""From the first millisecond (UTC) that is inside to the first that is not."""

_STEP = 6 * HOUR  # no zone has changed its clocks twice within this time
_FURTHEST = 26 * HOUR  # no clock has shown a date this long before or after UTC did


@cache
def zone(name: str) -> ZoneInfo:
    """The zone of a valid IANA name; cells of a sheet go through `zone_names` first."""
    return ZoneInfo(name)


def local_date(ms: int, name: str) -> date:
    """The local date in that zone at that instant."""
    return instant_of(ms).astimezone(zone(name)).date()


def stretches(day: date, span: tuple[time, time], *, name: str) -> list[Stretch]:
    """The stretches of real time in which local clocks show that date and a time in `span[0]` <= t < `span[1]`.

    Mostly one stretch; none if the clocks leap over the span, two if it comes twice. In order, and never touching.
    """
    start, end = _wall(day, span[0]), _wall(day, span[1])
    return joined(
        (max(first, start - offset), min(last, end - offset))
        for first, last, offset in _pieces(start - _FURTHEST, end + _FURTHEST, name)
    )


def joined(found: Iterable[Stretch]) -> list[Stretch]:
    """The stretches in order, without empty ones; those that touch are merged."""
    whole: list[Stretch] = []
    for opens, closes in sorted(found):
        if opens >= closes:
            continue
        if whole and whole[-1][1] == opens:
            whole[-1] = (whole[-1][0], closes)
        else:
            whole.append((opens, closes))
    return whole


def change_between(low: int, high: int, *, name: str) -> int | None:
    """The instant (UTC ms) at which the zone's clocks change, `low` < it <= `high`; None if they do not.

    The two must be so close together that there is no more than one change.
    """
    if _offset(low, name) == (after := _offset(high, name)):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(middle, name) == after:
            high = middle
        else:
            low = middle
    return high


def _pieces(first: int, last: int, name: str) -> Iterator[tuple[int, int, int]]:
    """The time from `first` to `last` as (from, until, offset from UTC), cut where the offset changes."""
    begun, at, offset = first, first, _offset(first, name)
    while at < last:
        following = min(at + _STEP, last)
        if (after := _offset(following, name)) != offset:
            change = change_between(at, following, name=name) or following
            yield begun, change, offset
            begun, offset = change, after
        at = following
    yield begun, last, offset


def _wall(day: date, at: time) -> int:
    """The local clock's reading, in milliseconds as if it were UTC."""
    midnight = (day.toordinal() - date(1970, 1, 1).toordinal()) * DAY
    return midnight + ((at.hour * 60 + at.minute) * 60 + at.second) * SECOND + at.microsecond // 1000


def _offset(ms: int, name: str) -> int:
    return (instant_of(ms).astimezone(zone(name)).utcoffset() or timedelta()) // timedelta(milliseconds=1)
