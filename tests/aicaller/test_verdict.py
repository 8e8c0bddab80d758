"""What each answer proves, as a table without sockets."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from campaign.aicaller.verdict import Answer, Lost, Unreached, judge
from campaign.domain.model import Cause, Created, NotSent, Outcome, Rejected, RowState, Unknown

PHONE = "+12025550143"
NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
ACCOUNT = {401, 402, 403}
REJECTED = {400, 404, 405, 410, 411, 413, 414, 415, 422, 431, 451}
BODIES = [b"", b"{}", b"<html>", b'{"data": {}}', b'{"error": {"message": ["no"]}}', b"\xff\xfe"]
BIG = "9" * 5_000


def judged(status: int, body: bytes = b"", *, too_long: bool = False, **headers: str) -> Outcome:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return judge(Answer(status, named, body, too_long), phone=PHONE, now=NOW, secrets=())


def success(**data: Any) -> bytes:
    return json.dumps({"data": {"_id": "call-1", "toPhoneNumber": PHONE, **data}}).encode()


def state_of(status: int) -> type[Outcome]:
    """The table: every status that is not named leaves the call unknown."""
    if status in REJECTED:
        return Rejected
    return NotSent if status == 429 or status in ACCOUNT else Unknown


@pytest.mark.parametrize("body", BODIES, ids=repr)
def test_every_status_without_a_sound_id_has_exactly_its_state(body: bytes) -> None:
    """All nine hundred: a status that slips into the wrong state is resent, or lost, on every row that meets it."""
    for status in range(100, 1000):
        outcome = judged(status, body)
        assert type(outcome) is state_of(status), status
        assert outcome.status == status


def test_every_status_with_a_sound_id_has_exactly_its_state() -> None:
    """Only a success creates, even if a refusal carries an id."""
    for status in range(100, 1000):
        expected = Created if 200 <= status <= 299 else state_of(status)
        assert type(judged(status, success())) is expected, status


def own(status: int, *, said: int | None = None, **changes: Any) -> bytes:
    """An error in AICaller's documented envelope."""
    error = {"statusCode": said or status, "message": ["no"], "error": "Reason", **changes}
    return json.dumps({"error": error, "payload": {}}).encode()


@pytest.mark.parametrize("body", BODIES, ids=repr)
def test_no_status_becomes_safe_by_a_retry_after_alone(body: bytes) -> None:
    """The stock page of a cache carries the header too, and comes after the request went on."""
    for status in range(300, 1000):
        outcome = judged(status, body, retry_after="7")
        assert type(outcome) is state_of(status), status
    assert getattr(judged(429, body, retry_after="7"), "retry_after", None) == 7.0


def test_only_a_503_becomes_safe_by_a_retry_after_in_its_own_words() -> None:
    """A proxy adds the header to a 502 as well, and it had passed the request on."""
    for status in range(300, 1000):
        outcome = judged(status, own(status), retry_after="7")
        assert type(outcome) is (NotSent if status == 503 else state_of(status)), status
    waits = judged(503, own(503), retry_after="7")
    assert (getattr(waits, "cause", None), getattr(waits, "retry_after", None)) == (Cause.UNAVAILABLE, 7.0)


NOT_ITS_OWN: dict[str, bytes] = {
    "empty": b"",
    "varnish": b"<!DOCTYPE html><html><head><title>503 Backend fetch failed</title></head></html>",
    "kong": b'{"message": "no Route matched with those values", "request_id": "1"}',
    "nest without the envelope": b'{"statusCode": 503, "message": ["no"], "error": "Reason"}',
    "google": b'{"error": {"code": 503, "message": "no", "status": "UNAVAILABLE"}, "payload": {}}',
    "without payload": b'{"error": {"statusCode": 503, "message": ["no"], "error": "Reason"}}',
    "of another status": own(503, said=500),
    "status as text": own(503, statusCode="503"),
    "no message": own(503, message=None),
    "message of no text": own(503, message=[5]),
    "no words": own(503, error=None),
    "in a list": b"[" + own(503) + b"]",
    "with a tail": own(503) + b"<!-- cached -->",
    "cut": own(503)[:-1],
}  # fmt: skip


@pytest.mark.parametrize("body", NOT_ITS_OWN.values(), ids=NOT_ITS_OWN)
def test_a_503_in_any_other_words_proves_nothing(body: bytes) -> None:
    """Every near miss of the envelope is a box's page for all that can be told."""
    assert type(judged(503, body, retry_after="7")) is Unknown


def test_a_503_that_is_compressed_or_too_long_proves_nothing() -> None:
    """What was not read whole was not said."""
    assert type(judged(503, own(503), retry_after="7", content_encoding="gzip")) is Unknown
    assert type(judged(503, own(503), too_long=True, retry_after="7")) is Unknown


@pytest.mark.parametrize("status", sorted(ACCOUNT))
def test_a_refused_account_leaves_the_row_waiting(status: int) -> None:
    """A key that ran out at noon must not turn the afternoon's rows into rejected ones."""
    outcome = judged(status, own(status))
    assert outcome == NotSent(Cause.ACCOUNT, f"{status}: no", status=status)
    assert isinstance(outcome, NotSent)
    assert outcome.wait_as is RowState.PENDING


