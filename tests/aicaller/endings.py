"""The ways in which a server can treat one POST, and what each of them proves: the table that the tests walk."""

import json
import select
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from campaign.domain.model import Cause, Created, NotSent, Outcome, Rejected, Unknown
from tests.aicaller.hostile import Line, Script

PHONE = "+12025550143"
ID = "call-0001"
CHUNKED = ("Transfer-Encoding: chunked",)
VARNISH = (
    b"<!DOCTYPE html><html><head><title>503 Backend fetch failed</title></head><body>Guru Meditation</body></html>"
)
GZIP = bytes.fromhex("1f8b08000000000002ff")

Told = tuple[type[Outcome], Cause | int | None]


@dataclass(frozen=True)
class Case:
    """What the server does, and what the client must make of it.

    Attributes:
        script: what the server does with the connection.
        told: the outcome's class, with its cause (nothing sent) or its status (all others).
        tls: which of the certificates the server uses; None for a server without TLS.
        https: whether the client speaks TLS; as the server does, unless it is said.
        hangs: nothing would ever end it: the client's own deadlines must.
        whole: whether the server holds the whole request; None where that is the kernel's whim.
    """

    script: Script
    told: Told
    tls: str | None = None
    https: bool | None = None
    hangs: bool = False
    whole: bool | None = True


def created(status: int = 200) -> Told:
    return Created, status


def rejected(status: int) -> Told:
    return Rejected, status


def not_sent(cause: Cause) -> Told:
    return NotSent, cause


def unknown(status: int | None = None) -> Told:
    return Unknown, status


def told(outcome: Outcome) -> Told:
    return type(outcome), outcome.cause if isinstance(outcome, NotSent) else outcome.status


def reply(**changes: Any) -> bytes:
    """The body of a success."""
    return json.dumps({"data": {"_id": ID, "toPhoneNumber": PHONE, **changes}}).encode()


def answer(status: int | str = 200, body: bytes | None = None, *headers: str, length: int | None = None) -> bytes:
    """A whole answer, as bytes; `length` is the Content-Length to claim, -1 for none."""
    content = reply() if body is None else body
    lines = [f"HTTP/1.1 {status} Reason", "Content-Type: application/json", *headers]
    if length != -1 and not any(h.startswith("Transfer-Encoding") for h in headers):
        lines.append(f"Content-Length: {len(content) if length is None else length}")
    return "\r\n".join([*lines, "", ""]).encode() + content


def own(status: int, *messages: str, headers: tuple[str, ...] = (), **changes: Any) -> bytes:
    """An error as AICaller writes it."""
    error = {"statusCode": status, "message": list(messages) or ["no"], "error": "Reason", **changes}
    return answer(status, json.dumps({"error": error, "payload": {}}).encode(), *headers)


def saying(*parts: bytes, then: str = "hold") -> Script:
    """Takes the request, says this, and then closes, resets, or waits for the client."""

    def script(line: Line) -> None:
        line.take()
        for part in parts:
            line.say(part)
        if then != "hold":
            getattr(line, then)()

    return script


def at_once(then: str, *parts: bytes) -> Script:
    """Does not wait for the request."""

    def script(line: Line) -> None:
        for part in parts:
            line.say(part)
        getattr(line, then)()

    return script


def unread(then: str) -> Script:
    """Lets the request come, and does not read it."""

    def script(line: Line) -> None:
        select.select([line.socket], [], [], 20)
        getattr(line, then)()

    return script


def after_some(then: str) -> Script:
    """Reads the beginning of what comes, and no more."""

    def script(line: Line) -> None:
        line.socket.recv(10)
        getattr(line, then)()

    return script


def for_ever(start: bytes, more: bytes) -> Script:
    def script(line: Line) -> None:
        line.take()
        line.say(start)
        line.say_for_ever(more)

    return script


def dripping(data: bytes) -> Script:
    def script(line: Line) -> None:
        line.take()
        line.drip(data)

    return script


OF_ACCOUNT = (401, 402, 403)
REFUSALS = (400, 404, 405, 410, 411, 413, 414, 415, 422, 431, 451)
DOUBTS = (406, 407, 408, 409, 412, 416, 418, 421, 423, 424, 425, 426, 428, 444, 499)
FAULTS = (500, 501, 502, 504, 505, 507, 508, 511, 520, 521, 522, 523, 524, 525, 526, 527, 530, 599)
STRANGE = (300, 304, 305, 600, 700, 999)
MOVED = (301, 302, 303, 307, 308)

