"""Commands that dial: arguments and flags; their code is loaded when they are called."""

import click

from campaign.cli.declarations.help import Verb as _Verb, run_names as _run_names
from campaign.cli.declarations.options import (
    COUNT as _COUNT,
    FILE as _FILE,
    IN_FLIGHT as _IN_FLIGHT,
    answers as _answers,
    choices as _choices,
    flags as _flags,
    notify_url as _notify_url,
    rate as _rate,
    results as _results,
    seconds as _seconds,
    sheet as _sheet,
    show_numbers as _show_numbers,
    unfollowed as _unfollowed,
    verb as _verb,
)
from campaign.cli.options.verbs import RehearseOptions, RerunOptions, ResumeOptions, RunOptions
from campaign.cli.terminal import Terminal

_sandbox = _flags(
    click.option("--sandbox", is_flag=True, help="Call a stand-in that is started inside this process."),
    click.option("--fault", metavar="NAME=SHARE,...", help="With --sandbox: what goes wrong, e.g. 429=0.05."),
    click.option("--seed", type=int, help="With --fault: decides which rows it hits."),
)
_pace = _flags(
    click.option("--rate", type=_rate, metavar="N", help="Calls per second; 30/min is 30 in a minute."),
    click.option("--max-in-flight", type=_IN_FLIGHT, metavar="N", help="Calls on their way at once."),
    click.option("--limit", type=_COUNT, metavar="N", help="Make at most N calls now; the rest stays pending."),
)
_audit = click.option(
    "--no-audit", is_flag=True, help="Do not look at AICaller's list of calls, before the first call or at the end."
)
_clock = click.option(
    "--trust-clock", is_flag=True, help="Take this machine's clock for right, even if AICaller's says otherwise."
)
_plan = _flags(
    click.option(
        "--new-plan", is_flag=True, help="Of a begun run whose template was changed: the rest goes by the new one."
    ),
    click.option("--old-plan", is_flag=True, help="Likewise: the rest goes by the plan that the run began with."),
)
_background = click.option(
    "--background",
    is_flag=True,
    help="Ask here, then make the calls as a unit of systemd, which outlives the terminal.",
)
_asking = _flags(
    _show_numbers,
    click.option("--yes", is_flag=True, help="Do not ask."),
    click.option("--json", "as_json", is_flag=True, help="The summary as JSON, on stdout."),
    click.option("-q", "--quiet", is_flag=True, help="No progress, no summary."),
    click.option("-v", "--verbose", is_flag=True, help="A line for each row, with numbers masked."),
)


_RUN_HELP = """Make one call for each good row of SHEET, and write each id or error into the results file.

\b
Exit codes: 0 every row that was to be called was created; 1 some are rejected or unknown;
2 wrong usage, template or sheet, nothing was sent; 4 AICaller refuses the key, team or template;
5 the run stopped itself; 75 another process holds the run; 130, 143 stopped by a signal.
"""


@click.command(cls=_Verb, short_help="make the calls", help=_RUN_HELP)
@_sheet
@_sandbox
@_pace
@_plan
@_audit
@_clock
@_results
@_notify_url
@click.option("--name", metavar="RUN", help="The run's name; without it one is made of template and date.")
@click.option(
    "--start",
    metavar="TIME",
    help="No phone rings before: tomorrow 9am, 2026-12-31 09:30; on the clock of [hours] timezone, or of this machine.",
)
@_answers
@_unfollowed
@click.option("--again", is_flag=True, help="Start a new run of a sheet that was run before.")
@click.option("--webhook", metavar="URL", help="AICaller posts to this address when a call is over; see listen.")
@click.option(
    "--canary", type=_COUNT, metavar="N", help="Call N rows, wait for their outcomes, continue if [canary] allows."
)
@_background
@click.option("--detach", is_flag=True, help="Where a worker is on duty: hand the run to it, and return at once.")
@click.option("--dry-run", is_flag=True, help="Print the requests, masked, as JSON lines; send nothing.")
@_asking
@_verb(RunOptions)
def run(options: RunOptions, terminal: Terminal) -> int:
    """Make the calls of a sheet."""
    from campaign.cli.commands import run  # noqa: PLC0415 - start-up: this pays for pandas and SQLAlchemy

    return run.run(options, terminal)


