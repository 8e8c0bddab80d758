import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from campaign.sandbox.faults.misread import Misread
from campaign.sandbox.faults.table import FAULTS, FaultPlan
from campaign.sandbox.server import SandboxConfig, serve
from campaign.sandbox.truth import read_truth
from tests.sandbox.wiretap import KEY, PHONE, ask, body, get, post, tap

pytestmark = pytest.mark.anyio

ID = b'"_id": "'
EMPTY = b"Content-Length: 0\r\n"
OK = b"HTTP/1.1 200 OK\r\n"


@dataclass(frozen=True)
class Seen:
    """What a client sees: how the answer starts, what else is in it, and what becomes of the connection.

    `kept`: the next request is answered; `closed`, `reset`: as it says; `silent`: nothing more comes, nothing ends;
    `endless`: more of the same comes for as long as one cares to look.
    """

    start: bytes
    parts: tuple[bytes, ...] = ()
    ends: str = "kept"


def seen(start: bytes, *parts: bytes, ends: str = "kept") -> Seen:
    return Seen(start, parts, ends)


def enveloped(code: int) -> Seen:
    return seen(b"HTTP/1.1 %d " % code, b'{"error": {"statusCode": %d, "message": [' % code, b'"payload": {}')


def gateway(code: int) -> Seen:
    return seen(b"HTTP/1.1 %d " % code, b"text/html", b"</html>")


def stock(code: int) -> Seen:
    return seen(b"HTTP/1.1 %d " % code, b"Retry-After: 1\r\n", b"Guru Meditation")


def moved(code: int) -> Seen:
    return seen(b"HTTP/1.1 %d " % code, b"Location: /v2/phoneCalls\r\n", EMPTY)


REFUSED = (400, 401, 402, 403, 404, 405, 408, 409, 410, 411, 413, 414, 415, 422, 425, 431, 451, 499, 500, 600, 999)

