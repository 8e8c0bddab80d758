"""Row ranges from a flag, `17,34,40-44`, by the numbers that the sheet shows."""

import re

from campaign.domain.errors import UsageError

_ONE = re.compile(r"([0-9]{1,8})(?:-([0-9]{1,8}))?")
_MOST = 100_000


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
