"""A length of time as a template or a flag writes it: a whole number and a unit."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field

_DURATION = re.compile(r"([0-9]{1,9})\s*([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_LONGEST_DURATION = timedelta(days=3650)


def duration_from(value: object) -> timedelta:
    """The length of time that a text says; what is one already, as it is.

    Raises:
        ValueError: it says none.
    """
    if isinstance(value, timedelta):
        return value
    # A bare number would be seconds to this program, and hours to its writer.
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError('write a whole number and a unit: "90s", "30m", "24h" or "7d"')
    duration = timedelta(**{_UNITS[match[2]]: int(match[1])})
    if duration > _LONGEST_DURATION:
        raise ValueError(f"longer than {_LONGEST_DURATION.days} days")
    return duration


Duration = Annotated[timedelta, BeforeValidator(duration_from), Field(ge=timedelta(0))]
