"""Commands that do not dial: arguments and flags; their code is loaded when they are called."""

import click

from campaign.cli.declarations.dialling import rehearse, rerun, resume, run  # noqa: F401 - looked up here, as every verb is
from campaign.cli.declarations.first_files import init, templates  # noqa: F401 - looked up here, as every verb is
from campaign.cli.declarations.help import Verb as _Verb, run_names as _run_names
from campaign.cli.declarations.ledger import ledger  # noqa: F401 - looked up here, as every verb is
from campaign.cli.declarations.options import (
    COUNT as _COUNT,
    FILE as _FILE,
    IN_FLIGHT as _IN_FLIGHT,
    answers as _answers,
    duration as _duration,
    notify_url as _notify_url,
    rate as _rate,
    results as _results,
    seconds as _seconds,
    sheet as _sheet,
    show_numbers as _show_numbers,
    unfollowed as _unfollowed,
    verb as _verb,
)
from campaign.cli.declarations.schedule import schedule  # noqa: F401 - looked up here by its name, as every verb is
from campaign.cli.declarations.serve import serve  # noqa: F401 - likewise
from campaign.cli.declarations.serving import token, user  # noqa: F401 - likewise
from campaign.cli.declarations.suppress import suppress  # noqa: F401 - likewise
from campaign.cli.options.verbs import (
    CancelOptions,
    CheckOptions,
    FollowOptions,
    ForgetOptions,
    ListenOptions,
    PaceOptions,
    ResolveOptions,
    ResultsOptions,
    SandboxOptions,
    StatusOptions,
    StopOptions,
)
from campaign.cli.terminal import Terminal

_STATUSES = ("pending", "created", "rejected", "unknown", "invalid", "skipped")


@click.command(cls=_Verb, short_help="all that can be known before the first call; sends nothing")
@_sheet
@click.option("--sandbox", is_flag=True, help="Compare with earlier runs on the stand-in, not with real ones.")
@_answers
@_unfollowed
@_show_numbers
@click.option(
    "--problems", type=_FILE, metavar="FILE.csv", help="Write the rows that cannot be called, to be corrected."
)
@click.option("--json", "as_json", is_flag=True, help="The report as JSON, with every problem.")
@click.option("-v", "--verbose", is_flag=True, help="Every problem, doubt and skipped row, row by row.")
@click.option("--page", type=_COUNT, metavar="N", help="Of these lines, the N-th hundred.")
@_verb(CheckOptions)
def check(options: CheckOptions, terminal: Terminal) -> int:
    """Read SHEET under TEMPLATE and say what a run would do with every row.

    Exit code: 0 every row can be called or is left out on purpose, 1 some rows cannot be called, or `run --yes` would
    refuse until a flag answers what it asks, 2 none can be called.
    """
    from campaign.cli.commands import check  # noqa: PLC0415 - start-up: this pays for pandas

    return check.check(options, terminal)


