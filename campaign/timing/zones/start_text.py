"""Start of a run as a person says it: `tomorrow 9am`, `mon 09:00`, `2026-12-01 09:00`; a local time."""

import re
from datetime import date, datetime, time, timedelta

from campaign.config.timing_sections import WEEKDAYS
from campaign.domain.time_of_day import time_of_day
from campaign.timing.zones.time_text import TimeFault, read_time

_NAMES: tuple[str, ...] = WEEKDAYS
_WRITE = "write it as tomorrow 09:00, mon 9am or 2026-12-31 09:30"
_DAYS = "today|tomorrow|(?:mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?"
_DAY = re.compile(rf"(?P<day>{_DAYS})(?:,? (?:at )?(?P<time>.+))?")


def read_start(text: str, *, today: date) -> datetime | TimeFault:
    """The date and time in the text: naive for local time, aware if it has its own UTC offset.

    A day without a time is its beginning; the name of a weekday is the next one, today included.

    Args:
        text: as a person gives it.
        today: the local date.
    """
    written = " ".join(text.casefold().split())
    match = _DAY.fullmatch(written)
    if match is None:
        try:
            return datetime.combine(date.fromisoformat(written), time())
        except ValueError:
            found = read_time(text)
            return found if isinstance(found, datetime) else TimeFault(found.reason, _WRITE)
    clock = time() if match["time"] is None else time_of_day(match["time"])
    if clock is None:
        return TimeFault("a time of day that cannot be read", _WRITE)
    return datetime.combine(_day(match["day"], today), clock)


def _day(name: str, today: date) -> date:
    if name in ("today", "tomorrow"):
        return today + timedelta(days=name == "tomorrow")
    return today + timedelta(days=(_NAMES.index(name[:3]) - today.weekday()) % len(_NAMES))