_REHEARSE_HELP = """Play the whole campaign of SHEET on a fast clock, against a stand-in that fails now and then.

\b
Days of calling hours, stagger and retries take seconds. Nobody is called, no key is needed, and nothing
of it is kept. The real list and earlier calls say who is left out, as they will for the run.
Exit codes: 0 all went well; 1 some rows would wait for a person, or be rejected; 2 as for run;
4 or 5 the run would stop itself; 130, 143 stopped by a signal.
"""


@click.command(
    cls=_Verb, short_help="the whole campaign on a fast clock, against a stand-in; calls nobody", help=_REHEARSE_HELP
)
@_sheet
@click.option(
    "--fault",
    metavar="NAME=SHARE,...",
    help="What goes wrong, e.g. 429=0.05; without it some of everything; '' nothing.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Another one: other faults, and other outcomes.")
@click.option("--latency", type=_seconds(least=0), default="0.3", show_default=True, help="Seconds before each answer.")
@_pace
@click.option("--start", metavar="TIME", help="No phone rings before, as for run.")
@_answers
@click.option("--again", is_flag=True, help="Rehearse a new run of a sheet that was run before.")
@click.option(
    "--follow-rate", type=_rate, metavar="N", default="1", show_default=True, help="Polls per second, after the run."
)
@_show_numbers
@click.option("--json", "as_json", is_flag=True, help="As JSON, on stdout.")
@click.option("-q", "--quiet", is_flag=True, help="No progress, no summary of the sheet.")
@_verb(RehearseOptions)
def rehearse(options: RehearseOptions, terminal: Terminal) -> int:
    """Play a campaign through on a fast clock."""
    from campaign.cli.commands import rehearse  # noqa: PLC0415 - start-up: this pays for pandas and SQLAlchemy

    return rehearse.rehearse(options, terminal)


@click.command(cls=_Verb, short_help="continue after a stop or a crash")
@click.argument("run_name", metavar="RUN", shell_complete=_run_names)
@click.option(
    "-t", "--template", type=_FILE, help="Compared with the run's plan; without it, the file that it was begun with."
)
@_sandbox
@_pace
@_background
@_plan
@_audit
@_clock
@_results
@_notify_url
@_asking
@_verb(ResumeOptions)
def resume(options: ResumeOptions, terminal: Terminal) -> int:
    """Call the rows of RUN that are still pending. A row whose answer was lost is never called again by this."""
    from campaign.cli.commands import rerun  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return rerun.resume(options, terminal)


@click.command(cls=_Verb, short_help="only the rows that failed")
@click.argument("run_or_file", metavar="RUN|RESULTS")
@click.option("--reason", "reasons", multiple=True, metavar="TEXT", help="Only rows whose reason holds TEXT.")
@click.option("--rows", metavar="3,7-12", help="Only these rows of the sheet.")
@click.option("--since", metavar="TIME", help="Only rows refused since then: 90m, 24h, 7d, 2026-12-01T09:30.")
@click.option("-t", "--template", type=_FILE, help="How corrected rows are read, where the run does not say so itself.")
@click.option("--region", metavar="US", help="With -t: the region that the run began with.")
@click.option("--accept-repairs", is_flag=True, help="Call corrected numbers whose lost 0 or + was restored.")
@click.option(
    "--allow-fictitious", is_flag=True, help="Call corrected numbers kept for examples at the real AICaller, too."
)
@_choices
@_sandbox
@_pace
@_plan
@_audit
@_clock
@_results
@_notify_url
@click.option(
    "--outcome", metavar="no_answer,busy", help="Instead: the rows whose call is known to have ended so; see follow."
)
@_asking
@_verb(RerunOptions)
def rerun(options: RerunOptions, terminal: Terminal) -> int:
    """Call the rejected rows of a run again, and only those: never a created one, never one that is unknown.

    RESULTS is a results file of the run (.csv, .xlsx), corrected or not: only its rows are called; corrections in
    them are checked again, and called. The reasons are shown first, by group; then it asks.

    With --outcome, call those again whose call was made and reached no person: no_answer, busy, voicemail, ivr,
    cancelled, call_later. Never a bad number, and never a person who asked not to be called.
    """
    from campaign.cli.commands import rerun  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return rerun.rerun(options, terminal)
