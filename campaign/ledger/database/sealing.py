"""The seal of a ledger that was moved: what it says of itself in the place of which file it is."""

from sqlalchemy import select

from campaign.domain.errors import LedgerError
from campaign.ledger.database.protocol import Database
from campaign.ledger.schema.home_table import home

MOVED = "moved"
"""In place of the identity; the path is where it was moved to then."""


def refuse_moved(database: Database) -> None:
    """Refuses a ledger that was moved: who reads it would be told what was true then.

    Raises:
        LedgerError: it was, and where to.
    """
    with database.reading.connect() as connection:
        known = connection.execute(select(home.c.file, home.c.path)).first()
    if known is not None and known.file == MOVED:
        raise LedgerError(
            f"{database.place} holds nothing any more: the ledger was moved to {known.path}; name that by "
            "CAMPAIGN_DB, or leave CAMPAIGN_DB out if that is a folder"
        )