@click.command(cls=_Verb, short_help="show a run's pace, or change it while it runs")
@click.argument("run_name", metavar="RUN", shell_complete=_run_names)
@click.option("--rate", type=_rate, metavar="N", help="Calls per second; 30/min is 30 in a minute.")
@click.option("--max-in-flight", type=_IN_FLIGHT, metavar="N", help="Calls on their way at once.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@_verb(PaceOptions)
def pace(options: PaceOptions, terminal: Terminal) -> int:
    """Show how fast RUN goes, or change it: a process that dials RUN follows within a second, and so does a resume."""
    from campaign.cli.commands import pace  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return pace.pace(options, terminal)


@click.command(cls=_Verb, short_help="settle rows whose answer was lost, by looking the calls up")
@click.argument("run_name", metavar="RUN", shell_complete=_run_names)
@click.option("--sandbox", is_flag=True, help="For a run on the stand-in: look its calls up there.")
@click.option("--not-called", "said", metavar="ROWS", help="You know that these, as in 17,34-36, were not called.")
@click.option("--dry-run", is_flag=True, help="Look up, and write nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@_verb(ResolveOptions)
def resolve(options: ResolveOptions, terminal: Terminal) -> int:
    """Look up the rows of RUN whose answer was lost in AICaller's list of calls. Nothing is ever sent.

    A found call becomes created, with its id. One not found stays unknown: a call that is missing from the list
    may have been made all the same. Only your statement, --not-called, makes the row pending again.

    Exit code: 0 no row is unknown any more, 1 some are, 4 AICaller refuses the key, 5 the calls could not be listed.
    """
    from campaign.cli.commands import resolve  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return resolve.resolve(options, terminal)


@click.command(cls=_Verb, short_help="fetch the outcomes of the created calls")
@click.argument("run_name", metavar="[RUN]", required=False, shell_complete=_run_names)
@click.option("--all", "every_run", is_flag=True, help="Instead: every run with calls that are not known to be over.")
@click.option("--watch", is_flag=True, help="Keep running, and repeat calls by the template's [retry] rules.")
@click.option("--deadline", type=_duration, metavar="2h", help="Stop then, even if outcomes are missing.")
@click.option("--rate", type=_rate, metavar="N", default="1", show_default=True, help="Polls per second.")
@_results
@_notify_url
@click.option("--sandbox", is_flag=True, help="For a run whose calls were made with --sandbox.")
@click.option("--trust-clock", is_flag=True, help="With --watch: call by this machine's clock, even if it seems wrong.")
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON, on stdout.")
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
@click.option("-v", "--verbose", is_flag=True, help="A line for each poll, with numbers masked.")
@_verb(FollowOptions)
def follow(options: FollowOptions, terminal: Terminal) -> int:
    """Poll the calls of RUN until each is over, or until a deadline, and write their outcomes.

    A person who asks not to be called is put on the suppression list at once. No calls are made without --watch.
    Exit code: 0 all calls are over, 1 some are not, 4 or 5 nothing can be read.
    """
    from campaign.cli.commands import follow  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return follow.follow(options, terminal)


@click.command(cls=_Verb, short_help="receive webhooks as hints, and poll the calls they name")
@click.option("--host", default="127.0.0.1", show_default=True, help="Another one only with AICALLER_WEBHOOK_SECRET.")
@click.option("--port", type=click.IntRange(0, 65535), default=8091, show_default=True, help="0 takes a free one.")
@click.option("--rate", type=_rate, metavar="N", default="1", show_default=True, help="Polls per second.")
@click.option("-q", "--quiet", is_flag=True, help="No line for each poll.")
@_verb(ListenOptions)
def listen(options: ListenOptions, terminal: Terminal) -> int:
    """Serve the address that `run --webhook` gave to AICaller, until stopped; put a proxy with https before it.

    A webhook is trusted only to name a call; its outcome is read from AICaller. A webhook with a secret other
    than AICALLER_WEBHOOK_SECRET is refused.
    """
    from campaign.cli.commands.serving import listen  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return listen.listen(options, terminal)


@click.command(cls=_Verb, short_help="runs, or one run")
@click.argument("run_name", metavar="[RUN]", required=False, shell_complete=_run_names)
@click.option(
    "--with",
    "with_status",
    type=click.Choice(_STATUSES),
    metavar="STATUS",
    help="Only runs with rows that are pending, unknown, ...",
)
@click.option("--since", metavar="TIME", help="Only runs begun since then: 24h, 7d, 2026-12-01.")
@click.option("--limit", type=_COUNT, metavar="N", help="Only the newest N of them.")
@click.option("--why", "why_row", type=_COUNT, metavar="ROW", help="The whole history of one row.")
@click.option("-v", "--verbose", is_flag=True, help="The reasons of RUN's rows in full, not in groups.")
@_show_numbers
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@_verb(StatusOptions)
def status(options: StatusOptions, terminal: Terminal) -> int:
    """Show all runs, one run with the reasons of its rows, or the history of one row."""
    from campaign.cli.commands import status  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return status.status(options, terminal)


@click.command(cls=_Verb, short_help="write a run's results: csv, xlsx, html or json, by the file's extension")
@click.argument("run_name", metavar="RUN", shell_complete=_run_names)
@click.option(
    "-o",
    "--output",
    type=_FILE,
    required=True,
    metavar="FILE",
    help="The file: .csv, .xlsx, .html, .json or .jsonl; - for JSON lines on stdout.",
)
@click.option(
    "--all-runs",
    is_flag=True,
    help="One picture of the sheet: a row left out since another run had called it shows that call.",
)
@_verb(ResultsOptions)
def results(options: ResultsOptions, terminal: Terminal) -> int:
    """Write every row of RUN, in the sheet's order, with its status, id or error, to FILE.

    A workbook (.xlsx) is the sheet as it was, with the result columns beside it; a report (.html) sums the run up,
    with plots.
    """
    from campaign.cli.commands import status  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return status.results(options, terminal)


@click.command(cls=_Verb, short_help="begin no new call of a run, in any process")
@click.argument("run_name", metavar="RUN", shell_complete=_run_names)
@click.option("--reason", metavar="TEXT", help="Why; all who dial it say so.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@_verb(StopOptions)
def stop(options: StopOptions, terminal: Terminal) -> int:
    """Stop RUN from any terminal: calls on their way finish, the other rows stay pending, and `resume` goes on.

    All who dial it end with exit code 5. Schedules do not go on with it either.
    """
    from campaign.cli.commands.ending import stop  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return stop.stop(options, terminal)


@click.command(cls=_Verb, short_help="end a run's waiting rows for good")
@click.argument("run_name", metavar="RUN", shell_complete=_run_names)
@click.option("--reason", required=True, metavar="TEXT", help="Why; each row says it.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@_verb(CancelOptions)
def cancel(options: CancelOptions, terminal: Terminal) -> int:
    """End RUN: no command calls its waiting rows after that. Says which calls can no longer be taken back.

    A run that is being dialled has to be stopped first: with `stop`, Ctrl-C or a signal.
    """
    from campaign.cli.commands.ending import cancel  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return cancel.cancel(options, terminal)


@click.command(cls=_Verb, short_help="erase the people of runs that are over")
@click.argument("run_name", metavar="[RUN]", required=False, shell_complete=_run_names)
@click.option("--older-than", "age", metavar="90d", help="All runs without a call for so long.")
@click.option(
    "--unfinished", is_flag=True, help="Also rows that are still to be called, or unknown: never called then."
)
@click.option("--with-calls-ahead", "calls_ahead", is_flag=True, help="Also runs whose calls are still to ring.")
@click.option("--yes", is_flag=True, help="Do not ask whether to forget.")
@_verb(ForgetOptions)
def forget(options: ForgetOptions, terminal: Terminal) -> int:
    """Erase names, numbers, addresses and cells from a run, for good.

    Counts stay, and keyed hashes by which a number is recognised when it comes again.
    """
    from campaign.cli.commands.ending import forget  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return forget.forget(options, terminal)


@click.command(cls=_Verb, short_help="a stand-in for AICaller on this machine")
@click.option("--port", type=click.IntRange(0, 65535), default=8090, show_default=True, help="0 takes a free one.")
@click.option("--fault", metavar="NAME=SHARE,...", help="Faults, and the share of calls that each hits.")
@click.option("--seed", type=int, default=0, help="Decides which calls the faults hit.")
@click.option("--latency", type=_seconds(least=0), default="0", metavar="SECONDS", help="Before each answer.")
@click.option(
    "--clock-offset",
    type=_seconds(least=-86_400),
    default="0",
    metavar="SECONDS",
    help="How far its clock is ahead of this machine's.",
)
@click.option("--truth", type=_FILE, metavar="FILE", help="Append a JSON line for each phone that rings.")
@click.option("--faults", "list_faults", is_flag=True, help="List the faults, and end.")
@_verb(SandboxOptions)
def sandbox(options: SandboxOptions, terminal: Terminal) -> int:
    """Serve AICaller's API on this machine until stopped. No phone rings."""
    from campaign.cli.commands.serving import sandbox  # noqa: PLC0415 - start-up: this pays for the server

    return sandbox.sandbox(options, terminal)