@pytest.mark.parametrize("status", [*sorted(ACCOUNT), *sorted(REJECTED)])
def test_a_refusal_that_a_box_may_have_said_does_not_count_as_proved(status: int) -> None:
    """It is believed, since boxes refuse before they pass on; and looked up before its row is sent again."""
    for body in (b"", b"<h1>no</h1>", b'{"message": "no"}'):
        outcome = judged(status, body)
        assert isinstance(outcome, NotSent | Rejected)
        assert not outcome.proved
        assert "not in AICaller's own words" in outcome.reason


@pytest.mark.parametrize("message", ["toPhoneNumber: no", f"no calls to {PHONE}", "no calls to 1 202 555 0143"])
def test_a_403_that_names_the_number_is_the_rows_own(message: str) -> None:
    """One forbidden number must not stop a run."""
    assert judged(403, own(403, message=[message])) == Rejected(403, f"403: {message}")
    assert type(judged(403, json.dumps({"message": message}).encode())) is NotSent


@pytest.mark.parametrize("message", ["Call template not found", "No team has this id", "callTemplateId: no", "team_id"])
def test_a_404_that_names_the_template_or_the_team_is_the_accounts(message: str) -> None:
    """Every row would meet it."""
    outcome = judged(404, own(404, message=message))
    assert (type(outcome), getattr(outcome, "cause", None)) == (NotSent, Cause.ACCOUNT)
    assert type(judged(404, own(404, message="Not Found"))) is Rejected


@pytest.mark.parametrize("value", ["", "soon", "-5", "1e9", "1, 2", "9999999999"])
def test_a_503_whose_retry_after_is_not_valid_proves_nothing(value: str) -> None:
    """A router says 503 while the program behind it goes on."""
    assert type(judged(503, own(503), retry_after=value)) is Unknown
    assert judged(429, retry_after=value) == judged(429)


SOUND = {
    "as documented": success(),
    "with more": success(more={"a": [1, None]}, status="queued"),
    "without an echo": success(toPhoneNumber=None),
    "id of 20": success(_id="q4cQw1nZ0yA8s2tBv5Ke"),
    "id of 24": success(_id="64f1c0ffee64f1c0ffee64f1"),
    "id of 128": success(_id="a" * 128),
    "an id twice": b'{"data": {"_id": "call-0", "_id": "call-1"}}',
    "NaN beside it": b'{"cost": NaN, "data": {"_id": "call-1"}}',
    "spaced out": b' \n{"data" : {"_id":"call-1"} } \n',
}


@pytest.mark.parametrize("body", SOUND.values(), ids=SOUND)
def test_a_success_with_a_sound_id_is_created(body: bytes) -> None:
    """An accepted call that is not recorded is a call that somebody makes again."""
    assert isinstance(judged(200, body), Created)


UNSOUND: dict[str, bytes] = {
    "empty": b"",
    "html": b"<html>ok</html>",
    "null": b"null",
    "text": b'"call-1"',
    "list": b'[{"data": {"_id": "call-1"}}]',
    "no data": b"{}",
    "data null": b'{"data": null}',
    "data text": b'{"data": "call-1"}',
    "data list": b'{"data": [{"_id": "call-1"}]}',
    "no id": b'{"data": {"toPhoneNumber": "+12025550143"}}',
    "id only outside": b'{"_id": "call-1", "data": {}}',
    "plain id": b'{"data": {"id": "call-1"}}',
    "id int": success(_id=17),
    "id null": success(_id=None),
    "id true": success(_id=True),
    "id object": success(_id={"$oid": "call-1"}),
    "id list": success(_id=["call-1"]),
    "id empty": success(_id=""),
    "id space": success(_id=" "),
    "id with a newline": success(_id="call-1\n"),
    "id with a null": success(_id="call\0"),
    "id with an escape": success(_id="\x1b[31mcall"),
    "id that is a formula": success(_id="=cmd|'/c calc'!A1"),
    "id that starts with @": success(_id="@SUM(A1)"),
    "id that starts with -": success(_id="-1+2"),
    "id that is a path": success(_id="../x"),
    "id with a slash": success(_id="a/b"),
    "id not ascii": success(_id="cäll"),
    "id of full width": success(_id="\uff43all"),
    "id of 129": success(_id="a" * 129),
    "id of 5 MB": success(_id="a" * 5_000_000),
    "id of a lone surrogate": b'{"data": {"_id": "\\ud800"}}',
    "id of 5,000 digits": b'{"data": {"_id": ' + BIG.encode() + b"}}",
    "5,000 digits beside it": success().replace(b'"data"', b'"cost": ' + BIG.encode() + b', "data"'),
    "id NaN": b'{"data": {"_id": NaN}}',
    "echo of another": success(toPhoneNumber="+12025550199"),
    "echo written otherwise": success(toPhoneNumber="+1 202 555 0143"),
    "echo empty": success(toPhoneNumber=""),
    "echo of no text": success(toPhoneNumber=12025550143),
    "deep": b"[" * 200_000,
    "deep objects": b'{"data":' * 200_000,
    "deep beside it": b'{"data": {"_id": "call-1"}, "x": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "BOM": b"\xef\xbb\xbf" + success(),
    "UTF-16": success().decode().encode("utf-16"),
    "latin-1 id": '{"data": {"_id": "cäll"}}'.encode("latin-1"),
    "cut": success()[:-1],
    "two": success() + success(),
    "with a tail": success() + b"<!-- served by proxy -->",
    "with a comment": b"// ok\n" + success(),
    "single quotes": b"{'data': {'_id': 'call-1'}}",
    "form": b"_id=call-1",
}  # fmt: skip


