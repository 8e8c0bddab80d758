"""Commands of `campaign schedule`; their code is loaded when they are called."""

import click

from campaign.cli.declarations.help import Verbs as _Verbs, schedule_names
from campaign.cli.declarations.options import FILE, IN_FLIGHT, answers, choices, flags as _flags, rate, verb as _verb
from campaign.cli.options.schedule import (
    UNSET,
    ScheduleAddOptions,
    ScheduleEditOptions,
    ScheduleListOptions,
    ScheduleNameOptions,
    ScheduleRunOptions,
)
from campaign.cli.terminal import Terminal


@click.group(cls=_Verbs, short_help="runs at given times: add, edit, list, pause, resume, remove, run")
def schedule() -> None:
    """Run sheets at given times. `campaign schedule run` must fire them: running permanently, or started by a timer."""


_WHEN = (
    click.option("--at", metavar="TIME", help="Once, at this local time of the zone: 2026-12-01T09:00."),
    click.option("--cron", metavar="LINE", help='Repeatedly: minute hour day month weekday, "0 9 * * mon-fri".'),
)
_what = _flags(
    click.option("--results-folder", type=FILE, metavar="DIR", help="For results; without it a folder NAME, here."),
    click.option("--notify-url", metavar="URL", help="Where a JSON summary of each firing is posted (https)."),
    click.option("--again", is_flag=True, help="Call with the same words again, once call_again_after is over."),
    click.option("--skip-invalid", is_flag=True, help="Call the others of a sheet with rows that cannot be called."),
    click.option("--rate", type=rate, metavar="N", help="Calls per second; 30/min is 30 in a minute."),
    click.option("--max-in-flight", type=IN_FLIGHT, metavar="N", help="Calls on their way at once."),
    click.option("--region", metavar="US", help="For numbers written without a country; wins over the template."),
    choices,
    answers,
    click.option(
        "--trust-clock", is_flag=True, help="Call by this machine's clock, even if AICaller's says otherwise."
    ),
    click.option("--no-follow", is_flag=True, help="Do not look up the calls of earlier runs before a firing."),
    click.option("--sandbox", is_flag=True, help="Call a stand-in inside the scheduler; no phone rings."),
)


@schedule.command("add")
@click.argument("name")
@click.argument("sheet")
@click.option("-t", "--template", type=FILE, required=True, help="How the sheet's rows become calls (.toml).")
@_flags(*_WHEN)
@click.option("--timezone", metavar="ZONE", required=True, help="The time zone: Europe/Berlin.")
@click.option(
    "--grace", default="1h", show_default=True, metavar="TIME", help="Maximum delay of a firing, else missed."
)
@_what
@_verb(ScheduleAddOptions)
def schedule_add(options: ScheduleAddOptions, terminal: Terminal) -> int:
    """Add the schedule NAME.

    SHEET is a file, or a quoted pattern ("*.csv") whose newest file is taken; it is read afresh at each firing. Nobody
    is asked then: a sheet with an open question, or with rows that cannot be called, fires nothing unless a flag
    answers.
    """
    from campaign.cli.commands import schedule  # noqa: PLC0415 - start-up: this pays for pandas and SQLAlchemy

    return schedule.add(options, terminal)


@schedule.command("edit")
@click.argument("name", shell_complete=schedule_names)
@click.argument("sheet", required=False)
@click.option("-t", "--template", type=FILE, help="How the sheet's rows become calls (.toml).")
@_flags(*_WHEN)
@click.option("--timezone", metavar="ZONE", help="The time zone: Europe/Berlin.")
@click.option("--grace", metavar="TIME", help="Maximum delay of a firing, else missed.")
@_what
@click.option(
    "--unset",
    multiple=True,
    type=click.Choice(sorted(UNSET)),
    metavar="FLAG",
    help="Take back what a flag of add said: skip-invalid, notify-url, ...; repeatable.",
)
@_verb(ScheduleEditOptions)
def schedule_edit(options: ScheduleEditOptions, terminal: Terminal) -> int:
    """Change the schedule NAME: what is named changes, all else stays as it is, and so does a pause.

    A new time holds from now on. A run of it that is under way goes on as it began.
    """
    from campaign.cli.commands import schedule  # noqa: PLC0415 - start-up: this pays for pandas and SQLAlchemy

    return schedule.edit(options, terminal)


@schedule.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@_verb(ScheduleListOptions)
def schedule_list(options: ScheduleListOptions, terminal: Terminal) -> int:
    """Show each schedule in plain words, its next firings, and the result of its last one."""
    from campaign.cli.commands import schedule  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return schedule.show(options, terminal)


@schedule.command("pause")
@click.argument("name", shell_complete=schedule_names)
@_verb(ScheduleNameOptions)
def schedule_pause(options: ScheduleNameOptions, terminal: Terminal) -> int:
    """Pause NAME until it is resumed. A run of it that is under way goes on."""
    from campaign.cli.commands import schedule  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return schedule.pause(options, terminal)


@schedule.command("resume")
@click.argument("name", shell_complete=schedule_names)
@_verb(ScheduleNameOptions)
def schedule_resume(options: ScheduleNameOptions, terminal: Terminal) -> int:
    """Resume NAME. Instants during its pause are skipped, and not made up for."""
    from campaign.cli.commands import schedule  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return schedule.resume(options, terminal)


@schedule.command("remove")
@click.argument("name", shell_complete=schedule_names)
@_verb(ScheduleNameOptions)
def schedule_remove(options: ScheduleNameOptions, terminal: Terminal) -> int:
    """Remove NAME. Its runs, and the record of its instants, stay."""
    from campaign.cli.commands import schedule  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return schedule.remove(options, terminal)


_RUN_HELP = """Fire what is due; without --once, keep running and fire each schedule at its time.

With NAME --now, that schedule fires at once, once, whatever its timetable says; its next instants stay.

Any number of these may run on one ledger.

\b
Exit codes of --once and --now: that of the worst run, as `campaign run` has it; 2 also for a sheet that
was refused; 1 also when an instant was missed; 75 when one was skipped, since the run before
it still works. Without --once: 0; 143 or 130 when a run was stopped with rows left.
"""


@schedule.command("run", help=_RUN_HELP)
@click.argument("name", required=False, shell_complete=schedule_names)
@click.option("--now", is_flag=True, help="Fire NAME at once, once, and end.")
@click.option("--once", is_flag=True, help="Fire what is due, wait for it, and end: for cron and systemd timers.")
@click.option("-q", "--quiet", is_flag=True, help="Only problems.")
@click.option("-v", "--verbose", is_flag=True, help="A line for each row, with numbers masked.")
@_verb(ScheduleRunOptions)
def schedule_run(options: ScheduleRunOptions, terminal: Terminal) -> int:
    """Fire what is due, or stay and fire what comes."""
    from campaign.cli.commands import schedule  # noqa: PLC0415 - start-up: this pays for pandas and SQLAlchemy

    return schedule.run(options, terminal)