NOTHING_LEFT: dict[str, Case] = {
    "tls reset in the handshake": Case(after_some("reset"), not_sent(Cause.CONNECT), https=True, whole=False),
    "tls end in the handshake": Case(after_some("close"), not_sent(Cause.CONNECT), https=True, whole=False),
    "tls reset before the handshake": Case(at_once("reset"), not_sent(Cause.CONNECT), https=True, whole=False),
    "tls end before the handshake": Case(at_once("finish"), not_sent(Cause.CONNECT), https=True, whole=False),
    "tls handshake hangs": Case(at_once("hold"), not_sent(Cause.CONNECT), https=True, hangs=True, whole=False),
    "tls to a plain port that answers": Case(
        at_once("hold", answer(400, b"")), not_sent(Cause.TLS), https=True, whole=False
    ),
    "tls garbage in the handshake": Case(
        at_once("hold", b"\x16\x03\x03\xff\xff" + b"x" * 100), not_sent(Cause.TLS), https=True, whole=False
    ),
    "certificate of nobody known": Case(saying(answer()), not_sent(Cause.TLS), tls="unknown", whole=False),
    "certificate of another host": Case(saying(answer()), not_sent(Cause.TLS), tls="elsewhere", whole=False),
    "certificate expired": Case(saying(answer()), not_sent(Cause.TLS), tls="expired", whole=False),
}

LOST: dict[str, Case] = {
    "no answer": Case(saying(), unknown(), hangs=True),
    "silence after the head": Case(saying(answer(200, b"", length=50)), unknown(200), hangs=True),
    "silence in the head": Case(saying(b"HTTP/1.1 200 OK\r\nContent-"), unknown(), hangs=True),
    "silence in the body": Case(saying(answer()[:-5]), unknown(200), hangs=True),
    "slow drip of the head": Case(dripping(answer()), unknown(), hangs=True),
    "slow drip of the body": Case(dripping(answer(200, b" " * 900)), unknown(), hangs=True),
    "endless 102": Case(for_ever(b"", b"HTTP/1.1 102 Processing\r\n\r\n" * 9), unknown(), hangs=True),
    "reset before reading": Case(unread("reset"), unknown(), whole=None),
    "reset in the middle of the request": Case(after_some("reset"), unknown(), whole=None),
    "end before reading": Case(unread("close"), unknown(), whole=None),
    "reset after the request": Case(saying(then="reset"), unknown()),
    "end after the request": Case(saying(then="close"), unknown()),
    "half closed after the request": Case(saying(then="finish"), unknown()),
    "end in the head": Case(saying(b"HTTP/1.1 200 OK\r\nContent-", then="close"), unknown()),
    "reset in the body": Case(saying(answer()[:-5], then="reset"), unknown(200), whole=None),
    "end in the body": Case(saying(answer()[:-5], then="close"), unknown(200)),
    "end in the chunks": Case(saying(answer(200, b'5\r\n{"dat', *CHUNKED), then="close"), unknown(200)),
    "bad chunk length": Case(saying(answer(200, b"zz\r\n{}\r\n0\r\n\r\n", *CHUNKED)), unknown(200)),
    "huge chunk length": Case(saying(answer(200, b"f" * 25 + b"\r\n", *CHUNKED)), unknown(200)),
    "chunk without its end": Case(saying(answer(200, b"2\r\n{}xx0\r\n\r\n", *CHUNKED)), unknown(200)),
    "negative length": Case(saying(answer(length=-7)), unknown()),
    "two lengths": Case(saying(answer(200, None, "Content-Length: 3")), unknown()),
    "length of no number": Case(saying(answer(200, None, "Content-Length: 1e3", length=-1)), unknown()),
    "shorter than it says": Case(saying(answer(length=4_000), then="close"), unknown(200)),
    "longer than it says": Case(saying(answer(length=10)), unknown(200)),
    "length and chunks": Case(saying(answer(200, b"1\r\n[\r\n0\r\n\r\n", "Content-Length: 2", *CHUNKED)), unknown(200)),
    "unknown transfer coding": Case(saying(answer(200, None, "Transfer-Encoding: gzip")), unknown()),
    "garbage": Case(saying(b"\x00\xff\x17 what?\r\n\r\n"), unknown()),
    "http 0.9": Case(saying(reply(), then="close"), unknown()),
    "another protocol": Case(saying(b"SSH-2.0-OpenSSH_9.2\r\n"), unknown(), hangs=True),
    "http 2": Case(saying(bytes.fromhex("000000040000000000"), then="close"), unknown()),
    "200 KB of headers": Case(saying(answer(200, None, "X: " + "y" * 200_000)), unknown(), whole=None),
    "40,000 headers": Case(saying(answer(200, None, *["X: y"] * 40_000)), unknown(), whole=None),
    "header without a name": Case(saying(answer(200, None, ": y")), unknown()),
    "header with a null": Case(saying(answer(200, None, "X: a\0b")), unknown()),
    "101": Case(saying(answer(101, b"")), unknown()),
    "status 000": Case(saying(answer("000")), unknown()),
    "status of two digits": Case(saying(answer(20)), unknown()),
    "status of four digits": Case(saying(answer(2000)), unknown()),
    "status of no digits": Case(saying(answer("OK")), unknown()),
    "endless head": Case(for_ever(b"HTTP/1.1 200 OK\r\n", b"X: yyyyyyyyyyyyyyyy\r\n" * 99), unknown(), whole=None),
    "endless header": Case(for_ever(b"HTTP/1.1 200 OK\r\nX: ", b"y" * 65536), unknown(), whole=None),
    "endless chunk extension": Case(for_ever(answer(200, b"1;", *CHUNKED), b"y" * 65536), unknown(200), whole=None),
    "endless trailers": Case(for_ever(answer(200, b"0\r\n", *CHUNKED), b"X: y\r\n" * 999), unknown(200), whole=None),
    "plain to a tls port": Case(saying(answer()), unknown(), tls="right", https=False, whole=False),
    "tls: no answer": Case(saying(), unknown(), tls="right", hangs=True),
    "tls: reset after the request": Case(saying(then="reset"), unknown(), tls="right"),
    "tls: end after the request": Case(saying(then="close"), unknown(), tls="right"),
    "tls: end in the body": Case(saying(answer()[:-5], then="close"), unknown(200), tls="right"),
    "tls: end of a body without a length": Case(
        saying(answer(200, reply()[:-5], length=-1), then="close"), unknown(200), tls="right"
    ),
    "tls: alert after the handshake": Case(saying(answer()), unknown(), tls="asking", whole=False),
}  # fmt: skip

