"""Times of day as people write them: 9am, 9:30 pm, 09:00."""

import re
from datetime import time

_TIME = re.compile(r"([0-9]{1,2})(?::([0-9]{2}))?(?::([0-9]{2}))?(?:\s?([ap])\.?m\.?)?", re.IGNORECASE)
_NOON = 12


def time_of_day(text: str) -> time | None:
    """The time of day in a text; None if it says none. A bare hour is none: 9 may be in the evening."""
    match = _TIME.fullmatch(text.strip())
    if match is None or (match[2] is None and match[4] is None):
        return None
    hour = int(match[1])
    if match[4]:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if match[4] in "pP" else 0)
    try:
        return time(hour, int(match[2] or 0), int(match[3] or 0))
    except ValueError:
        return None
