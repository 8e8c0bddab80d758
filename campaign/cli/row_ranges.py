"""Rows and times as flags name them: `17,34,40-44` by the numbers that the sheet shows; `24h` ago, or a day."""

import re
from datetime import UTC, datetime, timedelta

from campaign.domain.bounds import is_in_reach
from campaign.domain.errors import UsageError

_ONE = re.compile(r"([0-9]{1,8})(?:-([0-9]{1,8}))?")
_MOST = 100_000
_AGO = re.compile(r"([0-9]{1,6})\s*([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def row_numbers(text: str, *, flag: str) -> set[int]:
    """The rows that a flag selects.

    Raises:
        UsageError: it names none, or not plainly.
    """
    rows = set[int]()
    for word in (part.strip() for part in text.split(",")):
        match = _ONE.fullmatch(word)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if not 0 <= last - first < _MOST:
            raise UsageError(
                f"{flag} {text[:100]!r}: {word[:100]!r} is no row; write numbers and ranges, as in 17,34,40-44"
            )
        rows.update(range(first, last + 1))
    return rows


def instant_since(text: str, *, now: datetime) -> datetime:
    """The instant that `--since` names.

    Raises:
        UsageError: it is none.
    """
    ago = _AGO.fullmatch(text.strip())
    if ago is not None:
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        said: datetime | None = datetime.fromisoformat(text.strip())
    except ValueError:
        said = None
    if said is None or not is_in_reach(said):
        raise UsageError(
            f"--since {text!r} is no time; write how long ago (90m, 24h, 7d), a day (2026-12-01) or 2026-12-01T09:30"
        )
    # A time without a zone is this user's local time.
    return said.astimezone(UTC)
