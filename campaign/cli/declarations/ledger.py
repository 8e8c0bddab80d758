"""Commands of `campaign ledger`; their code is loaded when they are called."""

import click

from campaign.cli.declarations.help import Verbs as _Verbs
from campaign.cli.declarations.options import verb as _verb
from campaign.cli.options.ledger import MoveOptions
from campaign.cli.terminal import Terminal


@click.group(cls=_Verbs, short_help="where the ledger is: move it into PostgreSQL, or back")
def ledger() -> None:
    """Say where the ledger is kept."""


@ledger.command("move")
@click.option("--to", required=True, metavar="URL|file", help="An empty PostgreSQL database; or: file.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@_verb(MoveOptions)
def ledger_move(options: MoveOptions, terminal: Terminal) -> int:
    """Move the whole ledger, compare every record, and seal the one that it leaves. No run may be worked on."""
    from campaign.cli.commands import ledger  # noqa: PLC0415 - start-up: this pays for SQLAlchemy

    return ledger.move_to(options, terminal)
