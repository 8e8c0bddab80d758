"""The rule "may have rung" stands once in Python and once in SQL: the two say the same of every end of an attempt."""

import pytest
from sqlalchemy import Text, create_engine, literal, select

from campaign.domain.attempt_end import RANG_OR_MAY_HAVE, AttemptEnd, end_of, may_have_rung
from campaign.domain.model import Cause, Created, NotSent, Outcome, Rejected, Unknown
from campaign.ledger.schema import may_have_rung as sql


@pytest.mark.parametrize("end", [None, *AttemptEnd])
def test_the_database_and_the_domain_agree_on_whether_a_phone_may_have_rung(end: AttemptEnd | None) -> None:
    one = select(literal(end and end.value, Text).label("outcome")).subquery()
    with create_engine("sqlite://").connect() as connection:
        found = connection.execute(select(one.c.outcome).where(sql.may_have_rung(one))).all()
    assert bool(found) == may_have_rung(end)


def test_only_a_refusal_and_proof_that_nothing_was_sent_leave_a_phone_silent() -> None:
    assert {end for end in AttemptEnd if not may_have_rung(end)} == {AttemptEnd.REJECTED, AttemptEnd.NOT_SENT}
    assert may_have_rung(None)
    assert set(AttemptEnd) > RANG_OR_MAY_HAVE


@pytest.mark.parametrize(
    ("outcome", "end"),
    [
        (Created(call_id="1", status=201), AttemptEnd.CREATED),
        (Rejected(status=400, reason="no"), AttemptEnd.REJECTED),
        (NotSent(cause=Cause.CONNECT, reason="refused"), AttemptEnd.NOT_SENT),
        (Unknown(reason="lost"), AttemptEnd.UNKNOWN),
    ],
)
def test_every_outcome_has_its_end(outcome: Outcome, end: AttemptEnd) -> None:
    assert end_of(outcome) is end
