"""Raw sockets on this machine: they never read, send or close anything on their own, so that faults are exact."""

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


class RawConnection:
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
        """The next bytes, as they come.

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
        """Sends all of these bytes.

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
        """Ends the sending side; the other side may still be sending.

        Raises:
            OSError: the other side has gone.
        """
        self._socket.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """Closes with RST: unread data is lost to both sides."""
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


def accepted(listener: socket.socket) -> RawConnection | None:
    """The next connection waiting to be accepted, if any.

    Raises:
        OSError: it has gone again, or there are no file handles left just now.
    """
    try:
        connection, _ = listener.accept()
    except BlockingIOError:
        return None
    # An answer in several pieces must not wait for the client's acknowledgements.
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return RawConnection(connection)