EXPECTED: dict[str, Seen] = {
    **{str(code): enveloped(code) for code in REFUSED},
    **{str(code): moved(code) for code in (301, 302, 303, 307, 308)},
    **{str(code): gateway(code) for code in (502, 504, 520)},
    "429": seen(b"HTTP/1.1 429 ", b"Retry-After: 1\r\n"),
    "429_date": seen(b"HTTP/1.1 429 ", b"Retry-After: Sun, 09 Sep 2001 01:46:42 GMT\r\n"),
    "429_bare": enveloped(429),
    "429_past": seen(b"HTTP/1.1 429 ", b"Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n"),
    "429_huge": seen(b"HTTP/1.1 429 ", b"Retry-After: 1e9\r\n"),
    "429_nan": seen(b"HTTP/1.1 429 ", b"Retry-After: nan\r\n"),
    "429_negative": seen(b"HTTP/1.1 429 ", b"Retry-After: -5\r\n"),
    "429_twice": seen(b"HTTP/1.1 429 ", b"Retry-After: 1\r\n", b"retry-after: 7200\r\n"),
    "503": seen(b"HTTP/1.1 503 ", b"Retry-After: 1\r\n"),
    "503_bare": gateway(503),
    "503_stock": stock(503),
    "403_page": gateway(403),
    "403_number": seen(b"HTTP/1.1 403 ", b'{"error": {"statusCode": 403, "message": ["toPhoneNumber: '),
    "404_template": seen(b"HTTP/1.1 404 ", b'"message": ["Call template not found"]'),
    "portal": seen(b"HTTP/1.1 200 ", b"text/html", b"Welcome"),
    "503_stock_after": stock(503),
    "403_page_after": gateway(403),
    "404_page_after": gateway(404),
    "twice": seen(OK, ID),
    **{f"read_{misread}": seen(OK, ID) for misread in Misread},
    "400_text": seen(b"HTTP/1.1 400 ", b'"message": "toPhoneNumber must be a phone number"'),
    "400_html": gateway(400),
    "400_empty": seen(b"HTTP/1.1 400 ", EMPTY),
    "400_odd": seen(b"HTTP/1.1 400 ", str(2**70).encode(), b"\\u0000"),
    "400_telling": seen(b"HTTP/1.1 400 ", KEY.encode(), b"\\u001b[31m", b"<script>"),
    "400_long": seen(b"HTTP/1.1 400 ", b"x" * (10 << 20)),
    "refuse_before": seen(b"", ends="reset"),
    "reset_before": seen(b"", ends="reset"),
    "reset_mid": seen(b"", ends="reset"),
    "close_before": seen(b"", ends="closed"),
    "hang_before": seen(b"", ends="silent"),
    **{f"{code}_after": enveloped(code) for code in (408, 409, 500)},
    **{f"{code}_after": gateway(code) for code in (502, 503, 504)},
    "303_after": moved(303),
    "reset_after": seen(b"", ends="reset"),
    "close_after": seen(b"", ends="closed"),
    "hang": seen(b"", ends="silent"),
    "hang_body": seen(OK, b"\r\n\r\n", ends="silent"),
    "late": seen(OK, ID),
    "drip": seen(OK, ID),
    "endless_100": seen(b"HTTP/1.1 102 ", ends="endless"),
    "early_hints": seen(b"HTTP/1.1 103 ", OK, ID),
    "idle_close": seen(OK, ID, ends="closed"),
    "201": seen(b"HTTP/1.1 201 Created\r\n", ID),
    "html": seen(OK, b"<!doctype html>"),
    "empty": seen(OK, EMPTY),
    "no_content": seen(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "not_json": seen(OK, b"OK, calling"),
    "bad_utf8": seen(OK, ID, b"Ren\xe9"),
    "utf16": seen(OK, "toPhoneNumber".encode("utf-16-le")),
    "odd_charset": seen(OK, ID, b"charset=rot13"),
    "deep_json": seen(OK, b"[" * 100_000),
    "big_number": seen(OK, b"9" * 5_000),
    "null_data": seen(OK, b'{"data": null}'),
    "list_data": seen(OK, b'{"data": [{'),
    "no_id": seen(OK, b"toPhoneNumber"),
    "int_id": seen(OK, b'"_id": 12345'),
    "null_id": seen(OK, b'"_id": null'),
    "long_id": seen(OK, b'"_id": "' + b"a" * 5_000_000),
    "control_id": seen(OK, b'"_id": "a\\nb"'),
    "formula_id": seen(OK, b'"_id": "=cmd"'),
    "path_id": seen(OK, b'"_id": "../../x"'),
    "surrogate_id": seen(OK, b'"_id": "\\ud800"'),
    "same_id": seen(OK, ID),
    "other_phone": seen(OK, ID, b'"+12025550102"'),
    "no_phone": seen(OK, ID),
    "error_object_200": seen(OK, b'{"error": {"statusCode": 500'),
    "cut_body": seen(OK, b'{"data": {', ends="closed"),
    "reset_body": seen(OK, b'{"data": {', ends="reset"),
    "long_body": seen(OK, b" " * 300_000, ends="endless"),
    "gzip": seen(OK, b"Content-Encoding: gzip\r\n", ID),
    "gzip_bomb": seen(OK, b"Content-Encoding: gzip, gzip\r\n", b"\r\n\r\n\x1f\x8b"),
    "bad_length": seen(OK, b"Content-Length: -5\r\n", ID, ends="closed"),
    "two_lengths": seen(OK, b"Content-Length: 7\r\n", ID, ends="closed"),
    "length_and_chunks": seen(OK, b"Transfer-Encoding: chunked\r\n", b"Content-Length: ", ID, ends="closed"),
    "two_answers": seen(OK, ID, b"5ca1ab1e0000000000000000"),
    "http09": seen(b'{"data": {', ID, ends="closed"),
    "http10": seen(b"HTTP/1.0 200 OK\r\n", ID, ends="closed"),
    "garbage": seen(b"\x16\x03\x01", ends="closed"),
    "chunked": seen(OK, ID, b"\r\n0\r\n\r\n"),
    "chunked_trailers": seen(OK, ID, b"\r\n0\r\nX-Sum: 1\r\n\r\n"),
    "big_headers": seen(OK, b"a" * 200_000, ID, ends="closed"),
    "folded_header": seen(OK, b"X-Fold: a\r\n b\r\n", ID, ends="closed"),
    "switch_101": seen(b"HTTP/1.1 101 ", b"Upgrade: websocket", b"\r\n\r\n", ends="silent"),
    "no_reason": seen(b"HTTP/1.1 200 \r\n", ID, ends="closed"),
}
QUIET = {
    *map(str, (*REFUSED, 301, 302, 303, 307, 308, 502, 503, 504, 520)),
    *("429", "429_date", "429_bare", "429_past", "429_huge", "429_nan", "429_negative", "429_twice", "503_bare"),
    *("503_stock", "403_page", "403_number", "404_template", "portal"),
    *("400_text", "400_html", "400_empty", "400_telling", "400_odd", "400_long"),
    *("refuse_before", "reset_before", "reset_mid", "close_before", "hang_before"),
}
ABSENT = {"no_id": b"_id", "no_phone": b"toPhoneNumber", "429_bare": b"Retry-After", "503_bare": b"Retry-After"}


def test_each_fault_has_its_expectation() -> None:
    assert set(EXPECTED) == set(FAULTS)


def test_the_table_says_rightly_which_faults_ring() -> None:
    """Said twice, on purpose: what proves that nobody was called must not change by a slip."""
    assert {name for name, fault in FAULTS.items() if not fault.rings} == QUIET


def faulty(name: str, truth: Path) -> SandboxConfig:
    plan = FaultPlan.parse(f"{name}=1")
    return SandboxConfig(faults=plan, truth=truth, late=0, drip=0, clock=lambda: 1e9, api_key=KEY)


@pytest.mark.parametrize("name", FAULTS)
async def test_a_client_meets_the_fault_it_was_promised(name: str, truth: Path) -> None:
    """And the phone rings, or not, as the table says."""
    expected = EXPECTED[name]
    async with serve(faulty(name, truth)) as sandbox:
        async with tap(sandbox.base_url) as line:
            await line.send(post())
            await line.until(expected.start, *expected.parts)
            if expected.ends in ("closed", "reset"):
                await line.until_end()
                assert line.ended == expected.ends
            elif expected.ends == "kept":
                await line.until(b"\r\n\r\n")
                await line.send(get())
                await line.until(b'{"data": [')
            elif expected.ends == "endless":
                await line.until(3 * b"HTTP/1.1 102 Processing\r\n\r\n" if name == "endless_100" else b" " * 900_000)
            else:
                await silent(sandbox.base_url, truth if FAULTS[name].rings else None)
            assert line.ended == ("" if expected.ends not in ("closed", "reset") else expected.ends)
            assert line.seen.startswith(expected.start)
            assert [part for part in expected.parts if part not in line.seen] == []
            first = line.seen.partition(b'{"data": [{')[0]
            assert name not in ABSENT or ABSENT[name] not in first
        assert sandbox.posts == 1
        assert sandbox.bugs == []
    rung = [(ring.phone, ring.fault) for ring in read_truth(truth)]
    assert rung == ([(PHONE, name)] * FAULTS[name].calls if FAULTS[name].rings else [])


async def silent(base_url: str, truth: Path | None) -> None:
    """Another connection's round trips show that the stand-in is done with what it was sent before."""
    while truth is not None and not list(read_truth(truth)):
        await ask(base_url, get())
    for _ in range(3):
        await ask(base_url, get())


async def test_a_silent_connection_ends_when_its_client_goes() -> None:
    async with serve(SandboxConfig(faults=FaultPlan.parse("hang=1"))) as sandbox, tap(sandbox.base_url) as line:
        await line.send(post())
        await line.finish()
        await line.until_end()
        assert (line.seen, line.ended) == (b"", "closed")


async def test_the_same_id_is_given_to_a_second_call() -> None:
    """The phones differ, the calls differ, and the second answer lies about its id."""
    async with serve(SandboxConfig(faults=FaultPlan.parse("same_id=1"))) as sandbox:
        _, first = await ask(sandbox.base_url, post())
        _, second = await ask(sandbox.base_url, post(body(toPhoneNumber="+12025550102")))
        assert first["data"]["_id"] == second["data"]["_id"]
        assert len({call.id for call in sandbox.calls}) == 2


async def test_a_fault_that_rings_leaves_a_refused_request_alone(truth: Path) -> None:
    """What is not accepted rings nowhere, whatever the plan says."""
    async with serve(faulty("reset_after", truth)) as sandbox:
        status, _ = await ask(sandbox.base_url, post({"teamId": "team-1"}))
        assert status == 400
    assert list(read_truth(truth)) == []


async def test_reading_is_never_struck(truth: Path) -> None:
    async with serve(faulty("reset_before", truth)) as sandbox:
        assert await ask(sandbox.base_url, get()) == (200, {"data": []})
        assert sandbox.posts == 0


async def test_the_planned_posts_are_struck_and_no_others(truth: Path) -> None:
    plan = FaultPlan.parse("500=0.3,500_after=0.3", seed=3)
    async with serve(SandboxConfig(faults=plan, truth=truth)) as sandbox, tap(sandbox.base_url) as line:
        for number in range(60):
            await line.send(post())
            status, _ = await line.reply()
            assert status == (500 if plan.at(number) else 200)
    planned = [plan.at(number) for number in range(60)]
    assert [ring.fault for ring in read_truth(truth)] == [
        fault.name if fault else None for fault in planned if not fault or fault.rings
    ]


async def test_two_answers_put_the_stale_one_before_the_next_request() -> None:
    async with serve(SandboxConfig(faults=FaultPlan.parse("two_answers=1"))) as sandbox, tap(sandbox.base_url) as line:
        await line.send(post())
        await line.reply()
        _, stale = await line.reply()
        assert json.loads(stale)["data"]["_id"] == "5ca1ab1e0000000000000000"


@pytest.mark.parametrize(
    ("name", "field", "reads"),
    [
        ("read_other_phone", "toPhoneNumber", [True, True]),
        ("read_other_phone_once", "toPhoneNumber", [True, False]),
        ("read_other_id", "_id", [True, True]),
        ("read_other_template", "callTemplateId", [True, True]),
    ],
)
async def test_reads_of_a_call_say_what_is_anothers(name: str, *, field: str, reads: list[bool], truth: Path) -> None:
    """By its id only: the list of calls says it rightly."""
    async with serve(faulty(name, truth)) as sandbox:
        _, made = await ask(sandbox.base_url, post())
        call = made["data"]
        shown = [(await ask(sandbox.base_url, get(f"/v1/phoneCalls/{call['_id']}")))[1]["data"] for _ in reads]
        _, listed = await ask(sandbox.base_url, get())
    assert [one[field] != call[field] for one in shown] == reads
    assert listed["data"][0][field] == call[field]
