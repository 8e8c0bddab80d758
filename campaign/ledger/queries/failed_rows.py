"""Queries on rows that were refused, each with its last refusal. Read-only."""

import json
from collections.abc import Callable, Iterator, Sequence
from heapq import merge
from itertools import chain
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Engine, RowMapping, Select, and_, exists, func, literal_column, or_, select

from campaign.domain.model import RowState
from campaign.domain.phone_line import spellings_of
from campaign.ledger.queries.in_order import OF_RERUN, rerun_rows, rows_of
from campaign.ledger.queries.runs import contact_of
from campaign.ledger.records.reruns import FailedRow
from campaign.ledger.records.runs import WAITING
from campaign.ledger.schema.tables import attempt, event, sheet_row

_PAGE = 500
_REJECTED = RowState.REJECTED.value

HAS_NUMBER = sheet_row.c.state.not_in([literal_column("'invalid'"), literal_column("'skipped'")])
"""Condition: the row has its number to itself. In constants, so that it is seen to be that of `one_row_per_number`."""


def failed_rows(engine: Engine, run_id: int) -> Iterator[FailedRow]:
    """The run's rows that may be called again, in the sheet's order, read a page at a time."""
    # Apart, since each has an index in the order of the sheet; together they would be sorted for each page.
    rejected = _paged(engine, lambda after: _rejected(run_id, after=after))
    waiting = _paged(engine, lambda after: _waiting_again(run_id, after=after))
    yield from merge(rejected, waiting, key=attrgetter("id"))


def numbers_in_run(engine: Engine, run_id: int, phones: Sequence[str]) -> dict[str, int]:
    """Those of these numbers that a row of the run has, or had before a correction: number -> the sheet's row.

    A row that has the other spelling of a number's line has the number.
    """
    spellings = {phone: spellings_of(phone) for phone in phones}
    statement = select(sheet_row.c.phone, sheet_row.c.number).where(
        sheet_row.c.run_id == run_id, sheet_row.c.phone.in_(list(chain(*spellings.values()))), HAS_NUMBER
    )
    with engine.connect() as connection:
        rows = {row.phone: row.number for row in connection.execute(statement)}
    return {phone: rows[one] for phone, both in spellings.items() for one in both if one in rows}


def may_be_requeued() -> ColumnElement[bool]:
    """Condition: the row failed, or was requeued by a rerun that was interrupted."""
    return or_(sheet_row.c.state == _REJECTED, _waits_again())


def _waits_again() -> ColumnElement[bool]:
    # A row may also wait for another call after one that was made: such a row did not fail.
    refused = exists(
        select(1).where(
            attempt.c.row_id == sheet_row.c.id,
            attempt.c.number == sheet_row.c.attempts,
            attempt.c.outcome.in_(["rejected", "not_sent"]),
        )
    )
    return and_(sheet_row.c.state.in_([state.value for state in WAITING]), OF_RERUN, refused)


def _paged(engine: Engine, page_after: Callable[[int], Select[Any]]) -> Iterator[FailedRow]:
    last = 0
    while page := rows_of(engine, page_after(last)):
        yield from map(_failed_row, page)
        last = page[-1]["id"]


def _failed_row(row: RowMapping) -> FailedRow:
    return FailedRow(
        id=row["id"],
        number=row["number"],
        state=RowState(row["state"]),
        attempts=row["attempts"],
        contact=contact_of(row),
        cells=tuple(json.loads(row["cells"])),
        reason=row["refusal"] or row["reason"] or "",
        at=row["refused_at"] or "",
    )


def _rejected(run_id: int, *, after: int) -> Select[Any]:
    here = (sheet_row.c.run_id == run_id) & (sheet_row.c.state == _REJECTED) & (sheet_row.c.id > after)
    return _with_refusals().where(here).order_by(sheet_row.c.id).limit(_PAGE)


def _waiting_again(run_id: int, *, after: int) -> Select[Any]:
    return rerun_rows(_with_refusals(), run_id, after=after, most=_PAGE).where(_waits_again())


def _with_refusals() -> Select[Any]:
    refusals = event.alias("refusal_event")
    refusal = (
        select(func.max(refusals.c.id))
        .where(refusals.c.row_id == sheet_row.c.id, refusals.c.to_state == _REJECTED)
        .correlate(sheet_row)
        .scalar_subquery()
    )
    return select(sheet_row, event.c.why.label("refusal"), event.c.at.label("refused_at")).select_from(
        sheet_row.outerjoin(event, event.c.id == refusal)
    )
