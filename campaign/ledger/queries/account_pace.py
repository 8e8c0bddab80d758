"""Reads the pace row that all runs of an account share. Read-only."""

from dataclasses import fields

from sqlalchemy import Connection, Engine, bindparam, select

from campaign.ledger.schema.account_table import account_pace
from campaign.ledger.writes.statements import Prepared
from campaign.timing.account_rate import AccountPace

# The columns keep the names of the first ledgers; the dataclass has the current terms.
_OLDER_NAMES = {"paused_until": "held_until", "backoff_factor": "share", "backoff_since": "share_since"}
FIELDS = tuple(field.name for field in fields(AccountPace))
"""Of the dataclass, in the order of `COLUMNS`."""
COLUMNS = tuple(_OLDER_NAMES.get(name, name) for name in FIELDS)
"""What the row says, beside whose it is."""
THIS_ACCOUNT = (account_pace.c.service == bindparam("b_service")) & (account_pace.c.team == bindparam("b_team"))
_READ = Prepared(select(*(account_pace.c[name] for name in COLUMNS)).where(THIS_ACCOUNT))


def account_pace_now(engine: Engine, *, service: str, team: str) -> AccountPace:
    """The pace of all runs of the account."""
    with engine.connect() as connection:
        return read_pace(connection, service=service, team=team)


def read_pace(connection: Connection, *, service: str, team: str) -> AccountPace:
    """The same, in the caller's transaction: the writer reads it with every group of claims."""
    found = _READ.first(connection, {"b_service": service, "b_team": team})
    return AccountPace(*found) if found else AccountPace()
