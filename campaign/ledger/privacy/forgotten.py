"""Which runs were erased, and the keyed hashes by which erased numbers and rows are recognised. Read-only."""

import hmac

from sqlalchemy import Connection, Engine, exists, select

from campaign.ledger.privacy.key import digest_of
from campaign.ledger.schema.tables import forgotten

HASHED = "#"
"""Before a hash that stands where a number stood: no number begins so."""


KEYED = "forgotten:"
"""Before words that are hashed, so that no number has their hash."""


def hashed(phone: str, *, key: bytes) -> str:
    """The stored form of an erased number."""
    return HASHED + digest_of(phone, key=key)


def keyed(words: str, *, key: bytes) -> str:
    """HMAC-SHA256, hex, of a call's content, a row's key, or a sheet's fingerprint."""
    return hmac.digest(key, (KEYED + words).encode(), "sha256").hex()


def is_forgotten(connection: Connection, run_id: int) -> bool:
    """Whether that run was erased."""
    return bool(connection.execute(select(exists(select(1).where(forgotten.c.run_id == run_id)))).scalar())


def anybody_forgotten(engine: Engine) -> bool:
    """Whether any run was erased."""
    with engine.connect() as connection:
        return bool(connection.execute(select(exists(select(forgotten.c.run_id)))).scalar())


def forgotten_at(engine: Engine, run_id: int) -> str | None:
    """When the run was erased; None when it was not."""
    with engine.connect() as connection:
        at: str | None = connection.execute(select(forgotten.c.at).where(forgotten.c.run_id == run_id)).scalar()
        return at
