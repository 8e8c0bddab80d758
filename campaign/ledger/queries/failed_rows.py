"""Queries on rows that were refused, each with its last refusal. Read-only."""

import json
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, exists, func, select

from campaign.domain.model import RowState
from campaign.domain.phone_line import spellings_of
from campaign.ledger.queries.runs import contact_of
from campaign.ledger.records.reruns import FailedRow
from campaign.ledger.records.runs import WAITING
from campaign.ledger.schema.tables import attempt, event, sheet_row

_PAGE = 500
_REJECTED = RowState.REJECTED.value


def failed_rows(engine: Engine, run_id: int) -> Iterator[FailedRow]:
    """The run's rows that may be called again, in the sheet's order, read a page at a time."""
    last = 0
    while True:
        with engine.connect() as connection:
            page = connection.execute(_failed(run_id, after=last)).mappings().all()
        for row in page:
            yield FailedRow(
                id=row["id"],
                number=row["number"],
                state=RowState(row["state"]),
                attempts=row["attempts"],
                contact=contact_of(row),
                cells=tuple(json.loads(row["cells"])),
                reason=row["refusal"] or row["reason"] or "",
                at=row["refused_at"] or "",
            )
        if len(page) < _PAGE:
            return
        last = page[-1]["id"]


def numbers_in_run(engine: Engine, run_id: int, phones: Sequence[str]) -> dict[str, int]:
    """Those of these numbers that a row of the run has, or had before a correction: number -> the sheet's row.

    A row that has the other spelling of a number's line has the number.
    """
    spellings = {phone: spellings_of(phone) for phone in phones}
    closed = [RowState.INVALID.value, RowState.SKIPPED.value]
    statement = select(sheet_row.c.phone, sheet_row.c.number).where(
        sheet_row.c.run_id == run_id,
        sheet_row.c.phone.in_(list(chain(*spellings.values()))),
        sheet_row.c.state.not_in(closed),
    )
    with engine.connect() as connection:
        rows = {row.phone: row.number for row in connection.execute(statement)}
    return {phone: rows[one] for phone, both in spellings.items() for one in both if one in rows}


def may_be_requeued() -> ColumnElement[bool]:
    """Condition: the row failed, or was requeued by a rerun that was interrupted."""
    # A row may also wait for another call after one that was made: such a row did not fail.
    refused = exists(
        select(1).where(
            attempt.c.row_id == sheet_row.c.id,
            attempt.c.number == sheet_row.c.attempts,
            attempt.c.outcome.in_(["rejected", "not_sent"]),
        )
    )
    waiting = sheet_row.c.state.in_([state.value for state in WAITING]) & (sheet_row.c.round > 0) & refused
    return (sheet_row.c.state == _REJECTED) | waiting


def _failed(run_id: int, *, after: int) -> Select[Any]:
    refusals = event.alias("refusal_event")
    refusal = (
        select(func.max(refusals.c.id))
        .where(refusals.c.row_id == sheet_row.c.id, refusals.c.to_state == _REJECTED)
        .correlate(sheet_row)
        .scalar_subquery()
    )
    return (
        select(sheet_row, event.c.why.label("refusal"), event.c.at.label("refused_at"))
        .select_from(sheet_row.outerjoin(event, event.c.id == refusal))
        .where(sheet_row.c.run_id == run_id, sheet_row.c.id > after, may_be_requeued())
        .order_by(sheet_row.c.id)
        .limit(_PAGE)
    )
