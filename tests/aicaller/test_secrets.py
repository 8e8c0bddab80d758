"""The key, and a webhook's secret, go to AICaller and nowhere else."""

import json
import logging
import ssl
from collections.abc import Iterator
from typing import Any

import pytest

from campaign.aicaller.verdict import shown
from campaign.domain.model import Cause, NotSent, Outcome
from tests.aicaller.calling import KEY, client_for, request_for
from tests.aicaller.endings import MOVED, PHONE, answer, created, reply, saying, told, unknown
from tests.aicaller.hostile import Hostile, Script

pytestmark = pytest.mark.anyio

WEBHOOK_SECRET = 'whsec "5c0f\\é'
HOOKS = [{"url": "https://hooks.example", "subscribedEvent": "phoneCall.completed", "secret": WEBHOOK_SECRET}]
PLANTED = (KEY, WEBHOOK_SECRET, "whsec", "5c0f")
SAID = f"{KEY} {WEBHOOK_SECRET} {json.dumps(WEBHOOK_SECRET)} {json.dumps(WEBHOOK_SECRET, ensure_ascii=False)}"

TELLING: dict[str, bytes] = {
    "a refusal": answer(400, json.dumps({"error": {"message": [f"bad key {KEY}", WEBHOOK_SECRET]}}).encode()),
    "a refusal at the cut": answer(400, json.dumps({"message": "x" * 290 + SAID}).encode()),
    "a fault": answer(500, SAID.encode()),
    "a page": answer(200, f"<html>{SAID}</html>".encode()),
    "an echo of another number": answer(200, reply(toPhoneNumber="+12025550199", phoneCallWebhooks=HOOKS)),
    "an echo that is cut": answer(200, json.dumps({"phoneCallWebhooks": HOOKS}).encode()[:-8]),
    "an echo of another secret": answer(200, b'{"secret" : "whsec of \\"another\\" call 5c0f'),
    "a status line": f"HTTP/1.1 {KEY}\r\n\r\n".encode(),
    "a reason": f"HTTP/1.1 400 {KEY}\r\nContent-Length: 0\r\n\r\n".encode(),
    "a header": answer(200, None, f"{KEY} : {KEY}"),
    "a header's name": answer(200, None, f"{KEY}\0: x"),
    "a length": answer(200, None, f"Content-Length: {KEY}", length=-1),
    "a place": answer(307, b"", f"Location: http://{KEY}/"),
    "a time": answer(429, b"", f"Retry-After: {KEY}"),
    "a coding": answer(200, None, f"Content-Encoding: {KEY}"),
    "an id": answer(200, reply(_id=f"{KEY}\n")),
}


class Listening(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.getMessage()} {record.args!r} {record.__dict__!r}")


@pytest.fixture
def log() -> Iterator[list[str]]:
    """All that any library logs, at its most talkative."""
    listening, names = Listening(), ("", "httpx", "httpcore", "h11", "anyio", "asyncio", "trio", "campaign")
    before = {name: logging.getLogger(name).level for name in names}
    logging.getLogger().addHandler(listening)
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield listening.lines
    logging.getLogger().removeHandler(listening)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def assert_silent(*outputs: Any) -> None:
    for output in outputs:
        for secret in PLANTED:
            assert secret not in repr(output)
            assert secret not in str(output)


async def outcome_of(script: Script) -> tuple[Outcome, Hostile]:
    with Hostile(script) as server:
        async with client_for(server.base_url) as client:
            outcome = await client.send(request_for(PHONE, phoneCallWebhooks=HOOKS))
            assert_silent(client)
    return outcome, server


@pytest.mark.parametrize("name", TELLING)
async def test_what_the_server_repeats_of_a_secret_stands_in_no_outcome(name: str, log: list[str]) -> None:
    """Outcomes are kept in the ledger and shown in results that people send each other."""
    outcome, server = await outcome_of(saying(TELLING[name], then="close"))
    assert server.lines[0].heard.count(KEY.encode()) == 1
    assert_silent(outcome, log)


@pytest.mark.parametrize("then", ["reset", "close", "finish"])
async def test_no_lost_answer_tells_a_secret(then: str, log: list[str]) -> None:
    """Exceptions carry requests, and requests carry the key."""
    outcome, _ = await outcome_of(saying(then=then))
    assert told(outcome) == unknown()
    assert_silent(outcome, log)


