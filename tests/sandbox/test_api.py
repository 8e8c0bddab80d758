import json
from typing import Any

import httpx
import pytest

from campaign.sandbox.server import Sandbox, SandboxConfig, serve
from tests.apidoc import validate_reply, validate_request
from tests.sandbox.wiretap import KEY, ask, body, get, post, tap

pytestmark = pytest.mark.anyio

FULL = body(
    phoneNumberId="number-1",
    fromPhoneNumber="+12025550100",
    toEmailAddress="ada@example.com",
    telephonyProvider="twilio",
    record=True,
    callDelayedUntil="2026-12-01T14:00:00.387Z",
    phoneCallWebhooks=[{"url": "https://hooks.example/", "subscribedEvent": "phoneCall.completed", "secret": "s3cret"}],
)


@pytest.mark.parametrize("sent", [body(), FULL, body(promptVariableValues=[]), body(nameOfHuman="Zoë 🙂")])
async def test_a_created_call_is_answered_as_documented(sent: dict[str, Any]) -> None:
    """All that was sent comes back, webhook secrets too, with what AICaller adds."""
    validate_request(sent)
    async with serve(SandboxConfig(clock=lambda: 1e9)) as sandbox:
        status, said = await ask(sandbox.base_url, post(sent))
    validate_reply(status, said)
    times = {"createdAt": "2001-09-09T01:46:40.000Z", "updatedAt": "2001-09-09T01:46:40.000Z"}
    assert status == 200
    assert said["data"] == {**sent, "_id": said["data"]["_id"], "status": "queued", **times}
    assert len(bytes.fromhex(said["data"]["_id"])) == 12
    assert sandbox.bugs == []


@pytest.mark.parametrize(
    ("sent", "about"),
    [
        *[(body(**{name: ...}), name) for name in body()],
        (body(surname="Lovelace"), "surname"),
        (body(status="queued"), "status"),
        (body(team_id="team-1"), "team_id"),
        (body(teamId=...) | {"team_id": "team-1"}, "team_id"),
        (body(toPhoneNumber="2025550101"), "toPhoneNumber"),
        (body(toPhoneNumber=12025550101), "toPhoneNumber"),
        (body(nameOfHuman=""), "nameOfHuman"),
        (body(phoneNumberId=None), "phoneNumberId: must not be null"),
        (body(record="yes"), "record"),
        (body(telephonyProvider="carrier-pigeon"), "telephonyProvider"),
        (body(promptVariableValues=[{"key": "age", "value": 7}]), "promptVariableValues.0.value"),
        (body(promptVariableValues={"doctor": "Lake"}), "promptVariableValues"),
        (body(callDelayedUntil="tomorrow"), "callDelayedUntil"),
        (body(callDelayedUntil="2026-12-01T14:00:00"), "callDelayedUntil"),
        (body(callDelayedUntil="2026-12-01T14:00:00+02:00"), "callDelayedUntil"),
        (body(phoneCallWebhooks=[{"url": "https://hooks.example/"}]), "phoneCallWebhooks.0.subscribedEvent"),
        (b"", "body"),
        (b"{", "body"),
        (b"[]", "body"),
        (b'{"teamId": "\xff"}', "body"),
        (b"[" * 100_000, "body"),
    ],
)
async def test_a_request_that_is_not_as_documented_is_a_400_and_rings_nowhere(
    sent: dict[str, Any] | bytes, about: str
) -> None:
    async with serve(SandboxConfig()) as sandbox:
        status, said = await ask(sandbox.base_url, post(sent) if sent else post(b"").replace(b"{}", b""))
        assert status == 400
        validate_reply(status, said)
        assert about in " ".join(said["error"]["message"])
        assert len(sandbox.calls) == 0
        assert sandbox.bugs == []


async def test_a_body_that_does_not_say_it_is_json_is_refused() -> None:
    async with serve(SandboxConfig()) as sandbox:
        status, said = await ask(sandbox.base_url, post().replace(b"application/json", b"text/plain"))
    assert status == 400
    validate_reply(status, said)