@pytest.mark.parametrize("body", UNSOUND.values(), ids=UNSOUND)
@pytest.mark.parametrize("status", [200, 201, 299])
def test_a_success_without_a_sound_id_is_unknown_with_its_status(status: int, body: bytes) -> None:
    """The phone may ring: neither to be resent, nor to be taken for done without an id to look it up by."""
    outcome = judged(status, body)
    assert isinstance(outcome, Unknown)
    assert outcome.status == status
    assert len(repr(outcome)) < 2_000


@pytest.mark.parametrize("coding", ["gzip", "br", "gzip, gzip", "rot13", "identity, gzip"])
def test_a_compressed_success_is_unknown(coding: str) -> None:
    """None was asked for, and unpacking is where 280 bytes become 300 MB."""
    assert isinstance(judged(200, success(), content_encoding=coding), Unknown)


@pytest.mark.parametrize("coding", ["identity", "Identity", ""])
def test_an_answer_that_says_that_it_is_not_compressed_is_read(coding: str) -> None:
    """Some servers say so."""
    assert isinstance(judged(200, success(), content_encoding=coding), Created)


def test_a_success_that_is_too_long_is_unknown() -> None:
    """What was read of it may look whole, and is not."""
    assert isinstance(judged(200, success(), too_long=True), Unknown)


MESSAGES = {
    b'{"error": {"statusCode": 400, "message": ["a", "b"], "error": "Bad Request"}, "payload": {}}': "400: a; b",
    b'{"error": {"statusCode": 400, "message": "a"}}': "400: a",
    b'{"statusCode": 400, "message": ["a", 5, null, "b"], "error": "Bad Request"}': "400: a; b",
    b'{"message": "a"}': "400: a",
    b'{"error": "a"}': "400: a",
    b'{"message": null, "error": "a"}': "400: a",
    b'"a"': "400: a",
    b'["a", "b"]': "400: a; b",
    b'{"message": "a\\n\\u001b[31m"}': "400: a\\n\\x1b[31m",
}
NO_MESSAGES = [
    b"", b"<h1>no</h1>", b"{}", b"[]", b"null", b"5", b'{"message": 5}', b'{"error": {"message": {"a": 1}}}',
    b'{"message": "\\ud800"}', b"[" * 200_000, b"\xff", b'{"message": ' + BIG.encode() + b"}",
]  # fmt: skip


@pytest.mark.parametrize(("body", "said"), MESSAGES.items(), ids=repr)
def test_a_refusal_says_what_the_server_said(body: bytes, said: str) -> None:
    """The user corrects the row by it; the documented envelope is not the only one in use."""
    outcome = judged(400, body)
    assert isinstance(outcome, Rejected)
    assert outcome.reason.partition(" (not in AICaller's own words")[0] == said


@pytest.mark.parametrize("body", NO_MESSAGES, ids=lambda body: repr(body[:40]))
def test_a_refusal_without_words_is_a_refusal(body: bytes) -> None:
    """A body that cannot be read must not make a settled row unsettled."""
    outcome = judged(400, body)
    assert isinstance(outcome, Rejected)
    assert outcome.reason.startswith("400: refused without a reason (")


def test_a_long_refusal_is_cut() -> None:
    """10 MB of error message would stand in the ledger, the log and the results."""
    outcome = judged(400, json.dumps({"message": ["x" * 1_000] * 1_000}).encode())
    assert isinstance(outcome, Rejected)
    assert len(outcome.reason) < 500


@pytest.mark.parametrize("cause", [Cause.CONNECT, Cause.NAME, Cause.TLS, Cause.LOCAL])
def test_an_unreached_server_got_nothing(cause: Cause) -> None:
    """The one ending, besides the server's own word, after which a row may be sent again."""
    outcome = judge(Unreached(cause, "why"), phone=PHONE, now=NOW, secrets=())
    assert outcome == NotSent(cause, "why")


@pytest.mark.parametrize("status", [None, 100, 200, 400, 429, 503])
def test_a_lost_answer_is_unknown_whatever_its_status(status: int | None) -> None:
    """A refusal that breaks off may be a proxy's, and its Retry-After was never seen whole."""
    outcome = judge(Lost("ReadError", "why", status), phone=PHONE, now=NOW, secrets=())
    assert isinstance(outcome, Unknown)
    assert outcome.status == status
    assert outcome.evidence == {"ended": "ReadError", "detail": "why"}
