"""The rule `domain.attempt_end.may_have_rung`, as an SQL condition on an attempt."""

from sqlalchemy import ColumnElement, FromClause, or_

from campaign.domain.attempt_end import RANG_OR_MAY_HAVE
from campaign.ledger.schema.tables import attempt


def may_have_rung(of: FromClause = attempt) -> ColumnElement[bool]:
    """Condition: a phone may have rung for an attempt of this table, or of this alias of it.

    An attempt without an ending may still ring; one that was refused or never sent has not. Spelt out: IN does not work
    in an `executemany`.
    """
    return or_(of.c.outcome.is_(None), *(of.c.outcome == end.value for end in sorted(RANG_OR_MAY_HAVE)))


MAY_HAVE_RUNG = may_have_rung()
