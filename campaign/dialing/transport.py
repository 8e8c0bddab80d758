"""One POST on one connection: an httpx transport that knows whether the first byte has left.

Everything that fails while connecting (name, TCP, TLS) is a `httpx.ConnectError` or `httpx.ConnectTimeout`: proof
that nothing was sent. Everything after that is another class. httpx's own transport cannot be used for two reasons:
one pool shared by many workers walks all of its connections at every step, and a pool of one per worker still costs
twice the time of this. The protocol itself is h11's, the sockets and TLS are anyio's.

A connection is used again only if `reuse_within` seconds allow it: a server closes idle connections (Node's after 5
seconds), and a request that meets the closing ends as unknown. See `client.py` for the choice.
"""

import select
import socket
import ssl
from collections.abc import Awaitable, Callable
from typing import Self

import anyio
import anyio.abc
import h11
import httpx

_CHUNK = 64 * 1024


class UnresolvedHost(httpx.ConnectError):
    """The host's name has no address, or nobody answers for it."""


class UntrustedServer(httpx.ConnectError):
    """TLS could not be agreed on: an unknown or expired certificate, another host's, or an old version."""


class SingleUseTransport(httpx.AsyncBaseTransport):
    """Connections that carry one request at a time, each used once, or again within `reuse_within` seconds."""

    def __init__(
        self, *, connect_seconds: float, reuse_within: float = 0.0, ssl_context: ssl.SSLContext | None = None
    ) -> None:
        """`ssl_context` is needed for https only; it must check certificates."""
        self._connect_seconds, self._reuse_within = connect_seconds, reuse_within
        self._ssl_context = ssl_context
        self._idle: list[_Connection] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request.

        Raises:
            httpx.ConnectError: nothing was sent.
            httpx.ConnectTimeout: nothing was sent.
            httpx.ReadError: the connection broke after bytes may have left.
            httpx.WriteError: likewise.
            httpx.RemoteProtocolError: the answer is not HTTP, or ended too early.
            httpx.LocalProtocolError: the request cannot be put into HTTP; nothing was sent.
        """
        head = _head_of(request, reused=self._reuse_within > 0)
        body = await request.aread()
        connection = await self._take_idle() or await self._connect(request.url)
        try:
            await connection.send(head, body)
            response = await connection.receive_head()
        except BaseException:
            await connection.aclose()
            raise
        return httpx.Response(
            response.status_code,
            headers=list(response.headers),
            stream=_Body(connection, self._give_back),
            extensions={"http_version": b"HTTP/" + response.http_version},
        )

    async def aclose(self) -> None:
        """Closes the connections that are kept."""
        while self._idle:
            await self._idle.pop().aclose()

    async def _take_idle(self) -> "_Connection | None":
        # The one used last is the least likely to be closed by the other side.
        while self._idle:
            connection = self._idle.pop()
            if connection.is_fresh(self._reuse_within):
                return connection
            await connection.aclose()
        return None

    async def _give_back(self, connection: "_Connection") -> None:
        if self._reuse_within > 0 and connection.made_ready():
            self._idle.append(connection)
        else:
            await connection.aclose()

    async def _connect(self, url: httpx.URL) -> "_Connection":
        port = url.port or (443 if url.scheme == "https" else 80)
        try:
            with anyio.fail_after(self._connect_seconds):
                stream = await anyio.connect_tcp(url.host, port)
                return await self._wrap(stream, url.host) if url.scheme == "https" else _Connection(stream)
        except TimeoutError as error:
            raise httpx.ConnectTimeout(f"no connection to {url.host} within {self._connect_seconds:.0f} s") from error
        except socket.gaierror as error:
            raise UnresolvedHost(f"the host {url.host} cannot be found ({error.strerror})") from error
        except ssl.SSLEOFError as error:
            raise httpx.ConnectError(f"{url.host} closed the connection in the middle of the TLS handshake") from error
        except ssl.SSLError as error:
            raise UntrustedServer(f"no TLS with {url.host} ({_tls_reason(error)})") from error
        except (OSError, anyio.EndOfStream, anyio.BrokenResourceError) as error:
            raise httpx.ConnectError(f"no connection to {url.host} ({_root(error)})") from error

    async def _wrap(self, stream: anyio.abc.ByteStream, host: str) -> "_Connection":
        from anyio.streams.tls import TLSAttribute, TLSStream  # noqa: PLC0415 - needed for https only

        try:
            # Some servers end a TLS connection without saying so; h11 knows whether an answer was whole.
            tls = await TLSStream.wrap(stream, hostname=host, ssl_context=self._ssl_context, standard_compatible=False)
        except BaseException:
            await anyio.aclose_forcefully(stream)
            raise
        return _Connection(tls, tls=tls.extra(TLSAttribute.ssl_object))  # noqa: S610 - anyio's word, not Django's


class _Connection:
    """A stream and the state of its one exchange."""

    def __init__(self, stream: anyio.abc.ByteStream, *, tls: ssl.SSLObject | None = None) -> None:
        self._stream, self._tls, self._protocol = stream, tls, h11.Connection(h11.CLIENT)
        self._idle_since = 0.0

    async def send(self, head: h11.Request, body: bytes) -> None:
        protocol = self._protocol
        parts = (protocol.send(head), protocol.send(h11.Data(data=body)), protocol.send(h11.EndOfMessage()))
        # In one piece: a request of a kilobyte then leaves in one segment, or not at all.
        data = b"".join(part for part in parts if part)
        try:
            await self._stream.send(data)
        except (OSError, anyio.BrokenResourceError) as error:
            raise httpx.WriteError(_root(error)) from error

    async def receive_head(self) -> h11.Response:
        while True:
            event = await self._next_event()
            if isinstance(event, h11.Response):
                return event
            if isinstance(event, h11.InformationalResponse) and event.status_code == 101:  # noqa: PLR2004 - its name
                raise httpx.RemoteProtocolError("101 Switching Protocols, which nobody asked for")
            if not isinstance(event, h11.InformationalResponse):
                raise httpx.RemoteProtocolError("the connection ended without an answer")

    async def receive_body(self) -> bytes | None:
        """The next part of the body, or None at its end."""
        event = await self._next_event()
        if isinstance(event, h11.Data):
            return bytes(event.data)
        if isinstance(event, h11.EndOfMessage):
            return None
        raise httpx.RemoteProtocolError("the answer ended too early")

    def made_ready(self) -> bool:
        """Whether the exchange is over, cleanly, and the connection may carry another."""
        protocol = self._protocol
        if protocol.our_state is not h11.DONE or protocol.their_state is not h11.DONE or protocol.trailing_data[0]:
            return False
        protocol.start_next_cycle()
        self._idle_since = anyio.current_time()
        return True

    def is_fresh(self, within: float) -> bool:
        """Whether it was used that lately, and the other side neither closed it nor said more than it was asked."""
        in_time = anyio.current_time() - self._idle_since <= within
        return in_time and not _holds_more(self._tls) and not _readable(self._stream)

    async def aclose(self) -> None:
        with anyio.CancelScope(shield=True):
            await anyio.aclose_forcefully(self._stream)

    async def _next_event(self) -> h11.Event | type[h11.PAUSED]:
        try:
            while True:
                event = self._protocol.next_event()
                if not isinstance(event, type) or event is h11.PAUSED:
                    return event
                self._protocol.receive_data(await self._receive())
        except h11.RemoteProtocolError as error:
            raise httpx.RemoteProtocolError(str(error)) from error

    async def _receive(self) -> bytes:
        try:
            return await self._stream.receive(_CHUNK)
        except anyio.EndOfStream:
            return b""
        except (OSError, anyio.BrokenResourceError) as error:
            raise httpx.ReadError(_root(error)) from error


class _Body(httpx.AsyncByteStream):
    """The answer's body, straight from its connection, which is given back when it has been read."""

    def __init__(self, connection: _Connection, give_back: Callable[[_Connection], Awaitable[None]]) -> None:
        self._connection, self._give_back = connection, give_back

    # No generator: a body that is left off in the middle would leave one behind for the event loop to close.
    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        part = await self._connection.receive_body()
        if part is None:
            raise StopAsyncIteration
        return part

    async def aclose(self) -> None:
        await self._give_back(self._connection)


