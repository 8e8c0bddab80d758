"""Queries on the outcomes of a run's calls. Read-only.

`outcomes_of_run` returns all of them; `read.rows.results` carries each row's latest.
"""

import json
from collections.abc import Iterator, Sequence

from sqlalchemy import Engine, func, or_, select

from campaign.domain.call_outcome import CallEnd, CallOutcome
from campaign.ledger.outcomes.poll_queue import calls_of
from campaign.ledger.queries.in_order import IN_ORDER, rows_of
from campaign.ledger.records.outcomes import OutcomeCounts
from campaign.ledger.schema.outcome_tables import call_outcome, outcome_from
from campaign.ledger.schema.tables import attempt, sheet_row

_PAGE = 200


def outcomes_of_run(engine: Engine, run_id: int) -> Iterator[tuple[int, int, CallOutcome]]:
    """The outcome of each polled call of the run: (the sheet's row, its attempt, the outcome), in order."""
    statement = (
        select(call_outcome, sheet_row.c.number, sheet_row.c.id)
        .join(call_outcome, call_outcome.c.row_id == sheet_row.c.id)
        .where(sheet_row.c.run_id == run_id)
        .with_hint(sheet_row, IN_ORDER, "sqlite")
        .order_by(sheet_row.c.id, call_outcome.c.attempt)
    )
    row_id, attempts = 0, 0
    while page := rows_of(
        engine,
        statement.where(
            sheet_row.c.id >= row_id, or_(sheet_row.c.id > row_id, call_outcome.c.attempt > attempts)
        ).limit(_PAGE),
    ):
        for row in page:
            yield row["number"], row["attempt"], outcome_from(row)
        row_id, attempts = page[-1]["id"], page[-1]["attempt"]


def count_outcomes(engine: Engine, run_id: int, *, only: Sequence[str] | None = None) -> OutcomeCounts:
    """Counts the run's calls by outcome, including those of earlier attempts."""
    polled = select(call_outcome.c.ended_as, func.count()).group_by(call_outcome.c.ended_as)
    fresh = select(func.count()).where(attempt.c.call_id.is_not(None), attempt.c.polled.is_(None))
    polled = polled.where(calls_of(run_id, table=call_outcome, only=only))
    fresh = fresh.where(calls_of(run_id, table=attempt, only=only))
    over = polled.where(call_outcome.c.final_since.is_not(None), call_outcome.c.ended_as.is_not(None))
    with engine.connect() as connection:
        ends = {CallEnd(end): count for end, count in connection.execute(over)}
        unpolled = connection.execute(fresh).scalar_one()
        going_on, still = (
            sum(count for _, count in connection.execute(polled.where(condition)))
            for condition in (call_outcome.c.final_since.is_(None), call_outcome.c.look_at.is_not(None))
        )
    return OutcomeCounts(ends, on_the_way=unpolled + going_on, open=unpolled + still)


def was_followed(engine: Engine, run_id: int) -> bool:
    """Whether any call of the run was ever polled."""
    with engine.connect() as connection:
        statement = select(call_outcome.c.call_id).where(call_outcome.c.run_id == run_id).limit(1)
        # Without outcomes of its own, it would go through those of all other runs.
        statement = statement.with_hint(call_outcome, "INDEXED BY outcome_by_end", "sqlite")
        return connection.execute(statement).first() is not None


def value_names(engine: Engine, run_id: int) -> tuple[str, ...]:
    """The names of all values collected in the run's calls, in order of first appearance."""
    statement = select(call_outcome.c.row_id, call_outcome.c.result_values).where(
        call_outcome.c.run_id == run_id, call_outcome.c.result_values.is_not(None)
    )
    first = dict[str, tuple[int, int]]()
    with engine.connect() as connection:
        for row_id, values in connection.execute(statement):
            for at, (name, _) in enumerate(json.loads(values)):
                if name not in first or (row_id, at) < first[name]:
                    first[name] = (row_id, at)
    return tuple(sorted(first, key=first.__getitem__))
