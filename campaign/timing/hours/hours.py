"""Opening hours: whether a phone may ring at an instant, and when next, on the clock where that person is.

    America/New_York      [09:00 ............... 20:00)
    America/Chicago             [09:00 ............... 20:00)
    a number of either          [..................)|            in all of its zones at once, less a minute at the end

All comparisons are made in real time (see `local_days`); the clock's day decides on weekdays, holidays and own dates.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from campaign.domain.instants import DAY, instant_of, millis
from campaign.timing.hours.local_days import Stretch, joined, local_date, stretches

Span = tuple[time, time]
"""From the first time of day that is inside to the first that is not; never over midnight."""
IsHoliday = Callable[[date], str | None]
"""The name of the holiday on that date, or None."""

MARGIN = timedelta(minutes=1)
HORIZON = timedelta(days=366)
_HORIZON_MS = 366 * DAY
_MOST_SPANS = 2
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours, on the local clock of the person called.

    Attributes:
        week: the spans of each weekday, Monday first; in order, none for a day without calls.
        skip: dates without calls.
        holiday: names public holidays, which are without calls too; None to call on them.
        margin: how long before the end of a span, or before the clocks leap out of it, the last phone may ring.
    """

    week: tuple[tuple[Span, ...], ...]
    skip: frozenset[date] = frozenset()
    holiday: IsHoliday | None = None
    margin: timedelta = MARGIN
    _hash: int = field(init=False, repr=False, compare=False, default=0)

    def __post_init__(self) -> None:
        if len(self.week) != _WEEK:
            raise ValueError("a week has seven days")
        for spans in self.week:
            _check_day(spans, self.margin)
        object.__setattr__(self, "_hash", hash((self.week, self.skip, self.holiday, self.margin)))

    def __hash__(self) -> int:
        # Hours are a dict key for every row of a run; hashing a week of tuples each time is slow.
        return self._hash

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """The open spans of that date: none on a date to skip or a holiday."""
        if day in self.skip or (self.holiday is not None and self.holiday(day) is not None):
            return ()
        return self.week[day.weekday()]


def daily(
    spans: Iterable[Span],
    *,
    days: Collection[int] = range(_WEEK),
    skip: Collection[date] = (),
    holiday: IsHoliday | None = None,
) -> Hours:
    """The same spans on each of those weekdays (0 is Monday).

    Raises:
        ValueError: one line for people: a span that ends before it begins, two that overlap, no day at all.
    """
    if not days:
        raise ValueError("no day is left to call on; name at least one of mon, tue, wed, thu, fri, sat, sun")
    sorted_spans = tuple(sorted(spans))
    if not sorted_spans:
        raise ValueError("no time of day is left to call at; give from and until")
    if len(sorted_spans) > _MOST_SPANS:
        raise ValueError(f"{len(sorted_spans)} windows a day; two are possible")
    week = tuple(sorted_spans if weekday in days else () for weekday in range(_WEEK))
    return Hours(week, frozenset(skip), holiday)


def both(first: Hours, second: Hours) -> Hours:
    """The intersection of two sets of hours, e.g. the user's own and the law's.

    It may have more spans a day than either, or no time at all.
    """
    week = tuple(_common(mine, other) for mine, other in zip(first.week, second.week, strict=True))
    margin = max(first.margin, second.margin)
    # A span that two rules have cut down to less than the margin is too short for anyone to be called in it.
    week = tuple(tuple(span for span in spans if _length(span) > margin) for spans in week)
    holiday = _either(first.holiday, second.holiday)
    return replace(first, week=week, skip=first.skip | second.skip, holiday=holiday, margin=margin)


