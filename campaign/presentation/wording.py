"""Numbers and durations in words, and foreign text made safe for a terminal."""

from campaign.export.printable import visible, visible_json, visible_line

__all__ = ["counted", "lasting", "visible", "visible_json", "visible_line"]


def counted(number: int, noun: str) -> str:
    """A count with its noun: `1 row`, `2 rows`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def lasting(seconds: float) -> str:
    """A duration in words: `12 s`, `3 min 20 s`, `5 h 10 min`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"
