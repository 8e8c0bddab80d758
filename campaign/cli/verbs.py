"""The verbs' arguments and flags; what they do is loaded when they are called."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def _flags(*options: Callable[[F], F]) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


class _Duration(click.ParamType[timedelta]):
    """A whole number and a unit, as in a template."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        from campaign.duration import duration_from  # noqa: PLC0415 - start-up: this pays for pydantic

        try:
            return duration_from(value)
        except ValueError as error:
            self.fail(f"{value!r}: {error}", param, ctx)


_DURATION = _Duration()
_FILE = click.Path(path_type=Path)
_POSITIVE = click.FloatRange(min=0, min_open=True)
_COUNT = click.IntRange(min=1)

_COLUMN_HELP = "What a column is for: USE is name (twice: joined), phone, email, consent, country."
_choices = _flags(
    click.option("--sheet", "sheet_name", metavar="NAME", help="The workbook's sheet, where it has several."),
    click.option("--header-row", type=_COUNT, metavar="N", help="The row that holds the columns' names."),
    click.option("--no-header", is_flag=True, help="The first row is a person; the columns are called #1, #2, ..."),
    click.option("--encoding", metavar="NAME", help="Of a text file that is not UTF-8, e.g. cp1252."),
    click.option("--delimiter", metavar="CHARACTER", help="Between the columns of a text file, e.g. ';' or tab."),
    click.option("--include-hidden", is_flag=True, help="Call a workbook's hidden and filtered rows too."),
    click.option("--skip-hidden", is_flag=True, help="Leave a workbook's hidden and filtered rows out."),
)
_sheet = _flags(
    click.argument("sheet", type=_FILE),
    click.option("-t", "--template", type=_FILE, required=True, help="How this sheet's rows become calls (.toml)."),
    _choices,
    click.option("--region", metavar="US", help="For numbers written without a country; wins over the template."),
)
_sandbox = _flags(
    click.option("--sandbox", is_flag=True, help="Call a stand-in that is started inside this process."),
    click.option("--fault", metavar="NAME=SHARE,...", help="With --sandbox: what goes wrong, e.g. 429=0.05."),
    click.option("--seed", type=int, default=0, help="With --fault: which rows it befalls."),
)
_pace = _flags(
    click.option("--rate", type=_POSITIVE, metavar="N", help="Calls per second."),
    click.option("--max-in-flight", type=_COUNT, metavar="N", help="Calls on their way at once."),
    click.option("--limit", type=_COUNT, metavar="N", help="Make at most N calls now; the rest stays pending."),
)
_results = click.option("--results", type=_FILE, metavar="FILE", help="The results file.")
_asking = _flags(
    click.option("--yes", is_flag=True, help="Do not ask."),
    click.option("--json", "as_json", is_flag=True, help="The summary as JSON, on stdout."),
    click.option("-q", "--quiet", is_flag=True, help="No progress."),
    click.option("-v", "--verbose", is_flag=True, help="A line for each row, with numbers masked."),
)


@click.command(short_help="look at a sheet's columns and write a template that fits")
@click.argument("sheet", type=_FILE)
@click.option(
    "-t", "--template", type=_FILE, metavar="FILE", help="The template to write; else SHEET's name and .toml."
)
@_choices
@click.option("--region", metavar="US", help="The country of numbers written without one.")
@click.option("--column", "columns", multiple=True, metavar="USE=COLUMN", help=_COLUMN_HELP)
@click.option(
    "--variable", "variables", multiple=True, metavar="KEY=COLUMN", help="A column that is spoken; repeatable."
)
@click.option("--all-variables", is_flag=True, help="Every column that is left is spoken.")
@click.option("--yes", is_flag=True, help="Take what is proposed; what is not certain is refused, not asked.")
def init(**options: Any) -> int:
    """Look at the columns and values of SHEET, and write a template that `check` accepts, each choice with its reason.

    Nothing is sent, and no file is written over.
    """
    from campaign.cli import initialising  # noqa: PLC0415 - start-up: this pays for pandas

    return initialising.init(**options)


@click.command(short_help="all that can be known before the first call; sends nothing")
@_sheet
@click.option("--sandbox", is_flag=True, help="Compare with earlier runs on the stand-in, not with real ones.")
@click.option("--json", "as_json", is_flag=True, help="The report as JSON.")
def check(**options: Any) -> int:
    """Read SHEET under TEMPLATE and say what a run would do with every row.

    Exit code: 0 every row can be called or is left out on purpose, 1 some rows cannot be called, 2 none can.
    """
    from campaign.cli import checking  # noqa: PLC0415 - start-up: this pays for pandas

    return checking.check(**options)


