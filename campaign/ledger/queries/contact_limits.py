"""The daily limit of calls to one number, by all runs of a service: a condition of every claim."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, bindparam, func, select

from campaign.domain.skip_reason import OverDayLimit
from campaign.ledger.queries.preventing_calls import same_line
from campaign.ledger.schema.may_have_rung import MAY_HAVE_RUNG, may_have_rung
from campaign.ledger.schema.tables import attempt

NO_LIMIT = 2**31 - 1
"""More calls a day than anybody gets."""

_OTHER = attempt.alias("of_the_day")


def under_day_limit() -> ColumnElement[bool]:
    """The condition; parameters: those of `same_line`, `b_day` (since when calls count) and `b_most`."""
    # All calls to the number, the row's own as well: a retry is one more call to the same person.
    calls = (
        select(func.count())
        .select_from(_OTHER)
        .where(
            same_line(_OTHER),
            _OTHER.c.claimed_at > bindparam("b_day"),
            may_have_rung(_OTHER),
        )
    )
    return calls.scalar_subquery() < bindparam("b_most")


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
