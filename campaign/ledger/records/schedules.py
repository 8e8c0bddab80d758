"""Records of schedules and their firings."""

from dataclasses import dataclass
from datetime import datetime

LONGEST_WHY = 500
"""Characters of a reason that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleDraft:
    """A schedule to be added; times are UTC, `answers` is text in its owner's format."""

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
    """A stored schedule; `created_at` is the moment from which its timetable counts: when it was added, or edited."""

    id: int
    created_at: datetime
    paused_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FiringRecord:
    """A firing: one instant of a schedule, and how it went.

    Attributes:
        state: `firing` while it is worked on; `ended` with its run; `abandoned` with rows left to a person; `refused`
            before anything was sent; `missed`, or `skipped`, without a try.
        noted_at: when it was claimed, or recorded.
        seen_at: its owner's last heartbeat.
        run: the name of its run.
        exit_code: the exit code that `campaign run` would have returned.
        why: one line, for all states but `ended`.
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
class PassedInstant:
    """An instant that is over without a firing: `state` is `missed` or `skipped`."""

    instant: datetime
    state: str
    why: str
