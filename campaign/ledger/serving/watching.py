"""Queries for those who watch runs. Read-only, and each a page from an index that has its order."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, RowMapping, Select, func, select, union_all

from campaign.domain.call_outcome import CallEnd
from campaign.domain.instants import to_text
from campaign.domain.model import RowState
from campaign.ledger.database.protocol import Holds
from campaign.ledger.port.watching import WatchReader
from campaign.ledger.queries.in_order import IN_ORDER, rows_of
from campaign.ledger.queries.runs import run_of
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.records.watching import AttemptGlance, RowGlance
from campaign.ledger.schema.outcome_tables import call_outcome
from campaign.ledger.schema.tables import attempt, run, sheet_row

_MINUTE = timedelta(minutes=1)


class EngineWatchReader(WatchReader):
    """Implements the port over one engine."""

    def __init__(self, engine: Engine, *, holds: Holds) -> None:
        self._engine, self._holds = engine, holds

    def runs(self, *, before: int | None = None, most: int) -> list[RunRecord]:
        """See the port `WatchReader`."""
        statement = select(run).where(run.c.state == "ready").order_by(run.c.id.desc()).limit(most)
        if before is not None:
            statement = statement.where(run.c.id < before)
        return [run_of(row) for row in rows_of(self._engine, statement)]

    def rows(self, run_id: int, *, state: Collection[RowState] | None, after: int, most: int) -> list[RowGlance]:
        """See the port `WatchReader`."""
        last = self._id_of(run_id, after) if after else 0
        found = rows_of(self._engine, _page(run_id, state=state, after=last, most=most))
        return [_row_glance(row) for row in found]

    def attempts(self, run_id: int, *, most: int) -> list[AttemptGlance]:
        """See the port `WatchReader`."""
        columns = (attempt, sheet_row.c.number.label("row"), sheet_row.c.state, sheet_row.c.reason)
        statement = select(*columns).join(sheet_row, sheet_row.c.id == attempt.c.row_id)
        newest = statement.where(attempt.c.run_id == run_id).order_by(attempt.c.claimed_at.desc()).limit(most)
        newest = newest.with_hint(attempt, "INDEXED BY attempt_by_time", "sqlite")
        return [_attempt_glance(row) for row in rows_of(self._engine, newest)]

    def claims_by_minute(self, run_id: int, minutes: Sequence[datetime]) -> dict[datetime, int]:
        """See the port `WatchReader`."""
        with self._engine.connect() as connection:
            return {
                minute: connection.execute(_claims(run_id, minute)).scalar_one() for minute in minutes
            }  # fmt: skip

    def rows_called_since(self, run_id: int, since: datetime) -> int:
        """See the port `WatchReader`."""
        here = (attempt.c.run_id == run_id) & (attempt.c.claimed_at >= to_text(since))
        statement = select(attempt.c.row_id).where(here)
        with self._engine.connect() as connection:
            return len(set(connection.execute(statement).scalars()))

    def ends(self, run_id: int) -> Mapping[CallEnd, int]:
        """See the port `WatchReader`."""
        return count_ends(self._engine, run_id)

    def held(self) -> frozenset[int]:
        """See the port `WatchReader`."""
        return self._holds.held_runs()

    def _id_of(self, run_id: int, number: int) -> int:
        """The ledger's number of that row of the sheet, or of the last one before it."""
        here = (sheet_row.c.run_id == run_id) & (sheet_row.c.number <= number)
        statement = select(sheet_row.c.id).where(here).order_by(sheet_row.c.number.desc()).limit(1)
        statement = statement.with_hint(sheet_row, "INDEXED BY row_by_number", "sqlite")
        with self._engine.connect() as connection:
            return connection.execute(statement).scalar() or 0


def count_ends(engine: Engine, run_id: int) -> Mapping[CallEnd, int]:
    """Counts the run's calls that are over by their ends."""
    here = (call_outcome.c.run_id == run_id) & call_outcome.c.ended_as.is_not(None)
    statement = select(call_outcome.c.ended_as, func.count()).where(here).group_by(call_outcome.c.ended_as)
    statement = statement.with_hint(call_outcome, "INDEXED BY outcome_by_end", "sqlite")
    with engine.connect() as connection:
        return {CallEnd(end): count for end, count in connection.execute(statement)}


def _page(run_id: int, *, state: Collection[RowState] | None, after: int, most: int) -> Any:
    if state is None:
        here = (sheet_row.c.run_id == run_id) & (sheet_row.c.id > after)
        numbers = select(sheet_row.c.id).where(here).order_by(sheet_row.c.id).limit(most)
        numbers = numbers.with_hint(sheet_row, IN_ORDER, "sqlite")
        return _glances().where(sheet_row.c.id.in_(numbers)).order_by(sheet_row.c.id)
    one_state = [
        _glances().where(sheet_row.c.run_id == run_id, sheet_row.c.state == one.value, sheet_row.c.id > after)
        for one in state
    ]
    merged = union_all(*one_state)
    return merged.order_by(merged.selected_columns[0]).limit(most)


def _glances() -> Select[Any]:
    columns = [sheet_row.c[name] for name in _ROW_COLUMNS]
    joined = sheet_row.outerjoin(call_outcome, call_outcome.c.call_id == sheet_row.c.call_id)
    return select(*columns, call_outcome.c.ended_as, call_outcome.c.status.label("call_status")).select_from(joined)


_ROW_COLUMNS = (
    "id", "number", "state", "phone", "contact", "cells", "reason", "attempts", "call_id", "submitted_at",
)  # fmt: skip


def _claims(run_id: int, minute: datetime) -> Select[Any]:
    begin, end = to_text(minute), to_text(minute + _MINUTE)
    here = (attempt.c.run_id == run_id) & (attempt.c.claimed_at >= begin) & (attempt.c.claimed_at < end)
    statement = select(func.count()).where(here)
    return statement.with_hint(attempt, "INDEXED BY attempt_by_time", "sqlite")


def _row_glance(row: RowMapping) -> RowGlance:
    return RowGlance(
        number=row["number"],
        state=RowState(row["state"]),
        name=json.loads(row["contact"])["name"] if row["contact"] else None,
        phone=_phone(row["phone"]),
        cells=tuple(json.loads(row["cells"])),
        reason=row["reason"],
        attempts=row["attempts"],
        call_id=row["call_id"],
        submitted_at=row["submitted_at"],
        ended_as=row["ended_as"],
        call_status=row["call_status"],
    )


def _attempt_glance(row: RowMapping) -> AttemptGlance:
    return AttemptGlance(
        row=row["row"],
        attempt=row["number"],
        phone=_phone(row["phone"]),
        claimed_at=row["claimed_at"],
        ended_at=row["ended_at"],
        outcome=row["outcome"],
        status=row["status"],
        state=RowState(row["state"]),
        reason=row["reason"],
    )


def _phone(stored: str | None) -> str | None:
    # Of an erased row a hash is left.
    return None if stored is None or stored.startswith("#") else stored
