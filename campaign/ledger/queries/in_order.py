"""Rows of a run in the sheet's order, a page at a time, each from an index that has that order: nothing is sorted.

    pending     --row_by_state (run, state, id)--.
    retry_wait  --row_by_state (run, state, id)--+-- merged by id --> a page
    all rows    --row_in_order (run, id)                          --> a page
    of a rerun  --row_of_rerun (run, id) WHERE round > 0          --> a page

A page begins after the last row of the page before. One that had to sort would sort all rows that are left, and a run
would cost the square of its length.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import BindParameter, ColumnElement, Engine, RowMapping, Select, literal_column, union_all

from campaign.ledger.records.runs import WAITING
from campaign.ledger.schema.tables import sheet_row

T = TypeVar("T", int, str)
After = int | BindParameter[int]
"""The row after which a page begins, or the parameter that will name it."""
IN_ORDER = "INDEXED BY row_in_order"
"""SQLite's planner, with statistics of one long run, would sort instead."""

RERUNS = "INDEXED BY row_of_rerun"
"""For selections with `OF_RERUN`."""
OF_RERUN = sheet_row.c.round > literal_column("0")
"""Condition: the row was requeued. A constant, so that it is seen to be the condition of the index."""


def waiting_in_order(every: Select[Any], run_id: int, *, from_round: int, after: After, most: int) -> Any:
    """Limits a selection to the waiting rows of this round of reruns or a later one, by `id`, beyond the row `after`.

    The first column of the selection must be their `id`.
    """
    if from_round > 0:
        waits = sheet_row.c.state.in_([state.value for state in WAITING])
        return rerun_rows(every, run_id, after=after, most=most).where(waits, sheet_row.c.round >= from_round)
    return waiting_only(every, run_id, after=after, most=most)


def waiting_only(statement: Select[Any], run_id: int, *, after: After, most: int) -> Any:
    """Limits a selection to the waiting rows of a run beyond the row `after`; its first column must be their `id`."""
    one_state = [
        statement.where(sheet_row.c.run_id == run_id, sheet_row.c.state == state.value, sheet_row.c.id > after)
        for state in WAITING
    ]
    merged = union_all(*one_state)
    return merged.order_by(merged.selected_columns[0]).limit(most)


def rerun_rows(statement: Select[Any], run_id: int, *, after: After, most: int) -> Select[Any]:
    """Limits a selection to the rows of a run that were ever requeued, in order."""
    here = statement.where(sheet_row.c.run_id == run_id, OF_RERUN, sheet_row.c.id > after)
    return here.with_hint(sheet_row, RERUNS, "sqlite").order_by(sheet_row.c.id).limit(most)


def rows_of(engine: Engine, statement: Any) -> Sequence[RowMapping]:
    """What a selection finds, in a transaction of its own."""
    with engine.connect() as connection:
        return connection.execute(statement).mappings().all()


def as_term(column: ColumnElement[T]) -> ColumnElement[T]:
    """The column in a selection by ids: as a term, so that no index is taken that begins with it and holds far more."""
    neutral: ColumnElement[T] = literal_column("0" if column.type.python_type is int else "''")
    return column + neutral
