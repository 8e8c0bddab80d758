"""Connections that are used again, and those that must not be: a stale answer there names another person's call."""

import contextlib
import ssl
import threading
from collections.abc import Callable

import anyio
import pytest

from campaign.aicaller.client import reuse_for
from campaign.domain.model import Created, Outcome, Unknown
from tests.aicaller.calling import client_for, request_for
from tests.aicaller.conftest import Certificates
from tests.aicaller.endings import answer, reply, told, unknown
from tests.aicaller.hostile import Hostile, Line, Script

pytestmark = pytest.mark.anyio
PHONES = ("+12025550101", "+12025550102", "+12025550103")


def answering(*answers: bytes) -> Script:
    """One answer for each request of a connection, then nothing."""

    def script(line: Line) -> None:
        for number, data in enumerate(answers, start=1):
            line.take(number)
            line.say(data)

    return script


def call(number: int, *, echo: bool = True) -> bytes:
    return reply(_id=f"call-{number}", toPhoneNumber=PHONES[number] if echo else None)


async def both(
    server: Hostile,
    *,
    certificates: Certificates | None = None,
    reuse_within: float = 30.0,
    between: Callable[[], object] = lambda: None,
) -> list[Outcome]:
    """Two calls, one after the other, with something between them."""
    context = certificates.trusted if certificates else None
    async with client_for(server.base_url, reuse_within=reuse_within, ssl_context=context) as client:
        first = await client.send(request_for(PHONES[0]))
        between()
        return [first, await client.send(request_for(PHONES[1]))]


def ids(outcomes: list[Outcome]) -> list[str]:
    return [outcome.call_id if isinstance(outcome, Created) else repr(outcome) for outcome in outcomes]


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
async def test_a_kept_connection_carries_the_next_call(tls: bool, certificates: Certificates) -> None:  # noqa: FBT001 - a case of the table
    """Above 50 calls a second, a new connection for each call takes most of a core."""
    script = answering(answer(200, call(0)), answer(200, call(1)))
    with Hostile(script, tls=certificates.right if tls else None) as server:
        assert ids(await both(server, certificates=certificates)) == ["call-0", "call-1"]
    assert [line.requests for line in server.lines] == [2]


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
async def test_with_reuse_off_every_call_has_a_connection_of_its_own(tls: bool, certificates: Certificates) -> None:  # noqa: FBT001 - a case of the table
    """And says so, so that the server does not keep it either."""
    scripts = (answering(answer(200, call(0))), answering(answer(200, call(1))))
    with Hostile(*scripts, tls=certificates.right if tls else None) as server:
        assert ids(await both(server, certificates=certificates, reuse_within=0.0)) == ["call-0", "call-1"]
    assert [line.requests for line in server.lines] == [1, 1]
    assert all(b"connection: close" in line.heard.lower() for line in server.lines)


@pytest.mark.parametrize("way", ["plain", "one tls record", "two tls records", "two tls records in one segment"])
async def test_a_second_answer_is_never_taken_for_the_next_calls(way: str, certificates: Certificates) -> None:
    """It is another person's id, and without an echoed number nothing else would tell."""
    first, stale, next_one = (
        answer(200, reply(_id=name, toPhoneNumber=None)) for name in ("call-0", "stale", "call-1")
    )
    parts = {"two tls records": (first, stale)}.get(way, (first + stale,))
    by_hand = way == "two tls records in one segment"

    def twice(line: Line) -> None:
        if by_hand:
            _say_in_one_segment(line, certificates.right, first, stale)
            return
        line.take()
        for part in parts:
            line.say(part)

    def once(line: Line) -> None:
        if by_hand:
            _say_in_one_segment(line, certificates.right, next_one)
        else:
            line.take()
            line.say(next_one)

    with Hostile(twice, once, tls=certificates.right if "tls" in way and not by_hand else None) as server:
        url = f"{'https' if 'tls' in way else 'http'}://127.0.0.1:{server.port}"
        async with client_for(url, reuse_within=30.0, ssl_context=certificates.trusted) as client:
            outcomes = [await client.send(request_for(phone)) for phone in PHONES[:2]]
    assert ids(outcomes) == ["call-0", "call-1"]
    assert len(server.lines) == 2


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize("how", ["close", "reset", "finish"])
async def test_a_connection_that_the_server_closed_is_not_used_again(
    how: str, tls: bool, certificates: Certificates  # noqa: FBT001 - a case of the table
) -> None:  # fmt: skip
    """Node closes idle connections after five seconds; a request that meets that is unknown for ever."""
    answered, closed = threading.Event(), threading.Event()

    def once(line: Line) -> None:
        line.take()
        line.say(answer(200, call(0)))
        # A reset that comes too early takes the answer with it.
        answered.wait(10)
        getattr(line, how)()
        closed.set()

    def let_it_close() -> None:
        answered.set()
        closed.wait(10)

    scripts = (once, answering(answer(200, call(1))))
    with Hostile(*scripts, tls=certificates.right if tls else None) as server:
        outcomes = await both(server, certificates=certificates, between=let_it_close)
    assert ids(outcomes) == ["call-0", "call-1"]
    assert [line.requests for line in server.lines] == [1, 1]


