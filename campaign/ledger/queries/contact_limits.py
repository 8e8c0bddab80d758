"""The daily limit of calls to one number, by all runs of a service: a condition of every claim."""

import operator
from collections.abc import Sequence
from functools import reduce

from sqlalchemy import ColumnElement, Connection, bindparam, func, select

from campaign.domain.skip_reason import OverDayLimit
from campaign.ledger.queries.preventing_calls import on_each_line
from campaign.ledger.schema.may_have_rung import MAY_HAVE_RUNG, may_have_rung
from campaign.ledger.schema.tables import attempt

NO_LIMIT = 2**31 - 1
"""More calls a day than anybody gets."""

_OTHER = attempt.alias("of_the_day")


def under_day_limit() -> ColumnElement[bool]:
    """The condition; parameters: those of `on_each_line`, `b_day` (since when calls count) and `b_most`."""
    # All calls to the number, the row's own as well: a retry is one more call to the same person.
    return reduce(operator.add, map(_calls_of_the_day, on_each_line(_OTHER))) < bindparam("b_most")


def _calls_of_the_day(on_line: ColumnElement[bool]) -> ColumnElement[int]:
    calls = select(func.count()).select_from(_OTHER)
    return calls.where(on_line, _OTHER.c.claimed_at > bindparam("b_day"), may_have_rung(_OTHER)).scalar_subquery()


def called_too_often(
    connection: Connection, *, service: str, lines: Sequence[str], since: str, most: int
) -> OverDayLimit | None:
    """The skip reason if the number is over the daily limit; None otherwise."""
    calls = connection.execute(
        select(func.count()).where(
            attempt.c.service == service,
            attempt.c.line.in_(lines),
            attempt.c.claimed_at > since,
            MAY_HAVE_RUNG,
        )
    ).scalar_one()
    return OverDayLimit(calls) if calls >= most else None
