"""Wording of schedules: their events, and how each one stands."""

from collections.abc import Iterator
from typing import Any

from campaign.domain.instants import to_text
from campaign.export.printable import visible
from campaign.presentation.dial_events import difference_lines, firing_lines
from campaign.presentation.wording import counted
from campaign.scheduler.cron import Timetable
from campaign.scheduler.definitions import ScheduleView
from campaign.scheduler.events import (
    EarlierFollowed,
    EarlierLeft,
    FileAwaited,
    FiringContinued,
    PlanChanged,
    RunEvent,
    ScheduleEvent,
    SheetLoaded,
    SheetShrank,
    SummaryRefused,
)
from campaign.scheduler.notify import notify_host
from campaign.scheduler.tick import InstantReport


def schedule_lines(name: str, event: ScheduleEvent, *, verbose: bool) -> Iterator[str]:
    """The lines for an event of the schedule with that name; with `verbose`, for each row too."""
    match event:
        case FiringContinued(instant):
            yield f"{name}: going on with the firing of {instant}"
        case EarlierFollowed(run, looked, suppressed, left):
            yield (
                f"{name}: run {run}: {counted(looked, 'call')} looked up, {suppressed} asked not to be called again"
                + (f", {left} not known to be over" if left else "")
            )
        case EarlierLeft(run, why):
            yield f"{name}: run {run} was not followed up: {why}"
        case SheetLoaded(sheet, to_call, invalid):
            yield f"{name}: {sheet}: {to_call} to call, {invalid} invalid"
        case FileAwaited(file, why):
            yield f"{name}: waiting for {visible(str(file))}: {why}"
        case SheetShrank():
            yield f"{name}: doubt: {visible(event.text)}"
        case PlanChanged(run, differences):
            yield f"{name}: the template was changed since run {run} was begun; the new ones hold:"
            yield from (f"{name}: {line}" for line in difference_lines(differences))
        case RunEvent(run, happened):
            yield from (f"{name}: {line}" for line in firing_lines(happened, run=run, verbose=verbose))
        case SummaryRefused(trouble):
            yield f"{name}: the summary was not taken: {trouble}"


def view_lines(view: ScheduleView) -> Iterator[str]:
    """A schedule: when it fires, what happened at its last instant, what it runs."""
    record, timetable = view.record, view.timetable
    yield f"{record.name}: {timetable.in_words()}, {record.timezone}"
    paused = f"paused since {timetable.shown(record.paused_at)}" if record.paused_at else "never again"
    yield f"  next: {', '.join(map(timetable.shown, view.following)) or paused}"
    if view.last is not None:
        yield f"  last: {timetable.shown(view.last.instant)} {_became(view)}"
    yield f"  sheet {visible(record.sheet)}, template {visible(record.template)}"
    notified = f", told to {notify_host(record.notify_url)}" if record.notify_url else ""
    yield f"  at {record.service}, results in {visible(record.results_folder)}{notified}"


def view_as_dict(view: ScheduleView) -> dict[str, Any]:
    """The same as JSON values."""
    record, last = view.record, view.last
    return {
        "name": record.name,
        "when": view.timetable.in_words(),
        "cron": record.cron,
        "at": to_text(record.at) if record.at else None,
        "timezone": record.timezone,
        "next": [to_text(instant) for instant in view.following],
        "paused_at": to_text(record.paused_at) if record.paused_at else None,
        "sheet": record.sheet,
        "template": record.template,
        "service": record.service,
        "results_folder": record.results_folder,
        "last": last
        and {
            "instant": to_text(last.instant),
            "state": last.state,
            "run": last.run,
            "exit_code": last.exit_code,
            "why": last.why,
        },
    }


def report_line(told: InstantReport) -> str:
    """What happened at an instant."""
    name, when = told.schedule.name, Timetable(zone=told.schedule.timezone).shown(told.instant)
    ended = told.ended
    counts = ", ".join(f"{count} {status}" for status, count in ended.counts.items()) if ended else ""
    of_run = f" run {ended.run}: {counts}" if ended and ended.counts else ""
    results = f"; results in {ended.results}" if ended and ended.results else ""
    why = f": {visible(told.why)}" if told.why else ""
    return f"{name}: {when} {told.state}{of_run}{results}{why}"


def _became(view: ScheduleView) -> str:
    last = view.last
    if last is None:
        return ""
    of_run = f", run {last.run}" if last.run else ""
    code = f" with exit code {last.exit_code}" if last.exit_code is not None else ""
    why = f": {visible(last.why)}" if last.why else ""
    return f"{last.state}{code}{of_run}{why}"
