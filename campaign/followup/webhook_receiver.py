"""Webhook receiver: a small HTTP server, one request per connection, all sizes capped, nothing kept but ids.

connection --> one POST, at most 64 KiB within ten seconds --> hint --> ids passed on --> 202
                                                                `- another secret --> 401
"""

from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus

import anyio
import h11
from anyio.abc import SocketAttribute, SocketStream, TaskStatus
from anyio.streams.memory import MemoryObjectSendStream

from campaign.aicaller.webhook_payload import read_hint
from campaign.domain.errors import UsageError

MOST_BODY_BYTES = 64 * 1024
MOST_AT_ONCE = 32
PATIENCE_SECONDS = 10.0
_CHUNK = 16 * 1024
_GONE = (OSError, anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError)


class Receiver:
    """Receives webhooks, and passes on the ids that they hint at.

    Attributes:
        refused: how many requests had another secret.
    """

    def __init__(self, *, secret: str | None, ids: MemoryObjectSendStream[tuple[str, ...]]) -> None:
        """`ids` gets the ids of every request; those that do not fit are left to regular polling."""
        self.refused = 0
        self._secret, self._ids, self._open = secret, ids, 0

    async def serve(self, host: str, *, port: int, task_status: TaskStatus[int] = anyio.TASK_STATUS_IGNORED) -> None:
        """Serves until cancelled; reports the port once it does.

        Raises:
            UsageError: that address cannot be listened on.
        """
        try:
            listener = await anyio.create_tcp_listener(local_host=host, local_port=port)
        except OSError as error:
            raise UsageError(f"cannot listen at {host}, port {port}: {error.strerror}; choose another port") from None
        async with listener:
            task_status.started(listener.extra(SocketAttribute.local_port))  # noqa: S610 - anyio's word, not Django's
            await listener.serve(self._connection)

    async def _connection(self, stream: SocketStream) -> None:
        self._open += 1
        try:
            async with stream:
                if self._open <= MOST_AT_ONCE:
                    with anyio.move_on_after(PATIENCE_SECONDS):
                        await self._answered(stream)
        except _GONE:
            pass
        # A hostile request can raise anything, and must not end the others.
        except Exception:  # noqa: BLE001, S110 - see above; nothing of it is worth telling
            pass
        finally:
            self._open -= 1

    async def _answered(self, stream: SocketStream) -> None:
        connection = h11.Connection(h11.SERVER)
        try:
            head, body = await _request(connection, stream)
            status = self._judged(head, body)
        except h11.RemoteProtocolError as error:
            status = HTTPStatus(error.error_status_hint)
        if connection.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return
        answer = h11.Response(status_code=status, headers=[("Content-Length", "0"), ("Connection", "close")])
        for part in (connection.send(answer), connection.send(h11.EndOfMessage())):
            await stream.send(part or b"")
        await stream.send_eof()

    def _judged(self, head: h11.Request, body: bytes | None) -> HTTPStatus:
        if head.method != b"POST":
            return HTTPStatus.METHOD_NOT_ALLOWED
        if body is None:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        hint = read_hint(body, headers=_headers(head), secret=self._secret)
        if hint is None:
            return HTTPStatus.BAD_REQUEST
        if not hint.is_genuine:
            self.refused += 1
            return HTTPStatus.UNAUTHORIZED
        if hint.ids:
            with suppress(anyio.WouldBlock, anyio.BrokenResourceError):
                self._ids.send_nowait(hint.ids)
        return HTTPStatus.ACCEPTED


async def _request(connection: h11.Connection, stream: SocketStream) -> tuple[h11.Request, bytes | None]:
    """Head and body of the only request; None for a body that is too long."""
    head: h11.Request | None = None
    parts: list[bytes] = []
    size = 0
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await stream.receive(_CHUNK))
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            size += len(event.data)
            if head is not None and size > MOST_BODY_BYTES:
                return head, None
            parts.append(bytes(event.data))
        elif head is not None:
            return head, b"".join(parts)
        else:
            raise h11.RemoteProtocolError("no request came")


def _headers(head: h11.Request) -> Mapping[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in head.headers}
