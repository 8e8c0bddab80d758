"""Poll interval: when a call is polled next: seldom while it goes on, a few times after its end, then never.

claimed --15 s--> poll --30 s--> poll --1 min--> ... --10 min--> poll: over --> +1 min --> +5 min: complete
"""

from datetime import datetime, timedelta

from campaign.domain.call_outcome import CallEnd, CallOutcome

FIRST_LOOK_AFTER = timedelta(seconds=15)
_LONGEST = timedelta(minutes=10)
# What was collected in a call may come some time after its end.
_LATE = (timedelta(minutes=1), timedelta(minutes=5))
_MOST_DOUBLINGS = 10
_OLD = timedelta(hours=1)


def next_poll(
    outcome: CallOutcome, *, looks: int, final_since: datetime | None, now: datetime, recorded: bool
) -> datetime | None:
    """When to poll a call next; None when nothing more will come.

    Args:
        outcome: as it was read now.
        looks: how often it was looked at, this time included.
        final_since: when it was first seen to be over; None while it is not.
        now: the wall clock.
        recorded: whether the run's calls are recorded.
    """
    if final_since is None:
        return now + wait_after(looks)
    if _has_all(outcome, recorded=recorded) or _is_old(outcome, now=now):
        return None
    return next((final_since + late for late in _LATE if final_since + late > now), None)


def wait_after(looks: int) -> timedelta:
    """Wait until the next poll for a call that was polled so often and is not known to be over."""
    return min(_LONGEST, FIRST_LOOK_AFTER * (1 << min(max(looks, 0), _MOST_DOUBLINGS)))


def _is_old(outcome: CallOutcome, *, now: datetime) -> bool:
    # AICaller's clock against ours: an hour is more than they can be apart.
    return outcome.ended_at is not None and now - datetime.fromisoformat(outcome.ended_at) > _OLD


def _has_all(outcome: CallOutcome, *, recorded: bool) -> bool:
    if outcome.status != "completed":
        return True
    heard = outcome.recording_url is not None or not recorded
    if outcome.end in (CallEnd.ENDED_NORMALLY, CallEnd.ANSWERED):
        return heard and bool(outcome.values)
    return heard
