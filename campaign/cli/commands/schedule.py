"""`schedule`: adds, lists, pauses and removes schedules; `schedule run` fires them."""

from collections.abc import Awaitable, Callable
from functools import partial

import anyio

from campaign.cli.options.schedule import (
    ScheduleAddOptions,
    ScheduleListOptions,
    ScheduleNameOptions,
    ScheduleRunOptions,
)
from campaign.cli.output import echo, echo_json
from campaign.cli.process.signals import stopping_on_signals
from campaign.cli.read_choices import choices_from
from campaign.cli.terminal import Terminal
from campaign.domain.errors import CampaignError
from campaign.domain.model import Settled
from campaign.presentation.cures import terminal_text
from campaign.presentation.schedules import report_line, schedule_lines, view_as_dict, view_lines
from campaign.presentation.wording import visible
from campaign.usecases.context import opened_ledger
from campaign.usecases.schedules import (
    InstantReport,
    PresetAnswers,
    RunEvent,
    ScheduleEvent,
    ScheduleOptions,
    StopRequest,
    add as add_planned,
    fire_schedules,
    pause_schedule,
    plan_schedule,
    remove_schedule,
    resume as resume_schedule,
    view_schedules,
)


def add(options: ScheduleAddOptions, terminal: Terminal) -> int:
    """The command `schedule add`."""
    draft, doubts = plan_schedule(_asked_for(options), context=terminal)
    view = add_planned(draft, context=terminal)
    for doubt in doubts:
        terminal.say(f"campaign: {visible(terminal_text(doubt))}")
    echo(*view_lines(view))
    terminal.say("it fires while `campaign schedule run` stays, or is started by a timer")
    return 0


def show(options: ScheduleListOptions, terminal: Terminal) -> int:
    """The command `schedule list`."""
    with opened_ledger(terminal) as ledger:
        views = view_schedules(ledger)
    if options.as_json:
        echo_json([view_as_dict(view) for view in views], only_ascii=False)
    elif views:
        echo(*(line for view in views for line in view_lines(view)))
    else:
        terminal.say("no schedules yet; add one with: campaign schedule add")
    return 0


def pause(options: ScheduleNameOptions, terminal: Terminal) -> int:
    """The command `schedule pause`."""
    with opened_ledger(terminal) as ledger:
        pause_schedule(ledger, options.name)
    echo(f"{options.name}: paused")
    return 0


def resume(options: ScheduleNameOptions, terminal: Terminal) -> int:
    """The command `schedule resume`."""
    with opened_ledger(terminal) as ledger:
        view = resume_schedule(ledger, options.name)
    echo(*view_lines(view))
    return 0


def remove(options: ScheduleNameOptions, terminal: Terminal) -> int:
    """The command `schedule remove`."""
    with opened_ledger(terminal) as ledger:
        remove_schedule(ledger, options.name)
    echo(f"{options.name}: removed")
    return 0


def run(options: ScheduleRunOptions, terminal: Terminal) -> int:
    """The command `schedule run`."""
    told: list[InstantReport] = []

    def tell(one: InstantReport) -> None:
        told.append(one)
        if not options.quiet or one.exit_code:
            terminal.say(report_line(one))

    def on_event(name: str, event: ScheduleEvent) -> None:
        settled = isinstance(event, RunEvent) and isinstance(event.event, Settled)
        for line in schedule_lines(name, event, verbose=options.verbose) if settled or not options.quiet else ():
            terminal.say(line)

    stop = StopRequest()
    fire = partial(fire_schedules, once=options.once, context=terminal, stop=stop, on_event=on_event, tell=tell)
    signalled = anyio.run(_fired, fire, stop)
    if signalled is not None and any(one.state == "firing" for one in told):
        return signalled
    return max((one.exit_code for one in told), default=0) if options.once else 0


async def _fired(fire: Callable[[], Awaitable[None]], stop: StopRequest) -> int | None:
    with stopping_on_signals(word="stopping; calls on their way may end (again to leave at once)") as stopping:
        trouble: CampaignError | None = None
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_ask_when_signalled, stopping.event, stop)
            try:
                await fire()
            except CampaignError as error:
                trouble = error  # Raised below, not in a group of one.
            tasks.cancel_scope.cancel()
        if trouble is not None:
            raise trouble
        return stopping.exit_code


async def _ask_when_signalled(event: anyio.Event, stop: StopRequest) -> None:
    await event.wait()
    stop.ask()


def _asked_for(options: ScheduleAddOptions) -> ScheduleOptions:
    answers = options.answers
    return ScheduleOptions(
        name=options.name,
        sheet=options.sheet,
        template=options.template,
        at=options.at,
        cron=options.cron,
        timezone=options.timezone,
        grace=options.grace,
        results_folder=options.results_folder,
        notify_url=options.notify_url,
        said=PresetAnswers(
            choices=choices_from(options.reading, max_rows=answers.max_rows),
            region=options.region,
            rate=options.rate,
            max_in_flight=options.max_in_flight,
            max_calls=answers.max_calls,
            again=options.again,
            trust_clock=options.trust_clock,
            follow=not options.no_follow,
            skip_invalid=options.skip_invalid,
            repairs=answers.repairs,
            changed=answers.changed,
            allow_fictitious=answers.allow_fictitious,
            opted_out=answers.opted_out,
            marked=answers.marked,
            plus=answers.plus,
            name_order=answers.name_order,
            date_order=answers.date_order,
            past=answers.past,
            yes_words=answers.yes_words,
            no_words=answers.no_words,
            short_rows=answers.short_rows,
            line_breaks=answers.line_breaks,
            sandbox=options.sandbox,
        ),
    )
