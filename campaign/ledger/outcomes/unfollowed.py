"""Calls that were made and have not been looked up since: whether their people asked not to be called is not known."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Engine, and_, exists, or_, select

from campaign.domain.phone_line import line_of
from campaign.ledger.schema.outcome_tables import call_outcome
from campaign.ledger.schema.tables import attempt, run

_UNREAD = ""


def unfollowed_runs(engine: Engine, *, service: str, before: str) -> Mapping[int, str]:
    """The runs of this service with calls that are open, and were last read, or made, before that instant."""
    never = exists(select(1)).where(
        attempt.c.run_id == run.c.id,
        attempt.c.call_id.is_not(None),
        attempt.c.polled.is_(None),
        attempt.c.claimed_at < before,
    )
    long_ago = exists(select(1)).where(
        call_outcome.c.run_id == run.c.id, call_outcome.c.look_at.is_not(None), or_(_read_before(before), _never_read())
    )
    with engine.connect() as connection:
        found = connection.execute(
            select(run.c.id, run.c.name).where(run.c.service == service, run.c.state == "ready", or_(never, long_ago))
        )
        return {row.id: row.name for row in found}


def unfollowed_calls(
    engine: Engine, phones: Sequence[str], *, service: str, before: str, of_runs: Mapping[int, str]
) -> Mapping[str, str]:
    """Those of these numbers (at most 1000) that such a call of one of these runs was made to: number -> its run.

    Calls to the other spelling of a number's line are calls to the number.
    """
    asked = defaultdict[str, list[str]](list)
    for phone in phones:
        asked[line_of(phone)].append(phone)
    statement = (
        select(attempt.c.line, attempt.c.run_id)
        .select_from(attempt.outerjoin(call_outcome, call_outcome.c.call_id == attempt.c.call_id))
        .where(
            attempt.c.service == service,
            attempt.c.line.in_(asked.keys()),
            attempt.c.call_id.is_not(None),
            or_(
                and_(or_(call_outcome.c.call_id.is_(None), _never_read()), attempt.c.claimed_at < before),
                _read_before(before),
            ),
        )
    )
    with engine.connect() as connection:
        found = [(row.line, of_runs[row.run_id]) for row in connection.execute(statement) if row.run_id in of_runs]
    return {phone: name for line, name in found for phone in asked[line]}


def _read_before(before: str) -> ColumnElement[bool]:
    return and_(
        call_outcome.c.final_since.is_(None), call_outcome.c.status != _UNREAD, call_outcome.c.looked_at < before
    )


def _never_read() -> ColumnElement[bool]:
    """It was asked for, and could not be read: nothing is known of it."""
    return and_(call_outcome.c.final_since.is_(None), call_outcome.c.status == _UNREAD)
