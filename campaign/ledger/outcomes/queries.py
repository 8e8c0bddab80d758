"""Queries on the outcomes of a run's calls. Read-only.

`outcomes_of_run` returns all of them; `read.rows.results` carries each row's latest.
"""

import json
from collections.abc import Iterator, Sequence

from sqlalchemy import Engine, func, or_, select

from campaign.domain.call_outcome import CallEnd, CallOutcome
from campaign.ledger.records.outcomes import OutcomeCounts
from campaign.ledger.schema.outcome_tables import call_outcome, outcome_from
from campaign.ledger.schema.tables import attempt, sheet_row

_PAGE = 200


def outcomes_of_run(engine: Engine, run_id: int) -> Iterator[tuple[int, int, CallOutcome]]:
    """The outcome of each polled call of the run: (the sheet's row, its attempt, the outcome), in order."""
    statement = (
        select(call_outcome, sheet_row.c.number)
        .join(sheet_row, sheet_row.c.id == call_outcome.c.row_id)
        .where(call_outcome.c.run_id == run_id)
        .order_by(call_outcome.c.row_id, call_outcome.c.attempt)
    )
    last = (0, 0)
    while True:
        beyond = (call_outcome.c.row_id > last[0]) | (
            (call_outcome.c.row_id == last[0]) & (call_outcome.c.attempt > last[1])
        )
        with engine.connect() as connection:
            page = connection.execute(statement.where(beyond).limit(_PAGE)).mappings().all()
        for row in page:
            yield row["number"], row["attempt"], outcome_from(row)
        if not page:
            return
        last = (page[-1]["row_id"], page[-1]["attempt"])


def count_outcomes(engine: Engine, run_id: int, *, only: Sequence[str] | None = None) -> OutcomeCounts:
    """Counts the run's calls by outcome, including those of earlier attempts."""
    made = (
        select(call_outcome.c.ended_as, call_outcome.c.final_since, call_outcome.c.look_at, call_outcome.c.looks)
        .select_from(attempt.outerjoin(call_outcome, call_outcome.c.call_id == attempt.c.call_id))
        .where(attempt.c.run_id == run_id, attempt.c.call_id.is_not(None))
    )
    if only is not None:
        made = made.where(attempt.c.call_id.in_(only))
    known = made.subquery()
    over = known.c.final_since.is_not(None)
    with engine.connect() as connection:
        ends = connection.execute(
            select(known.c.ended_as, func.count()).where(over, known.c.ended_as.is_not(None)).group_by(known.c.ended_as)
        ).all()
        on_the_way = connection.execute(select(func.count()).select_from(known).where(~over)).scalar_one()
        waiting = or_(known.c.looks.is_(None), known.c.look_at.is_not(None))
        still = connection.execute(select(func.count()).select_from(known).where(waiting)).scalar_one()
    return OutcomeCounts({CallEnd(end): count for end, count in ends}, on_the_way=int(on_the_way), open=int(still))


def was_followed(engine: Engine, run_id: int) -> bool:
    """Whether any call of the run was ever polled."""
    with engine.connect() as connection:
        statement = select(call_outcome.c.call_id).where(call_outcome.c.run_id == run_id).limit(1)
        return connection.execute(statement).first() is not None


def value_names(engine: Engine, run_id: int) -> tuple[str, ...]:
    """The names of all values collected in the run's calls, in order of first appearance."""
    statement = (
        select(call_outcome.c.result_values)
        .where(call_outcome.c.run_id == run_id, call_outcome.c.result_values.is_not(None))
        .group_by(call_outcome.c.result_values)
        .order_by(func.min(call_outcome.c.row_id))
    )
    names = dict[str, None]()
    with engine.connect() as connection:
        for (values,) in connection.execute(statement):
            names.update(dict.fromkeys(name for name, _ in json.loads(values)))
    return tuple(names)
