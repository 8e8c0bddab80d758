"""Calls that the stand-in has accepted; the state of each is a pure function of the call and the time.

queued -> ringing -> inProgress -> completed
  |         |-> busy | noAnswer
  |-> failed | cancelled
"""

import json
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any

from campaign.sandbox.faults.draw import draw

RESULTS_AFTER = 3.0
"""Seconds between the end of a conversation and what the AI collected from it."""


@dataclass(frozen=True, slots=True)
class Fate:
    """How a call ends.

    Attributes:
        share: of all calls.
        status: the last one.
        code: `statusExtraInfo.statusCode` of an answered call.
        seconds: spent queued, ringing and talking; 0 leaves a status out.
    """

    share: float
    status: str
    code: str | None
    seconds: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Call:
    """A call that was accepted.

    Attributes:
        id: 24 hex digits.
        created_at: seconds since the epoch.
        phone: E.164.
        template: the call template's id.
        request: the request as JSON, which every reply repeats.
        due_at: seconds since the epoch, at the earliest, when the phone rings.
        record: whether the conversation is recorded.
        fate: how it ends, where that is not left to its number.
        fault: the name of the fault that its request met.
    """

    id: str
    created_at: float
    phone: str
    template: str
    request: bytes
    due_at: float
    record: bool = False
    fate: Fate | None = None
    fault: str | None = None


FATES = (
    Fate(0.50, "completed", "ENDED_NORMALLY", (2, 6, 45)),
    Fate(0.12, "completed", "VOICEMAIL_DETECTED", (2, 20, 12)),
    Fate(0.03, "completed", "IVR_DETECTED", (2, 4, 15)),
    Fate(0.03, "completed", "DO_NOT_CALL", (2, 8, 9)),
    Fate(0.07, "completed", "CALL_LATER", (2, 7, 14)),
    Fate(0.13, "noAnswer", None, (2, 30, 0)),
    Fate(0.06, "busy", None, (2, 5, 0)),
    Fate(0.04, "failed", None, (3, 0, 0)),
    Fate(0.02, "cancelled", None, (4, 0, 0)),
)
_REACH = tuple(accumulate(fate.share for fate in FATES))[:-1]


class Calls:
    """All calls, newest last."""

    def __init__(self) -> None:
        self._calls: dict[str, Call] = {}
        self._last = ""

    def __len__(self) -> int:
        return len(self._calls)

    def __iter__(self) -> Iterator[Call]:
        return iter(self._calls.values())

    def add(self, call: Call) -> str:
        """Stores a call; returns the previous call's id, or its own if it is the first."""
        earlier, self._last = self._last or call.id, call.id
        self._calls[call.id] = call
        return earlier

    def get(self, call_id: str) -> Call | None:
        """The call of this id."""
        return self._calls.get(call_id)


def fate_of(phone: str, *, seed: int = 0, call: int = 1) -> Fate:
    """How a call to this number ends, the first or a later one; always the same for one seed."""
    words = (seed, phone) if call == 1 else (seed, phone, call)
    return FATES[bisect_right(_REACH, draw(*words))]


def created(call: Call) -> bytes:
    """The call as the response to its creation shows it."""
    return _with(call, {"status": "queued", "updatedAt": instant(call.created_at)})


def read(call: Call, *, now: float, seed: int = 0, speed: float = 1.0) -> bytes:
    """The call as it is now."""
    return _with(call, state(call, now=now, seed=seed, speed=speed))


def state(call: Call, *, now: float, seed: int = 0, speed: float = 1.0) -> dict[str, Any]:
    """The fields that depend on time: the status, and what belongs to it."""
    fate, start = call.fate or fate_of(call.phone, seed=seed), max(call.created_at, call.due_at)
    steps = tuple(accumulate((seconds / speed for seconds in fate.seconds), initial=start))
    _, triggered, answered, ended = steps
    found: dict[str, Any] = {"status": _status(fate, steps, now=now), "callOrigin": "api"}
    found["updatedAt"] = instant(max([call.created_at, *(step for step in steps[1:] if step <= now)]))
    if now >= triggered and fate.seconds[1]:
        found["callTriggeredAt"] = instant(triggered)
    if now >= answered and fate.seconds[2]:
        found["callStartedAt"] = instant(answered)
    if now >= ended:
        found["callEndedAt"] = instant(ended)
        found["callDuration"] = fate.seconds[2]
        found |= _conversation(call, fate, ended=ended, settled=now >= ended + RESULTS_AFTER / speed)
    return found


def instant(seconds: float) -> str:
    """Seconds since the epoch in AICaller's time format."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _status(fate: Fate, steps: tuple[float, ...], *, now: float) -> str:
    _, triggered, answered, ended = steps
    if now >= ended:
        return fate.status
    if now < triggered:
        return "queued"
    return "ringing" if now < answered else "inProgress"


def _conversation(call: Call, fate: Fate, *, ended: float, settled: bool) -> dict[str, Any]:
    if fate.code is None:
        return {}
    extra = {"statusCode": fate.code}
    if fate.code == "CALL_LATER":
        extra["dateTime"] = instant(ended + 24 * 3600)
    found: dict[str, Any] = {"statusExtraInfo": extra, "resultValues": []}
    if settled and fate.code == "ENDED_NORMALLY":
        said = "yes" if draw(call.phone, "confirmed") < 0.8 else "no"  # noqa: PLR2004 - four people in five say yes
        found["resultValues"] = [{"columnName": "Confirmed", "value": said}]
    if settled and call.record:
        found["recordingUrl"] = f"https://recordings.example/{call.id}.mp3"
    return found


def _with(call: Call, more: dict[str, Any]) -> bytes:
    # The request is a JSON object already: its closing brace makes room for the rest.
    rest = json.dumps({"_id": call.id, "createdAt": instant(call.created_at), **more})
    return call.request[:-1] + b"," + rest[1:].encode()