SUCCESSES: dict[str, Case] = {
    "200": Case(saying(answer()), created()),
    "201": Case(saying(answer(201)), created(201)),
    "202": Case(saying(answer(202)), created(202)),
    "without an echo": Case(saying(answer(200, reply(toPhoneNumber=None))), created()),
    "after 100, 102, 103": Case(
        saying(b"".join(b"HTTP/1.1 %d X\r\n\r\n" % code for code in (100, 102, 103)) + answer()), created()
    ),
    "in chunks, with extensions and trailers": Case(
        saying(answer(200, b"%x;a=b\r\n%s\r\n0\r\nX: y\r\n\r\n" % (len(reply()), reply()), *CHUNKED)), created()
    ),
    "until the end of the connection": Case(saying(answer(length=-1), then="finish"), created()),
    "http 1.0": Case(saying(answer().replace(b"HTTP/1.1", b"HTTP/1.0"), then="finish"), created()),
    "without a reason": Case(saying(answer().replace(b" Reason", b"")), created()),
    "folded header": Case(saying(answer(200, None, "X: a\r\n b")), created()),
    "the same length twice": Case(saying(answer(200, None, f"Content-Length: {len(reply())}")), created()),
    "before the request was read": Case(at_once("hold", answer()), created()),
    "two answers": Case(saying(answer() + answer(200, reply(_id="stale"))), created()),
    "hostile cookies": Case(saying(answer(200, None, 'Set-Cookie: a=b; expires=""; =;;; domain=.')), created()),
    "tls": Case(saying(answer()), created(), tls="right"),
    "tls: no farewell after a whole answer": Case(saying(answer(), then="close"), created(), tls="right"),
    "tls: no farewell after a body without a length": Case(
        saying(answer(length=-1), then="close"), created(), tls="right"
    ),
}  # fmt: skip

