"""When a call is looked at again."""

from datetime import UTC, datetime, timedelta

import pytest

from campaign.domain.call_outcome import CallOutcome
from campaign.followup.poll_interval import next_poll, wait_after

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def after(outcome: CallOutcome, *, since: timedelta | None, recorded: bool = False) -> timedelta | None:
    """How long after now it is looked at again, when it has been over for so long."""
    final_since = None if since is None else NOW - since
    found = next_poll(outcome, looks=1, final_since=final_since, now=NOW, recorded=recorded)
    return None if found is None else found - NOW


def test_a_call_that_goes_on_is_looked_at_ever_more_seldom() -> None:
    assert [wait_after(looks).total_seconds() for looks in range(8)] == [15, 30, 60, 120, 240, 480, 600, 600]
    assert wait_after(10**9) == timedelta(minutes=10)
    assert after(CallOutcome("id", status="onHold"), since=None) == timedelta(seconds=30)


@pytest.mark.parametrize("status", ["busy", "noAnswer", "failed", "cancelled", "canceled"])
def test_a_call_that_nobody_took_is_looked_at_no_more(status: str) -> None:
    assert after(CallOutcome("id", status=status), since=timedelta(0), recorded=True) is None


def test_what_was_collected_may_come_later_and_is_waited_for_five_minutes() -> None:
    """A reader that takes `completed` for the end of the story misses it."""
    bare = CallOutcome("id", status="completed", status_code="ENDED_NORMALLY")
    assert after(bare, since=timedelta(0)) == MINUTE
    assert after(bare, since=MINUTE) == 4 * MINUTE
    assert after(bare, since=5 * MINUTE) is None
    told = CallOutcome("id", status="completed", status_code="ENDED_NORMALLY", values=(("Confirmed", "yes"),))
    assert after(told, since=timedelta(0)) is None
    assert after(told, since=timedelta(0), recorded=True) == MINUTE
    assert after(CallOutcome("id", status="completed"), since=timedelta(0)) == MINUTE
    assert after(CallOutcome("id", status="completed", status_code="DO_NOT_CALL"), since=timedelta(0)) is None


def test_of_a_call_of_yesterday_all_has_come() -> None:
    old = CallOutcome("id", status="completed", ended_at="2026-11-30T09:00:00.000Z")
    assert after(old, since=timedelta(0), recorded=True) is None
