"""Bounds of what may be asked for: beyond them a value is a slip, and arithmetic and databases give out."""

from datetime import datetime

MOST_COUNTED = 1_000_000_000
"""More rows, calls or numbers than any sheet or list has."""
FASTEST_PER_SECOND = 10_000.0
SLOWEST_PER_SECOND = 1 / 86_400
"""One call a day. Slower is no pace: the second call would not be made in the lifetime of the sheet."""
FIRST_YEAR, LAST_YEAR = 1971, 2999
"""Years of dates that are given: with any offset, and with any wait added, they stay dates."""
YEARS_IN_WORDS = f"a year from {FIRST_YEAR} to {LAST_YEAR}"


def is_text(text: str) -> bool:
    """Whether it can be written down; what came as bytes of another encoding, as a file's name may, cannot."""
    return text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)


def is_in_reach(instant: datetime) -> bool:
    """Whether a date and time, aware or not, lies in the years with which the program can reckon."""
    return FIRST_YEAR <= instant.year <= LAST_YEAR
