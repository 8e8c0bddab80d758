"""Opens the database that a ledger stands in: the file in its folder, or the server at an address."""

from contextlib import AbstractContextManager
from pathlib import Path

from campaign.config.database import DatabaseAddress
from campaign.domain.cures import Cure, CureCode
from campaign.domain.errors import UsageError
from campaign.ledger.database.protocol import Database
from campaign.ledger.sqlite.database import opened_sqlite


def opened_database(home: Path, address: DatabaseAddress | None) -> AbstractContextManager[Database]:
    """Opens a ledger's database, and creates what is absent of it; this process may have it open already.

    Args:
        home: the ledger's folder.
        address: of a PostgreSQL database; None for the file in the folder.

    Raises:
        UsageError: the driver of PostgreSQL is not installed.
        LedgerError: it cannot be opened, trusted or written.
    """
    if address is None:
        return opened_sqlite(home)
    try:
        from campaign.ledger.postgres.database import opened_postgres  # noqa: PLC0415 - start-up, and an extra
    except ImportError:
        raise UsageError(
            f"{address} is a PostgreSQL database, and its driver is not installed", cure=Cure(CureCode.INSTALL_POSTGRES)
        ) from None
    return opened_postgres(home, address)