def _head_of(request: httpx.Request, *, reused: bool) -> h11.Request:
    headers = [(name, value) for name, value in request.headers.raw if name.lower() != b"connection"]
    if not reused:
        headers.append((b"Connection", b"close"))
    try:
        return h11.Request(method=request.method, target=request.url.raw_path, headers=headers)
    except h11.LocalProtocolError:
        # h11 shows the header's value, which may be the key.
        raise httpx.LocalProtocolError("the request cannot be written as HTTP") from None


def _holds_more(tls: ssl.SSLObject | None) -> bool:
    """Whether TLS has read more than it gave out: a second answer that the socket does not show any more."""
    if tls is None:
        return False
    try:
        tls.read(1)
    except ssl.SSLWantReadError:
        return False
    except (OSError, ValueError):
        return True
    return True


def _readable(stream: anyio.abc.ByteStream) -> bool:
    """Whether bytes, or the other side's end, wait to be read on an idle connection."""
    raw = _raw_socket(stream)
    if raw is None:
        return True
    try:
        return bool(select.select([raw], [], [], 0)[0])
    except (OSError, ValueError):
        # Closed, or a descriptor too large for select: a new connection is always right.
        return True


def _raw_socket(stream: anyio.abc.ByteStream) -> socket.socket | None:
    return stream.extra(anyio.abc.SocketAttribute.raw_socket, None)  # noqa: S610 - anyio's word, not Django's


def _tls_reason(error: ssl.SSLError) -> str:
    # "certificate has expired" says more than CERTIFICATE_VERIFY_FAILED.
    return getattr(error, "verify_message", "") or error.reason or str(error)


def _root(error: BaseException) -> str:
    """The innermost cause, in one line: what the system said."""
    while (inner := error.__cause__ or error.__context__) is not None:
        # One for each address that was tried; they tend to say the same.
        error = inner.exceptions[0] if isinstance(inner, BaseExceptionGroup) else inner
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text or type(error).__name__
