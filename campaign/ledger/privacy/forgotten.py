"""Whose people were forgotten, and the keyed hashes by which what comes again is known again. Nothing here writes."""

import hmac

from sqlalchemy import Connection, Engine, exists, select

from campaign.ledger.privacy.key import digest_of
from campaign.ledger.schema.tables import forgotten

HASHED = "#"
"""Before a hash that stands where a number stood: no number begins so."""


def hashed(phone: str, *, key: bytes) -> str:
    """What stands in the place of a forgotten number."""
    return HASHED + digest_of(phone, key=key)


def keyed(words: str, *, key: bytes) -> str:
    """HMAC-SHA256, hex, of what a call said, a row's key, or a sheet's fingerprint."""
    return hmac.digest(key, b"forgotten:" + words.encode(), "sha256").hex()


def is_forgotten(connection: Connection, run_id: int) -> bool:
    """Whether the people of that run were taken out."""
    return bool(connection.execute(select(exists(select(1).where(forgotten.c.run_id == run_id)))).scalar())


def anybody_forgotten(engine: Engine) -> bool:
    """Whether any run's people were."""
    with engine.connect() as connection:
        return bool(connection.execute(select(exists(select(forgotten.c.run_id)))).scalar())


def forgotten_at(engine: Engine, run_id: int) -> str | None:
    """When the run's people were taken out; None when they were not."""
    with engine.connect() as connection:
        at: str | None = connection.execute(select(forgotten.c.at).where(forgotten.c.run_id == run_id)).scalar()
        return at
