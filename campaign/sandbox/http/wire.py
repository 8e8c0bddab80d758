"""HTTP/1.1 on bytes: parses requests one after the other from a connection, and builds responses."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from typing import Protocol

import h11

JSON = "application/json; charset=utf-8"
MAX_BODY = 1 << 20
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class ByteLine(Protocol):
    """One connection, by socket or inside this process."""

    async def receive(self) -> bytes:
        """The next bytes, as they come; raises EndOfStream or OSError at the end."""

    async def send(self, some: bytes) -> None:
        """Sends all of these bytes; raises OSError if the other side has gone."""

    def finish(self) -> None:
        """Ends the sending side."""

    def reset(self) -> None:
        """Breaks the connection off."""


class TooLargeError(Exception):
    """A request body larger than any call request."""


@dataclass(frozen=True, slots=True)
class Request:
    """A parsed request.

    Attributes:
        method: as sent.
        target: path and query, as sent.
        headers: names in small letters.
        body: the whole of it, or its beginning when no more was asked for.
        keep_alive: whether the client means to use the connection again.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    keep_alive: bool


class Requests:
    """The requests of one connection, in order, however the bytes are split over reads."""

    def __init__(self, line: ByteLine, *, plain: bool = False) -> None:
        """`plain` says that the client is this program, which writes its requests in one plain form."""
        self._line, self._plain = line, plain
        self._unread = b""

    async def begin(self, size: int) -> bytes:
        """The first bytes of the next request, without taking them.

        Raises:
            EndOfStream: the client has closed the connection.
        """
        while len(self._unread) < size:
            self._unread += await self._line.receive()
        return self._unread[:size]

    async def read(self, *, whole: bool = True) -> Request:
        """The next request; without `whole`, its head and at least one byte of its body, if it has one.

        Raises:
            h11.RemoteProtocolError: not HTTP/1.1.
            TooLargeError: the body is beyond `MAX_BODY`.
            EndOfStream: the client has closed the connection.
        """
        if self._plain and (request := _plain_request(self._unread)) is not None:
            self._unread = b""
            return request
        # One parser for each request: a fault's bytes go around it, and would leave its idea of the exchange wrong.
        parser = h11.Connection(h11.SERVER)
        parser.receive_data(self._unread)
        head, body = await self._head(parser), b""
        while isinstance(event := await self._event(parser), h11.Data):
            body += event.data
            if len(body) > MAX_BODY:
                raise TooLargeError
            if not whole:
                break
        self._unread = parser.trailing_data[0]
        return _request(head, body, keep_alive=parser.their_state is h11.DONE)

    async def wait_for_end(self) -> None:
        """Discards all input until the client disconnects.

        Raises:
            EndOfStream: when it does.
        """
        while True:
            await self._line.receive()

    async def _head(self, parser: h11.Connection) -> h11.Request:
        event = await self._event(parser)
        if not isinstance(event, h11.Request):
            raise h11.RemoteProtocolError("a request was expected")
        if parser.they_are_waiting_for_100_continue:
            await self._line.send(_CONTINUE)
        return event

    async def _event(self, parser: h11.Connection) -> object:
        while (event := parser.next_event()) is h11.NEED_DATA:
            parser.receive_data(await self._line.receive())
        return event


def _plain_request(text: bytes) -> Request | None:
    """The request, if exactly one is there, in the form that this program writes; None for all else."""
    head, end, body = text.partition(b"\r\n\r\n")
    if not end:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    if int(headers.get("content-length", "0")) != len(body) or "transfer-encoding" in headers:
        return None
    return Request(method, target, headers, body, headers.get("connection") != "close")


def reply(
    status: int,
    body: bytes,
    *,
    headers: Mapping[str, str] | None = None,
    content_type: str = JSON,
    close: bool = False,
    at: float | None = None,
) -> bytes:
    """A complete, valid response, as bytes; `at` is what its Date says, seconds since 1970, or None for no Date."""
    lines = [f"HTTP/1.1 {status} {phrase(status)}", f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
    if at is not None:
        lines.append(f"Date: {formatdate(at, usegmt=True)}")
    lines.extend(f"{name}: {value}" for name, value in (headers or {}).items())
    if close:
        lines.append("Connection: close")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def refusal(status: int, *messages: str) -> bytes:
    """An error in the documented envelope."""
    error = {"statusCode": status, "message": list(messages or (phrase(status),)), "error": phrase(status)}
    return json.dumps({"error": error, "payload": {}}).encode()


def phrase(status: int) -> str:
    """The reason phrase of a status; also for a number that HTTP does not know."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unheard Of"


def _request(head: h11.Request, body: bytes, *, keep_alive: bool) -> Request:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers}
    return Request(head.method.decode(), head.target.decode("latin-1"), headers, body, keep_alive)