class Openings:
    """Open times in one person's candidate zones. Caches computed days: share one among all people with the same zones.

    Without hours, always open. Instants are aware; the `_ms` forms count milliseconds since 1970.
    """

    def __init__(self, hours: Hours | None, zones: tuple[str, ...], *, not_before: int | None = None) -> None:
        """`zones` are IANA names, at least one: without a zone no call can be allowed. Closed until `not_before`, ms.

        Raises:
            ValueError: hours are given, and no zone.
        """
        if hours is not None and not zones:
            raise ValueError("hours hold in at least one zone")
        self.hours = hours
        self.zones = zones
        self._not_before = not_before
        self._days: dict[int, list[Stretch]] = {}

    def allowed(self, instant: datetime) -> bool:
        """Whether a phone may begin to ring at that instant, in every candidate zone."""
        return self.allowed_ms(millis(instant))

    def next_allowed(self, instant: datetime, *, horizon: timedelta = HORIZON) -> datetime | None:
        """The earliest allowed instant at or after that one; None if there is none within the horizon."""
        found = self.next_ms(-(-_micros(instant) // 1000), horizon=horizon // timedelta(milliseconds=1))
        return None if found is None else instant_of(found)

    def allowed_ms(self, ms: int) -> bool:
        """As `allowed`, in milliseconds."""
        if self._not_before is not None and ms < self._not_before:
            return False
        if self.hours is None:
            return True
        return any(opens <= ms < closes for opens, closes in self._open_on(ms // DAY, self.hours))

    def next_ms(self, ms: int, *, horizon: int = _HORIZON_MS) -> int | None:
        """As `next_allowed`, in milliseconds."""
        found = self.stretch_ms(ms, horizon=horizon)
        return None if found is None else max(found[0], ms)

    def stretch_ms(self, ms: int, *, horizon: int = _HORIZON_MS) -> Stretch | None:
        """The stretch of open time that contains the instant, or the next one after it.

        A stretch may end at midnight UTC only for the next one to go on there.
        """
        first = self._not_before
        ms = ms if first is None else max(ms, first)
        if self.hours is None:
            return ms, ms + DAY
        for day in range(ms // DAY, (ms + horizon) // DAY + 1):
            for opens, closes in self._open_on(day, self.hours):
                if ms < closes:
                    begins = opens if first is None else max(opens, first)
                    return (begins, closes) if begins <= ms + horizon else None
        return None

    def _open_on(self, day: int, hours: Hours) -> list[Stretch]:
        """The open time of one UTC day (counted from 1970), in order."""
        if day not in self._days:
            within = [(day * DAY, (day + 1) * DAY)]
            for name in self.zones:
                within = list(_overlap(within, _open_in(name, day, hours)))
            self._days[day] = within
        return self._days[day]


def _check_day(spans: tuple[Span, ...], margin: timedelta) -> None:
    for start, end in spans:
        if start.tzinfo is not None or end.tzinfo is not None:
            raise ValueError("hours are written without a time zone: they hold where the person is")
        if end <= start:
            raise ValueError(
                f"from {start:%H:%M} until {end:%H:%M} goes over midnight, or is no time at all;"
                " end it at 23:59 or before, and begin a second window at 00:00 if it must be"
            )
        if _length((start, end)) <= margin:
            raise ValueError(f"from {start:%H:%M} until {end:%H:%M} is too short; the last minute is kept free")
    for (_, end), (start, _) in pairwise(spans):
        if start <= end:
            raise ValueError(f"the window until {end:%H:%M} reaches the one from {start:%H:%M}; make them one")


def _open_in(name: str, day: int, hours: Hours) -> list[Stretch]:
    """One zone's open time on the local dates that the UTC day touches, less the margin, in order."""
    ends = local_date(day * DAY, name).toordinal(), local_date((day + 1) * DAY, name).toordinal()
    dates = [date.fromordinal(ordinal) for ordinal in range(min(ends), max(ends) + 1)]
    found = [one for on in dates for span in hours.spans_on(on) for one in stretches(on, span, name=name)]
    margin = hours.margin // timedelta(milliseconds=1)
    return [(opens, closes - margin) for opens, closes in joined(found) if closes - margin > opens]


def _overlap(first: list[Stretch], second: list[Stretch]) -> Iterator[Stretch]:
    for opens, closes in first:
        for other_opens, other_closes in second:
            if max(opens, other_opens) < min(closes, other_closes):
                yield max(opens, other_opens), min(closes, other_closes)


def _common(first: tuple[Span, ...], second: tuple[Span, ...]) -> tuple[Span, ...]:
    shared = [(max(a, c), min(b, d)) for a, b in first for c, d in second]
    return tuple(sorted((start, end) for start, end in shared if start < end))


def _either(first: IsHoliday | None, second: IsHoliday | None) -> IsHoliday | None:
    # A single function is returned itself: hours are equal only if they have the same function.
    if first is None or second is None or first is second:
        return first or second
    return lambda day: first(day) or second(day)


def _length(span: Span) -> timedelta:
    return datetime.combine(date.min, span[1]) - datetime.combine(date.min, span[0])


def _micros(instant: datetime) -> int:
    return (instant - instant_of(0)) // timedelta(microseconds=1)
