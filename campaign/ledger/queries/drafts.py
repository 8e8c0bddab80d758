"""Queries on drafts. Read-only."""

from typing import Any

from sqlalchemy import Connection, Engine, select

from campaign.domain.instants import from_text
from campaign.ledger.records.drafts import DraftKind, DraftRecord, DraftState
from campaign.ledger.schema.draft_tables import draft

OPEN = (DraftState.LOADING.value, DraftState.READY.value)
"""A draft that stands so has rows, and may be removed."""


def find_draft(engine: Engine, token: str) -> DraftRecord | None:
    """The draft with that token."""
    with engine.connect() as connection:
        found = connection.execute(select(draft).where(draft.c.token == token)).first()
    return draft_of(found) if found else None


def open_drafts(engine: Engine) -> list[DraftRecord]:
    """The drafts that are loading or ready, oldest first."""
    with engine.connect() as connection:
        found = connection.execute(select(draft).where(draft.c.state.in_(OPEN)).order_by(draft.c.id)).all()
    return [draft_of(row) for row in found]


def read_draft(connection: Connection, draft_id: int) -> DraftRecord | None:
    """The draft as a transaction sees it."""
    found = connection.execute(select(draft).where(draft.c.id == draft_id)).first()
    return draft_of(found) if found else None


def draft_of(row: Any) -> DraftRecord:
    """The record of a row of `draft`."""
    values = {name: getattr(row, name) for name in DraftRecord.__slots__}
    values |= {"kind": DraftKind(row.kind), "state": DraftState(row.state)}
    return DraftRecord(**values | {name: from_text(values[name]) for name in ("created_at", "expires_at")})