@pytest.mark.parametrize("how", ["close", "reset"])
async def test_a_server_that_closes_at_the_moment_of_reuse_leaves_the_call_unknown(how: str) -> None:
    """Nobody can tell whether it was heard, so it is never resent by itself."""

    def script(line: Line) -> None:
        line.take()
        line.say(answer(200, call(0)))
        line.socket.recv(1)
        getattr(line, how)()

    with Hostile(script) as server:
        outcomes = await both(server)
    assert [told(outcome) for outcome in outcomes[1:]] == [unknown()]
    assert len(server.lines) == 1


@pytest.mark.parametrize(
    "first",
    [
        answer(200, call(0), "Connection: close"),
        answer(200, call(0)).replace(b"HTTP/1.1", b"HTTP/1.0"),
        answer(400, b"", "Connection: close"),
    ],
    ids=["close", "http 1.0", "refusal"],
)
async def test_an_answer_that_ends_the_connection_is_honoured(first: bytes) -> None:
    """The server will close it, now or after the next byte."""
    with Hostile(answering(first), answering(answer(200, call(1)))) as server:
        outcomes = await both(server)
    assert ids(outcomes)[1] == "call-1"
    assert len(server.lines) == 2


async def test_a_connection_whose_answer_was_cut_off_is_not_used_again() -> None:
    """What is left of that answer would be the next call's."""
    with Hostile(answering(answer(200, b" " * 3_000_000)), answering(answer(200, call(1)))) as server:
        outcomes = await both(server)
    assert told(outcomes[0]) == unknown(200)
    assert ids(outcomes)[1] == "call-1"
    assert len(server.lines) == 2


async def test_a_connection_is_not_used_again_after_its_time() -> None:
    """The time is a fifth of the shortest idle time-out that servers are known to have."""
    with Hostile(answering(answer(200, call(0))), answering(answer(200, call(1)))) as server:
        async with client_for(server.base_url, reuse_within=0.05) as client:
            await client.send(request_for(PHONES[0]))
            kept_until = anyio.current_time() + 0.05
            await anyio.sleep_until(kept_until + 0.01)
            await client.send(request_for(PHONES[1]))
    assert len(server.lines) == 2


async def test_an_answer_after_the_next_request_left_is_recognised_by_its_number() -> None:
    """The one stale answer that no look at the connection can find: the echo gives it away."""

    def late(line: Line) -> None:
        line.take()
        line.say(answer(200, call(0)))
        line.take(2)
        line.say(answer(200, call(2)) + answer(200, call(1)))

    with Hostile(late) as server:
        outcomes = await both(server)
    assert isinstance(outcomes[1], Unknown)
    assert "another phone number" in outcomes[1].reason


async def test_many_sends_at_once_share_nothing() -> None:
    """Each answer goes to the call that it is of, on fresh and on kept connections."""

    def script(line: Line) -> None:
        for number in range(1, 1000):
            heard = line.take(number)
            phone = heard.rpartition(b'"toPhoneNumber": "')[2][:12].decode()
            line.say(answer(200, reply(_id=f"call-{phone[1:]}", toPhoneNumber=phone)))

    phones = [f"+120255501{number:02}" for number in range(40)]
    outcomes: dict[str, list[Outcome]] = {}
    with Hostile(script) as server:
        async with client_for(server.base_url, reuse_within=30.0) as client:

            async def two(phone: str) -> None:
                outcomes[phone] = [await client.send(request_for(phone)) for _ in range(2)]

            async with anyio.create_task_group() as tasks:
                for phone in phones:
                    tasks.start_soon(two, phone)
    assert {phone: ids(ends) for phone, ends in outcomes.items()} == {p: [f"call-{p[1:]}"] * 2 for p in phones}


@pytest.mark.parametrize("kept", [True, False], ids=["keeps", "closes"])
async def test_sends_timed_on_the_servers_idle_close_never_end_unknown_without_reuse(kept: bool) -> None:  # noqa: FBT001 - a case of the table
    """The keep-alive race: with reuse, a send that meets the closing of its connection has no known ending."""
    idle = 0.01

    def script(line: Line) -> None:
        line.take()
        line.say(answer(200, reply(toPhoneNumber=None)))
        if not kept:
            line.finish()
        line.socket.settimeout(idle)

    outcomes: list[Outcome] = []
    with Hostile(script) as server:
        async with client_for(server.base_url) as client:
            for number in range(40):
                outcomes.append(await client.send(request_for(PHONES[0])))
                await anyio.sleep(idle + (number - 20) / 10_000)
    assert [told(outcome) for outcome in outcomes if not isinstance(outcome, Created)] == []
    assert len(server.lines) == 40


def test_connections_are_kept_only_above_fifty_calls_a_second() -> None:
    """Below that, a new one costs nothing that anybody would notice, and no race can be lost."""
    assert [reuse_for(rate) for rate in (0.1, 1.0, 50.0)] == [0.0, 0.0, 0.0]
    assert 0 < reuse_for(50.1) <= 1.0


def _say_in_one_segment(line: Line, context: ssl.SSLContext, *records: bytes) -> None:
    """Shakes hands by hand, and sends its records, one for each text, in a single piece."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_side=True)

    def when_it_can(work: Callable[[], object]) -> None:
        while True:
            with contextlib.suppress(ssl.SSLWantReadError):
                work()
                return
            line.socket.sendall(outgoing.read())
            incoming.write(line.socket.recv(65536))

    when_it_can(tls.do_handshake)
    when_it_can(lambda: tls.read(65536))
    for record in records:
        tls.write(record)
    line.socket.sendall(outgoing.read())
