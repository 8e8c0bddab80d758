"""Single-use transport: one POST on one connection, as an httpx transport that knows whether the first byte has left.

Everything that fails while connecting (name, TCP, TLS) is a `httpx.ConnectError` or `httpx.ConnectTimeout`: proof
that nothing was sent. Everything after that is another class. httpx's own transport cannot be used for two reasons:
one pool shared by many workers walks all of its connections at every step, and a pool of one per worker still costs
several times the time of this. The protocol is h11's (see `exchange`), the sockets and TLS are anyio's.

A connection is used again only if `reuse_within` seconds allow it: a server closes idle connections (Node's after 5
seconds), and a request that meets the closing ends as unknown. See `client.py` for the choice.
"""

import socket
import ssl
from collections.abc import Awaitable, Callable
from typing import Self

import anyio
import anyio.abc
import httpx

from campaign.aicaller.wire.connecting import connect_tcp
from campaign.aicaller.wire.connection import Connection, Deadline, root_error, root_of
from campaign.aicaller.wire.exchange import Exchange, MayBegin, RequestHead
from campaign.domain.system_errors.open_files import NO_OPEN_FILES_LEFT, is_of_open_files, none_left


class UnresolvedHost(httpx.ConnectError):
    """The host name has no address, or no DNS server answers for it."""


class NoOpenFiles(httpx.ConnectError):
    """This process may not open any more connections, to whatever host."""


class UntrustedServer(httpx.ConnectError):
    """TLS failed: an unknown or expired certificate, another host's certificate, or an old version."""


