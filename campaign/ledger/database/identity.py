"""Identity: a ledger records which file or database it is, so that a copy is refused until somebody says to go on.

Two ledgers that go on from one state call everybody twice.
"""

import secrets

from sqlalchemy import Connection, delete, insert, select

from campaign.ledger.database.protocol import Database
from campaign.ledger.database.sealing import refuse_moved
from campaign.ledger.schema.home_table import home


def recognise(connection: Connection, database: Database, *, at: str, go_on_here: bool) -> None:
    """Records which ledger this is, the first time; refuses one that was another before.

    Args:
        connection: in a transaction that writes.
        database: where it stands.
        at: now, as the ledger writes instants.
        go_on_here: somebody has seen to it that no campaign goes on with the one that this is a copy of.

    Raises:
        CopiedHomeError: it is a copy, and nobody has.
        LedgerError: it was moved elsewhere.
    """
    refuse_moved(database)
    known = connection.execute(select(home)).first()
    identity, path = database.identity(connection)
    if known is not None and known.file != identity and not go_on_here:
        raise database.copied(known.path)
    ledger_id = secrets.token_hex(16) if known is None else known.ledger_id
    connection.execute(delete(home))
    connection.execute(insert(home).values(id=1, ledger_id=ledger_id, file=identity, path=path, since=at))


def is_recognised(connection: Connection, database: Database) -> bool:
    """Whether the ledger says that it is this one, at this place."""
    known = connection.execute(select(home.c.file, home.c.path)).first()
    return known is not None and tuple(known) == database.identity(connection)
