"""Queries on drafts. Read-only."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, select

from campaign.domain.instants import from_text
from campaign.domain.model import RowState
from campaign.domain.skip_reason import SkipReason
from campaign.ledger.records.drafts import DraftKind, DraftRecord, DraftState, LoadedRow
from campaign.ledger.schema.draft_tables import draft
from campaign.ledger.schema.skip_reasons import read_skip_reason
from campaign.ledger.schema.tables import run, sheet_row

OPEN = (DraftState.LOADING.value, DraftState.READY.value)
"""A draft that stands so has rows, and may be removed."""


def find_draft(engine: Engine, token: str) -> DraftRecord | None:
    """The draft with that token."""
    with engine.connect() as connection:
        found = connection.execute(select(draft).where(draft.c.token == token)).first()
    return draft_of(found) if found else None


def draft_of_run(engine: Engine, run_id: int) -> DraftRecord | None:
    """The sheet's draft that is, or was, this run."""
    here = (draft.c.run_id == run_id) & (draft.c.kind == DraftKind.SHEET.value)
    with engine.connect() as connection:
        found = connection.execute(select(draft).where(here)).first()
    return draft_of(found) if found else None


def open_drafts(engine: Engine) -> list[DraftRecord]:
    """The drafts that are loading or ready, oldest first."""
    with engine.connect() as connection:
        found = connection.execute(select(draft).where(draft.c.state.in_(OPEN)).order_by(draft.c.id)).all()
    return [draft_of(row) for row in found]


def header_of(engine: Engine, run_id: int) -> tuple[str, ...]:
    """The columns of a loaded sheet."""
    with engine.connect() as connection:
        return tuple(json.loads(connection.execute(select(run.c.header).where(run.c.id == run_id)).scalar_one()))


def loaded_rows(
    engine: Engine,
    run_id: int,
    state: RowState,
    *,
    reason: SkipReason | None,
    containing: Sequence[str],
    after: int,
    most: int,
) -> list[LoadedRow]:
    """The rows in that state beyond the row `after`, in order. See the port `DraftReader`."""
    here = (sheet_row.c.run_id == run_id) & (sheet_row.c.state == state.value) & (sheet_row.c.id > after)
    statement = select(sheet_row).where(here).order_by(sheet_row.c.id).limit(most)
    if reason is not None:
        statement = statement.where(sheet_row.c.skip_reason == reason.value)
    if containing:
        statement = statement.where(sheet_row.c.reason.like(_pattern(containing), escape="!"))
    with engine.connect() as connection:
        return [_loaded_row(row) for row in connection.execute(statement)]


def loaded_row(engine: Engine, run_id: int, number: int) -> LoadedRow | None:
    """The row with that number; None when there is none."""
    statement = select(sheet_row).where(sheet_row.c.run_id == run_id, sheet_row.c.number == number)
    with engine.connect() as connection:
        found = connection.execute(statement).first()
    return None if found is None else _loaded_row(found)


def read_draft(connection: Connection, draft_id: int) -> DraftRecord | None:
    """The draft as a transaction sees it."""
    found = connection.execute(select(draft).where(draft.c.id == draft_id)).first()
    return draft_of(found) if found else None


def draft_of(row: Any) -> DraftRecord:
    """The record of a row of `draft`."""
    values = {name: getattr(row, name) for name in DraftRecord.__slots__}
    values |= {"kind": DraftKind(row.kind), "state": DraftState(row.state)}
    return DraftRecord(**values | {name: from_text(values[name]) for name in ("created_at", "expires_at")})


def _pattern(parts: Sequence[str]) -> str:
    escaped = (part.replace("!", "!!").replace("%", "!%").replace("_", "!_") for part in parts)
    return f"%{'%'.join(escaped)}%"


def _loaded_row(row: Any) -> LoadedRow:
    return LoadedRow(
        id=row.id,
        number=row.number,
        state=RowState(row.state),
        cells=tuple(json.loads(row.cells)),
        phone=row.phone,
        reason=row.reason,
        skip_reason=read_skip_reason(row.skip_reason),
    )
