"""Schedules, and what became of their instants."""

from dataclasses import dataclass
from datetime import datetime

LONGEST_WHY = 500
"""Characters of a reason that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleDraft:
    """A schedule as it is added; times are UTC, `answers` is its owner's own text."""

    name: str
    timezone: str
    cron: str | None
    at: datetime | None
    sheet: str
    template: str
    service: str
    answers: str
    results_folder: str
    grace_seconds: int
    notify_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRecord(ScheduleDraft):
    """A schedule as the ledger holds it."""

    id: int
    created_at: datetime
    paused_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FiringRecord:
    """What became, or is becoming, of one instant of a schedule.

    Attributes:
        state: `firing` while it is worked on; `ended` with its run; `abandoned` with rows left to a person; `refused`
            before anything was sent; `missed`, or `skipped`, without a try.
        noted_at: when it was claimed, or written down.
        seen_at: when its owner last gave a sign of life.
        run: the name of its run.
        exit_code: how the run ended, as `campaign run` would have said it.
        why: for all but `ended`, one line.
    """

    id: int
    schedule_id: int
    instant: datetime
    state: str
    owner: str
    noted_at: datetime
    seen_at: datetime
    run_id: int | None
    run: str | None
    ended_at: datetime | None
    exit_code: int | None
    why: str | None


@dataclass(frozen=True, slots=True)
class Note:
    """An instant that is over without a firing: `state` is `missed` or `skipped`."""

    instant: datetime
    state: str
    why: str
