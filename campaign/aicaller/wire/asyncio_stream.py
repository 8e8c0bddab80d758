"""Asyncio stream: a TCP stream whose receiving costs one future, and whose deadline mostly costs no timer.

anyio's own streams work with every event loop, and cost twice as much a call: an event, a guard and a cancel scope at
every step. This one has their interface, so that TLS goes over it, and `write` and `receive_until` beside it.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, cast

import anyio
import anyio.abc
import anyio.lowlevel

_CHUNK = 64 * 1024
# Nobody reads while a connection is idle, or more slowly than a hostile server writes.
_MOST_HELD = 256 * 1024


class AsyncioStream(asyncio.Protocol, anyio.abc.ByteStream):
    """Both ends of asyncio's transport: its protocol, and the stream that is read and written."""

    def __init__(self) -> None:
        """Made by the loop's `create_connection`, in that loop."""
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._come, self._size = list[bytes](), 0
        self._ended = self._closed = self._full = False
        self._error: Exception | None = None
        self._reader: asyncio.Future[None] | None = None
        self._room: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._due = self._timed_for = float("inf")

    # What the loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See `asyncio.Protocol`, and likewise the following."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Holds what has come until it is read; stops reading from the socket when that is a lot."""
        self._come.append(data)
        self._size += len(data)
        if self._size > _MOST_HELD and not self._full:
            self._full = True
            self._open_transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        """The other side sends no more; what is to be sent still can be."""
        self._ended = True
        self._wake()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Those who wait are told."""
        self._error, self._ended = exc, True
        self._wake()
        self.resume_writing()
        self._stop_timer()

    def pause_writing(self) -> None:
        """The socket takes no more for now."""
        self._room = self._loop.create_future()

    def resume_writing(self) -> None:
        """The socket takes more."""
        room, self._room = self._room, None
        if room is not None and not room.done():
            room.set_result(None)

    # What those who send and receive call.

    @property
    def holds_more(self) -> bool:
        """Whether something has come that nobody has read, or the other side has closed."""
        return bool(self._come) or self._ended or self._closed

    def write(self, data: bytes) -> bool:
        """Sends, without waiting; False when the socket took too little of it, and `send` is to wait for the rest.

        An error that comes later shows when something is received.

        Raises:
            anyio.BrokenResourceError: the connection is lost already.
            anyio.ClosedResourceError: it was closed here.
        """
        if self._closed:
            raise anyio.ClosedResourceError
        if self._error is not None or self._open_transport.is_closing():
            raise anyio.BrokenResourceError from self._error
        self._open_transport.write(data)
        return self._room is None

    async def send(self, item: bytes) -> None:
        """See `anyio.abc.ByteStream`."""
        await anyio.lowlevel.checkpoint_if_cancelled()
        self.write(item)
        while self._room is not None:
            await asyncio.shield(self._room)
        if self._error is not None:
            raise anyio.BrokenResourceError from self._error

    async def receive(self, max_bytes: int = _CHUNK) -> bytes:
        """See `anyio.abc.ByteStream`."""
        await anyio.lowlevel.checkpoint()
        came = await self.receive_until(float("inf"), max_bytes=max_bytes)
        assert came is not None  # noqa: S101 - that instant never comes
        return came

    async def receive_until(self, at: float, *, max_bytes: int = _CHUNK) -> bytes | None:
        """The next bytes; None when nothing has come by that instant of the loop's clock.

        Raises:
            anyio.EndOfStream: the other side sends no more.
            anyio.BrokenResourceError: the connection is lost.
            anyio.ClosedResourceError: it was closed here.
        """
        if not self.holds_more:
            if self._reader is not None:
                raise anyio.BusyResourceError("reading from")
            self._reader = self._loop.create_future()
            self._watch(at)
            try:
                await self._reader
            finally:
                self._reader = None
        if self._come:
            return self._next(max_bytes)
        if self._closed:
            raise anyio.ClosedResourceError
        if self._error is not None:
            raise anyio.BrokenResourceError from self._error
        if self._ended:
            raise anyio.EndOfStream
        return None

    async def send_eof(self) -> None:
        """See `anyio.abc.ByteStream`."""
        self._open_transport.write_eof()

    async def aclose(self) -> None:
        """Closes it at once: what has not left yet is not sent."""
        self._closed = True
        self._stop_timer()
        self._open_transport.abort()
        self._wake()
        await anyio.lowlevel.checkpoint()

    @property
    def extra_attributes(self) -> Mapping[Any, Callable[[], Any]]:
        """Its socket."""
        return {anyio.abc.SocketAttribute.raw_socket: lambda: self._open_transport.get_extra_info("socket")}

    @property
    def _open_transport(self) -> asyncio.Transport:
        assert self._transport is not None  # noqa: S101 - the loop hands the stream out when it is connected
        return self._transport

    def _next(self, max_bytes: int) -> bytes:
        first = self._come.pop(0)
        if len(first) > max_bytes:
            self._come.insert(0, first[max_bytes:])
            first = first[:max_bytes]
        self._size -= len(first)
        if self._full and self._size <= _MOST_HELD:
            self._full = False
            if not self._open_transport.is_closing():
                self._open_transport.resume_reading()
        return first

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    def _watch(self, at: float) -> None:
        """Wakes the reader at that instant. A timer that is due earlier is left, and set anew when it goes off."""
        self._due = at
        if at < self._timed_for:
            self._stop_timer()
            self._timed_for, self._timer = at, self._loop.call_at(at, self._time_came)

    def _time_came(self) -> None:
        self._timer, self._timed_for = None, float("inf")
        if self._reader is None:
            return
        if self._due > self._loop.time():
            self._watch(self._due)
        else:
            self._wake()

    def _stop_timer(self) -> None:
        timer, self._timer, self._timed_for = self._timer, None, float("inf")
        if timer is not None:
            timer.cancel()
