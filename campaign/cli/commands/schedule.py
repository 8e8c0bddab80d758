"""`schedule`: added, shown, paused and removed; and `schedule run`, which fires."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import click

from campaign.cli.read_choices import choices_from
from campaign.cli.signals import stopping_on_signals
from campaign.config.settings import home_from
from campaign.domain.errors import UsageError
from campaign.domain.instants import to_text
from campaign.domain.model import Settled
from campaign.engine.stop import StopRequest
from campaign.export.printable import visible
from campaign.ledger.schedules import ScheduleDraft
from campaign.ledger.store import Ledger, open_ledger
from campaign.presentation.schedules import schedule_lines
from campaign.scheduler.cron import Timetable, at_timetable, cron_timetable
from campaign.scheduler.daemon import Scheduler
from campaign.scheduler.definitions import (
    SaidBeforehand,
    ScheduleView,
    add_schedule,
    grace_from,
    pause_schedule,
    remove_schedule,
    service_from,
    unpause_schedule,
    view_schedules,
)
from campaign.scheduler.dry_check import doubts
from campaign.scheduler.events import RunEvent, ScheduleEvent
from campaign.scheduler.firing import Around
from campaign.scheduler.notify import checked_notify_url, notify_host
from campaign.scheduler.tick import Told


def add(**options: Any) -> int:
    """The verb `schedule add`."""
    draft = _draft(options)
    told = list(doubts(draft, home=home_from(os.environ), environment=os.environ, now=_now))
    with _ledger() as ledger:
        view = add_schedule(ledger, draft)
    for line in told:
        click.echo(f"campaign: {visible(line)}", err=True)
    click.echo("\n".join(_lines(view)))
    click.echo("it fires while `campaign schedule run` stays, or is started by a timer", err=True)
    return 0


def show(*, as_json: bool) -> int:
    """The verb `schedule list`."""
    with _ledger() as ledger:
        views = view_schedules(ledger)
    if as_json:
        click.echo(json.dumps([_as_dict(view) for view in views], indent=2, ensure_ascii=False))
    elif views:
        click.echo("\n".join(line for view in views for line in _lines(view)))
    else:
        click.echo("no schedules yet; add one with: campaign schedule add", err=True)
    return 0


def pause(name: str) -> int:
    """The verb `schedule pause`."""
    with _ledger() as ledger:
        pause_schedule(ledger, name)
    click.echo(f"{name}: paused")
    return 0


def resume(name: str) -> int:
    """The verb `schedule resume`."""
    with _ledger() as ledger:
        unpause_schedule(ledger, name)
        [view] = [view for view in view_schedules(ledger) if view.record.name == name]
    click.echo("\n".join(_lines(view)))
    return 0


def remove(name: str) -> int:
    """The verb `schedule remove`."""
    with _ledger() as ledger:
        remove_schedule(ledger, name)
    click.echo(f"{name}: removed")
    return 0


def run(*, once: bool, quiet: bool, verbose: bool) -> int:
    """The verb `schedule run`."""
    told: list[Told] = []

    def tell(one: Told) -> None:
        told.append(one)
        if not quiet or one.exit_code:
            click.echo(_told_line(one), err=True)

    around = Around(
        environment=dict(os.environ),
        now=_now,
        stop=StopRequest(),
        on_event=partial(_tell_event, quiet=quiet, verbose=verbose),
    )
    signalled = anyio.run(_run, Scheduler(home_from(os.environ), around=around, tell=tell), around.stop, once)
    if signalled is not None and any(one.state == "firing" for one in told):
        return signalled
    return max((one.exit_code for one in told), default=0) if once else 0


async def _run(scheduler: Scheduler, stop: StopRequest, once: bool) -> int | None:  # noqa: FBT001 - anyio.run has no keywords
    with stopping_on_signals(word="stopping; calls on their way may end (again to leave at once)") as stopping:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_ask_when_signalled, stopping.event, stop)
            await (scheduler.once() if once else scheduler.stay())
            tasks.cancel_scope.cancel()
        return stopping.exit_code


async def _ask_when_signalled(event: anyio.Event, stop: StopRequest) -> None:
    await event.wait()
    stop.ask()


def _draft(options: dict[str, Any]) -> ScheduleDraft:
    timetable = _timetable(options)
    answers = SaidBeforehand(
        choices=choices_from(options),
        **{name: options[name] for name in SaidBeforehand.model_fields if name != "choices"},
    )
    url = options["notify_url"]
    return ScheduleDraft(
        name=options["name"],
        timezone=timetable.zone,
        cron=timetable.cron,
        at=timetable.at,
        sheet=str(Path(options["sheet"]).expanduser().absolute()),
        template=str(options["template"].absolute()),
        service=service_from(os.environ, sandbox=options["sandbox"]),
        answers=answers.model_dump_json(),
        results_folder=str((options["results_folder"] or Path(options["name"])).absolute()),
        grace_seconds=int(grace_from(options["grace"]).total_seconds()),
        notify_url=checked_notify_url(url) if url else None,
    )


def _timetable(options: dict[str, Any]) -> Timetable:
    if (options["at"] is None) == (options["cron"] is None):
        raise UsageError('say when: either --at 2026-12-01T09:00 or --cron "0 9 * * mon-fri"')
    if options["cron"] is not None:
        return cron_timetable(options["cron"], zone=options["timezone"])
    return at_timetable(options["at"], zone=options["timezone"], now=_now())


def _lines(view: ScheduleView) -> Iterator[str]:
    record, timetable = view.record, view.timetable
    yield f"{record.name}: {timetable.in_words()}, {record.timezone}"
    paused = f"paused since {timetable.shown(record.paused_at)}" if record.paused_at else "never again"
    yield f"  next: {', '.join(map(timetable.shown, view.following)) or paused}"
    if view.last is not None:
        yield f"  last: {timetable.shown(view.last.instant)} {_became(view)}"
    yield f"  sheet {visible(record.sheet)}, template {visible(record.template)}"
    notified = f", told to {notify_host(record.notify_url)}" if record.notify_url else ""
    yield f"  at {record.service}, results in {visible(record.results_folder)}{notified}"


def _became(view: ScheduleView) -> str:
    last = view.last
    if last is None:
        return ""
    of_run = f", run {last.run}" if last.run else ""
    code = f" with exit code {last.exit_code}" if last.exit_code is not None else ""
    why = f": {visible(last.why)}" if last.why else ""
    return f"{last.state}{code}{of_run}{why}"


def _as_dict(view: ScheduleView) -> dict[str, Any]:
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


def _told_line(told: Told) -> str:
    name, when = told.schedule.name, Timetable(zone=told.schedule.timezone).shown(told.instant)
    ended = told.ended
    counts = ", ".join(f"{count} {status}" for status, count in ended.counts.items()) if ended else ""
    of_run = f" run {ended.run}: {counts}" if ended and ended.counts else ""
    results = f"; results in {ended.results}" if ended and ended.results else ""
    why = f": {visible(told.why)}" if told.why else ""
    return f"{name}: {when} {told.state}{of_run}{results}{why}"


def _tell_event(name: str, event: ScheduleEvent, *, quiet: bool, verbose: bool) -> None:
    settled = isinstance(event, RunEvent) and isinstance(event.event, Settled)
    if settled or not quiet:
        for line in schedule_lines(name, event, verbose=verbose):
            click.echo(line, err=True)


@contextmanager
def _ledger() -> Iterator[Ledger]:
    with open_ledger(home_from(os.environ), now=_now) as ledger:
        yield ledger


def _now() -> datetime:
    return datetime.now(UTC)
