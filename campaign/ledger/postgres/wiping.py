"""Wipes what is erased out of a ledger's tables: no query finds it, and its room is used again."""

import psycopg

from campaign.config.database import DatabaseAddress
from campaign.domain.errors import LedgerError
from campaign.ledger.postgres.connecting import Connector

_TABLES = "sheet_row, attempt, event, mending, call_outcome, draft, draft_row, upload, dial_order, run"


def wipe_tables(address: DatabaseAddress) -> None:
    """Takes dead rows out of the tables that had personal data.

    Raises:
        LedgerError: it cannot be done; the rows are erased, traces remain.
    """
    try:
        with Connector(address).connect(autocommit=True) as connection:
            connection.execute(f"VACUUM {_TABLES}")
    except psycopg.Error as error:
        raise LedgerError(
            f"{address}: the people were taken out, but their traces could not be wiped from the tables "
            f"({type(error).__name__}); see that the server runs, and forget the same again"
        ) from None
