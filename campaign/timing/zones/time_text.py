"""Parses a date and time as people write them into one local time, or says why it cannot.

2026-12-01 09:00          one reading
1 Dec 2026 9:00 am        one reading
13/04/2026 9:00           one reading: there is no 13th month
03/04/2026 9:00           two readings: refused, with both
2026-12-01, 9:00          half of a time: refused
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo


@dataclass(frozen=True, slots=True)
class TimeFault:
    """Why a text is not one time to call at, and the cure."""

    reason: str
    cure: str


_WRITE = "write it as 2026-12-31 09:30"
_NOT_A_TIME = TimeFault("not a date and time that can be read", _WRITE)
_NO_TIME = TimeFault("a date without a time of day", _WRITE)
_NO_DATE = TimeFault("a time of day without a date", _WRITE)
_SERIAL = TimeFault(
    "a number, as a spreadsheet program keeps a date", f"format the column as date and time, or {_WRITE}"
)
_MIDNIGHT = TimeFault("midnight, as of a date without a time of day", f"{_WRITE}; for midnight itself, write 00:01")
_SHORT_YEAR = TimeFault("a year of two digits", _WRITE)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG_MONTHS = (
    *("january", "february", "march", "april", "june", "july", "august"),
    *("sept", "september", "october", "november", "december"),
)
_TIME = (
    r"(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]{1,6})?)?)?"
    r"(?:\s?(?P<half>[ap])\.?m\.?)?\s?(?P<offset>z|[+-][0-9]{2}:?[0-9]{2})?"
)
_DATES = (
    r"(?P<year>[0-9]{4})(?P<a>[-/.])(?P<month>[0-9]{1,2})(?P=a)(?P<day>[0-9]{1,2})",
    r"(?P<first>[0-9]{1,2})(?P<b>[-/.])(?P<second_part>[0-9]{1,2})(?P=b)(?P<any_year>[0-9]{4})",
    r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?\.?[ -](?P<name>[a-z]{3,9})\.?,?[ -](?P<year>[0-9]{4})",
    r"(?P<name>[a-z]{3,9})\.? (?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,? (?P<year>[0-9]{4})",
)
_WHOLE = tuple(re.compile(rf"{written}(?:(?:t|,? (?:at )?)(?P<time>.+))?") for written in _DATES)
_TIME_ONLY = re.compile(_TIME)
_SHORT = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.]'?[0-9]{2}(?: .*)?")
_NUMBER = re.compile(r"[0-9]+([.,][0-9]+)?")
_NOON = 12
_YEARS = range(1970, 2200)


def read_time(text: str) -> datetime | TimeFault:
    """The date and time in a cell's text: naive for local time, aware if it has its own UTC offset.

    English names of months, 12 and 24 hours, and typed cells (`2026-12-01T09:00:00`) are read. What may be two days,
    has no time of day, or no date, is refused. So is midnight sharp without an offset: a typed cell shows a mere date
    like that.
    """
    written = " ".join(text.casefold().split())
    match = next((found for pattern in _WHOLE if (found := pattern.fullmatch(written))), None)
    if match is None:
        return _fault(written)
    days = sorted(set(_days(match.groupdict())))
    if not days:
        return TimeFault("a day that is not in the calendar", _WRITE)
    if days[0].year not in _YEARS:
        return TimeFault(f"the year {days[0].year}", "check the year")
    if match["time"] is None:
        return _NO_TIME
    return _joined(days, _clock(match["time"]))


def _joined(days: list[date], clock: time | None) -> datetime | TimeFault:
    if clock is None:
        return TimeFault("a time of day that cannot be read", _WRITE)
    if len(days) > 1:
        readings = " or ".join(f"{day.day} {_MONTHS[day.month - 1].title()} {day.year}" for day in days)
        return TimeFault(f"it may be {readings}", f"write the year first: {days[0]:%Y-%m-%d} {clock:%H:%M}")
    return _MIDNIGHT if clock == time() else datetime.combine(days[0], clock)


def _fault(written: str) -> TimeFault:
    if _SHORT.fullmatch(written):
        return _SHORT_YEAR
    if _NUMBER.fullmatch(written):
        return _SERIAL
    return _NO_DATE if _TIME_ONLY.fullmatch(written) else _NOT_A_TIME


def _days(parts: dict[str, str | None]) -> Iterator[date]:
    """All calendar dates that the parts may mean."""
    if parts.get("any_year"):
        one, other = int(parts["first"] or 0), int(parts["second_part"] or 0)
        orders = [(one, other), (other, one)]
        year = int(parts["any_year"] or 0)
    else:
        orders = [(_month(parts), int(parts["day"] or 0))]
        year = int(parts["year"] or 0)
    for month, day in orders:
        try:
            yield date(year, month, day)
        except ValueError:
            continue


def _month(parts: dict[str, str | None]) -> int:
    """1 to 12, or 0 for a name that is not a month."""
    if not (name := parts.get("name")):
        return int(parts["month"] or 0)
    known = name in _MONTHS or name in _LONG_MONTHS
    return _MONTHS.index(name[:3]) + 1 if known else 0


def _clock(written: str) -> time | None:
    match = _TIME_ONLY.fullmatch(written)
    if match is None or (match["minute"] is None and match["half"] is None):
        return None
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if match["half"] == "p" else 0)
    try:
        return time(hour, int(match["minute"] or 0), int(match["second"] or 0), tzinfo=_offset(match["offset"]))
    except ValueError:
        return None


def _offset(written: str | None) -> tzinfo | None:
    """The UTC offset in `z` or `+05:30`; None where there is none.

    Raises:
        ValueError: of more than a day.
    """
    if written is None:
        return None
    if written == "z":
        return UTC
    digits = written[1:].replace(":", "")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-size if written[0] == "-" else size)
