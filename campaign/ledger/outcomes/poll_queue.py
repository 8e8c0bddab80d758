"""The polling queue: which calls are due to be polled, and which call ids belong to this ledger."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, RowMapping, Select, Table, or_, select

from campaign.domain.instants import from_text, to_text
from campaign.ledger.queries.in_order import as_term
from campaign.ledger.records.outcomes import MadeCall
from campaign.ledger.schema.outcome_tables import call_outcome
from campaign.ledger.schema.tables import attempt, sheet_row

_NOT_POLLED = attempt.c.call_id.is_not(None) & attempt.c.polled.is_(None)


def calls_to_look_at(
    engine: Engine, run_id: int, *, at: datetime, first_after: timedelta, most: int, only: Sequence[str] | None = None
) -> list[MadeCall]:
    """The run's calls that are due to be polled, the longest overdue first.

    Args:
        engine: for reading.
        run_id: the run's number.
        at: now.
        first_after: how long after its claim a call is first polled.
        most: the maximum number of calls returned.
        only: the ids of the calls that matter; None for all.
    """
    known = _made_calls().where(call_outcome.c.look_at <= to_text(at), calls_of(run_id, table=call_outcome, only=only))
    fresh = _made_calls().where(
        _NOT_POLLED, attempt.c.claimed_at <= to_text(at - first_after), calls_of(run_id, table=attempt, only=only)
    )
    if only is None:  # each in the order of its index; some calls are few enough to be sorted here
        known, fresh = known.order_by(call_outcome.c.look_at), fresh.order_by(attempt.c.claimed_at)
        known, fresh = known.limit(most), fresh.limit(most)
    with engine.connect() as connection:
        found = [row for due in (known, fresh) for row in connection.execute(due).mappings()]
    found.sort(key=lambda row: row["look_at"] or row["claimed_at"])
    return [_made_call(row) for row in found[:most]]


def find_calls(engine: Engine, call_ids: Sequence[str], *, service: str) -> list[MadeCall]:
    """Those of these ids (a few hundred at most) whose calls this ledger made at this service and may still poll."""
    statement = _made_calls().where(
        attempt.c.call_id.in_(call_ids),
        as_term(attempt.c.service) == service,
        or_(call_outcome.c.call_id.is_(None), call_outcome.c.look_at.is_not(None)),
    )
    with engine.connect() as connection:
        return [_made_call(row) for row in connection.execute(statement).mappings()]


def next_poll_at(
    engine: Engine, run_id: int, *, first_after: timedelta, only: Sequence[str] | None = None
) -> datetime | None:
    """When a call of the run is next due to be polled; None when none is."""
    known = select(call_outcome.c.look_at).where(call_outcome.c.look_at.is_not(None))
    known = known.where(calls_of(run_id, table=call_outcome, only=only))
    fresh = select(attempt.c.claimed_at).where(_NOT_POLLED, calls_of(run_id, table=attempt, only=only))
    if only is None:
        known = known.order_by(call_outcome.c.look_at).limit(1)
        fresh = fresh.order_by(attempt.c.claimed_at).limit(1)
    with engine.connect() as connection:
        look, claimed = (min(connection.execute(due).scalars(), default=None) for due in (known, fresh))
    moments = ([from_text(look)] if look else []) + ([from_text(claimed) + first_after] if claimed else [])
    return min(moments, default=None)


def calls_of(run_id: int, *, table: Table, only: Sequence[str] | None) -> ColumnElement[bool]:
    """Condition: the call is one of the run's, or one of some of them."""
    if only is None:
        return table.c.run_id == run_id
    return (as_term(table.c.run_id) == run_id) & table.c.call_id.in_(only)


def _made_calls() -> Select[tuple[object, ...]]:
    return (
        select(
            attempt.c.call_id,
            attempt.c.run_id,
            attempt.c.row_id,
            attempt.c.number,
            attempt.c.phone,
            attempt.c.claimed_at,
            sheet_row.c.number.label("row_number"),
            call_outcome.c.looks,
            call_outcome.c.look_at,
            call_outcome.c.final_since,
        )
        .select_from(attempt.outerjoin(call_outcome, call_outcome.c.call_id == attempt.c.call_id))
        .join(sheet_row, sheet_row.c.id == attempt.c.row_id)
        .where(attempt.c.call_id.is_not(None))
    )


def _made_call(row: RowMapping) -> MadeCall:
    return MadeCall(
        call_id=row["call_id"],
        run_id=row["run_id"],
        row_id=row["row_id"],
        row_number=row["row_number"],
        attempt=row["number"],
        phone=row["phone"],
        claimed_at=from_text(row["claimed_at"]),
        looks=row["looks"] or 0,
        final_since=from_text(row["final_since"]) if row["final_since"] else None,
    )
