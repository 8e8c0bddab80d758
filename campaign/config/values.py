"""Types for template values: texts, column names, durations, dates and times of day."""

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from campaign.domain.bounds import YEARS_IN_WORDS, is_in_reach
from campaign.domain.time_of_day import time_of_day


def names(value: object) -> object:
    """Turns one name into a list of one."""
    return (value,) if isinstance(value, str) else value


def _duration(value: object, info: ValidationInfo) -> object:
    return value if _was_read_before(info) else duration_from(value)


def _time_of_day(value: object, info: ValidationInfo) -> object:
    if isinstance(value, time) or _was_read_before(info):
        return value
    if isinstance(value, str) and (found := time_of_day(value)) is not None:
        return found
    raise ValueError('write a time of day: 09:00:00, "9:00" or "9am"')


def _date(value: object, info: ValidationInfo) -> object:
    if (isinstance(value, date) and not isinstance(value, datetime)) or _was_read_before(info):
        return value
    raise ValueError("write a date without quotes: 2026-12-24")


def _instant(value: object, info: ValidationInfo) -> object:
    if _was_read_before(info):
        return value
    if isinstance(value, datetime):
        if not is_in_reach(value):
            raise ValueError(f"write {YEARS_IN_WORDS}")
        return value
    raise ValueError("write a date and time without quotes: 2026-12-01T09:00:00")


def _was_read_before(info: ValidationInfo) -> bool:
    """Whether the value comes from a plan that was written down with its run, as JSON writes it."""
    return info.mode == "json"


Text = Annotated[str, Field(min_length=1)]
ColumnNames = Annotated[tuple[Text, ...], BeforeValidator(names), Field(min_length=1)]
"""One column name, or several to try in order: the first that the sheet has is used."""
Duration = Annotated[timedelta, BeforeValidator(_duration), Field(ge=timedelta(0))]
TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]
Day = Annotated[date, BeforeValidator(_date)]
DateAndTime = Annotated[datetime, BeforeValidator(_instant)]


class Section(BaseModel):
    """Base of all template tables: frozen, and unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


_DURATION = re.compile(r"([0-9]{1,9})\s*([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_LONGEST_DURATION = timedelta(days=3650)


def duration_from(value: object) -> timedelta:
    """The duration that a text gives; a duration is returned unchanged.

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
