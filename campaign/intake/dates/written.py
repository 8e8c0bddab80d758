"""Reads a date, a time of day, or both, as people and programs write them; what may be two days is two readings.

2026-12-01, 2026-12-01T14:30:00     a typed cell of a workbook, and exports
12/13/2026 2:30 PM                  one reading: there is no 13th month
03/04/2026                          two readings
Tue 1 Dec 2026, 1. Dezember 2026    names in English and in the template's language; the weekday must be right
12/1/26, 46357, December 1          refused: no century, a spreadsheet's own number, no year
"""

import re
from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from campaign.intake.contacts.spoken_text import CellFault
from campaign.intake.dates.calendar_names import CalendarNames, bare

DateOrder = Literal["day_first", "month_first"]
WRITE = "write it as 2026-12-31, with a time as 2026-12-31 14:30"
_NO_DATE = CellFault("not a date or time that can be read", WRITE)
_SHORT_YEAR = CellFault("a year of two digits", "write the year in four digits, as 2026-12-31")
_NO_YEAR = CellFault("a date without a year", WRITE)
_SERIAL = CellFault("a number, as a spreadsheet program keeps a date", f"format the column as a date, or {WRITE}")
_OFFSET = CellFault("a time with an offset from UTC, on which no clock of the person's is", "write it in local time")
_NO_CLOCK = CellFault("a time of day that cannot be read", "write it as 14:30, or as 2:30 PM")

_WORD = r"[^\W\d_]+"
_DATES = (
    r"(?P<year>\d{4})(?P<a>[-/.])(?P<month>\d{1,2})(?P=a)(?P<day>\d{1,2})",
    r"(?P<first>\d{1,2})(?P<b>[-/.]|\. )(?P<second>\d{1,2})(?P=b)(?P<any_year>\d{4})\.?",
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?[ -](?:de |of )?(?P<name>{_WORD})\.?,?[ -](?:de )?(?P<year>\d{{4}})",
    rf"(?P<name>{_WORD})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})",
    r"(?P<year>\d{4}) ?[年년] ?(?P<month>\d{1,2}) ?[月월] ?(?P<day>\d{1,2}) ?[日일]",
)
# What stands between a date and its time, in several languages.
_BETWEEN = r"(?:t|,? (?:(?:at|um|à|a las|a la|alle|às|om|o|в|\u043e|saat|klo|kl) )?)"
_WHOLE = tuple(re.compile(rf"{written}(?:{_BETWEEN}(?P<clock>.+))?") for written in _DATES)
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:(?P<point>[:h.])(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d{1,6})?)?)?"
    r"(?: ?(?P<half>[ap])\.? ?m\.?)?(?P<said> ?(?:uhr|uur|h))?(?P<offset> ?(?:z|utc|gmt|[+-]\d{2}:?\d{2}))?"
)
_WEEKDAY = re.compile(rf"({_WORD}(?:-{_WORD})?)\.?,? (?=\S)")
_SHORT = re.compile(r"\d{1,2}([-/.])\d{1,2}\1'?\d{2}(?:\D.*)?")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_BARE_DAY = re.compile(rf"(?:\d{{1,2}}(?:st|nd|rd|th|\.)? {_WORD}\.?|{_WORD}\.? \d{{1,2}}(?:st|nd|rd|th)?)")
_NOON = 12
_YEARS = range(1900, 2100)


@dataclass(frozen=True, slots=True)
class DayAndClock:
    """A date, a time of day, or both: local, as it stands in the sheet."""

    day: date | None
    clock: time | None


@dataclass(frozen=True, slots=True)
class TwoDays:
    """A date that may be two days."""

    day_first: DayAndClock
    month_first: DayAndClock


