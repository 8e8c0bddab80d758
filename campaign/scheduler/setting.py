"""Where a firing makes its calls, and where its results go."""

from collections.abc import Mapping
from pathlib import Path

from campaign.domain.errors import UsageError
from campaign.engine.account import CallingAccount, calling_account_from
from campaign.ledger.records.schedules import FiringRecord, ScheduleRecord
from campaign.scheduler.definitions import PresetAnswers, timetable_of


def account_of(schedule: ScheduleRecord, answers: PresetAnswers, environment: Mapping[str, str]) -> CallingAccount:
    """The account of the schedule's calls.

    Raises:
        UsageError: here they would be made elsewhere than was said when it was added.
    """
    account = calling_account_from(environment, sandbox=answers.sandbox, fault=None, seed=0)
    if account.service != schedule.service:
        raise UsageError(
            f"schedule {schedule.name} makes its calls at {schedule.service}, and this scheduler would make them at "
            f"{account.service}; set AICALLER_BASE_URL for it, or add the schedule anew"
        )
    return account


def folder_of(schedule: ScheduleRecord, firing: FiringRecord) -> Path:
    """Where this firing's results go: a folder named by its date."""
    folder = Path(schedule.results_folder) / day_of(schedule, firing)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError(f"results folder {folder}: {reason}; make it writable, or add the schedule anew") from None
    return folder


def day_of(schedule: ScheduleRecord, firing: FiringRecord) -> str:
    """The firing's date, on the clocks of the schedule's zone."""
    return timetable_of(schedule).local(firing.instant).date().isoformat()
