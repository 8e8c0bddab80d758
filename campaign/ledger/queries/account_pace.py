"""Reads the pace row that all runs of an account share. Read-only."""

import json
from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, select

from campaign.ledger.schema.account_table import account_pace
from campaign.ledger.writes.statements import Prepared
from campaign.timing.account_rate import AccountPace
from campaign.timing.found_rate import FoundRate

# The column keeps the name of the first ledgers; the dataclass has the current term.
_OLDER_NAMES = {"paused_until": "held_until"}
_PLAIN = tuple(field.name for field in fields(AccountPace) if field.name != "found")
_KNOWN = frozenset(field.name for field in fields(FoundRate))
_PLAIN_COLUMNS = tuple(_OLDER_NAMES.get(name, name) for name in _PLAIN)
_LEAST_SHARE = 1 / 64
COLUMNS = (*_PLAIN_COLUMNS, "found", "share", "share_since")
"""What the row says, beside whose it is."""
THIS_ACCOUNT = (account_pace.c.service == bindparam("b_service")) & (account_pace.c.team == bindparam("b_team"))
_ROW = select(*(account_pace.c[name] for name in COLUMNS)).where(THIS_ACCOUNT)
# Where several transactions write at once, what is read is locked: for who changes it then, or against who would.
_READ, _SEE, _TAKE = Prepared(_ROW), Prepared(_ROW.with_for_update(read=True)), Prepared(_ROW.with_for_update())


def account_pace_now(engine: Engine, *, service: str, team: str) -> AccountPace:
    """The pace of all runs of the account."""
    with engine.connect() as connection:
        return read_pace(connection, service=service, team=team)


def read_pace(connection: Connection, *, service: str, team: str) -> AccountPace:
    """The same, in the caller's transaction."""
    return _pace(_READ.first(connection, {"b_service": service, "b_team": team})) or AccountPace()


def see_pace(connection: Connection, *, service: str, team: str) -> AccountPace:
    """The same, and nobody changes it until the transaction ends: the writer reads it with every group of claims."""
    return _pace(_SEE.first(connection, {"b_service": service, "b_team": team})) or AccountPace()


def take_pace(connection: Connection, *, service: str, team: str) -> AccountPace | None:
    """The same, to be changed in the transaction; None where there is no row yet."""
    return _pace(_TAKE.first(connection, {"b_service": service, "b_team": team}))


def values_of(pace: AccountPace) -> dict[str, object]:
    """The row of a pace, by `COLUMNS`."""
    # Older versions of the program read these two: part of what is asked for, since when.
    share = min(1.0, max(_LEAST_SHARE, pace.limit * pace.interval)) if pace.interval else 1.0
    found = json.dumps(asdict(pace.found), separators=(",", ":"))
    plain = (getattr(pace, name) for name in _PLAIN)
    return dict(zip(COLUMNS, (*plain, found, share, pace.written_at), strict=True))


def _pace(row: Sequence[Any] | None) -> AccountPace | None:
    if not row:
        return None
    *plain, found, share, _ = row
    pace = AccountPace(*plain)
    return replace(pace, found=_found(str(found)) if found else _of_share(pace, float(share)))


def _found(text: str) -> FoundRate:
    return FoundRate(**{name: float(value) for name, value in json.loads(text).items() if name in _KNOWN})


def _of_share(pace: AccountPace, share: float) -> FoundRate:
    """What a ledger of an older version knew: the part of the rate that was asked for."""
    return FoundRate(rate=share / pace.interval) if share < 1 and pace.interval else FoundRate()
