"""Use cases of schedules: add, list, pause, resume and remove them; fire those that are due, once or continuously."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from campaign.config.database import ledger_from
from campaign.domain.cures import Cure, CureCode, Message
from campaign.domain.errors import UsageError
from campaign.engine.stop import StopRequest
from campaign.followup.notification import checked_notify_url
from campaign.intake.files.read_options import Choices
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.schedules import ScheduleDraft
from campaign.scheduler.cron import Timetable, at_timetable, cron_timetable
from campaign.scheduler.daemon import Scheduler
from campaign.scheduler.definitions import (
    PresetAnswers,
    ScheduleView,
    add_schedule,
    edit_schedule,
    grace_from,
    named_schedule,
    pause_schedule,
    remove_schedule,
    service_from,
    unpause_schedule,
    view_schedules,
)
from campaign.scheduler.dry_check import doubts
from campaign.scheduler.edit import OF_CHOICES, ScheduleChange, changed_draft, differences_of
from campaign.scheduler.events import RunEvent, ScheduleEvent
from campaign.scheduler.ports import SchedulerPorts
from campaign.scheduler.tick import InstantReport
from campaign.usecases.context import Context, opened_ledger

__all__ = [
    "OF_CHOICES",
    "Choices",
    "EditedSchedule",
    "InstantReport",
    "PresetAnswers",
    "RunEvent",
    "ScheduleChange",
    "ScheduleEvent",
    "ScheduleOptions",
    "ScheduleView",
    "StopRequest",
    "add",
    "edit",
    "fire_at_once",
    "fire_schedules",
    "pause_schedule",
    "plan_schedule",
    "remove_schedule",
    "resume",
    "schedule_draft",
    "view_schedules",
]


@dataclass(frozen=True, slots=True)
class ScheduleOptions:
    """Options of a schedule as a person gives them.

    Attributes:
        sheet: a file, or a pattern whose newest file is taken.
        at: once, at this time on the clocks of the zone; or else `cron`.
        grace: longest delay with which it is still fired; later it counts as missed.
        results_folder: None for one of the schedule's name, in the current folder.
        said: answers to the questions of a run.
    """

    name: str
    sheet: str
    template: Path
    at: str | None
    cron: str | None
    timezone: str
    grace: str
    results_folder: Path | None
    notify_url: str | None
    said: PresetAnswers


@dataclass(frozen=True, slots=True)
class EditedSchedule:
    """A schedule after an edit.

    Attributes:
        differences: (setting, before, after) of all that has changed.
        doubts: a message for each obstacle that would keep it from firing as things are now.
    """

    view: ScheduleView
    differences: list[tuple[str, str, str]]
    doubts: list[Message]


def plan_schedule(options: ScheduleOptions, *, context: Context) -> tuple[ScheduleDraft, list[Message]]:
    """Drafts the schedule, with a message for each obstacle that would keep it from firing as things are now.

    Raises:
        UsageError: one of the options is invalid.
    """
    draft, environment = schedule_draft(options, context=context), context.environment
    return draft, list(doubts(draft, environment=environment, now=context.now))


def schedule_draft(options: ScheduleOptions, *, context: Context) -> ScheduleDraft:
    """Drafts the schedule; its sheet is not looked at.

    Raises:
        UsageError: one of the options is invalid.
    """
    timetable = _timetable(options, context=context)
    return ScheduleDraft(
        name=options.name,
        timezone=timetable.zone,
        cron=timetable.cron,
        at=timetable.at,
        sheet=str(Path(options.sheet).expanduser().absolute()),
        template=str(options.template.absolute()),
        service=service_from(context.environment, sandbox=options.said.sandbox),
        answers=options.said.model_dump_json(),
        results_folder=str((options.results_folder or Path(options.name)).absolute()),
        grace_seconds=int(grace_from(options.grace).total_seconds()),
        notify_url=checked_notify_url(options.notify_url) if options.notify_url else None,
    )


def add(draft: ScheduleDraft, *, context: Context) -> ScheduleView:
    """Adds the schedule.

    Raises:
        UsageError: its name is taken, or its template will not do.
    """
    with opened_ledger(context) as ledger:
        return add_schedule(ledger, draft)


def edit(name: str, change: ScheduleChange, *, context: Context) -> EditedSchedule:
    """Changes what is named of a schedule, and leaves the rest; one that is paused stays so.

    Raises:
        UsageError: there is no such schedule, a value will not do, or nothing changes.
    """
    environment = context.environment
    with opened_ledger(context) as ledger:
        record = named_schedule(ledger, name)
    draft = changed_draft(record, change, environment=environment, now=context.now())
    found = list(doubts(draft, environment=environment, now=context.now))
    with opened_ledger(context) as ledger:
        view = edit_schedule(ledger, record, draft)
    return EditedSchedule(view, differences_of(record, draft), found)


def resume(ledger: Ledger, name: str) -> ScheduleView:
    """Lets a schedule fire again.

    Raises:
        UsageError: there is no such schedule, or it is not paused.
    """
    unpause_schedule(ledger, name)
    [view] = [view for view in view_schedules(ledger) if view.record.name == name]
    return view


async def fire_schedules(
    *,
    once: bool,
    context: Context,
    stop: StopRequest,
    on_event: Callable[[str, ScheduleEvent], None],
    tell: Callable[[InstantReport], None],
) -> None:
    """Fires due schedules; without `once` keeps running and fires later ones. Both callables may run in any thread.

    Raises:
        LedgerError: the ledger or its disk is in trouble.
    """
    scheduler = _scheduler(context, stop=stop, on_event=on_event, tell=tell)
    await (scheduler.once() if once else scheduler.run())


async def fire_at_once(
    name: str,
    *,
    context: Context,
    stop: StopRequest,
    on_event: Callable[[str, ScheduleEvent], None],
    tell: Callable[[InstantReport], None],
) -> None:
    """Fires the schedule of that name now, once, whatever its timetable says; the callables as above.

    Raises:
        UsageError: there is none, or it is paused.
        BusyError: a firing of it is under way.
        LedgerError: the ledger or its disk is in trouble.
    """
    await _scheduler(context, stop=stop, on_event=on_event, tell=tell).at_once(name)


def _scheduler(
    context: Context,
    *,
    stop: StopRequest,
    on_event: Callable[[str, ScheduleEvent], None],
    tell: Callable[[InstantReport], None],
) -> Scheduler:
    around = SchedulerPorts(
        environment=dict(context.environment),
        now=context.now,
        wait=stop.wait,
        stop=stop,
        on_event=on_event,
        wording=context.wording,
    )
    return Scheduler(ledger_from(context.environment), around=around, tell=tell)


def _timetable(options: ScheduleOptions, *, context: Context) -> Timetable:
    if (options.at is None) == (options.cron is None):
        raise UsageError("say when: ", cure=Cure(CureCode.SAY_WHEN))
    if options.cron is not None:
        return cron_timetable(options.cron, zone=options.timezone)
    assert options.at is not None  # noqa: S101 - one of the two is given
    return at_timetable(options.at, zone=options.timezone, now=context.now())
