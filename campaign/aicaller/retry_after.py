"""Parses Retry-After, a hostile header that must never make a program sleep for ever, or crash."""

import re
from datetime import UTC, datetime

_DIGITS = re.compile(r"[0-9]{1,9}")
_IMF_FIXDATE = re.compile(r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT", re.ASCII)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def read_retry_after(value: str | None, *, now: datetime) -> float | None:
    """Seconds to wait, 0 or more; None if the header is missing or neither ASCII digits nor an IMF-fixdate.

    Args:
        value: the header.
        now: the wall clock, aware.
    """
    if value is None:
        return None
    text = value.strip(" \t")
    if _DIGITS.fullmatch(text):
        return float(text)
    if not _IMF_FIXDATE.fullmatch(text):
        return None
    # By hand: strptime would read the month's name by the user's locale.
    try:
        hour, minute, second = (int(part) for part in text[17:25].split(":"))
        month = _MONTHS.index(text[8:11]) + 1
        at = datetime(int(text[12:16]), month, int(text[5:7]), hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return max(0.0, (at - now).total_seconds())