def read_date(text: str, *, names: CalendarNames, order: DateOrder | None) -> DayAndClock | TwoDays | CellFault:
    """Reads a cell.

    Args:
        text: the cell, which is not blank.
        names: of days and months.
        order: of days and months in digits; None where nobody has said. It is held to: with the day first,
            12/13/2026 is no date.
    """
    written, weekday = " ".join(text.casefold().split()), None
    # As it stands first: `mar` is Tuesday in some languages, and March too.
    if (match := _whole(written)) is None:
        written, weekday = _without_weekday(written, names)
        match = _whole(written)
    if match is None:
        clock = _clock(written) if weekday is None else _NO_DATE
        return DayAndClock(None, clock) if isinstance(clock, time) else _fault(written, clock, names)
    beside = None if match["clock"] is None else _clock(match["clock"])
    if isinstance(beside, CellFault):
        return beside
    if (name := match.groupdict().get("name")) and bare(name) not in names.months_read:
        return _NO_DATE
    return _of_days(_days(match, names), weekday=weekday, clock=beside, order=order)


def _whole(written: str) -> re.Match[str] | None:
    return next((found for pattern in _WHOLE if (found := pattern.fullmatch(written))), None)


def _without_weekday(written: str, names: CalendarNames) -> tuple[str, int | None]:
    found = _WEEKDAY.match(written)
    day = None if found is None else names.days_read.get(bare(found[1]))
    return (written, None) if found is None or day is None else (written[found.end() :], day)


def _of_days(
    days: dict[DateOrder | None, date], *, weekday: int | None, clock: time | None, order: DateOrder | None
) -> DayAndClock | TwoDays | CellFault:
    asked = order if None not in days else None
    found = {said: day for said, day in days.items() if asked is None or said == asked}
    found = {said: day for said, day in found.items() if day != date.min}
    if not found:
        words = "" if asked is None else f", with the {asked.partition('_')[0]} first"
        return CellFault(f"a day that is not in the calendar{words}", WRITE)
    if (wrong := next((day for day in found.values() if day.year not in _YEARS), None)) is not None:
        return CellFault(f"the year {wrong.year}", "check the year")
    if weekday is not None:
        found = {said: day for said, day in found.items() if day.weekday() == weekday}
        if not found:
            return CellFault("the weekday is not that of the date", "correct the one or the other")
    if len(set(found.values())) == 1:
        return DayAndClock(next(iter(found.values())), clock)
    return TwoDays(DayAndClock(found["day_first"], clock), DayAndClock(found["month_first"], clock))


def _days(match: re.Match[str], names: CalendarNames) -> dict[DateOrder | None, date]:
    """Order -> the date that the parts are in it, `date.min` for none; the order is None where there is but one."""
    parts = match.groupdict()
    if parts.get("any_year") is None:
        name = parts.get("name")
        month = names.months_read.get(bare(name), 0) if name else int(parts["month"] or 0)
        return {None: _date(parts["year"], month, parts["day"])}
    first, second = int(parts["first"] or 0), int(parts["second"] or 0)
    return {
        "day_first": _date(parts["any_year"], second, first),
        "month_first": _date(parts["any_year"], first, second),
    }


def _date(year: str | None, month: int, day: str | int | None) -> date:
    try:
        return date(int(year or 0), month, int(day or 0))
    except ValueError:
        return date.min


def _clock(written: str) -> time | CellFault:
    match = _CLOCK.fullmatch(written)
    # Of 14.30 alone nobody knows whether it is a time; of 14h everybody does.
    if match is None or not (match["half"] or match["said"] or match["point"] in (":", "h")):
        return _NO_CLOCK
    if match["offset"]:
        return _OFFSET
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= _NOON:
            return _NO_CLOCK
        hour = hour % _NOON + (_NOON if match["half"] == "p" else 0)
    try:
        return time(hour, int(match["minute"] or 0), int(match["second"] or 0))
    except ValueError:
        return _NO_CLOCK


def _fault(written: str, clock: CellFault | None, names: CalendarNames) -> CellFault:
    if _SHORT.fullmatch(written):
        return _SHORT_YEAR
    if _NUMBER.fullmatch(written):
        return _SERIAL
    words = {bare(word) for word in re.findall(_WORD, written)}
    if _BARE_DAY.fullmatch(written) and not words.isdisjoint(names.months_read):
        return _NO_YEAR
    return clock if clock in (_OFFSET, _NO_CLOCK) and ":" in written and clock is not None else _NO_DATE
