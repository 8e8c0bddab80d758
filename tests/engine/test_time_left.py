"""The time left follows the pace that is, and not the plan's."""

from datetime import UTC, datetime

import pytest

from campaign.engine.queue.eta import TimeLeft
from campaign.timing.hours.calling_hours import Ringing
from tests.engine.virtual import plan


@pytest.mark.parametrize(("found", "rate"), [(20.0, 20.0), (5.0, 5.0), (float("inf"), 100.0), (500.0, 100.0)])
def test_the_time_left_follows_the_rate_that_was_found(found: float, rate: float) -> None:
    """At 20/s of 100/s asked for, a thousand rows take not ten seconds but fifty."""
    now = datetime(2026, 11, 30, 15, tzinfo=UTC)
    asked = plan().model_copy(update={"calls_per_second": 100.0, "max_in_flight": 64})
    left = TimeLeft(asked, to_call=1_000, queue=None, ringing=Ringing(None), now=lambda: now)
    left.follow(lambda: found)
    estimate = left()
    assert estimate is not None
    assert estimate.total_seconds() == pytest.approx(1_000 / rate, rel=0.03)
