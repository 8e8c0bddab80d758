"""Due rows: created rows whose latest call allows another, and when the retry rules schedule it."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine, RowMapping, func, select

from campaign.domain.call_outcome import MAY_BE_CALLED_AGAIN, CallEnd
from campaign.domain.instants import from_text, to_text
from campaign.domain.model import RowState
from campaign.domain.phone_line import line_of
from campaign.ledger.queries.runs import contact_of
from campaign.ledger.records.outcomes import DueRow
from campaign.ledger.records.runs import WaitingRow
from campaign.ledger.schema.may_have_rung import MAY_HAVE_RUNG
from campaign.ledger.schema.outcome_tables import call_outcome
from campaign.ledger.schema.tables import attempt, run, sheet_row

_ASKED_AT_ONCE = 200
_DAY = timedelta(hours=24)


def rows_to_call_again(
    engine: Engine, run_id: int, *, at: datetime, ends: Sequence[CallEnd] | None = None
) -> list[DueRow]:
    """The run's created rows whose latest call allows another, in the sheet's order.

    Args:
        engine: for reading.
        run_id: the run's number.
        at: now: the end of the 24-hour window that is counted.
        ends: only calls that ended in one of these ways, whatever the rules say; None for those due by the rules.
    """
    statement = (
        select(sheet_row, call_outcome.c.ended_as, call_outcome.c.again_at)
        .join(call_outcome, call_outcome.c.call_id == sheet_row.c.call_id)
        .where(sheet_row.c.run_id == run_id, sheet_row.c.state == RowState.CREATED.value)
        .order_by(sheet_row.c.id)
    )
    if ends is None:
        statement = statement.where(call_outcome.c.again_at <= to_text(at))
    else:
        wanted = [end.value for end in ends if end in MAY_BE_CALLED_AGAIN]
        statement = statement.where(call_outcome.c.final_since.is_not(None), call_outcome.c.ended_as.in_(wanted))
    with engine.connect() as connection:
        rows = connection.execute(statement).mappings().all()
    recently = _recent_calls(engine, run_id, [row["phone"] for row in rows], since=to_text(at - _DAY))
    return [_due_row(row, recently.get(line_of(row["phone"]), ())) for row in rows]


def next_again_at(engine: Engine, run_id: int, *, after: datetime) -> datetime | None:
    """The next instant after the given one at which the rules make a row of the run due for another call."""
    statement = (
        select(func.min(call_outcome.c.again_at))
        .join(sheet_row, sheet_row.c.call_id == call_outcome.c.call_id)
        .where(
            call_outcome.c.run_id == run_id,
            call_outcome.c.again_at > to_text(after),
            sheet_row.c.state == RowState.CREATED.value,
        )
    )
    with engine.connect() as connection:
        at = connection.execute(statement).scalar()
    return from_text(at) if at else None


def _recent_calls(
    engine: Engine, run_id: int, phones: Sequence[str], *, since: str
) -> Mapping[str, tuple[datetime, ...]]:
    """The line of each of these numbers -> when it was called."""
    found, lines = dict[str, tuple[datetime, ...]](), [line_of(phone) for phone in phones]
    service = select(run.c.service).where(run.c.id == run_id).scalar_subquery()
    with engine.connect() as connection:
        for first in range(0, len(lines), _ASKED_AT_ONCE):
            statement = (
                select(attempt.c.line, attempt.c.claimed_at)
                .where(
                    attempt.c.service == service,
                    attempt.c.line.in_(lines[first : first + _ASKED_AT_ONCE]),
                    attempt.c.claimed_at > since,
                    MAY_HAVE_RUNG,
                )
                .order_by(attempt.c.claimed_at)
            )
            for line, at in connection.execute(statement):
                found[line] = (*found.get(line, ()), from_text(at))
    return found


def _due_row(row: RowMapping, recently: tuple[datetime, ...]) -> DueRow:
    return DueRow(
        row=WaitingRow(
            id=row["id"],
            number=row["number"],
            attempts=row["attempts"],
            state=RowState(row["state"]),
            contact=contact_of(row),
            cells=tuple(json.loads(row["cells"])),
        ),
        end=CallEnd(row["ended_as"]),
        again_at=from_text(row["again_at"]) if row["again_at"] else None,
        recent_calls=recently,
    )
