"""The map from exceptions to outcomes is complete: a short whitelist proves that nothing was sent, nothing else."""

import builtins
import socket
import ssl
from collections.abc import Callable, Iterable

import anyio
import h11
import httpx
import pytest

from campaign.aicaller.wire.connection import Connection, Deadline
from campaign.aicaller.wire.exchange import Exchange, MayBegin, RequestHead
from campaign.aicaller.wire.transport import SingleUseTransport, UnresolvedHost, UntrustedServer
from campaign.domain.model import Cause, NotSent, Unknown
from tests.aicaller.calling import client_for, request_for
from tests.aicaller.endings import PHONE

pytestmark = pytest.mark.anyio

NOTHING_SENT: dict[type[BaseException], Cause] = {
    UnresolvedHost: Cause.NAME,
    UntrustedServer: Cause.TLS,
    httpx.ConnectError: Cause.CONNECT,
    httpx.ConnectTimeout: Cause.CONNECT,
    httpx.LocalProtocolError: Cause.LOCAL,
    httpx.UnsupportedProtocol: Cause.LOCAL,
}
# These end the program, or the task, and say nothing about a call.
LEAVING = {KeyboardInterrupt, SystemExit, GeneratorExit}


class PanicException(BaseException):
    """Derives from BaseException, as pyo3's does."""


class OfTomorrow(httpx.TransportError):
    """A class that a later httpx may bring."""


def classes_of(*modules: object) -> Iterable[type[BaseException]]:
    for module in modules:
        for found in vars(module).values():
            if isinstance(found, type) and issubclass(found, BaseException):
                yield found


EVERY = sorted(
    {PanicException, OfTomorrow, *NOTHING_SENT, *classes_of(httpx, anyio, h11, ssl, socket, builtins)} - LEAVING,
    key=lambda kind: (kind.__module__, kind.__name__),
)


# A group is as unknown as anything else, even one of connection failures.
MADE_OF: dict[type[BaseException], tuple[object, ...]] = {
    BaseExceptionGroup: ("x", [httpx.ConnectError("x")]),
    UnicodeDecodeError: ("utf-8", b"x", 0, 1, "x"),
    UnicodeEncodeError: ("utf-8", "x", 0, 1, "x"),
    UnicodeTranslateError: ("x", 0, 1, "x"),
}


def made(kind: type[BaseException]) -> BaseException:
    """One of that class, whatever it wants to be made of."""
    if issubclass(kind, httpx.HTTPStatusError):
        return kind("x", request=httpx.Request("POST", "http://127.0.0.1"), response=httpx.Response(500))
    for known, parts in MADE_OF.items():
        if issubclass(kind, known):
            return kind(*parts)
    try:
        return kind("x")
    except TypeError:
        return kind()


class Beginning(SingleUseTransport):
    """A way to the server on which each exchange begins as it is said."""

    def __init__(self, begun: Callable[[RequestHead, bytes], Exchange]) -> None:
        super().__init__(connect_seconds=1.0)
        self._begun = begun

    async def begin(
        self,
        url: httpx.URL,  # noqa: ARG002 - nothing is sent
        head: RequestHead,
        body: bytes,
        *,
        deadline: Deadline | None = None,  # noqa: ARG002 - likewise
        may_begin: MayBegin | None = None,  # noqa: ARG002 - likewise
    ) -> Exchange:
        return self._begun(head, body)


def test_every_class_that_the_libraries_have_is_looked_at() -> None:
    """A list that is short by mistake proves nothing."""
    assert len(EVERY) > 100
    assert {httpx.ReadError, httpx.PoolTimeout, httpx.ProxyError, ssl.SSLError, anyio.EndOfStream} <= set(EVERY)


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
async def test_only_the_whitelist_proves_that_nothing_was_sent(
    kind: type[BaseException],
) -> None:
    """A class that is not on the list may have come after the last byte: to send again would be to call twice."""

    def fail(*_: object) -> Exchange:
        raise made(kind)

    async with client_for("http://127.0.0.1:1", transport=Beginning(fail)) as client:
        outcome = await client.send(request_for(PHONE))
    if kind in NOTHING_SENT:
        assert isinstance(outcome, NotSent)
        assert outcome.cause is NOTHING_SENT[kind]
    else:
        assert isinstance(outcome, Unknown)
        assert outcome.status is None
        assert outcome.evidence["ended"]


@pytest.mark.parametrize("kind", NOTHING_SENT, ids=lambda kind: kind.__name__)
async def test_after_a_status_line_nothing_proves_that_nothing_was_sent(
    kind: type[BaseException],
) -> None:
    """The server has answered, so it was asked, whatever the exception's class says."""

    class Nothing(anyio.abc.ByteStream):
        async def send(self, item: bytes) -> None: ...
        async def send_eof(self) -> None: ...
        async def aclose(self) -> None: ...
        async def receive(self, max_bytes: int = 1) -> bytes:
            return b"x" * max_bytes

    class Breaking(Exchange):
        async def next_part(self) -> bytes | None:
            raise made(kind)

    def answer(head: RequestHead, body: bytes) -> Exchange:
        exchange = Breaking(Connection(Nothing()), head, body)
        exchange.status = 200
        return exchange

    async with client_for("http://127.0.0.1:1", transport=Beginning(answer)) as client:
        outcome = await client.send(request_for(PHONE))
    assert isinstance(outcome, Unknown)
    assert outcome.status == 200


@pytest.mark.parametrize("kind", LEAVING, ids=lambda kind: kind.__name__)
async def test_what_ends_the_program_is_not_held_up(kind: type[BaseException]) -> None:
    """It is not the call's ending. The pool writes the row down as unknown before it lets it pass."""

    def fail(*_: object) -> Exchange:
        raise kind

    async with client_for("http://127.0.0.1:1", transport=Beginning(fail)) as client:
        with pytest.raises(kind):
            await client.send(request_for(PHONE))


async def test_a_cancelled_send_is_cancelled_and_its_connection_closed() -> None:
    """Who cancels must know that it was; the pool shields its calls from it."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        async with client_for(f"http://127.0.0.1:{silent.getsockname()[1]}") as client:
            with anyio.move_on_after(0.05) as scope:
                await client.send(request_for(PHONE))
        assert scope.cancelled_caught
        line, _ = silent.accept()
        with line:
            line.settimeout(5)
            while line.recv(65536):
                pass
