"""A call as it is read is hostile input: what cannot be trusted is left out, and nothing raises."""

from typing import Any

import pytest

from campaign.aicaller.outcome_parser import LONGEST_VALUE, MOST_VALUES, names_number, read_outcome, whose_else
from campaign.domain.call_outcome import CallEnd, CallOutcome

WHOLE: dict[str, Any] = {
    "_id": "id-1",
    "status": "completed",
    "statusExtraInfo": {"statusCode": "CALL_LATER", "dateTime": "2026-12-02T16:30:00+01:00"},
    "callDuration": 45,
    "recordingUrl": "https://recordings.example/1.mp3",
    "resultValues": [{"columnName": "Confirmed", "value": "yes"}, {"columnName": "Rating", "value": 5}],
    "callTriggeredAt": "2026-12-01T09:00:02.000Z",
    "callStartedAt": "2026-12-01T09:00:08.000Z",
    "callEndedAt": "2026-12-01T09:00:53.000Z",
    "somethingNew": {"x": [1]},
}


def read(**changed: Any) -> CallOutcome | None:
    return read_outcome({**WHOLE, **changed}, call_id="id-1")


def test_all_that_is_said_is_kept() -> None:
    assert read() == CallOutcome(
        call_id="id-1",
        status="completed",
        status_code="CALL_LATER",
        later_at="2026-12-02T15:30:00.000Z",
        duration=45.0,
        recording_url="https://recordings.example/1.mp3",
        values=(("Confirmed", "yes"), ("Rating", "5")),
        triggered_at="2026-12-01T09:00:02.000Z",
        started_at="2026-12-01T09:00:08.000Z",
        ended_at="2026-12-01T09:00:53.000Z",
    )


@pytest.mark.parametrize("wrong", [{"_id": "id-2"}, {"_id": None}, {"status": None}, {"status": 7}, {"status": " "}])
def test_another_call_or_one_without_a_status_is_none(wrong: dict[str, Any]) -> None:
    """A mixed-up answer must not end somebody else's call."""
    assert read(**wrong) is None


@pytest.mark.parametrize("status", ["onHold", "COMPLETED", "transferred", "completed ok", "x" * 1000])
def test_a_status_that_is_not_known_passes_through_and_is_not_final(status: str) -> None:
    outcome = read(status=status, statusExtraInfo=None)
    assert outcome is not None
    assert outcome.status == status[:64]
    assert (outcome.is_final, outcome.end, outcome.shown) == (False, None, None)


@pytest.mark.parametrize("code", ["DO_NOT_CALL", "do_not_call", "Do not call", "DO-NOT-CALL", "DoNotCall"])
@pytest.mark.parametrize("status", ["completed", "inProgress", "noAnswer", "failed", "onHold"])
def test_a_wish_not_to_be_called_is_heard_however_it_is_written_and_whenever(status: str, code: str) -> None:
    outcome = read(status=status, statusExtraInfo={"statusCode": code})
    assert outcome is not None
    assert outcome.end is CallEnd.DO_NOT_CALL


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("statusExtraInfo", "DO"), ("statusExtraInfo", []), ("statusExtraInfo", {"statusCode": {"a": 1}}),
        ("statusExtraInfo", {"dateTime": 5}), ("statusExtraInfo", {"dateTime": "tomorrow"}),
        ("statusExtraInfo", {"dateTime": "2026-12-02T16:30:00"}), ("statusExtraInfo", {"dateTime": "2" * 10_000}),
        ("callDuration", "45"), ("callDuration", -1), ("callDuration", float("nan")), ("callDuration", 10**400),
        ("callDuration", True), ("recordingUrl", "javascript:alert(1)"), ("recordingUrl", "https://x/\x1b]0;"),
        ("recordingUrl", "https://x/" + "a" * 5_000), ("recordingUrl", ["https://x"]), ("resultValues", "yes"),
        ("resultValues", [None, 5, {"columnName": 7}, {"columnName": " "}]),
        ("callEndedAt", "0001-01-01T00:00:00+23:59"),
    ],
)  # fmt: skip
def test_what_cannot_be_trusted_is_left_out_and_the_rest_kept(field: str, value: Any) -> None:
    outcome = read(**{field: value})
    assert outcome is not None
    left_out = {
        "statusExtraInfo": outcome.later_at,
        "callDuration": outcome.duration,
        "recordingUrl": outcome.recording_url,
        "resultValues": outcome.values or None,
        "callEndedAt": outcome.ended_at,
    }
    assert left_out.pop(field) is None
    assert None not in left_out.values()


def test_what_was_collected_is_capped_and_its_names_are_one_line() -> None:
    many = [{"columnName": f"n\n{index}\x1b", "value": "x" * 100_000} for index in range(500)]
    outcome = read(resultValues=many)
    assert outcome is not None
    assert len(outcome.values) == MOST_VALUES
    assert outcome.values[3] == ("n 3", "x" * LONGEST_VALUE)


def field_of_another(phone: str = "+12015550100", **said: Any) -> str | None:
    return whose_else(said, call_id="call-1", phone=phone, template="template-1")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"toPhoneNumber": "+12015550101"}, "toPhoneNumber"),
        ({"toPhoneNumber": 12015550100}, "toPhoneNumber"),
        ({"toPhoneNumber": ""}, "toPhoneNumber"),
        ({"_id": "call-2"}, "_id"),
        ({"callTemplateId": "template-2"}, "callTemplateId"),
        ({}, None),
        ({"toPhoneNumber": None, "callTemplateId": None}, None),
        ({"_id": "call-1", "toPhoneNumber": "+12015550100", "callTemplateId": "template-1"}, None),
        ({"toPhoneNumber": "+1 (201) 555-0100"}, None),
    ],
    ids=str,
)
def test_an_answer_that_names_another_is_anothers(said: dict[str, Any], field: str | None) -> None:
    """Whoever opted out in it is not the person of this row."""
    assert field_of_another(**said) == field


@pytest.mark.parametrize(
    ("ours", "theirs"), [("+5491123456789", "+541123456789"), ("+525512345678", "+52 1 55 1234 5678")]
)
def test_a_second_spelling_of_the_line_is_not_anothers(ours: str, theirs: str) -> None:
    """Who asks there not to be called is the person of this row, and must be heard."""
    assert field_of_another(ours, toPhoneNumber=theirs) is None
    assert names_number({"toPhoneNumber": theirs}, phone=ours)


def test_an_erased_number_is_not_compared() -> None:
    """Its hash says nothing about digits: an outcome that is still to come must not be lost for it."""
    assert field_of_another("#5f2c", toPhoneNumber="+12015550100") is None
