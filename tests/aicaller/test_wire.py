"""The stream under every call with asyncio: what it must not lose, take for another's, or hold without end."""

import asyncio
import threading
from datetime import UTC, datetime
from typing import cast

import anyio
import anyio.lowlevel
import anyio.to_thread
import pytest

from campaign.aicaller.wire.asyncio_stream import AsyncioStream
from campaign.aicaller.wire.connecting import first_of
from campaign.engine.pacing.virtual_loop import VirtualClock, run_in_virtual_time
from tests.aicaller.calling import client_for, request_for
from tests.aicaller.conftest import Certificates
from tests.aicaller.endings import answer, reply
from tests.aicaller.hostile import Hostile, Line
from tests.aicaller.test_reuse import PHONES, answering, call, ids


class Taps(asyncio.Transport):
    """A transport that sends nothing, and counts how often its reading was paused and resumed."""

    def __init__(self) -> None:
        super().__init__()
        self.paused = self.resumed = 0

    def is_closing(self) -> bool:
        return False

    def pause_reading(self) -> None:
        self.paused += 1

    def resume_reading(self) -> None:
        self.resumed += 1


def made() -> tuple[AsyncioStream, Taps]:
    stream, transport = AsyncioStream(), Taps()
    stream.connection_made(transport)
    return stream, transport


@pytest.mark.anyio
@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize("how", ["say", "finish", "reset"])
async def test_what_came_on_an_idle_connection_is_noticed_also_once_the_loop_has_read_it(
    how: str, tls: bool, certificates: Certificates  # noqa: FBT001 - a case of the table
) -> None:  # fmt: skip
    """The socket shows nothing any more then, and a stale answer would be taken for the next person's."""
    answered, said = threading.Event(), threading.Event()

    def twice(line: Line) -> None:
        line.take()
        line.say(answer(200, call(0)))
        answered.wait(10)
        if how == "say":
            line.say(answer(200, reply(_id="stale", toPhoneNumber=None)))
        else:
            getattr(line, how)()
        said.set()

    with Hostile(twice, answering(answer(200, call(1))), tls=certificates.right if tls else None) as server:
        context = certificates.trusted if tls else None
        async with client_for(server.base_url, reuse_within=30.0, ssl_context=context) as client:
            first = await client.send(request_for(PHONES[0]))
            answered.set()
            await anyio.to_thread.run_sync(said.wait)
            for _ in range(5):
                await anyio.lowlevel.checkpoint()
            outcomes = [first, await client.send(request_for(PHONES[1]))]
    assert ids(outcomes) == ["call-0", "call-1"]


def test_the_timer_of_an_earlier_deadline_ends_no_later_one() -> None:
    """One timer serves a connection for as long as it is used: it must be late for nobody, and early for nobody."""
    clock = VirtualClock(datetime(2026, 12, 1, 9, tzinfo=UTC))

    async def run() -> list[tuple[bytes | None, float]]:
        (stream, _), loop = made(), asyncio.get_running_loop()
        loop.call_at(1, stream.data_received, b"one")
        loop.call_at(70, stream.data_received, b"two")
        return [(await stream.receive_until(at), loop.time()) for at in (60, 100, 150, 151)]

    assert run_in_virtual_time(run, clock=clock) == [(b"one", 1), (b"two", 70), (None, 150), (None, 151)]


@pytest.mark.anyio
async def test_a_server_that_talks_without_end_fills_no_memory(anyio_backend_name: str) -> None:
    """Nobody reads an idle connection: without a bound, a hostile server would decide how much this process holds."""
    if anyio_backend_name != "asyncio":
        pytest.skip("a stream of asyncio")
    stream, transport = made()
    for _ in range(64):
        if not transport.paused:
            stream.data_received(b"x" * 65536)
    held = 0
    while not transport.resumed:
        held += len(await stream.receive())
    assert transport.paused == 1
    assert held < 1024 * 1024


@pytest.mark.anyio
async def test_an_address_that_refuses_leaves_the_next_one_to_be_tried(anyio_backend_name: str) -> None:
    """Names have several addresses, and one of them may be down: that is no reason to make no call."""
    if anyio_backend_name != "asyncio":
        pytest.skip("a stream of asyncio")
    with Hostile(answering(answer(200, call(0)))) as server:
        stream = await first_of(["127.0.0.2", "127.0.0.1"], port=server.port)
        await anyio.aclose_forcefully(stream)
        with pytest.raises(OSError, match="no address") as caught:
            await first_of(["127.0.0.2", "127.0.0.3"], port=server.port)
    assert len(cast("ExceptionGroup[OSError]", caught.value.__cause__).exceptions) == 2
