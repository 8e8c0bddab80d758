"""Plain answers are read without h11, and exactly as h11 reads them; what is not plain is left to it."""

from collections.abc import Mapping

import anyio
import anyio.abc
import h11
import httpx
import pytest
from hypothesis import given, settings, strategies as st

from campaign.aicaller.wire.connection import Connection
from campaign.aicaller.wire.exchange import Exchange, RequestHead, texts_of
from campaign.aicaller.wire.fast_response import read_plain_head

HEAD = RequestHead(b"POST", b"/v1/phoneCalls", [(b"Host", b"api.example")])
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


def by_h11(data: bytes) -> tuple[int, Mapping[str, str], bytes, bool] | None:
    """Status, headers, body, and whether the connection may be used again; None for what h11 refuses or waits for."""
    protocol = HEAD.asked_with(b"{}")
    protocol.receive_data(data)
    body = b""
    answer = None
    try:
        while not isinstance(event := protocol.next_event(), h11.EndOfMessage):
            if isinstance(event, h11.Response):
                answer = event
            elif isinstance(event, h11.Data):
                body += event.data
            else:
                return None
    except h11.RemoteProtocolError:
        return None
    assert answer is not None
    again = protocol.their_state is h11.DONE and protocol.our_state is h11.DONE and not protocol.trailing_data[0]
    return answer.status_code, texts_of(answer.headers), body, again


def by_us(data: bytes) -> tuple[int, Mapping[str, str], bytes, bool] | None:
    plain = read_plain_head(data)
    if plain is None or len(plain.body) < plain.length:
        return None
    again = plain.keeps and len(plain.body) == plain.length
    return plain.status, plain.headers, plain.body[: plain.length], again


NAMES = st.sampled_from(
    [
        b"Content-Length",
        b"content-length",
        b"Connection",
        b"Transfer-Encoding",
        b"Retry-After",
        b"X",
        b"X Y",
        b"",
        b"\xe9",
    ]
)
VALUES = st.sampled_from(
    b"0|1|2|2, 2|+2| 2|2 |02|close|Close|keep-alive|close, x|chunked|identity||a\tb|a\x0bb|\x00|\xb2|\xe9|a\r\n b|a\rb"
    b"|a\nb|9999999999999999999999999".split(b"|")
)
LINES = st.lists(
    st.builds(lambda name, gap, value: name + b":" + gap + value, NAMES, st.sampled_from([b"", b" "]), VALUES)
)
STATUS_LINES = st.sampled_from(
    [b"HTTP/1.1 %d OK" % status for status in (100, 101, 199, 200, 201, 204, 304, 400, 429, 503, 599, 600, 999)]
    + [b"HTTP/1.1 200", b"HTTP/1.1 200 ", b"HTTP/1.0 200 OK", b"HTTP/1.1  200 OK", b"HTTP/2 200 OK", b"http/1.1 200 OK"]
    + [b"HTTP/1.1 20 OK", b"HTTP/1.1 2000 OK", b"HTTP/1.1 200 \xe9", b"HTTP/1.1 200 O\x00K", b" HTTP/1.1 200 OK", b""]
)
ENDS = st.sampled_from([b"\r\n", b"\r\n", b"\r\n", b"\n"])
ANSWERS = st.builds(
    lambda status, end, lines, body: end.join([status, *lines, b"", body]),
    STATUS_LINES,
    ENDS,
    LINES,
    st.sampled_from([b"", b"{}", b"{", b"{}HTTP/1.1 200 OK\r\n\r\n", b"2\r\n{}\r\n0\r\n\r\n"]),
)
# One thing beside a length that fits: so near to a plain answer chance seldom comes.
NEARLY_PLAIN = [
    b"\r\n".join([status, *lines, b"", b"{}"])
    for status in (b"HTTP/1.1 200 OK", b"HTTP/1.1 204 OK", b"HTTP/1.1 304 OK")
    for more in (
        b"X: y",
        b"Transfer-Encoding: chunked",
        b"Connection: close",
        b"Connection: keep-alive",
        b"Connection: x",
    )
    for lines in ([b"Content-Length: 2", more], [more, b"Content-Length: 2"])
]