@pytest.mark.parametrize("ending", ["\n", "\r\nX: y", "\0", " ", "\t"], ids=repr)
async def test_a_key_that_cannot_be_a_header_is_not_shown(ending: str, log: list[str]) -> None:
    """The library's own message shows the header that it refuses, and that header is the key."""
    with Hostile(saying(answer(), then="close")) as server:
        async with client_for(server.base_url, key=KEY + ending) as client:
            outcome = await client.send(request_for(PHONE))
    assert isinstance(outcome, NotSent)
    assert outcome.cause is Cause.LOCAL
    assert server.lines == []
    assert_silent(outcome, log)


async def test_a_key_of_other_letters_is_not_shown(log: list[str]) -> None:
    """It fails in another place, with another exception, that holds the text as well."""
    async with client_for("http://127.0.0.1:1", key=f"{KEY}é") as client:
        assert_silent(await client.send(request_for(PHONE)), log)


@pytest.mark.parametrize("secret", ["", "***"])
def test_taking_out_a_secret_always_ends(secret: str) -> None:
    """An empty text is in every text."""
    assert shown("abc *** abc", [secret]) == "abc *** abc"


def test_foreign_text_is_cut_and_cannot_act_on_a_terminal() -> None:
    """It ends up on terminals, in logs and in spreadsheets."""
    assert shown("a\x1b]0;b\x07\u202e\r\n\ud800\U000e0001", []) == (
        "a\\x1b]0;b\\x07\\u202e\\r\\n\\ud800\\U000e0001"
    )  # fmt: skip
    assert len(shown("x" * 10_000_000, [])) <= 301
    assert len(shown("\U000e0001" * 10_000, [])) <= 301


@pytest.mark.parametrize("status", MOVED)
@pytest.mark.parametrize("reuse_within", [0.0, 1.0])
async def test_no_redirect_is_followed(status: int, reuse_within: float) -> None:
    """To follow one is to call twice, or to hand the key and the person's number to whoever answers there."""
    with Hostile(saying(answer())) as elsewhere:
        place = f"Location: {elsewhere.base_url}/v1/phoneCalls"
        with Hostile(saying(answer(status, b"", place))) as server:
            async with client_for(server.base_url, reuse_within=reuse_within) as client:
                assert told(await client.send(request_for(PHONE))) == unknown(status)
    assert elsewhere.lines == []
    assert [line.requests for line in server.lines] == [1]


async def test_the_environment_does_not_send_a_call_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """A proxy would see the key, a .netrc would add a password, a certificate file would trust somebody else."""
    netrc = tmp_path / "netrc"
    netrc.write_text("default login ada password from-netrc\n")
    netrc.chmod(0o600)
    with Hostile(saying(answer(502, b""))) as proxy, Hostile(saying(answer())) as server:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.base_url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.setenv("NETRC", str(netrc))
        monkeypatch.setenv("HOME", str(tmp_path))
        async with client_for(server.base_url) as client:
            assert told(await client.send(request_for(PHONE))) == created()
    assert proxy.lines == []
    assert b"authorization" not in server.lines[0].heard.lower()


async def test_the_environment_does_not_choose_whom_to_trust(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, certificates: Any
) -> None:
    """SSL_CERT_FILE would let its author read every call."""
    bundle = tmp_path / "roots.pem"
    bundle.write_text("".join(map(ssl.DER_cert_to_PEM_cert, certificates.trusted.get_ca_certs(binary_form=True))))
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    with Hostile(saying(answer()), tls=certificates.right) as server:
        async with client_for(server.base_url) as client:
            outcome = await client.send(request_for(PHONE))
    assert isinstance(outcome, NotSent)
    assert outcome.cause is Cause.TLS


async def test_a_request_is_what_was_written_down_and_no_more() -> None:
    """Its hash stands in the ledger; and no compressed answer is asked for."""
    with Hostile(saying(answer())) as server:
        async with client_for(f"{server.base_url}/some/path") as client:
            attempt = request_for(PHONE)
            await client.send(attempt)
    head, _, body = server.lines[0].heard.partition(b"\r\n\r\n")
    assert body == attempt.body
    assert head.startswith(b"POST /some/path/v1/phoneCalls HTTP/1.1\r\n")
    lines = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    assert lines[b"accept-encoding"] == b"identity"
    assert lines[b"content-type"] == b"application/json"
    assert lines[b"aicaller-api-key"] == KEY.encode()
    assert lines.keys() == {
        b"host", b"aicaller-api-key", b"content-type", b"accept", b"accept-encoding", b"user-agent",
        b"content-length", b"connection",
    }  # fmt: skip