STRICT = SandboxConfig(api_key=KEY, team_id="team-1", call_template_id="template-1")


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (post(), 200),
        (post(key=""), 401),
        (post(key="other"), 401),
        (post(body(teamId="team-2")), 403),
        (post(body(callTemplateId="template-2")), 404),
        (post().replace(b"/v1/phoneCalls", b"/v1/phoneCalls/batch"), 404),
        (post().replace(b"/v1/phoneCalls", b"/v2/phoneCalls"), 404),
    ],
)
async def test_who_may_not_call_is_told_so_in_the_documented_envelope(request_: bytes, expected: int) -> None:
    async with serve(STRICT) as sandbox:
        status, said = await ask(sandbox.base_url, request_)
        assert (status, len(sandbox.calls)) == (expected, 1 if expected == 200 else 0)
        validate_reply(status, said)


@pytest.mark.parametrize("request_", [get("/v1/phoneCalls"), get("/v1/phoneCalls/x"), get("/")])
async def test_reading_takes_the_key_as_well(request_: bytes) -> None:
    async with serve(SandboxConfig()) as sandbox:
        status, said = await ask(sandbox.base_url, request_.replace(KEY.encode(), b""))
    assert status == 401
    validate_reply(status, said, to="list")


@pytest.mark.parametrize(
    "path", ["/", "/v1/phoneCalls/0123", "/v1/phoneCalls/", "/v1/phonecalls", "/v1/phoneCalls/a/b"]
)
async def test_what_is_not_there_is_a_404(path: str) -> None:
    async with serve(SandboxConfig()) as sandbox:
        status, said = await ask(sandbox.base_url, get(path))
    assert status == 404
    validate_reply(status, said, to="read")


@pytest.mark.parametrize("method", [b"DELETE", b"PUT", b"PATCH"])
async def test_a_call_cannot_be_changed_or_taken_back(method: bytes) -> None:
    async with serve(SandboxConfig()) as sandbox:
        _, made = await ask(sandbox.base_url, post())
        status, _ = await ask(sandbox.base_url, get(f"/v1/phoneCalls/{made['data']['_id']}").replace(b"GET", method))
        assert (status, len(sandbox.calls)) == (404, 1)


async def test_a_call_is_read_back_with_all_that_was_sent() -> None:
    async with serve(SandboxConfig(clock=lambda: 1e9)) as sandbox:
        _, made = await ask(sandbox.base_url, post(FULL))
        status, said = await ask(sandbox.base_url, get(f"/v1/phoneCalls/{made['data']['_id']}"))
    validate_reply(status, said, to="read")
    assert {**said["data"], **made["data"]} == said["data"]


async def test_the_list_can_be_narrowed_to_a_call_template() -> None:
    async with serve(SandboxConfig()) as sandbox:
        for template in ("a", "b", "a"):
            await ask(sandbox.base_url, post(body(callTemplateId=template)))
        everything = await listed(sandbox)
        assert [call["callTemplateId"] for call in everything] == ["a", "b", "a"]
        assert await listed(sandbox, "?callTemplateId=a") == [everything[0], everything[2]]
        assert await listed(sandbox, "?callTemplateId=nobody") == []


async def listed(sandbox: Sandbox, query: str = "") -> list[dict[str, Any]]:
    status, said = await ask(sandbox.base_url, get(f"/v1/phoneCalls{query}"))
    validate_reply(status, said, to="list")
    calls: list[dict[str, Any]] = said["data"]
    return calls


async def test_no_two_calls_have_one_id() -> None:
    """There is no idempotency key: the same request twice is two calls."""
    async with serve(SandboxConfig()) as sandbox, tap(sandbox.base_url) as line:
        ids = set()
        for _ in range(50):
            await line.send(post())
            ids.add(json.loads((await line.reply())[1])["data"]["_id"])
    assert len(ids) == 50


async def test_an_everyday_client_can_talk_to_it() -> None:
    headers = {"aicaller-api-key": KEY}
    async with serve(SandboxConfig()) as sandbox:
        async with httpx.AsyncClient(base_url=sandbox.base_url, headers=headers, trust_env=False) as client:
            for _ in range(3):
                made = await client.post("/v1/phoneCalls", json=body())
                validate_reply(made.status_code, made.json())
            chunked = await client.post(
                "/v1/phoneCalls", content=pieces(), headers={"content-type": "application/json"}
            )
            assert chunked.status_code == 200
            read = await client.get("/v1/phoneCalls", params={"callTemplateId": "template-1"})
            assert len(read.json()["data"]) == 4
        assert sandbox.bugs == []


async def pieces() -> Any:
    for byte in json.dumps(body()).encode():
        yield bytes([byte])
