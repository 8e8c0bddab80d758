"""Connection: an open stream, plain or TLS, that sends in one piece, receives, and knows whether it may be reused."""

import select
import socket
import ssl

import anyio
import anyio.abc
import httpx

_CHUNK = 64 * 1024


class Connection:
    """A stream whose errors say what may have happened: httpx's classes, which the verdict's table maps."""

    def __init__(self, stream: anyio.abc.ByteStream, *, tls: ssl.SSLObject | None = None) -> None:
        """`tls` is the stream's TLS session, if it has one."""
        self._stream, self._tls = stream, tls
        self._raw: socket.socket | None = stream.extra(anyio.abc.SocketAttribute.raw_socket, None)  # noqa: S610 - anyio's word, not Django's
        self._idle_since = 0.0

    async def send(self, data: bytes) -> None:
        """Sends all of the data, in one segment or few.

        Raises:
            httpx.WriteError: some of it may have left.
        """
        try:
            await self._stream.send(data)
        except (OSError, anyio.BrokenResourceError) as error:
            raise httpx.WriteError(root_of(error)) from error

    async def receive(self) -> bytes:
        """The next bytes; empty at the end of the stream.

        Raises:
            httpx.ReadError: the connection broke.
        """
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