DOUBTFUL_SUCCESSES: dict[str, Case] = {
    name: Case(saying(data), unknown(int(data[9:12])))
    for name, data in {
        "204": answer(204, b""),
        "205": answer(205, b""),
        "200 empty": answer(200, b""),
        "200 html": answer(200, b"<html>Welcome to the hotel's network</html>"),
        "200 error object": answer(200, b'{"error": {"statusCode": 400, "message": ["no"]}}'),
        "200 with another number": answer(200, reply(toPhoneNumber="+12025550199")),
        "200 with the id of null": answer(200, reply(_id=None)),
        "200 gzipped badly": answer(200, GZIP + b"\xff" * 40, "Content-Encoding: gzip"),
        "200 gzipped four times": answer(200, GZIP, "Content-Encoding: gzip, gzip, gzip, gzip"),
        "200 in base64": answer(200, reply(), "Content-Encoding: base64"),
        "200 nested deeply": answer(200, b"[" * 200_000),
        "200 of 5 MB": answer(200, reply(x="y" * 5_000_000)),
    }.items()
} | {
    "200 without an end": Case(for_ever(answer(length=10**12), b" " * 65536), unknown(200)),
    "200 in chunks without an end": Case(
        for_ever(answer(200, b"", *CHUNKED), b"4000\r\n" + b" " * 0x4000 + b"\r\n"), unknown(200)
    ),
}  # fmt: skip

SAID_NO: dict[str, Case] = (
    {f"{code}": Case(saying(answer(code, b'{"message": "no"}')), rejected(code)) for code in REFUSALS}
    | {f"{code} in its own words": Case(saying(own(code)), rejected(code)) for code in REFUSALS}
    | {f"{code}": Case(saying(answer(code, b"<h1>no</h1>")), not_sent(Cause.ACCOUNT)) for code in OF_ACCOUNT}
    | {f"{code} in its own words": Case(saying(own(code)), not_sent(Cause.ACCOUNT)) for code in OF_ACCOUNT}
    | {f"{code}": Case(saying(answer(code, b"")), unknown(code)) for code in (*DOUBTS, *FAULTS, *STRANGE)}
    | {f"{code}": Case(saying(answer(code, b"", "Location: /elsewhere")), unknown(code)) for code in MOVED}
    | {
        "400 before the request was read": Case(at_once("hold", answer(400, b"")), rejected(400)),
        "400 with html": Case(saying(answer(400, b"<h1>no</h1>")), rejected(400)),
        "400 of 5 MB": Case(saying(answer(400, b"x" * 5_000_000)), rejected(400)),
        "400 cut off": Case(saying(answer(400, b"{", length=50), then="close"), unknown(400)),
        "307 to nowhere": Case(saying(answer(307, b"", "Location: http://[bad")), unknown(307)),
        "429": Case(saying(answer(429, b"", "Retry-After: 1")), not_sent(Cause.LIMITED)),
        "429 without a time": Case(saying(answer(429, b"")), not_sent(Cause.LIMITED)),
        "429 with a bad time": Case(saying(answer(429, b"", "Retry-After: soon")), not_sent(Cause.LIMITED)),
        "429 cut off": Case(saying(answer(429, b"{", length=50), then="close"), unknown(429)),
        "403 of the number": Case(saying(own(403, "toPhoneNumber: not allowed")), rejected(403)),
        "403 that shows the number": Case(saying(own(403, f"{PHONE} may not be called")), rejected(403)),
        "404 of the template": Case(saying(own(404, "Call template not found")), not_sent(Cause.ACCOUNT)),
        "503": Case(saying(own(503, headers=("Retry-After: 1",))), not_sent(Cause.UNAVAILABLE)),
        "503 with a date": Case(
            saying(own(503, headers=("Retry-After: Tue, 01 Dec 2026 09:00:30 GMT",))), not_sent(Cause.UNAVAILABLE)
        ),
        "503 of a cache": Case(saying(answer(503, VARNISH, "Retry-After: 5", "Server: Varnish")), unknown(503)),
        "503 of a gateway in JSON": Case(
            saying(answer(503, b'{"message": "Service Unavailable"}', "Retry-After: 1")), unknown(503)
        ),
        "503 in its own words without a time": Case(saying(own(503)), unknown(503)),
        "503 without a time": Case(saying(answer(503, b"")), unknown(503)),
        "503 with a bad time": Case(saying(answer(503, b"", "Retry-After: soon")), unknown(503)),
        "503 with two times": Case(saying(answer(503, b"", "Retry-After: 1", "Retry-After: 2")), unknown(503)),
    }
)

CASES: dict[str, Case] = NOTHING_LEFT | LOST | SUCCESSES | DOUBTFUL_SUCCESSES | SAID_NO


def over_tls() -> Iterator[tuple[str, Case]]:
    """The answers that do not depend on the sockets below them, said over TLS."""
    for name, case in (SUCCESSES | DOUBTFUL_SUCCESSES).items():
        if case.tls is None:
            yield f"tls: {name}", replace(case, tls="right")
