"""Due rows: created rows whose latest call allows another, and when the retry rules schedule it."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from operator import itemgetter

from sqlalchemy import ColumnElement, Engine, RowMapping, and_, select

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
        .join(call_outcome, call_outcome.c.row_id == sheet_row.c.id)
        .where(call_outcome.c.run_id == run_id, _latest_of_created())
    )
    # From the outcomes, which have an index for each of these: most rows of a run want no other call.
    if ends is None:
        statement = statement.where(call_outcome.c.again_at <= to_text(at))
        statement = statement.with_hint(call_outcome, "INDEXED BY outcome_by_again", "sqlite")
    else:
        wanted = [end.value for end in ends if end in MAY_BE_CALLED_AGAIN]
        statement = statement.where(call_outcome.c.final_since.is_not(None), call_outcome.c.ended_as.in_(wanted))
        statement = statement.with_hint(call_outcome, "INDEXED BY outcome_by_end", "sqlite")
    with engine.connect() as connection:
        rows = sorted(connection.execute(statement).mappings(), key=itemgetter("id"))
    recently = _recent_calls(engine, run_id, [row["phone"] for row in rows], since=to_text(at - _DAY))
    return [_due_row(row, recently.get(line_of(row["phone"]), ())) for row in rows]


def next_again_at(engine: Engine, run_id: int, *, after: datetime) -> datetime | None:
    """The next instant after the given one at which the rules make a row of the run due for another call."""
    statement = (
        select(call_outcome.c.again_at)
        .join(sheet_row, sheet_row.c.id == call_outcome.c.row_id)
        .where(call_outcome.c.run_id == run_id, call_outcome.c.again_at > to_text(after), _latest_of_created())
        .with_hint(call_outcome, "INDEXED BY outcome_by_again", "sqlite")
        .order_by(call_outcome.c.again_at)
        .limit(1)
    )
    with engine.connect() as connection:
        at = connection.execute(statement).scalar()
    return from_text(at) if at else None


def _latest_of_created() -> ColumnElement[bool]:
    """Condition: the outcome is that of the latest call of a row that is created."""
    return and_(sheet_row.c.call_id == call_outcome.c.call_id, sheet_row.c.state == RowState.CREATED.value)


def _recent_calls(
    engine: Engine, run_id: int, phones: Sequence[str], *, since: str
) -> Mapping[str, tuple[datetime, ...]]:
    """The line of each of these numbers -> when it was called."""
    found, lines = dict[str, tuple[datetime, ...]](), [line_of(phone) for phone in phones]
    service = select(run.c.service).where(run.c.id == run_id).scalar_subquery()
    with engine.connect() as connection:
        for first in range(0, len(lines), _ASKED_AT_ONCE):
            statement = select(attempt.c.claimed_at, attempt.c.line).where(
                attempt.c.service == service,
                attempt.c.line.in_(lines[first : first + _ASKED_AT_ONCE]),
                attempt.c.claimed_at > since,
                MAY_HAVE_RUNG,
            )
            for at, line in sorted(tuple(call) for call in connection.execute(statement)):
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
