"""Bare sockets of this machine: nothing is read, sent or closed behind the back of a fault."""

import os
import socket
import struct
from types import TracebackType
from typing import Self

import anyio

from campaign.domain.errors import UsageError

_READ = 1 << 16
_BACKLOG = 1024
# Two shorts on Windows, two ints elsewhere: linger, for no time at all. Closing then sends RST.
_ABRUPT = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


class Line:
    """One connection; leaving its context closes it."""

    def __init__(self, connection: socket.socket) -> None:
        connection.settimeout(0)
        self._socket = connection

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    async def receive(self) -> bytes:
        """Some bytes, as they come.

        Raises:
            EndOfStream: the other side has closed.
            OSError: it has gone otherwise.
        """
        while True:
            try:
                some = self._socket.recv(_READ)
            except BlockingIOError:
                await anyio.wait_readable(self._socket)
                continue
            if not some:
                raise anyio.EndOfStream
            return some

    async def send(self, some: bytes) -> None:
        """All of these bytes.

        Raises:
            OSError: the other side has gone.
        """
        left = memoryview(some)
        while left:
            try:
                left = left[self._socket.send(left) :]
            except BlockingIOError:
                await anyio.wait_writable(self._socket)

    def finish(self) -> None:
        """Say that nothing more will be sent; the other side may still be sending.

        Raises:
            OSError: the other side has gone.
        """
        self._socket.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """Close with RST: what was not read yet is lost to both sides."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABRUPT)
        self._socket.close()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket.

    Raises:
        UsageError: the port cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise UsageError(f"port {port} of {host}: {reason}; choose another port, or 0 for a free one") from None
    listener.settimeout(0)
    return listener


def accepted(listener: socket.socket) -> Line | None:
    """The next connection that waits to be accepted, if there is one.

    Raises:
        OSError: it has gone again, or there are no file handles left just now.
    """
    try:
        connection, _ = listener.accept()
    except BlockingIOError:
        return None
    # An answer in several pieces must not wait for the client's acknowledgements.
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Line(connection)
