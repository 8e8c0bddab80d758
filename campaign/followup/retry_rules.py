"""Retry rules: whether and when a person is called again, by how their calls have ended.

failed, do_not_call, ended_normally, answered ... never
no_answer, busy, voicemail, ivr, cancelled ...... `after` their end, `times` times each, if the template says so
call_later ...................................... at the time that was asked for, `times` times
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from campaign.config.outcome_sections import LaterRule, RetryRule, RetrySection
from campaign.domain.call_outcome import MAY_BE_CALLED_AGAIN, CallEnd, CallOutcome

FARTHEST = timedelta(days=90)
"""A time farther off was not meant, or was not understood."""


def call_again(
    outcome: CallOutcome,
    *,
    ends: Mapping[CallEnd, int],
    claimed_at: datetime,
    final_since: datetime,
    rules: RetrySection | None,
) -> datetime | None:
    """When the row of a call is to be called again; None when it is not.

    Args:
        outcome: a call that is over.
        ends: how often the row's calls have ended how, this one included.
        claimed_at: when it was claimed, by our clock.
        final_since: when it was first seen to be over, by our clock.
        rules: the template's; None where it has none.
    """
    end = outcome.end
    if rules is None or end is None or end not in MAY_BE_CALLED_AGAIN or not outcome.is_final:
        return None
    ended_at = _ended_at(outcome, claimed_at=claimed_at, final_since=final_since)
    rule: RetryRule | LaterRule | None = getattr(rules, end.value)
    if rule is None or ends.get(end, 0) > rule.times:
        return None
    if isinstance(rule, LaterRule):
        return _asked_for(outcome.later_at, ended_at=ended_at)
    return ended_at + rule.after


def first_free(calls: tuple[datetime, ...], *, most: int | None, at: datetime) -> datetime:
    """The first moment, `at` or later, at which one more call keeps within `most` per 24 hours.

    Args:
        calls: when the person was called in the 24 hours before `at`, oldest first.
        most: None for no limit.
        at: now.
    """
    if most is None or len(calls) < most:
        return at
    # Just after the 24 hours, since a call at exactly 24 hours still counts.
    return max(at, calls[len(calls) - most] + timedelta(hours=24, milliseconds=1))


def _ended_at(outcome: CallOutcome, *, claimed_at: datetime, final_since: datetime) -> datetime:
    """The end by AICaller's clock, where it is plausible by ours; else when it was first seen."""
    said = _instant(outcome.ended_at)
    return said if said is not None and claimed_at <= said <= final_since else final_since


def _asked_for(text: str | None, *, ended_at: datetime) -> datetime | None:
    # A time before the call was over is a misunderstanding, and causes no call.
    moment = _instant(text)
    return moment if moment is not None and ended_at < moment <= ended_at + FARTHEST else None


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
