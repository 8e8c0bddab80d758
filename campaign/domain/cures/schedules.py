"""Cures for schedules that need values."""

from campaign.domain.cures.codes import CureCode
from campaign.domain.cures.cure import Cure


def rename_or_remove_schedule(schedule: str) -> Cure:
    """Give the new schedule another name, or remove the existing one."""
    return Cure.of(CureCode.RENAME_OR_REMOVE_SCHEDULE, schedule=schedule)


def resume_schedule(schedule: str) -> Cure:
    """Resume a paused schedule."""
    return Cure.of(CureCode.RESUME_SCHEDULE, schedule=schedule)
