"""Fault scripts: each way an exchange can end, as steps derived from the good response.

bytes    these go out now
float    nothing happens for so many seconds
End      the script is over, and this is what becomes of the connection (KEEP when nothing is said)
"""

import base64
import itertools
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from enum import Enum, auto
from functools import cache
from typing import Any

from campaign.sandbox.http.wire import JSON, phrase, refusal, reply

HTML = "text/html; charset=utf-8"
ODD = "application/json; charset=rot13"
GZIP = {"Content-Encoding": "gzip"}
LENGTH = "Content-Length: {n}"
BOTH = LENGTH, "Transfer-Encoding: chunked"
LONG_AGO = "Sun, 06 Nov 1994 08:49:37 GMT"
PAGE = b"<!doctype html><html><body>Welcome</body></html>"
BARE = b'{"statusCode": 400, "message": "toPhoneNumber must be a phone number", "error": "Bad Request"}'
_MEGABYTE = 1 << 20


class End(Enum):
    """What happens to the connection."""

    KEEP = auto()
    FIN = auto()
    RST = auto()
    HANG = auto()


@dataclass(frozen=True, slots=True)
class Occasion:
    """The data that a script can use.

    Attributes:
        data: what a good answer would carry as `data`; empty for a fault that strikes before the phone rings.
        earlier_id: an id already given out; the call's own when it is the first.
        key: the API key that came with the request.
        now: seconds since the epoch.
        late: seconds that a late answer takes.
        drip: seconds between the bytes of a slow one.
    """

    data: Mapping[str, Any] = field(default_factory=dict)
    earlier_id: str = ""
    key: str = ""
    now: float = 0.0
    late: float = 2.0
    drip: float = 0.2

    def good(self, **changes: object) -> bytes:
        """The body of a good response, with changes to `data`."""
        return json.dumps({"data": {**self.data, **changes}}).encode()


Step = bytes | float | End
Script = Callable[[Occasion], Iterator[Step]]
Body = Callable[[Occasion], bytes]


def status(code: int, *, headers: Mapping[str, str] | None = None) -> Script:
    """A status in the documented envelope."""
    return lambda _: iter([reply(code, refusal(code), headers=headers)])


def gateway(code: int) -> Script:
    """A status as a proxy in front of the API sends it: a page of HTML."""
    page = f"<html><body><h1>{code} {phrase(code)}</h1><hr>gateway</body></html>".encode()
    return lambda _: iter([reply(code, page, content_type=HTML)])


def stock(code: int) -> Script:
    """A status as a cache in front of the API sends it: its stock page, which asks to come again."""
    title = f"<title>{code} Backend fetch failed</title>"
    page = f"<!DOCTYPE html>\n<html><head>{title}</head><body><h1>Guru Meditation</h1></body></html>".encode()
    return lambda _: iter([reply(code, page, content_type=HTML, headers={"Retry-After": "1", "Server": "Varnish"})])


def refused(code: int, message: str) -> Script:
    """A status in the documented envelope, with this message."""
    return lambda _: iter([reply(code, refusal(code, message))])


def moved(code: int) -> Script:
    """A redirect to a place that makes no call."""
    return lambda _: iter([reply(code, b"", headers={"Location": "/v2/phoneCalls"})])


def limited_until_date(occasion: Occasion) -> Iterator[Step]:
    """429 whose Retry-After is an HTTP-date."""
    yield reply(429, refusal(429), headers={"Retry-After": formatdate(occasion.now + 2, usegmt=True)})


def limited_twice(_: Occasion) -> Iterator[Step]:
    """429 with two Retry-After headers that disagree."""
    yield reply(429, refusal(429), headers={"Retry-After": "1", "retry-after": "7200"})


def page(code: int) -> Script:
    """A status with a page of HTML, as the owner of a network sends it."""
    return lambda _: iter([reply(code, PAGE, content_type=HTML)])


def good(occasion: Occasion) -> Iterator[Step]:
    """A good response."""
    yield reply(200, occasion.good())


def answer(
    body: Body, *, code: int = 200, content_type: str = JSON, headers: Mapping[str, str] | None = None
) -> Script:
    """A valid HTTP response with a wrong body."""
    return lambda occasion: iter([reply(code, body(occasion), content_type=content_type, headers=headers)])


def fixed(body: bytes) -> Body:
    """A body that is the same for every call."""
    return lambda _: body


def with_id(call_id: object) -> Script:
    """A good response with another id."""
    return lambda occasion: iter([reply(200, occasion.good(_id=call_id))])


def without(key: str) -> Body:
    """A good body without one property of `data`."""
    return lambda occasion: json.dumps({"data": {k: v for k, v in occasion.data.items() if k != key}}).encode()


def earlier_id(occasion: Occasion) -> bytes:
    """A good body with the id of another call."""
    return occasion.good(_id=occasion.earlier_id)


def other_phone(occasion: Occasion) -> bytes:
    """A good body with another person's number."""
    phone = str(occasion.data.get("toPhoneNumber", ""))
    return occasion.good(toPhoneNumber=phone[:-1] + str((int(phone[-1:] or 0) + 1) % 10))


