"""Commands of `campaign suppress`; their code is loaded when they are called."""

import click

from campaign.cli.declarations.help import Verbs as _Verbs
from campaign.cli.declarations.options import COUNT as _COUNT, FILE as _FILE, verb as _verb
from campaign.cli.options.suppress import (
    SuppressAddOptions,
    SuppressCheckOptions,
    SuppressImportOptions,
    SuppressListOptions,
    SuppressRemoveOptions,
)
from campaign.cli.terminal import Terminal


@click.group(cls=_Verbs, short_help="the suppression list: who is never called")
def suppress() -> None:
    """Keep the list of numbers that no run calls. Of a number only its hash and its last digits are kept."""


_reason = click.option("--reason", default="", metavar="TEXT", help="Why, for those who ask later.")
_as_json = click.option("--json", "as_json", is_flag=True, help="As JSON.")
_number_region = click.option("--region", metavar="US", help="For numbers written without a country.")


@suppress.command("add")
@click.argument("numbers", nargs=-1, required=True, metavar="NUMBER...")
@_number_region
@_reason
@_as_json
@_verb(SuppressAddOptions)
def suppress_add(options: SuppressAddOptions, terminal: Terminal) -> int:
    """Put each NUMBER on the list, for all runs from now on, those under way included.

    Calls that AICaller has already, and that are still to ring, are named: only its own pages can cancel them.
    """
    from campaign.cli.commands import suppress  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return suppress.add(options, terminal)


@suppress.command("import")
@click.argument("sheet", type=_FILE)
@click.option("--column", metavar="NAME", help="The column of numbers, where that is not clear.")
@click.option("--sheet", "sheet_name", metavar="NAME", help="The workbook's sheet, where it has several.")
@click.option("--no-header", is_flag=True, help="The sheet's first row is a number already.")
@_number_region
@_reason
@_as_json
@click.option("-v", "--verbose", is_flag=True, help="Every call that is on its way to one of them, not the first 20.")
@_verb(SuppressImportOptions)
def suppress_import(options: SuppressImportOptions, terminal: Terminal) -> int:
    """Put the numbers of SHEET's one column of numbers on the list.

    Exit code: 0 every row is on the list now, 1 some rows hold no number that can be read, 2 nothing was read.
    """
    from campaign.cli.commands import suppress  # noqa: PLC0415 - start-up: this pays for pandas and SQLAlchemy

    return suppress.import_(options, terminal)


@suppress.command("list")
@click.option("--last", type=_COUNT, metavar="N", help="Only the newest N.")
@click.option("--all", "removed", is_flag=True, help="Also those that were removed again.")
@_as_json
@_verb(SuppressListOptions)
def suppress_list(options: SuppressListOptions, terminal: Terminal) -> int:
    """Show the list, oldest first: when, the last digits, why, and where from. Whole numbers are not kept."""
    from campaign.cli.commands import suppress  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return suppress.show(options, terminal)


@suppress.command("check")
@click.argument("number")
@_number_region
@_as_json
@_verb(SuppressCheckOptions)
def suppress_check(options: SuppressCheckOptions, terminal: Terminal) -> int:
    """Say whether NUMBER is on the list, and which calls to it are on their way. Exit code: 0 it is, 1 it is not."""
    from campaign.cli.commands import suppress  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return suppress.check(options, terminal)


@suppress.command("remove")
@click.argument("number", required=False)
@click.option(
    "--rehearsed", is_flag=True, help="Instead: the entries that only calls to the sandbox or a stand-in asked for."
)
@_number_region
@click.option("--reason", required=True, metavar="TEXT", help="Why it may be called again.")
@_verb(SuppressRemoveOptions)
def suppress_remove(options: SuppressRemoveOptions, terminal: Terminal) -> int:
    """Take NUMBER off the list, so that runs may call it again. That it was there is kept.

    NUMBER may be as the list shows it, …0143, where only one entry ends so.
    """
    from campaign.cli.commands import suppress  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return suppress.remove(options, terminal)
