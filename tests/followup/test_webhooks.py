"""A webhook is a hint and nothing more; whatever is posted, the receiver goes on."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import anyio
import pytest
from anyio.streams.memory import MemoryObjectReceiveStream

from campaign.aicaller.webhook_payload import MOST_IDS, read_hint
from campaign.followup.webhook_receiver import MOST_AT_ONCE, MOST_BODY_BYTES, Receiver

pytestmark = pytest.mark.anyio
SECRET = "hush-91c2"
CALL = "5f0d91aa44"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@dataclass
class Door:
    port: int
    ids: MemoryObjectReceiveStream[tuple[str, ...]]
    receiver: Receiver

    async def post(self, payload: Any, **headers: str) -> bytes:
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        named = {"Host": "x", "Content-Length": str(len(body)), **headers}
        head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in named.items())
        return await self.send(f"POST / HTTP/1.1\r\n{head}\r\n".encode() + body)

    async def send(self, raw: bytes) -> bytes:
        """The status of the answer, or nothing."""
        async with await anyio.connect_tcp("127.0.0.1", self.port) as stream:
            try:
                await stream.send(raw)
                answer = await stream.receive()
            except (anyio.EndOfStream, anyio.BrokenResourceError):
                return b""
        return answer.split(b" ")[1]


@asynccontextmanager
async def door(*, secret: str | None = SECRET, room: int = 10) -> AsyncIterator[Door]:
    send, ids = anyio.create_memory_object_stream[tuple[str, ...]](room)
    receiver = Receiver(secret=secret, ids=send)
    async with send, ids, anyio.create_task_group() as tasks:
        port = await tasks.start(partial(receiver.serve, "127.0.0.1", port=0))
        yield Door(port, ids, receiver)
        tasks.cancel_scope.cancel()


async def test_the_ids_of_a_payload_are_handed_on_whatever_is_around_them() -> None:
    """How AICaller writes it is not documented."""
    async with door() as opened:
        for payload in ({"data": {"_id": CALL}}, {"phoneCallId": CALL}, [{"phoneCall": {"_id": CALL}}], {"id": CALL}):
            assert await opened.post(payload) == b"202"
            assert opened.ids.receive_nowait() == (CALL,)


async def test_another_secret_is_refused_wherever_it_comes() -> None:
    async with door() as opened:
        assert await opened.post({"_id": CALL, "secret": "guess"}) == b"401"
        assert await opened.post({"_id": CALL, "hook": {"secret": SECRET + "x"}}) == b"401"
        assert await opened.post({"_id": CALL}, X_Webhook_Secret="guess") == b"401"
        assert await opened.post({"_id": CALL, "secret": SECRET}, X_Webhook_Secret="") == b"401"
        assert opened.receiver.refused == 4
        assert opened.ids.statistics().current_buffer_used == 0
        assert await opened.post({"_id": CALL, "secret": SECRET}, X_Webhook_Secret=SECRET) == b"202"
        assert opened.ids.receive_nowait() == (CALL,)


def test_a_secret_of_any_letters_is_compared_and_never_raises() -> None:
    for guess in ("é", "\ud83d", "", "x" * 10_000):
        body = json.dumps({"_id": CALL, "secret": guess}).encode()
        hint = read_hint(body, headers={}, secret=SECRET)
        assert hint is None or not hint.is_genuine


def test_only_what_can_be_an_id_is_one_and_not_too_many() -> None:
    odd = ["../x", "=cmd", "a b", "", "x" * 200, "é", "a\n"]
    hint = read_hint(json.dumps([{"_id": text} for text in odd]).encode(), headers={}, secret=None)
    assert hint is not None
    assert hint.ids == ()
    hint = read_hint(json.dumps([{"_id": f"id-{n}"} for n in range(5_000)]).encode(), headers={}, secret=None)
    assert hint is not None
    assert len(hint.ids) == MOST_IDS


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"405"),
        (b"garbage\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nno!", b"400"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -3\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 100_000, b"431"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n" + b"a" * (MOST_BODY_BYTES + 1), b"413"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + b"[" * 50_000, None),
        (b"\x16\x03\x01\x00\x00", None),
    ],
)
async def test_hostile_requests_are_turned_away_and_the_next_is_taken(raw: bytes, status: bytes | None) -> None:
    async with door() as opened:
        if status is None:
            async with await anyio.connect_tcp("127.0.0.1", opened.port) as stream:
                await stream.send(raw)
        else:
            assert await opened.send(raw) == status
        assert await opened.post({"_id": CALL}) == b"202"
        assert await opened.post(b"[" * 60_000) == b"400"


async def test_a_crowd_that_says_nothing_does_not_keep_the_room_for_ever() -> None:
    """What comes beyond it is turned away at once; whoever follows the run finds out without the hint."""
    async with door() as opened:
        crowd = [await anyio.connect_tcp("127.0.0.1", opened.port) for _ in range(MOST_AT_ONCE)]
        while opened.receiver._open < MOST_AT_ONCE:
            await anyio.lowlevel.checkpoint()
        assert await opened.post({"_id": CALL}) == b""
        for stream in crowd:
            await stream.aclose()
        while opened.receiver._open:
            await anyio.lowlevel.checkpoint()
        assert await opened.post({"_id": CALL}) == b"202"


async def test_hints_beyond_the_room_are_dropped_and_the_sender_is_thanked() -> None:
    async with door(room=1) as opened:
        for _ in range(5):
            assert await opened.post({"_id": CALL}) == b"202"
        assert opened.ids.statistics().current_buffer_used == 1