def telling(occasion: Occasion) -> bytes:
    """An error that repeats the key, and contains terminal colours and markup."""
    return refusal(400, f"\x1b[31mkey {occasion.key} refused\x1b[0m\x1b]0;owned\x07\r\n<script>alert(1)</script>=cmd")


def odd_error(_: Occasion) -> bytes:
    """An error with numbers beyond 64 bits, a NUL and half a character: what no column of a database takes."""
    text = json.dumps("a NUL \0 and half a character \ud83d")
    return (
        f'{{"error": {{"statusCode": {2**70}, "message": [{text}], "error": {text}}}, "payload": {{"id": {2**70}}}}}'
    ).encode()


def long_error(_: Occasion) -> bytes:
    """An error of 10 MB."""
    return refusal(400, "x" * (10 * _MEGABYTE))


def bad_utf8(occasion: Occasion) -> bytes:
    """A good body with one text in Latin-1."""
    return occasion.good(nameOfHuman="~").replace(b"~", b"Ren\xe9")


def utf16(occasion: Occasion) -> bytes:
    """A good body in UTF-16."""
    return occasion.good().decode().encode("utf-16")


def big_number(occasion: Occasion) -> bytes:
    """A good body with a number that Python refuses to parse."""
    return occasion.good(callDuration="~").replace(b'"~"', b"9" * 5000)


def list_data(occasion: Occasion) -> bytes:
    """A good body whose call is inside a list."""
    return json.dumps({"data": [dict(occasion.data)]}).encode()


def end(how: End) -> Script:
    """No response at all."""
    return lambda _: iter([how])


def late(occasion: Occasion) -> Iterator[Step]:
    """A good response after a delay."""
    yield occasion.late
    yield reply(200, occasion.good())


def drip(occasion: Occasion) -> Iterator[Step]:
    """A good response, one byte at a time: no single read takes long."""
    for byte in reply(200, occasion.good()):
        yield bytes([byte])
        yield occasion.drip


def endless_processing(occasion: Occasion) -> Iterator[Step]:
    """Interim responses without end."""
    while True:
        yield b"HTTP/1.1 102 Processing\r\n\r\n"
        yield occasion.drip


def endless_body(_: Occasion) -> Iterator[Step]:
    """A body without a length that never ends."""
    yield _head("Connection: close")
    yield from itertools.repeat(b" " * 65536)


def early_hints(occasion: Occasion) -> Iterator[Step]:
    """An interim response, then the good one."""
    yield b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n" + reply(200, occasion.good())


def good_then(how: End) -> Script:
    """A good response that announces keep-alive, after which the connection ends."""
    return lambda occasion: iter([reply(200, occasion.good()), how])


def cut(how: End) -> Script:
    """Half of a good response."""

    def script(occasion: Occasion) -> Iterator[Step]:
        whole = reply(200, occasion.good())
        yield whole[: len(whole) - len(occasion.good()) // 2]
        yield how

    return script


def head_then(how: End) -> Script:
    """The whole head of a good response, and none of its body."""
    return lambda occasion: iter([_head(f"Content-Length: {len(occasion.good())}"), how])


def under(*lines: str, then: End = End.FIN) -> Script:
    """A good body with custom header lines; `{n}` stands for its length."""

    def script(occasion: Occasion) -> Iterator[Step]:
        body = occasion.good()
        yield _head(*(line.format(n=len(body)) for line in lines)) + body
        yield then

    return script


def two_answers(occasion: Occasion) -> Iterator[Step]:
    """A good response followed by a stray one: the next reader of this connection takes it."""
    yield reply(200, occasion.good()) + reply(200, occasion.good(_id="5ca1ab1e0000000000000000"))


def raw(text: bytes, *, how: End = End.FIN, body: bool = False) -> Script:
    """These bytes, with or without a good body after them."""
    return lambda occasion: iter([text + (occasion.good() if body else b""), how])


def chunked(*trailers: str) -> Script:
    """A good response in chunks, as HTTP allows it."""

    def script(occasion: Occasion) -> Iterator[Step]:
        yield _head("Transfer-Encoding: chunked")
        body = occasion.good()
        for start in range(0, len(body), 100):
            chunk = body[start : start + 100]
            yield f"{len(chunk):x};note=1\r\n".encode() + chunk + b"\r\n"
        yield "\r\n".join(["0", *trailers, "", ""]).encode()

    return script


def gzip_bomb(_: Occasion) -> Iterator[Step]:
    """A few bytes that decompress, in two layers, to 64 MB."""
    yield reply(200, _bomb(), headers={"Content-Encoding": "gzip, gzip"})


def websocket(_: Occasion) -> Iterator[Step]:
    """101: the connection changes its protocol."""
    accept = base64.b64encode(b"\0" * 20).decode()
    lines = "Upgrade: websocket", "Connection: Upgrade", f"Sec-WebSocket-Accept: {accept}"
    yield "\r\n".join(["HTTP/1.1 101 Switching Protocols", *lines, "", ""]).encode()
    yield End.HANG


def _head(*lines: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", f"Content-Type: {JSON}", *lines, "", ""]).encode("latin-1")


@cache
def _bomb() -> bytes:
    return _gzip([_gzip(itertools.repeat(b" " * _MEGABYTE, 64))])


def _gzip(pieces: Iterable[bytes]) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join([*map(packer.compress, pieces), packer.flush()])
