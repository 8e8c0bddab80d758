"""Use case go on here: a ledger that was copied, or put back from a copy, is gone on with, on a person's word."""

from campaign.config.database import database_from
from campaign.config.home import home_from
from campaign.usecases.context import Context


def go_on_here(context: Context) -> None:
    """Makes the ledger that the environment names the one that goes on; a ledger that is no copy stays as it is.

    Raises:
        UsageError: the environment names no folder that there can be.
        LedgerError: it cannot be opened, trusted or written.
    """
    from campaign.ledger.store import open_ledger  # noqa: PLC0415 - start-up: only few commands come to this

    home, address = home_from(context.environment), database_from(context.environment)
    with open_ledger(home, now=context.now, address=address, go_on_here=True):
        pass