@pytest.mark.parametrize("data", NEARLY_PLAIN, ids=repr)
def test_an_answer_that_is_nearly_plain_is_read_as_h11_reads_it(data: bytes) -> None:
    """A length and chunks in one head are the oldest way to make two readers see two answers."""
    ours = by_us(data)
    assert ours is None or ours == by_h11(data)


@settings(max_examples=700, deadline=None)
@given(ANSWERS)
def test_what_is_read_here_is_what_h11_reads(data: bytes) -> None:
    """Two readers that differ in one answer would differ in whose call it was."""
    ours = by_us(data)
    assert ours is None or ours == by_h11(data)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(PLAIN)), st.binary(max_size=3), st.integers(0, 3)), min_size=1, max_size=3)
)
def test_a_plain_answer_with_some_bytes_changed_is_read_as_h11_reads_it(changes: list[tuple[int, bytes, int]]) -> None:
    data = PLAIN
    for at, put, cut in changes:
        data = data[:at] + put + data[at + cut :]
    ours = by_us(data)
    assert ours is None or ours == by_h11(data)


def test_the_answers_of_plain_servers_are_read_here() -> None:
    """A reader that left everything to h11 would pass the tests above."""
    assert (
        by_us(PLAIN) == by_h11(PLAIN) == (200, {"content-type": "application/json", "content-length": "2"}, b"{}", True)
    )
    closing = PLAIN.replace(b"\r\n\r\n", b"\r\nConnection: close\r\nDate: Mon, 23 Nov 2026 10:00:00 GMT\r\n\r\n")
    assert by_us(closing) == by_h11(closing)
    assert by_us(closing) is not None


@pytest.mark.parametrize("body", [b"", b"{}", b"x" * 70_000], ids=len)
def test_a_request_is_written_as_h11_writes_it(body: bytes) -> None:
    """Its head is written once, and only the length is put in for each call."""
    headers = [(b"Host", b"api.example"), (b"aicaller-api-key", b"k"), (b"Connection", b"close")]
    event = h11.Request(
        method=b"POST", target=b"/v1/phoneCalls", headers=[*headers, (b"Content-Length", b"%d" % len(body))]
    )
    protocol = h11.Connection(h11.CLIENT)
    parts = [protocol.send(event), protocol.send(h11.Data(data=body)), protocol.send(h11.EndOfMessage())]
    assert RequestHead(b"POST", b"/v1/phoneCalls", headers).with_body(body) == b"".join(part or b"" for part in parts)


class Segments(anyio.abc.ByteStream):
    """What a server sends, as it arrives; then its end."""

    def __init__(self, *segments: bytes) -> None:
        self.left = [segment for segment in segments if segment]

    async def receive(self, max_bytes: int = 65536) -> bytes:  # noqa: ARG002 - the interface names it
        if not self.left:
            raise anyio.EndOfStream
        return self.left.pop(0)

    async def send(self, item: bytes) -> None: ...
    async def send_eof(self) -> None: ...
    async def aclose(self) -> None: ...


async def exchanged(*segments: bytes) -> tuple[int, bytes, bool]:
    """Status, body, and whether the connection may be used again."""
    exchange = Exchange(Connection(Segments(*segments)), HEAD, b"{}")
    await exchange.begin()
    body = b""
    while (part := await exchange.next_part()) is not None:
        body += part
    return exchange.status, body, exchange.is_over()


@pytest.mark.anyio
async def test_an_answer_is_the_same_in_whatever_segments_it_comes() -> None:
    """Its body may come later than its head, and with what does not belong to it."""
    for surplus in (b"", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"):
        data = PLAIN + surplus
        for cut in range(1, len(data) + 1):
            # A cut at the very end: the surplus has not come yet, and is found before the connection is used again.
            expected = (200, b"{}", not surplus or cut == len(PLAIN))
            assert await exchanged(data[:cut], data[cut:]) == expected, cut


@pytest.mark.anyio
async def test_an_answer_that_ends_within_its_body_is_no_answer() -> None:
    for cut in range(1, len(PLAIN)):
        with pytest.raises(httpx.RemoteProtocolError):
            await exchanged(PLAIN[:cut])
