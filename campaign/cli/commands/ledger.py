"""`ledger`: moves the ledger from its file into a database, and back."""

from campaign.cli.options.ledger import MoveOptions
from campaign.cli.output import echo
from campaign.cli.prompts import agreed
from campaign.cli.terminal import Terminal
from campaign.config.database import refuse_password_for_all_to_see
from campaign.domain.errors import UsageError
from campaign.presentation.wording import counted
from campaign.usecases.move_ledger import FILE, move


def move_to(options: MoveOptions, terminal: Terminal) -> int:
    """The command `ledger move`."""
    if options.to != FILE:
        refuse_password_for_all_to_see(options.to)
    question, undone = "Move the whole ledger? The one that it leaves refuses everything then.", "nothing was moved"
    if not agreed(question, yes=options.yes, terminal=terminal, undone=undone):
        raise UsageError(f"not agreed; {undone}")
    place, rows = move(options.to, context=terminal)
    echo(f"moved to {place.address or place.home}: {counted(rows, 'record')}, each compared")
    if place.address is None:
        terminal.say("leave CAMPAIGN_DB out from now on, on every machine")
    else:
        terminal.say("set CAMPAIGN_DB to that address from now on; the key of the suppression list stays in its folder")
    return 0