class SingleUseTransport(httpx.AsyncBaseTransport):
    """Transport whose connections carry one request at a time; reused only within `reuse_within` seconds."""

    def __init__(
        self,
        *,
        connect_seconds: float,
        reuse_within: float = 0.0,
        ssl_context: ssl.SSLContext | None = None,
        connect: Callable[[str, int], Awaitable[anyio.abc.ByteStream]] = connect_tcp,
    ) -> None:
        """`ssl_context` is needed only for https, and must check certificates; `connect` takes a host and a port."""
        self._connect_seconds, self._reuse_within = connect_seconds, reuse_within
        self._ssl_context, self._open = ssl_context, connect
        self._idle: list[Connection] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request.

        Raises:
            httpx.ConnectError: nothing was sent.
            httpx.ConnectTimeout: nothing was sent.
            httpx.ReadError: the connection broke after bytes may have left.
            httpx.WriteError: likewise.
            httpx.RemoteProtocolError: the answer is not HTTP, or ended too early.
            httpx.LocalProtocolError: the request cannot be put into HTTP; nothing was sent.
            DeadlinePassed: the request's extension `deadline`, a `Deadline`, passed after bytes may have left.
        """
        head, body = self.head_of(request), await request.aread()
        exchange = await self.begin(request.url, head, body, deadline=request.extensions.get("deadline"))
        return httpx.Response(exchange.status, headers=exchange.headers, stream=_Body(exchange, self.end))

    def head_of(self, request: httpx.Request) -> RequestHead:
        """The shared head of this request and of those that differ only in their body, for `begin`.

        Raises:
            httpx.LocalProtocolError: it cannot be put into HTTP.
        """
        named = [(name.lower(), name, value) for name, value in request.headers.raw]
        headers = [(name, value) for low, name, value in named if low not in (b"connection", b"content-length")]
        if self._reuse_within <= 0:
            headers.append((b"Connection", b"close"))
        # httpx gives a length to what has a body, and to what might have one.
        has_body = any(low == b"content-length" for low, _, _ in named)
        return RequestHead(request.method.encode(), request.url.raw_path, headers, has_body=has_body)

    async def begin(
        self,
        url: httpx.URL,
        head: RequestHead,
        body: bytes,
        *,
        deadline: Deadline | None = None,
        may_begin: MayBegin | None = None,
    ) -> Exchange:
        """Sends one request, and returns when the head of its response has arrived. Always `end` it.

        Args:
            url: where to.
            head: from `head_of`.
            body: of the request.
            deadline: of the whole exchange, its body included.
            may_begin: asked once there is a connection, right before the first byte.

        Raises:
            TooLate: from `may_begin`; nothing was sent.
            httpx.ConnectError: as `handle_async_request` does, and likewise all others.
        """
        exchange = Exchange(await self._take_idle() or await self._connect(url, deadline=deadline), head, body)
        exchange.connection.deadline = deadline
        try:
            await exchange.begin(may_begin)
        except BaseException:
            await exchange.connection.aclose()
            raise
        return exchange

    async def end(self, exchange: Exchange) -> None:
        """Keeps the exchange's connection for reuse, or closes it."""
        if self._reuse_within > 0 and exchange.is_over():
            exchange.connection.rest()
            self._idle.append(exchange.connection)
        else:
            await exchange.connection.aclose()

    async def aclose(self) -> None:
        """Closes all idle connections."""
        while self._idle:
            await self._idle.pop().aclose()

    async def _take_idle(self) -> Connection | None:
        # The one used last is the least likely to be closed by the other side.
        while self._idle:
            connection = self._idle.pop()
            if connection.is_fresh(self._reuse_within):
                return connection
            await connection.aclose()
        return None

    async def _connect(self, url: httpx.URL, *, deadline: Deadline | None) -> Connection:
        port = url.port or (443 if url.scheme == "https" else 80)
        seconds = self._connect_seconds if deadline is None else min(self._connect_seconds, deadline.left)
        try:
            with anyio.fail_after(seconds):
                stream = await self._open(url.host, port)
                return await self._wrap(stream, url.host) if url.scheme == "https" else Connection(stream)
        except TimeoutError as error:
            raise httpx.ConnectTimeout(f"no connection to {url.host} within {seconds:.0f} s") from error
        except socket.gaierror as error:
            # Names are looked up through connections as well.
            if none_left():
                raise NoOpenFiles(NO_OPEN_FILES_LEFT) from error
            raise UnresolvedHost(f"the host {url.host} cannot be found ({error.strerror})") from error
        except ssl.SSLEOFError as error:
            raise httpx.ConnectError(f"{url.host} closed the connection in the middle of the TLS handshake") from error
        except ssl.SSLError as error:
            raise UntrustedServer(f"no TLS with {url.host} ({_tls_reason(error)})") from error
        except (OSError, anyio.EndOfStream, anyio.BrokenResourceError) as error:
            if is_of_open_files(root_error(error)):
                raise NoOpenFiles(NO_OPEN_FILES_LEFT) from error
            raise httpx.ConnectError(f"no connection to {url.host} ({root_of(error)})") from error

    async def _wrap(self, stream: anyio.abc.ByteStream, host: str) -> Connection:
        from anyio.streams.tls import TLSAttribute, TLSStream  # noqa: PLC0415 - needed for https only

        try:
            # Some servers end a TLS connection without saying so; h11 knows whether an answer was whole.
            tls = await TLSStream.wrap(stream, hostname=host, ssl_context=self._ssl_context, standard_compatible=False)
        except BaseException:
            await anyio.aclose_forcefully(stream)
            raise
        return Connection(tls, tls=tls.extra(TLSAttribute.ssl_object), below=stream)  # noqa: S610 - anyio's word, not Django's


class _Body(httpx.AsyncByteStream):
    """The response body, read from its connection, which is released when all has been read."""

    def __init__(self, exchange: Exchange, end: Callable[[Exchange], Awaitable[None]]) -> None:
        self._exchange, self._end = exchange, end

    # No generator: a body that is left off in the middle would leave one behind for the event loop to close.
    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        part = await self._exchange.next_part()
        if part is None:
            raise StopAsyncIteration
        return part

    async def aclose(self) -> None:
        await self._end(self._exchange)


def _tls_reason(error: ssl.SSLError) -> str:
    # "certificate has expired" says more than CERTIFICATE_VERIFY_FAILED.
    return getattr(error, "verify_message", "") or error.reason or str(error)
