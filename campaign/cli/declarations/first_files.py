"""Commands for the first files: a template for a sheet, and what comes with the program."""

import click

from campaign.cli.declarations.help import Verb as _Verb
from campaign.cli.declarations.options import FILE as _FILE, SHEET as _SHEET, choices as _choices, verb as _verb
from campaign.cli.options.first_files import InitOptions, TemplatesOptions
from campaign.cli.terminal import Terminal

_COLUMN_HELP = (
    "What a column is for: USE is name (twice: joined), phone, email, consent, opted_out, country, call_at, timezone,"
    " state, zip."
)


@click.command(cls=_Verb, short_help="look at a sheet's columns and write a template that fits")
@click.argument("sheet", type=_SHEET, required=False, metavar="[SHEET|FOLDER]")
@click.option("--sample", is_flag=True, help="Write a sample sheet and its template into FOLDER, to try out.")
@click.option(
    "-t", "--template", type=_FILE, metavar="FILE", help="The template to write; else SHEET's name and .toml."
)
@_choices
@click.option("--region", metavar="US", help="The country of numbers written without one.")
@click.option("--column", "columns", multiple=True, metavar="USE=COLUMN", help=_COLUMN_HELP)
@click.option(
    "--variable", "variables", multiple=True, metavar="KEY=COLUMN", help="A column that is spoken; repeatable."
)
@click.option("--all-variables", is_flag=True, help="All other columns are spoken.")
@click.option("--language", metavar="en", help="In which dates are spoken: en, en-GB, de, ...")
@click.option("--day-first", "date_order", flag_value="day_first", help="A date such as 03/04/2026 is 3 April.")
@click.option("--month-first", "date_order", flag_value="month_first", help="A date such as 03/04/2026 is March 4.")
@click.option("--yes", is_flag=True, help="Accept the proposals; uncertain ones are refused, not asked.")
@_verb(InitOptions)
def init(options: InitOptions, terminal: Terminal) -> int:
    """Look at the columns and values of SHEET, and write a template that `check` accepts, each choice with its reason.

    With --sample, write a first sheet of invented people and its template into FOLDER, or here.

    Nothing is sent, and no file is overwritten.
    """
    if options.sample:
        from campaign.cli.commands.init import packaged  # noqa: PLC0415 - start-up: the sheet's own init pays for pandas

        return packaged.sample(options, terminal)
    from campaign.cli.commands.init import command  # noqa: PLC0415 - start-up: this pays for pandas

    return command.init(options, terminal)


@click.command(cls=_Verb, short_help="the packaged templates: list, copy")
@click.argument("name", metavar="[NAME]", required=False)
@click.argument("folder", type=_FILE, metavar="[FOLDER]", required=False)
@click.option("--sample", is_flag=True, help="Copy the sample sheets of NAME too.")
@click.option("--json", "as_json", is_flag=True, help="The list, or the copies, as JSON.")
@_verb(TemplatesOptions)
def templates(options: TemplatesOptions, terminal: Terminal) -> int:
    """List the templates that come with the program, or copy NAME into FOLDER, or here. No file is overwritten."""
    from campaign.cli.commands.init import packaged  # noqa: PLC0415 - start-up: only this verb needs it

    return packaged.templates(options, terminal)
