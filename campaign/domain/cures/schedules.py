"""Cures of schedules that need values."""

from campaign.domain.cures.codes import CureCode
from campaign.domain.cures.cure import Cure


def rename_or_remove_schedule(schedule: str) -> Cure:
    """Name the new schedule otherwise, or remove this one."""
    return Cure.of(CureCode.RENAME_OR_REMOVE_SCHEDULE, schedule=schedule)


def resume_schedule(schedule: str) -> Cure:
    """Let a paused schedule fire again."""
    return Cure.of(CureCode.RESUME_SCHEDULE, schedule=schedule)
