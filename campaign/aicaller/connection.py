"""Connection: an open stream, plain or TLS, that sends in one piece, receives until a deadline, and may be reused."""

import select
import socket
import ssl
from collections.abc import Awaitable, Callable

import anyio
import anyio.abc
import httpx

_CHUNK = 64 * 1024
LAST_LOOK_SECONDS = 0.1
"""The event loop needs a turn or two to bring in what lies in the socket, and this machine may be busy."""
GRACE_SECONDS = 1.0


class DeadlinePassed(Exception):  # noqa: N818 - an ending that is expected and handled, not an error
    """The deadline has passed, and what had arrived by then is read."""


class Deadline:
    """Deadline of an exchange. What has arrived by then is read all the same, however late this process notices.

    A process that was stopped or swapped out for a minute wakes up with the deadline past and the answer in its
    socket. To throw that away would leave a call unknown whose id is here. So after the deadline each receiving
    gets one last short look, for as long as there is something to be had, and no longer than the grace.
    """

    def __init__(self, seconds: float, *, grace: float = GRACE_SECONDS) -> None:
        """From now on; `grace` bounds how long a sender that never ends is listened to after it."""
        self._since = anyio.current_time()
        self.at = self._since + seconds
        self._grace, self._ends = grace, float("inf")

    @property
    def left(self) -> float:
        """Seconds until then, 0 or more."""
        return max(0.0, self.at - anyio.current_time())

    @property
    def seconds(self) -> float:
        """Seconds from its start until then."""
        return self.at - self._since

    def extend(self, seconds: float) -> None:
        """Puts it off by that much."""
        self.at += seconds

    async def bound(self, receive: Callable[[], Awaitable[bytes]]) -> bytes:
        """Receives until then, or what has arrived already.

        Args:
            receive: may be cancelled and called again without losing anything.

        Raises:
            DeadlinePassed: nothing has arrived in time.
        """
        if self.left > 0:
            with anyio.CancelScope(deadline=self.at):
                return await receive()
        now = anyio.current_time()
        # Counted from when it is noticed, which may be long after the deadline.
        self._ends = min(self._ends, now + self._grace)
        with anyio.CancelScope(deadline=min(now + LAST_LOOK_SECONDS, self._ends)):
            return await receive()
        raise DeadlinePassed


class Connection:
    """A stream whose errors say what may have happened: httpx's classes, which the verdict's table maps.

    Attributes:
        deadline: of the exchange that it carries; None for none.
    """

    def __init__(self, stream: anyio.abc.ByteStream, *, tls: ssl.SSLObject | None = None) -> None:
        """`tls` is the stream's TLS session, if it has one."""
        self.deadline: Deadline | None = None
        self._stream, self._tls = stream, tls
        self._raw: socket.socket | None = stream.extra(anyio.abc.SocketAttribute.raw_socket, None)  # noqa: S610 - anyio's word, not Django's
        self._idle_since = 0.0

    async def send(self, data: bytes) -> None:
        """Sends all of the data, in one segment or few; at the deadline it is left off, since some may have left.

        Raises:
            httpx.WriteError: some of it may have left.
        """
        try:
            with anyio.CancelScope(deadline=float("inf") if self.deadline is None else self.deadline.at):
                await self._stream.send(data)
        except (OSError, anyio.BrokenResourceError) as error:
            raise httpx.WriteError(root_of(error)) from error

    async def receive(self) -> bytes:
        """The next bytes; empty at the end of the stream.

        Raises:
            httpx.ReadError: the connection broke.
            DeadlinePassed: nothing has arrived by the deadline.
        """
        return await (self._receive() if self.deadline is None else self.deadline.bound(self._receive))

    async def _receive(self) -> bytes:
        try:
            return await self._stream.receive(_CHUNK)
        except anyio.EndOfStream:
            return b""
        except (OSError, anyio.BrokenResourceError) as error:
            raise httpx.ReadError(root_of(error)) from error

    def rest(self) -> None:
        """Marks the connection as idle from now on."""
        self._idle_since = anyio.current_time()

    def is_fresh(self, within: float) -> bool:
        """Whether it was used recently, and the other side neither closed it nor sent anything unasked."""
        in_time = anyio.current_time() - self._idle_since <= within
        return in_time and not _holds_more(self._tls) and not _readable(self._raw)

    async def aclose(self) -> None:
        """Closes it at once."""
        with anyio.CancelScope(shield=True):
            await anyio.aclose_forcefully(self._stream)


def root_error(error: BaseException) -> BaseException:
    """The innermost cause."""
    while (inner := error.__cause__ or error.__context__) is not None:
        # One for each address that was tried; they tend to say the same.
        error = inner.exceptions[0] if isinstance(inner, BaseExceptionGroup) else inner
    return error


def root_of(error: BaseException) -> str:
    """The innermost cause as one line, in the system's words."""
    error = root_error(error)
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text or type(error).__name__


def _holds_more(tls: ssl.SSLObject | None) -> bool:
    """Whether TLS holds data that was not read: a second response that the socket no longer shows."""
    if tls is None:
        return False
    try:
        tls.read(1)
    except ssl.SSLWantReadError:
        return False
    except (OSError, ValueError):
        return True
    return True


def _readable(raw: socket.socket | None) -> bool:
    """Whether data or an end of stream waits on an idle connection."""
    if raw is None:
        return True
    try:
        return bool(select.select([raw], [], [], 0)[0])
    except (OSError, ValueError):
        # Closed, or a descriptor too large for select: a new connection is always right.
        return True