_RUN_HELP = """Make one call for each good row of SHEET, and write each id or error into the results file.

\b
Exit codes: 0 every row that was to be called was created; 1 some are rejected or unknown;
2 wrong usage, template or sheet, nothing was sent; 4 AICaller refuses the key, team or template;
5 the run stopped itself; 75 another process holds the run; 130, 143 stopped by a signal.
"""


@click.command(short_help="make the calls", help=_RUN_HELP)
@_sheet
@_sandbox
@_pace
@_results
@click.option("--name", metavar="RUN", help="The run's name; without it one is made of template and date.")
@click.option("--max-calls", type=_COUNT, metavar="N", help="Refuse a run with more calls; wins over the template.")
@click.option("--again", is_flag=True, help="Start a new run of a sheet that was run before.")
@click.option("--accept-repairs", is_flag=True, help="Call numbers whose lost 0 or + was put back; check shows them.")
@click.option("--call-changed", "changed", flag_value="call", help="Call rows again that changed since their call.")
@click.option("--skip-changed", "changed", flag_value="skip", help="Leave out rows that changed since their call.")
@click.option("--webhook", metavar="URL", help="AICaller tells this address when a call is over; see listen.")
@click.option(
    "--canary", type=_COUNT, metavar="N", help="Call N rows, wait for their outcomes, go on if [canary] allows."
)
@click.option("--dry-run", is_flag=True, help="Print the requests, masked, as JSON lines; send nothing.")
@_asking
def run(**options: Any) -> int:
    """Make the calls of a sheet."""
    from campaign.cli import running  # noqa: PLC0415 - start-up: this pays for pandas and SQLAlchemy

    return running.run(**options)


@click.command(short_help="go on after a stop or a crash")
@click.argument("run_name", metavar="RUN")
@_sandbox
@_pace
@_results
@_asking
def resume(**options: Any) -> int:
    """Call the rows of RUN that are still pending. A row whose answer was lost is never called again by this."""
    from campaign.cli import running  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return running.resume(**options)


@click.command(short_help="only the rows that failed")
@click.argument("run_name", metavar="RUN")
@_sandbox
@_pace
@_results
@click.option(
    "--outcome", metavar="no_answer,busy", help="Instead: the rows whose call is known to have ended so; see follow."
)
@_asking
def rerun(**options: Any) -> int:
    """Call the rejected rows of RUN again, and only those: never a created one, never one that is unknown.

    With --outcome, call those again whose call was made and reached nobody: no_answer, busy, voicemail, ivr, cancelled,
    call_later. Never a bad number, and nobody who asked not to be called.
    """
    from campaign.cli import running  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return running.rerun(**options)


@click.command(short_help="fetch what became of the created calls")
@click.argument("run_name", metavar="RUN")
@click.option("--watch", is_flag=True, help="Stay on, and make calls again that the template's [retry] wants.")
@click.option("--deadline", type=_DURATION, metavar="2h", help="End then, whatever is not known yet.")
@click.option("--rate", type=_POSITIVE, metavar="N", default=1.0, show_default=True, help="Looks per second.")
@_results
@click.option("--sandbox", is_flag=True, help="For a run whose calls were made with --sandbox.")
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON, on stdout.")
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
@click.option("-v", "--verbose", is_flag=True, help="A line for each look, with numbers masked.")
def follow(**options: Any) -> int:
    """Look up the calls of RUN until each is over, or until a deadline, and write what became of them.

    Who asks not to be called goes onto the suppression list at once. Nobody is called by this, unless it is on --watch.
    Exit code: 0 all calls are over, 1 some are not, 4 or 5 nothing can be read.
    """
    from campaign.cli import following  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return following.follow(**options)


@click.command(short_help="take webhooks as hints, and look up the calls they name")
@click.option("--host", default="127.0.0.1", show_default=True, help="Another one only with AICALLER_WEBHOOK_SECRET.")
@click.option("--port", type=click.IntRange(0, 65535), default=8091, show_default=True, help="0 takes a free one.")
@click.option("--rate", type=_POSITIVE, metavar="N", default=1.0, show_default=True, help="Looks per second.")
@click.option("-q", "--quiet", is_flag=True, help="No line for each look.")
def listen(**options: Any) -> int:
    """Serve the address that `run --webhook` gave to AICaller, until stopped; put a proxy with https before it.

    A webhook is only believed to name a call: what became of it is read from AICaller. One that brings a secret other
    than AICALLER_WEBHOOK_SECRET is refused.
    """
    from campaign.cli import listening  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return listening.listen(**options)


