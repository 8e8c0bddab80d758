"""Connections inside this process: both ends in memory, so that no byte waits for a socket, and none leaves it."""

from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Any, Self

import anyio
import anyio.abc

Connect = Callable[[str, int], Awaitable[anyio.abc.ByteStream]]
"""Opens a connection to a host and a port."""


class _Pipe:
    """One direction: bytes on their way, and whether it has ended, in order or broken off."""

    def __init__(self) -> None:
        self._bytes, self._more = bytearray(), anyio.Event()
        self.ended = self.broken = False

    def put(self, some: bytes) -> None:
        self._bytes += some
        self._more.set()

    def end(self) -> None:
        self.ended = True
        self._more.set()

    def break_off(self) -> None:
        self.broken = True
        self._bytes.clear()
        self._more.set()

    async def take(self, most: int) -> bytes:
        while not self._bytes and not self.ended and not self.broken:
            self._more = anyio.Event()
            await self._more.wait()
        if self.broken:
            raise anyio.BrokenResourceError
        if not self._bytes:
            raise anyio.EndOfStream
        some = bytes(self._bytes[:most])
        del self._bytes[:most]
        return some


class ServerLine:
    """The stand-in's end of a connection; see `RawConnection`."""

    def __init__(self, received: _Pipe, sent: _Pipe) -> None:
        self._received, self._sent = received, sent

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sent.end()
        # Nobody reads any more: what the client sends now breaks its connection.
        self._received.broken = True

    async def receive(self) -> bytes:
        """The next bytes, as they come.

        Raises:
            EndOfStream: the other side has closed.
            OSError: it has gone otherwise.
        """
        try:
            return await self._received.take(1 << 16)
        except anyio.BrokenResourceError as error:
            raise ConnectionResetError from error

    async def send(self, some: bytes) -> None:
        """Sends all of these bytes.

        Raises:
            OSError: the other side has gone.
        """
        if self._sent.broken or self._sent.ended:
            raise BrokenPipeError
        self._sent.put(some)

    def finish(self) -> None:
        """Ends the sending side; the other side may still be sending."""
        self._sent.end()

    def reset(self) -> None:
        """Breaks the connection off: unread data is lost to both sides."""
        self._sent.break_off()
        self._received.break_off()


class ClientStream(anyio.abc.ByteStream):
    """The client's end of a connection."""

    def __init__(self, received: _Pipe, sent: _Pipe) -> None:
        self._received, self._sent = received, sent

    @property
    def extra_attributes(self) -> Mapping[Any, Callable[[], Any]]:
        """None: there is no socket."""
        return {}

    async def receive(self, max_bytes: int = 65536) -> bytes:
        """See `anyio.abc.ByteReceiveStream`."""
        return await self._received.take(max_bytes)

    async def send(self, item: bytes) -> None:
        """See `anyio.abc.ByteSendStream`."""
        if self._sent.broken:
            raise anyio.BrokenResourceError
        self._sent.put(item)

    async def send_eof(self) -> None:
        """See `anyio.abc.ByteStream`."""
        self._sent.end()

    async def aclose(self) -> None:
        """Closes both directions."""
        self._sent.end()
        self._received.broken = True


def connected() -> tuple[ClientStream, ServerLine]:
    """Both ends of a new connection."""
    to_server, to_client = _Pipe(), _Pipe()
    return ClientStream(to_client, to_server), ServerLine(to_server, to_client)
