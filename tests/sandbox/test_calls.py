import json
from collections import Counter

import pytest

from campaign.sandbox.calls import FATES, RESULTS_AFTER, Call, fate_of, state
from campaign.sandbox.server import SandboxConfig, serve
from tests.apidoc import validate_reply
from tests.sandbox.wiretap import ask, body, get, post

PHONES = [f"+1{area}55501{line:02}" for area in range(201, 299) for line in range(100)]


def phone_with(status: str, code: str | None = None) -> str:
    return next(p for p in PHONES if (fate_of(p).status, fate_of(p).code) == (status, code))


def call_to(phone: str, *, due_at: float = 0.0, record: bool = True) -> Call:
    return Call(id="1", created_at=0.0, phone=phone, template="t", request=b"{}", due_at=due_at, record=record)


def passed(call: Call, *, speed: float = 1.0, until: int = 200) -> list[str]:
    """The statuses, one after the other, that a reader sees who looks every half a second."""
    seen = [state(call, now=tick / 2, speed=speed)["status"] for tick in range(2 * until)]
    return [status for before, status in zip([None, *seen], seen, strict=False) if status != before]


@pytest.mark.parametrize(
    ("status", "code", "way"),
    [
        ("completed", "ENDED_NORMALLY", ["queued", "ringing", "inProgress", "completed"]),
        ("completed", "VOICEMAIL_DETECTED", ["queued", "ringing", "inProgress", "completed"]),
        ("completed", "IVR_DETECTED", ["queued", "ringing", "inProgress", "completed"]),
        ("completed", "DO_NOT_CALL", ["queued", "ringing", "inProgress", "completed"]),
        ("completed", "CALL_LATER", ["queued", "ringing", "inProgress", "completed"]),
        ("noAnswer", None, ["queued", "ringing", "noAnswer"]),
        ("busy", None, ["queued", "ringing", "busy"]),
        ("failed", None, ["queued", "failed"]),
        ("cancelled", None, ["queued", "cancelled"]),
    ],
)
def test_a_call_goes_the_way_of_its_fate(status: str, code: str | None, way: list[str]) -> None:
    call = call_to(phone_with(status, code))
    assert passed(call) == way
    ended = state(call, now=1_000)
    assert ended["callEndedAt"] == ended["updatedAt"]
    assert ended.get("statusExtraInfo", {}).get("statusCode") == code
    assert (ended["callDuration"] > 0) == (code is not None)
    assert ("callTriggeredAt" in ended) == ("ringing" in way)
    assert ("callStartedAt" in ended) == ("inProgress" in way)
    assert ("recordingUrl" in ended) == (code is not None)


def test_every_fate_has_its_test() -> None:
    ways = {(fate.status, fate.code) for fate in FATES}
    assert len(ways) == len(FATES) == 9
    assert sum(fate.share for fate in FATES) == pytest.approx(1)


def test_fates_are_shared_out_as_they_say() -> None:
    met = Counter(fate_of(phone) for phone in PHONES)
    for fate in FATES:
        assert met[fate] / len(PHONES) == pytest.approx(fate.share, abs=0.02)


def test_a_number_always_meets_the_same_fate_under_one_seed() -> None:
    assert [fate_of(p, seed=1) for p in PHONES[:100]] == [fate_of(p, seed=1) for p in PHONES[:100]]
    assert [fate_of(p, seed=1) for p in PHONES[:100]] != [fate_of(p, seed=2) for p in PHONES[:100]]


def test_results_come_some_time_after_the_call_has_ended() -> None:
    """A reader that takes `completed` for the end of the story misses them."""
    call = call_to(phone_with("completed", "ENDED_NORMALLY"))
    end = sum(fate_of(call.phone).seconds)
    assert state(call, now=end)["status"] == "completed"
    assert state(call, now=end)["resultValues"] == []
    assert state(call, now=end + RESULTS_AFTER)["resultValues"][0]["columnName"] == "Confirmed"


def test_a_person_who_asks_for_a_later_call_says_when() -> None:
    ended = state(call_to(phone_with("completed", "CALL_LATER")), now=1_000)
    assert ended["statusExtraInfo"]["dateTime"] > ended["callEndedAt"]


def test_a_delayed_call_waits_in_the_queue() -> None:
    call = call_to(phone_with("busy"), due_at=100.0)
    assert state(call, now=101)["status"] == "queued"
    assert state(call, now=102)["status"] == "ringing"


def test_without_recording_there_is_nothing_to_hear() -> None:
    call = call_to(phone_with("completed", "ENDED_NORMALLY"), record=False)
    assert "recordingUrl" not in state(call, now=1_000)


def test_speed_shortens_everything() -> None:
    call = call_to(phone_with("completed", "ENDED_NORMALLY"))
    assert state(call, now=0.54, speed=100)["status"] == "completed"
    assert state(call, now=0.52, speed=100)["status"] == "inProgress"


@pytest.mark.anyio
async def test_a_reader_sees_statuses_move_with_the_clock() -> None:
    now = [1e9]
    due = "2001-09-09T01:47:40.000Z"
    async with serve(SandboxConfig(clock=lambda: now[0])) as sandbox:
        sent = body(toPhoneNumber=phone_with("completed", "ENDED_NORMALLY"), callDelayedUntil=due, record=True)
        _, made = await ask(sandbox.base_url, post(sent))
        seen = []
        for seconds in (59, 61, 63, 70, 300):
            now[0] = 1e9 + seconds
            status, said = await ask(sandbox.base_url, get(f"/v1/phoneCalls/{made['data']['_id']}"))
            validate_reply(status, said, to="read")
            seen.append(said["data"]["status"])
        _, everything = await ask(sandbox.base_url, get())
    assert seen == ["queued", "queued", "ringing", "inProgress", "completed"]
    validate_reply(200, everything, to="list")
    assert json.dumps(everything["data"][0]["statusExtraInfo"]) == '{"statusCode": "ENDED_NORMALLY"}'
