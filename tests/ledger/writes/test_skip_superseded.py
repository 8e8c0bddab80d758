"""An older run leaves alone whom a newer run of its template has called, and writes down that it does."""

from datetime import timedelta

import pytest

from campaign.domain.model import Created, Outcome
from tests.ledger.backend import (
    NOT_SENT,
    REJECTED,
    UNKNOWN,
    Backend,
    assert_history_explains_the_present,
    hold,
    load,
    people,
    states,
    waiting,
)

pytestmark = pytest.mark.anyio

ADA, BOB = "+12025550100", "+12025550101"


@pytest.mark.parametrize(
    ("ending", "left"), [(Created("id-1"), 1), (UNKNOWN, 1), (None, 1), (REJECTED, 0), (NOT_SENT, 0)]
)
async def test_whoever_may_have_been_rung_since_is_left_alone(
    backend: Backend, ending: Outcome | None, left: int
) -> None:
    """A call that was refused rang nobody: that row still waits to be called."""
    with backend.open() as ledger:
        older = load(ledger, people(ADA, BOB), name="older")
        backend.clock.at += timedelta(days=2)
        newer = load(ledger, people(ADA), name="newer")
        with hold(ledger, newer) as held:
            (attempt,) = waiting(ledger, newer)
            assert await held.claim(attempt) is None
            if ending is not None:
                await held.settle(attempt, ending)
        backend.clock.at += timedelta(days=2)
        with hold(ledger, older):
            assert ledger.skip_superseded(older) == left
            assert ledger.skip_superseded(older) == 0
    assert states(backend, run="older") == ["skipped" if left else "pending", "pending"]
    assert_history_explains_the_present(backend)


async def test_a_call_before_the_run_began_is_none_of_its_business(backend: Backend) -> None:
    """`call_again_after` has let that number pass when the sheet was loaded."""
    with backend.open() as ledger:
        earlier = load(ledger, people(ADA), name="earlier")
        with hold(ledger, earlier) as held:
            (attempt,) = waiting(ledger, earlier)
            await held.claim(attempt)
            await held.settle(attempt, Created("id-1"))
        backend.clock.at += timedelta(days=2)
        later = load(ledger, people(ADA), name="later")
        assert ledger.skip_superseded(later) == 0
    assert states(backend, run="later") == ["pending"]
