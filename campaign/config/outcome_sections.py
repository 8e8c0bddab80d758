"""Template sections about how calls ended: `[retry]` and `[canary]`."""

from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field, StrictInt, field_serializer, field_validator

from campaign.config.values import Duration, Section, duration_from

_SOONEST = timedelta(minutes=1)
_MOST_TIMES = 10
Share = Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]


class RetryRule(Section):
    """Rule for calling again after one kind of ending: how long after the call, and how often per row."""

    after: Annotated[timedelta, BeforeValidator(duration_from)]
    times: Annotated[StrictInt, Field(ge=1, le=_MOST_TIMES)]

    @field_validator("after")
    @classmethod
    def _no_shorter_than_allowed(cls, value: timedelta) -> timedelta:
        if value < _SOONEST:
            raise ValueError("a person is not called again within a minute")
        return value

    @field_serializer("after")
    def _as_written(self, value: timedelta) -> str:
        # Written down with the run, and read again by the same rules.
        return f"{value // timedelta(seconds=1)}s"


class LaterRule(Section):
    """Rule for people who asked to be called at another time: how often a row is called again; 0 for never."""

    times: Annotated[StrictInt, Field(ge=0, le=_MOST_TIMES)] = 2


class RetrySection(Section):
    """`[retry]`: which endings lead to another call; without the section none does.

    A bad number (`failed`) and a person who asked not to be called (`do_not_call`) have no key, and never will.
    """

    no_answer: RetryRule | None = None
    busy: RetryRule | None = None
    voicemail: RetryRule | None = None
    ivr: RetryRule | None = None
    cancelled: RetryRule | None = None
    call_later: LaterRule = LaterRule()


class CanarySection(Section):
    """`[canary]`: limits for the outcomes of the first calls, as fractions (0.1 is a tenth), and how long to wait.

    `refused` is of the rows that were submitted, the others are of the calls whose outcome is known.
    """

    refused: Share
    failed: Share
    do_not_call: Share
    wait: Duration = timedelta(minutes=10)

    @field_validator("refused", "failed", "do_not_call", mode="before")
    @classmethod
    def _whole_numbers_too(cls, value: object) -> object:
        return float(value) if isinstance(value, int) and not isinstance(value, bool) and value in (0, 1) else value
