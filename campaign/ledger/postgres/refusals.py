"""Refusals: servers and databases that cannot keep what a ledger is told to keep, before anything is written there."""

from typing import Any

import psycopg

from campaign.config.database import DatabaseAddress
from campaign.domain.errors import LedgerError
from campaign.ledger.postgres.connecting import Connector

OLDEST = 14
"""The oldest major version of PostgreSQL that a ledger may stand in."""
_ON = "a power cut would call people twice, so switch it on in the server's settings"
_ASKED = """
SELECT current_setting('server_version_num')::int / 10000 AS version, current_setting('server_encoding') AS encoding,
    current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes,
    current_setting('synchronous_commit') AS synchronous_commit, pg_is_in_recovery() AS in_recovery,
    current_setting('default_transaction_read_only') AS read_only, current_schema() AS schema, pg_backend_pid() AS pid
"""


def refuse_unfit(connector: Connector) -> str:
    """Refuses a server that is not fit; returns the schema in which the ledger stands.

    Raises:
        LedgerError: what is wrong, and the cure.
        psycopg.Error: the server cannot be asked.
    """
    address = connector.address
    with connector.connect(autocommit=True) as connection:
        cursor = connection.cursor(row_factory=psycopg.rows.namedtuple_row)
        found: Any = cursor.execute(_ASKED).fetchone()
        if why := _unfit(found, address):
            raise LedgerError(f"{address} {why}")
        # What a pooler gives a client for the number of its session is not the session's.
        if connection.info.backend_pid != found.pid and _is_lent(connector, connection):
            raise LedgerError(
                f"{address} is behind a pooler that lends a session for one transaction, and the locks of a session "
                "would be another's; name the server itself, or let the pooler keep sessions"
            )
    return str(found.schema)


def _unfit(found: Any, address: DatabaseAddress) -> str | None:
    """Why the server or database is not fit, the first reason; None if it is."""
    keeps = (found.fsync, found.full_page_writes) == ("on", "on") or address.may_lose_power
    reasons = (
        (found.version < OLDEST, f"is PostgreSQL {found.version}; a ledger needs {OLDEST} or newer"),
        (found.in_recovery, "is a standby, or still recovering, and takes no writes; name the primary, or wait"),
        (found.read_only == "on", "is read-only for this role (default_transaction_read_only); change that for it"),
        (found.encoding != "UTF8", f"stores text as {found.encoding}; create the database with ENCODING 'UTF8'"),
        (
            found.schema is None,
            "has no schema for this role (search_path); create one, or name one by options",
        ),
        (found.synchronous_commit == "off", f"acknowledges what is not on the disk (synchronous_commit=off); {_ON}"),
        (not keeps, f"does not keep what it is told to keep (fsync or full_page_writes is off); {_ON}"),
    )
    return next((why for is_so, why in reasons if is_so), None)


def _is_lent(connector: Connector, first: psycopg.Connection[Any]) -> bool:
    """Whether two clients come to one session: the first rests while the second keeps its own by a transaction."""
    pid = _pid(first)
    with connector.connect() as second:
        return _pid(second) == pid or _pid(first) != pid


def _pid(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute("SELECT pg_backend_pid()").fetchone()
    assert row is not None  # noqa: S101 - a SELECT without a table has one row
    return int(row[0])
