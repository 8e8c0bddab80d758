"""The outcome rules as a table: whether, and when, somebody is called again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from campaign.config.outcome_sections import RetrySection
from campaign.domain.call_outcome import MAY_BE_CALLED_AGAIN, CallEnd, CallOutcome
from campaign.followup.retry_rules import call_again, first_free

PROMISED = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
ENDED = PROMISED + timedelta(minutes=1)
SEEN = PROMISED + timedelta(minutes=10)
RULE = {"after": "2h", "times": 2}
RULES = RetrySection.model_validate(dict.fromkeys(("no_answer", "busy", "voicemail", "ivr", "cancelled"), RULE))
TWO_HOURS = timedelta(hours=2)


def decided(
    status: str, code: str | None = None, *, times: int = 1, rules: RetrySection | None = RULES, **more: Any
) -> Any:
    outcome = CallOutcome("id", status=status, status_code=code, **{"ended_at": "2026-12-01T09:01:00.000Z", **more})
    ends = {outcome.end: times} if outcome.end else {}
    return call_again(outcome, ends=ends, claimed_at=PROMISED, final_since=SEEN, rules=rules)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("noAnswer", None), ("busy", None), ("cancelled", None), ("canceled", None),
        ("completed", "VOICEMAIL_DETECTED"), ("completed", "IVR_DETECTED"),
    ],
)  # fmt: skip
def test_who_was_not_reached_is_called_so_long_after_the_end_and_so_often(status: str, code: str | None) -> None:
    assert decided(status, code, times=1) == decided(status, code, times=2) == ENDED + TWO_HOURS
    assert decided(status, code, times=3) is None
    assert decided(status, code, rules=None) is None
    assert decided(status, code, rules=RetrySection()) is None


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("failed", None), ("failed", "VOICEMAIL_DETECTED"), ("completed", None), ("completed", "ENDED_NORMALLY"),
        ("completed", "DO_NOT_CALL"), ("noAnswer", "DO_NOT_CALL"), ("completed", "do-not-call"), ("completed", "NEW"),
        ("ringing", None), ("queued", "VOICEMAIL_DETECTED"), ("onHold", None), ("busy", "NEW"),
    ],
)  # fmt: skip
def test_everybody_else_never_is(status: str, code: str | None) -> None:
    """A bad number, who was talked to, who asked not to be, and whatever nobody here knows."""
    assert decided(status, code, later_at="2026-12-02T09:00:00.000Z") is None


@pytest.mark.parametrize("ended", [None, "2026-11-30T09:00:00.000Z", "2026-12-01T10:00:00.000Z"])
def test_an_end_that_cannot_be_true_by_our_clock_does_not_count(ended: str | None) -> None:
    """A server whose clock is a day behind must not make a phone ring at once."""
    assert decided("noAnswer", ended_at=ended) == SEEN + TWO_HOURS


@pytest.mark.parametrize(
    ("later", "at"),
    [
        ("2026-12-02T15:30:00.000Z", "2026-12-02T15:30:00+00:00"),
        ("2026-12-01T09:01:00.000Z", None),
        ("2023-12-02T15:30:00.000Z", None),
        ("2027-12-02T15:30:00.000Z", None),
        (None, None),
    ],
)
def test_who_asked_for_another_time_is_called_then_if_it_is_one(later: str | None, at: str | None) -> None:
    found = decided("completed", "CALL_LATER", later_at=later)
    assert (found.isoformat() if found else None) == at


def test_asking_for_another_time_again_and_again_comes_to_an_end() -> None:
    later = "2026-12-02T15:30:00.000Z"
    assert decided("completed", "CALL_LATER", times=2, later_at=later) is not None
    assert decided("completed", "CALL_LATER", times=3, later_at=later) is None
    never = RetrySection.model_validate({"call_later": {"times": 0}})
    assert decided("completed", "CALL_LATER", later_at=later, rules=never) is None


def test_rules_and_endings_have_the_same_names() -> None:
    assert {end.value for end in MAY_BE_CALLED_AGAIN} == set(RetrySection.model_fields)
    assert not MAY_BE_CALLED_AGAIN & {CallEnd.FAILED, CallEnd.DO_NOT_CALL, CallEnd.ENDED_NORMALLY, CallEnd.ANSWERED}


def test_a_rule_comes_back_from_the_ledger_as_it_was_written() -> None:
    assert RetrySection.model_validate_json(RULES.model_dump_json()) == RULES


@pytest.mark.parametrize(
    "wrong",
    [
        {"failed": RULE},
        {"do_not_call": RULE},
        {"busy": {"after": "30s", "times": 1}},
        {"busy": {"after": "2h", "times": 0}},
        {"busy": {"after": "2h", "times": 11}},
        {"busy": {"after": "2h"}},
        {"busy": {"after": 7200, "times": 1}},
    ],
)
def test_a_rule_that_pesters_or_cannot_be_meant_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RetrySection.model_validate(wrong)


def test_the_next_call_of_a_day_is_free_when_one_is_a_day_old() -> None:
    calls = tuple(PROMISED + timedelta(hours=hour) for hour in (0, 3, 6))
    at, day = PROMISED + timedelta(hours=7), timedelta(hours=24, milliseconds=1)
    assert first_free(calls, most=4, at=at) == first_free(calls, most=None, at=at) == at
    assert first_free(calls, most=3, at=at) == calls[0] + day
    assert first_free(calls, most=1, at=at) == calls[2] + day
