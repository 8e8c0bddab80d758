"""HTTP exchange: one request and its response on one connection. h11 parses all but plain responses."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import h11
import httpx

from campaign.aicaller.wire.connection import Connection
from campaign.aicaller.wire.fast_response import read_plain_head


class TooLate(Exception):  # noqa: N818 - an ending that is expected and handled, not an error
    """The request may not be sent any more; not a byte of it has left."""


MayBegin = Callable[[], None]
"""Called right before the first byte leaves, once the connection stands.

Raises:
    TooLate: it may not leave.
"""


class RequestHead:
    """Head shared by requests that differ only in their body: checked once, written once except for its length."""

    def __init__(
        self, method: bytes, target: bytes, headers: Sequence[tuple[bytes, bytes]], *, has_body: bool = True
    ) -> None:
        """`headers` come without Content-Length, which is added if `has_body`.

        Raises:
            httpx.LocalProtocolError: it cannot be put into HTTP.
        """
        self._method, self._target, self._headers, self._has_body = method, target, list(headers), has_body
        try:
            written = h11.Connection(h11.CLIENT).send(self._event(0)) or b""
        except h11.LocalProtocolError:
            # h11 shows the header's value, which may be the key.
            raise httpx.LocalProtocolError("the request cannot be written as HTTP") from None
        self._written = written.removesuffix(b"0\r\n\r\n") if has_body else written

    def with_body(self, body: bytes) -> bytes:
        """The whole request as bytes."""
        return b"%b%d\r\n\r\n%b" % (self._written, len(body), body) if self._has_body else self._written

    def asked_with(self, body: bytes) -> h11.Connection:
        """h11's state after that request has been sent."""
        protocol = h11.Connection(h11.CLIENT)
        protocol.send(self._event(len(body)))
        if body:
            protocol.send(h11.Data(data=body))
        protocol.send(h11.EndOfMessage())
        return protocol

    def _event(self, length: int) -> h11.Request:
        sized = [(b"Content-Length", b"%d" % length)] if self._has_body else []
        return h11.Request(method=self._method, target=self._target, headers=[*self._headers, *sized])


class Exchange:
    """One request in flight, and its response.

    Attributes:
        connection: that carries it.
        status: of the answer's head, once `begin` has returned.
        headers: name in lower case -> value, likewise; of several with one name all, with commas between.
    """

    def __init__(self, connection: Connection, head: RequestHead, body: bytes) -> None:
        self.connection, self.status = connection, 0
        self.headers: Mapping[str, str] = {}
        self._head, self._body = head, body
        # Set for a plain response; h11's are used otherwise.
        self._come, self._left, self._keeps = b"", 0, False
        self._protocol: h11.Connection | None = None

    async def begin(self, may_begin: MayBegin | None = None) -> None:
        """Sends the request, and returns when the head of the response has arrived.

        Raises:
            TooLate: from `may_begin`; nothing was sent.
            httpx.WriteError: the connection broke after bytes may have left.
            httpx.ReadError: likewise.
            httpx.RemoteProtocolError: the answer is not HTTP, or ended too early.
        """
        if may_begin is not None:
            # Nothing that waits may come between this and the sending.
            may_begin()
        # In one piece: a request of a kilobyte then leaves in one segment, or not at all.
        await self.connection.send(self._head.with_body(self._body))
        data = await self.connection.receive()
        plain = read_plain_head(data)
        if plain is None:
            self._protocol = self._head.asked_with(self._body)
            self._protocol.receive_data(data)
            answer = await self._read_head(self._protocol)
            self.status, self.headers = answer.status_code, texts_of(answer.headers)
            return
        self.status, self.headers = plain.status, plain.headers
        self._come, self._left = plain.body[: plain.length], plain.length - len(plain.body)
        self._keeps = plain.keeps

    async def next_part(self) -> bytes | None:
        """The next part of the response body, or None at its end.

        Raises:
            httpx.ReadError: the connection broke.
            httpx.RemoteProtocolError: the answer is not HTTP, or ended too early.
        """
        if self._protocol is not None:
            return await self._read_part(self._protocol)
        if self._come or self._left <= 0:
            come, self._come = self._come, b""
            return come or None
        data = await self.connection.receive()
        if not data:
            raise httpx.RemoteProtocolError(f"the answer ended {self._left} bytes too early")
        come = data[: self._left]
        self._left -= len(data)
        return come

    def is_over(self) -> bool:
        """Whether the response ended cleanly with nothing behind it, so that the connection may be reused."""
        protocol = self._protocol
        if protocol is None:
            return self._keeps and self._left == 0 and not self._come
        return protocol.our_state is h11.DONE and protocol.their_state is h11.DONE and not protocol.trailing_data[0]

    async def _read_head(self, protocol: h11.Connection) -> h11.Response:
        while True:
            event = await self._next_event(protocol)
            if isinstance(event, h11.Response):
                return event
            if isinstance(event, h11.InformationalResponse) and event.status_code == 101:  # noqa: PLR2004 - its name
                raise httpx.RemoteProtocolError("101 Switching Protocols, which was not asked for")
            if not isinstance(event, h11.InformationalResponse):
                raise httpx.RemoteProtocolError("the connection ended without an answer")

    async def _read_part(self, protocol: h11.Connection) -> bytes | None:
        event = await self._next_event(protocol)
        if isinstance(event, h11.Data):
            return bytes(event.data)
        if isinstance(event, h11.EndOfMessage):
            return None
        raise httpx.RemoteProtocolError("the answer ended too early")

    async def _next_event(self, protocol: h11.Connection) -> h11.Event | type[h11.PAUSED]:
        try:
            while True:
                event = protocol.next_event()
                if not isinstance(event, type) or event is h11.PAUSED:
                    return event
                protocol.receive_data(await self.connection.receive())
        except h11.RemoteProtocolError as error:
            raise httpx.RemoteProtocolError(str(error)) from error


def texts_of(headers: Iterable[tuple[bytes, bytes]]) -> Mapping[str, str]:
    """h11's headers as texts by their names in lower case; of several with one name all, with commas between."""
    texts: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        texts[name] = f"{texts[name]}, {value}" if name in texts else value
    return texts
