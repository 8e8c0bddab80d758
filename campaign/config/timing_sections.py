"""Template sections about when phones ring: `[stagger]` and `[hours]`."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field, StrictInt, model_validator

from campaign.config.values import DateAndTime, Day, Duration, Section, Text, TimeOfDay, names
from campaign.domain.bounds import SLOWEST_PER_SECOND

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
RECIPIENT = "recipient"
"""The time zone of each person, by number and sheet."""


class WindowSection(Section):
    """One window of a day."""

    model_config = ConfigDict(populate_by_name=True)

    begin: Annotated[TimeOfDay, Field(alias="from")]
    until: TimeOfDay


class HoursSection(Section):
    """`[hours]`: the hours in which phones may ring, in the time zone of the person called.

    `fallback` is the zone of numbers without a location (toll-free, satellite); without it they are refused. `deliver`
    says how hours are obeyed: "wait" keeps a row until its time, "delay" submits it now with `callDelayedUntil`. No
    phone rings before `not_before`; without an offset it is on the clock of `timezone`, which then is one zone.
    """

    model_config = ConfigDict(populate_by_name=True)

    begin: Annotated[TimeOfDay | None, Field(alias="from")] = None
    until: TimeOfDay | None = None
    windows: Annotated[tuple[WindowSection, ...], Field(max_length=2)] = ()
    days: Annotated[tuple[Weekday, ...], BeforeValidator(names), Field(min_length=1)] = WEEKDAYS
    timezone: Text = RECIPIENT
    fallback: Text | None = None
    skip: tuple[Day, ...] = ()
    holidays: Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] | None = None
    rules: Literal["us"] | None = None
    deliver: Literal["wait", "delay"] | None = None
    not_before: DateAndTime | None = None

    @model_validator(mode="after")
    def _whole(self) -> "HoursSection":
        if (self.begin is None) != (self.until is None):
            raise ValueError("give both from and until")
        if self.begin is not None and self.windows:
            raise ValueError("give from and until, or windows, not both")
        if not self.restricts and (self.skip or self.holidays or self.days != WEEKDAYS):
            raise ValueError("days, skip and holidays need from and until, or windows")
        return self

    @property
    def restricts(self) -> bool:
        """Whether there is any time at which calls are not allowed."""
        return self.begin is not None or bool(self.windows) or self.rules is not None

    @property
    def fixed_zone(self) -> str | None:
        """The one zone for all people; None where each person has their own."""
        return None if self.timezone == RECIPIENT else self.timezone


class StaggerSection(Section):
    """`[stagger]`: spreads the calls over time, by exactly one of `every`, `per_hour` and `over`.

    `start` without an offset is on the clock of `timezone`, or else of `[hours] timezone`.
    """

    start: DateAndTime | None = None
    timezone: Text | None = None
    every: Duration | None = None
    per_hour: (
        Annotated[float, Field(strict=True, ge=3600 * SLOWEST_PER_SECOND, le=1_000_000, allow_inf_nan=False)] | None
    ) = None
    over: Duration | None = None
    jitter: Duration = timedelta(0)
    seed: StrictInt = 0
    order: Literal["sheet", "zones"] = "sheet"

    @model_validator(mode="after")
    def _one_spread(self) -> "StaggerSection":
        given = [one for one in (self.every, self.per_hour, self.over) if one is not None]
        if len(given) != 1:
            raise ValueError("give one of every, per_hour and over")
        if given[0] == timedelta(0):
            raise ValueError("every and over are more than nothing")
        return self


def is_local(instant: datetime) -> bool:
    """Whether a date and time has no UTC offset."""
    return instant.tzinfo is None
