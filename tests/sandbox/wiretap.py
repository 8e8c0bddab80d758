"""A client that sees bare bytes, and how the connection ends."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import anyio
import h11
from anyio.abc import SocketStream

PHONE = "+12025550101"
KEY = "test-key"


def body(**changes: Any) -> dict[str, Any]:
    """The body of a sound request."""
    sound = {
        "teamId": "team-1",
        "callTemplateId": "template-1",
        "nameOfHuman": "Ada Example",
        "toPhoneNumber": PHONE,
        "promptVariableValues": [{"key": "doctor", "value": "Dr. Lake"}],
    }
    return {key: value for key, value in {**sound, **changes}.items() if value is not ...}


def post(sent: dict[str, Any] | bytes | None = None, *lines: str, key: str = KEY) -> bytes:
    """A POST, as bytes."""
    content = sent if isinstance(sent, bytes) else json.dumps(sent or body()).encode()
    head = ["POST /v1/phoneCalls HTTP/1.1", "Host: sandbox", f"aicaller-api-key: {key}", *lines]
    head += ["Content-Type: application/json", f"Content-Length: {len(content)}", "", ""]
    return "\r\n".join(head).encode() + content


def get(path: str = "/v1/phoneCalls", *lines: str) -> bytes:
    """A GET, as bytes."""
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: sandbox", f"aicaller-api-key: {KEY}", *lines, "", ""]).encode()


class Tap:
    """One connection; `seen` holds all that came in, `ended` is "closed" or "reset" once it is over."""

    def __init__(self, stream: SocketStream | None) -> None:
        self.stream = stream
        self.seen = b""
        self.ended = "" if stream else "reset"

    async def send(self, some: bytes) -> None:
        try:
            if self.stream:
                await self.stream.send(some)
        except (anyio.BrokenResourceError, OSError):
            self.ended = "reset"

    async def more(self) -> bool:
        """Wait for more bytes; False when there is no more to come."""
        if self.ended or self.stream is None:
            return False
        try:
            self.seen += await self.stream.receive()
        except anyio.EndOfStream:
            self.ended = "closed"
        except (anyio.BrokenResourceError, OSError):
            self.ended = "reset"
        return not self.ended

    async def until(self, *parts: bytes) -> None:
        """Wait until all these parts have come, or the end has."""
        while not all(part in self.seen for part in parts) and await self.more():
            pass

    async def finish(self) -> None:
        """Say that no more will be sent."""
        assert self.stream
        await self.stream.send_eof()

    async def until_end(self) -> None:
        while await self.more():
            pass

    async def reply(self) -> tuple[int, bytes]:
        """The next whole reply, which is taken out of `seen`."""
        client = h11.Connection(h11.CLIENT)
        client.send(h11.Request(method="GET", target="/", headers=[("Host", "sandbox")]))
        client.send(h11.EndOfMessage())
        fed, status, content = 0, 0, b""
        while not isinstance(event := client.next_event(), h11.EndOfMessage):
            if event is h11.NEED_DATA:
                if fed == len(self.seen):
                    assert await self.more(), f"no whole reply in {self.seen!r}"
                client.receive_data(self.seen[fed:])
                fed = len(self.seen)
            elif isinstance(event, h11.Response):
                status = event.status_code
            elif isinstance(event, h11.Data):
                content += event.data
        self.seen = client.trailing_data[0]
        return status, content


@asynccontextmanager
async def tap(base_url: str) -> AsyncIterator[Tap]:
    """A connection to the stand-in."""
    url = urlsplit(base_url)
    try:
        stream = await anyio.connect_tcp(url.hostname or "", url.port or 0)
    except OSError:
        # A reset may come before the connection is known to stand.
        yield Tap(None)
        return
    async with stream:
        yield Tap(stream)


async def ask(base_url: str, request: bytes) -> tuple[int, Any]:
    """Status and JSON of one request on a connection of its own."""
    async with tap(base_url) as line:
        await line.send(request)
        status, content = await line.reply()
    return status, json.loads(content)
