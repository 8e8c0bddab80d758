"""A list that comes slowly, or in parts, on a clock that leaps: a long one may take its time, a trickle may not."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import anyio
import anyio.abc
import pytest
from pydantic import SecretStr
from trio.testing import MockClock

from campaign.aicaller.read_client import Listed, ReadingClient
from campaign.config.settings import Account
from tests.aicaller.calling import KEY, NOON

pytestmark = pytest.mark.anyio
_MIB = 1024 * 1024
_BODY = b'{"data": [{"_id": "a"}, {"_id": "b"}]}'


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, Any]]:
    return "trio", {"clock": MockClock(autojump_threshold=0)}


class Slow(anyio.abc.ByteStream):
    """Says each part after so many seconds, and then ends."""

    def __init__(self, parts: Sequence[bytes], *, every: float) -> None:
        self._parts, self._every = [*parts], every

    async def receive(self, max_bytes: int = 0) -> bytes:  # noqa: ARG002 - the stream's signature
        await anyio.sleep(self._every)
        if not self._parts:
            raise anyio.EndOfStream
        return self._parts.pop(0)

    async def send(self, item: bytes) -> None:
        pass

    async def send_eof(self) -> None:
        pass

    async def aclose(self) -> None:
        pass


async def listed(parts: Sequence[bytes], *, every: float = 0.0, seconds: float = 5.0) -> tuple[Listed, list[str]]:
    """How a list of these parts is read under a deadline of so many seconds."""

    async def connect(_host: str, _port: int) -> anyio.abc.ByteStream:
        return Slow(parts, every=every)

    account = Account(api_key=SecretStr(KEY), base_url="http://127.0.0.1:9", service="loopback", connect=connect)
    ids = list[str]()

    def take(entries: Sequence[Mapping[str, Any]]) -> None:
        ids.extend(entry["_id"] for entry in entries)

    async with ReadingClient(account, now=lambda: NOON, list_seconds=seconds, retry_wait=lambda _: seconds) as client:
        return await client.list_calls("template", take=take), ids


def head(*, status: str = "200 OK", header: str = "Connection: close") -> bytes:
    return f"HTTP/1.1 {status}\r\n{header}\r\n\r\n".encode()


def entry(call_id: str, *, size: int) -> bytes:
    return json.dumps({"_id": call_id, "filler": "x" * size}).encode()


async def test_a_list_that_comes_at_a_fair_pace_may_take_longer_than_its_deadline() -> None:
    """Half a million calls are hundreds of megabytes: a fixed time for any length would never let them be read."""
    entries = [entry(f"id-{number}", size=_MIB - 100) for number in range(12)]
    parts = [head(), b'{"data": [' + entries[0], *[b"," + one for one in entries[1:]], b"]}"]
    found, ids = await listed(parts, every=1.5)
    assert anyio.current_time() > 15
    assert (found.trouble, found.whole, len(ids)) == (None, True, 12)


async def test_a_list_that_trickles_ends_at_its_deadline_and_keeps_what_came() -> None:
    parts = [head(), b'{"data": [' + entry("id-0", size=1), *[b"," + entry("id-1", size=1)] * 1_000]
    found, ids = await listed(parts, every=1.5)
    assert found.trouble == "the list was not whole within 5 s"
    assert not found.whole
    assert ids[:2] == ["id-0", "id-1"]


@pytest.mark.parametrize(
    ("answer", "whole"),
    [
        (head(header="Link: </v1/phoneCalls?page=2>; rel=next"), False),
        (head(header="X-Total-Count: 900"), False),
        (head(header="X-Next-Cursor: abc"), False),
        (head(header="Content-Range: items 0-1/900"), False),
        (head(status="206 Partial Content"), False),
        (head(header="Accept-Ranges: bytes"), True),
        (head(header="X-RateLimit-Limit: 100"), True),
    ],
)
async def test_a_list_whose_head_speaks_of_more_is_not_whole(answer: bytes, *, whole: bool) -> None:
    """What is missing from a part is proof of nothing."""
    found, ids = await listed([answer, _BODY])
    assert (found.trouble, found.whole, ids) == (None, whole, ["a", "b"])
