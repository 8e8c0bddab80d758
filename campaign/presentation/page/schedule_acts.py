"""What the history of acts says of schedules: counts and names of runs; reasons quote the sheet, and stay out."""

from dataclasses import dataclass

from campaign.presentation.wording import counted
from campaign.scheduler.events import (
    EarlierFollowed,
    EarlierLeft,
    FiringContinued,
    PlanChanged,
    ScheduleEvent,
    SheetLoaded,
    SheetShrank,
    SummaryRefused,
)
from campaign.scheduler.tick import InstantReport


@dataclass(frozen=True, slots=True)
class ScheduleAct:
    """An act of the server, of a schedule."""

    what: str
    detail: str


def instant_act(told: InstantReport) -> ScheduleAct:
    """How an instant ended."""
    ended = told.ended
    counts = ", ".join(f"{count} {status}" for status, count in ended.counts.items()) if ended else ""
    detail = f"run {ended.run}: {counts or 'nothing called'}" if ended and ended.run else ""
    return ScheduleAct(f"schedule_{told.state}", detail)


def event_act(event: ScheduleEvent) -> ScheduleAct | None:
    """What happened on the way; None for what the run's own page tells."""
    match event:
        case FiringContinued(instant):
            return ScheduleAct("schedule_continued", instant)
        case EarlierFollowed(run, looked, suppressed, _):
            detail = f"run {run}: {counted(looked, 'call')} looked up, {suppressed} asked not to be called again"
            return ScheduleAct("schedule_followed", detail)
        case EarlierLeft(run, _):
            return ScheduleAct("schedule_left", f"run {run} was not followed up")
        case SheetLoaded(sheet, to_call, invalid):
            return ScheduleAct("schedule_loaded", f"{sheet.name}: {to_call} to call, {invalid} invalid")
        case _:
            return _of_doubts(event)


def _of_doubts(event: ScheduleEvent) -> ScheduleAct | None:
    match event:
        case SheetShrank():
            return ScheduleAct("schedule_shrank", f"{event.before} rows before, {event.now} now")
        case PlanChanged(run, _):
            return ScheduleAct("schedule_plan", f"run {run}: the template was changed since")
        case SummaryRefused():
            return ScheduleAct("schedule_summary", "the summary was not taken")
        case _:
            return None