@click.command(short_help="runs, or one run")
@click.argument("run_name", metavar="[RUN]", required=False)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def status(**options: Any) -> int:
    """Show all runs, or one run with the reasons of its rows."""
    from campaign.cli import reporting  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return reporting.status(**options)


@click.command(short_help="write a run's results: csv or json, by the file's ending")
@click.argument("run_name", metavar="RUN")
@click.option("-o", "--output", type=_FILE, required=True, metavar="FILE", help="The file: .csv or .json.")
def results(**options: Any) -> int:
    """Write every row of RUN, in the sheet's order, with its status, id or error, to FILE."""
    from campaign.cli import reporting  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return reporting.results(**options)


@click.group(short_help="the suppression list: who is never called")
def suppress() -> None:
    """Keep the list of numbers that no run calls. Of a number only its hash and its last digits are kept."""


_reason = click.option("--reason", default="", metavar="TEXT", help="Why, for those who ask later.")
_number_region = click.option("--region", metavar="US", help="For numbers written without a country.")


@suppress.command("add")
@click.argument("numbers", nargs=-1, required=True, metavar="NUMBER...")
@_number_region
@_reason
def suppress_add(**options: Any) -> int:
    """Put each NUMBER on the list, for all runs from now on, those under way included."""
    from campaign.cli import suppressing  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return suppressing.add(**options)


@suppress.command("import")
@click.argument("sheet", type=_FILE)
@click.option("--column", metavar="NAME", help="The column of numbers, where the sheet leaves it open.")
@click.option("--sheet", "sheet_name", metavar="NAME", help="The workbook's sheet, where it has several.")
@click.option("--no-header", is_flag=True, help="The sheet's first row is a number already.")
@_number_region
@_reason
def suppress_import(**options: Any) -> int:
    """Put the numbers of SHEET's one column of numbers on the list.

    Exit code: 0 every row is on the list now, 1 some rows hold no number that can be read, 2 nothing was read.
    """
    from campaign.cli import suppressing  # noqa: PLC0415 - start-up: this pays for pandas and SQLAlchemy

    return suppressing.import_(**options)


@suppress.command("list")
@click.option("--last", type=_COUNT, metavar="N", help="Only the newest N.")
@click.option("--all", "removed", is_flag=True, help="Also those that were removed again.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def suppress_list(**options: Any) -> int:
    """Show the list, oldest first: when, the last digits, why, and where from. Whole numbers are not kept."""
    from campaign.cli import suppressing  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return suppressing.show(**options)


@suppress.command("check")
@click.argument("number")
@_number_region
def suppress_check(**options: Any) -> int:
    """Say whether NUMBER is on the list. Exit code: 0 it is, 1 it is not."""
    from campaign.cli import suppressing  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return suppressing.check(**options)


@suppress.command("remove")
@click.argument("number")
@_number_region
@click.option("--reason", required=True, metavar="TEXT", help="Why it may be called again.")
def suppress_remove(**options: Any) -> int:
    """Take NUMBER off the list, so that runs may call it again. That it was there is kept."""
    from campaign.cli import suppressing  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return suppressing.remove(**options)


@click.command(short_help="a stand-in for AICaller on this machine")
@click.option("--port", type=click.IntRange(0, 65535), default=8090, show_default=True, help="0 takes a free one.")
@click.option("--fault", metavar="NAME=SHARE,...", help="What goes wrong with which share of the calls.")
@click.option("--seed", type=int, default=0, help="Which calls the faults befall.")
@click.option("--latency", type=click.FloatRange(min=0), default=0.0, metavar="SECONDS", help="Before each answer.")
@click.option("--truth", type=_FILE, metavar="FILE", help="Append a JSON line for each phone that rings.")
@click.option("--faults", "list_faults", is_flag=True, help="List the faults, and end.")
def sandbox(**options: Any) -> int:
    """Serve AICaller's API on this machine until stopped. No phone rings."""
    from campaign.cli import standing_in  # noqa: PLC0415 - start-up: this pays for the server

    return standing_in.sandbox(**options)
