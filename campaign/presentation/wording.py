"""Numbers, durations and instants in words, and foreign text made safe for a terminal."""

from datetime import datetime, tzinfo

from campaign.export.printable import visible, visible_json, visible_line

__all__ = ["counted", "lasting", "local_time", "visible", "visible_json", "visible_line"]


_DAY = "%a %Y-%m-%d %H:%M %Z"


def counted(number: int, noun: str, many: str | None = None) -> str:
    """A count with its noun: `1 row`, `2 rows`; `many` is the plural where an s does not make it."""
    return f"{number} {noun}" if number == 1 else f"{number} {many or noun + 's'}"


def lasting(seconds: float) -> str:
    """A duration in words: `12 s`, `3 min 20 s`, `5 h 10 min`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"


def local_time(instant: datetime, *, here: tzinfo | None = None, pattern: str = _DAY) -> str:
    """An instant on the clock of the person who reads, `Mon 2026-11-23 08:32 EST`.

    Args:
        instant: aware.
        here: where the reader is; None for this machine's zone.
        pattern: as `strftime` takes it; it names the zone.
    """
    return instant.astimezone(here).strftime(pattern)
