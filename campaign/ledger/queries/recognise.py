"""Finds the run that a results file belongs to, by the call ids and instants that the ledger has of its rows."""

import json
from collections.abc import Collection, Sequence

from sqlalchemy import Engine, select

from campaign.domain.model import RowState
from campaign.ledger.records.reruns import RowPosition, Standing
from campaign.ledger.schema.tables import attempt, sheet_row


def rows_of_ids(engine: Engine, ids: Collection[str]) -> dict[str, RowPosition]:
    """The run and row of each of these call ids; at most 1000 per query."""
    statement = (
        select(attempt.c.call_id, attempt.c.run_id, sheet_row.c.number)
        .join(sheet_row, sheet_row.c.id == attempt.c.row_id)
        .where(attempt.c.call_id.in_(ids))
    )
    with engine.connect() as connection:
        return {call_id: (run_id, number) for call_id, run_id, number in connection.execute(statement)}


def sent_in_run(engine: Engine, run_id: int, instants: Collection[str]) -> set[tuple[int, str]]:
    """(row number, instant) of the run's attempts claimed at one of these instants; at most 1000 per query."""
    statement = (
        select(sheet_row.c.number, attempt.c.claimed_at)
        .join(sheet_row, sheet_row.c.id == attempt.c.row_id)
        .where(attempt.c.run_id == run_id, attempt.c.claimed_at.in_(instants))
    )
    with engine.connect() as connection:
        return {(number, at) for number, at in connection.execute(statement)}


def cells_of(engine: Engine, run_id: int, numbers: Sequence[int]) -> dict[int, tuple[str, tuple[str, ...]]]:
    """(status, cells) of these rows of the run, by row number; at most 1000 per query."""
    statement = select(sheet_row.c.number, sheet_row.c.state, sheet_row.c.cells).where(
        sheet_row.c.run_id == run_id, sheet_row.c.number.in_(numbers)
    )
    with engine.connect() as connection:
        return {number: (state, tuple(json.loads(cells))) for number, state, cells in connection.execute(statement)}


def states_of(engine: Engine, run_id: int, numbers: Collection[int]) -> dict[int, Standing]:
    """The standing of these rows of the run, by row number; at most 1000 per query."""
    statement = select(sheet_row.c.number, sheet_row.c.state, sheet_row.c.round).where(
        sheet_row.c.run_id == run_id, sheet_row.c.number.in_(numbers)
    )
    with engine.connect() as connection:
        return {
            number: Standing(RowState(state), round_ > 0) for number, state, round_ in connection.execute(statement)
        }
