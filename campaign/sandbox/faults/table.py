"""Fault table: all faults on demand, and the plan that decides which call gets which."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum, auto
from itertools import accumulate
from typing import Self

from campaign.domain.errors import UsageError
from campaign.sandbox.faults import scripts as ends
from campaign.sandbox.faults.draw import draw
from campaign.sandbox.faults.misread import Misread
from campaign.sandbox.faults.scripts import End, Script
from campaign.sandbox.http.wire import refusal

RINGS, QUIET = True, False
_RANGE = re.compile(r"=\s*[0-9]+-[0-9]+$")


class Moment(Enum):
    """When a fault strikes."""

    ACCEPT = auto()
    """As the connection is accepted, whatever it would have carried."""
    START = auto()
    """As the first bytes of a POST come in."""
    MIDDLE = auto()
    """With part of the request read."""
    WHOLE = auto()
    """With the whole request read, and, when the fault rings, the call made."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which a POST can end.

    Attributes:
        name: as a plan names it.
        about: what the client meets, in one line.
        rings: whether the phone rings. It rings, and the truth has it, before the fault strikes.
        script: what happens on the connection.
        moment: when.
        calls: how many calls one request makes, for one that rings.
        misread: what later reads of the call say wrongly; see `misread.py`.
    """

    name: str
    about: str
    rings: bool
    script: Script
    moment: Moment = Moment.WHOLE
    calls: int = 1
    misread: Misread | None = None


_REFUSED = (400, 401, 402, 403, 404, 405, 408, 409, 410, 411, 413, 414, 415, 422, 425, 431, 451, 499, 500, 600, 999)
_MOVED = (301, 302, 303, 307, 308)
_GATEWAY = (502, 504, 520)
_AFTER = (408, 409, 500)
_GATEWAY_AFTER = (502, 503, 504)
_RETRY = {"Retry-After": "1"}

_TABLE: tuple[Fault, ...] = (
    *(Fault(str(n), f"{n} in the documented envelope", QUIET, ends.status(n)) for n in _REFUSED),
    *(Fault(str(n), f"{n} to a path where no call is made", QUIET, ends.moved(n)) for n in _MOVED),
    *(Fault(str(n), f"{n} as a gateway's page", QUIET, ends.gateway(n)) for n in _GATEWAY),
    Fault("429", "429, Retry-After: 1", QUIET, ends.status(429, headers=_RETRY)),
    Fault("429_date", "429, Retry-After as an HTTP-date two seconds ahead", QUIET, ends.limited_until_date),
    Fault("429_bare", "429, no Retry-After", QUIET, ends.status(429)),
    Fault("429_past", "429, Retry-After long ago", QUIET, ends.status(429, headers={"Retry-After": ends.LONG_AGO})),
    Fault("429_huge", "429, Retry-After: 1e9", QUIET, ends.status(429, headers={"Retry-After": "1e9"})),
    Fault("429_nan", "429, Retry-After: nan", QUIET, ends.status(429, headers={"Retry-After": "nan"})),
    Fault("429_negative", "429, Retry-After: -5", QUIET, ends.status(429, headers={"Retry-After": "-5"})),
    Fault("429_twice", "429 with two Retry-After that disagree", QUIET, ends.limited_twice),
    Fault("503", "503, Retry-After: 1", QUIET, ends.status(503, headers=_RETRY)),
    Fault("503_bare", "503 as a gateway's page, without Retry-After", QUIET, ends.gateway(503)),
    Fault("503_stock", "503 as a cache's stock page, Retry-After: 1", QUIET, ends.stock(503)),
    Fault("403_page", "403 as a firewall's page", QUIET, ends.gateway(403)),
    Fault("403_number", "403 that names the number", QUIET, ends.refused(403, "toPhoneNumber: may not be called")),
    Fault("404_template", "404 that names the call template", QUIET, ends.refused(404, "Call template not found")),
    Fault("portal", "200 as a captive portal's page, and no call", QUIET, ends.page(200)),
    Fault("400_text", "400 whose message is text, not a list", QUIET, ends.answer(ends.fixed(ends.BARE), code=400)),
    Fault("400_html", "400 as a page of HTML", QUIET, ends.gateway(400)),
    Fault("400_empty", "400 with an empty body", QUIET, ends.answer(ends.fixed(b""), code=400)),
    Fault("400_telling", "400 that repeats the key, with terminal codes", QUIET, ends.answer(ends.telling, code=400)),
    Fault("400_odd", "400 with a NUL and numbers of 70 bits", QUIET, ends.answer(ends.odd_error, code=400)),
    Fault("400_long", "400 with a message of 10 MB", QUIET, ends.answer(ends.long_error, code=400)),
    Fault("refuse_before", "reset as the connection is accepted", QUIET, ends.end(End.RST), Moment.ACCEPT),
    Fault("reset_before", "reset at the first bytes of the request", QUIET, ends.end(End.RST), Moment.START),
    Fault("reset_mid", "reset with part of the request read", QUIET, ends.end(End.RST), Moment.MIDDLE),
    Fault("close_before", "closed without an answer, and no call", QUIET, ends.end(End.FIN)),
    Fault("hang_before", "no answer, and no call", QUIET, ends.end(End.HANG)),
    *(Fault(f"{n}_after", f"the call, then {n}", RINGS, ends.status(n)) for n in _AFTER),
    *(Fault(f"{n}_after", f"the call, then {n} as a gateway's page", RINGS, ends.gateway(n)) for n in _GATEWAY_AFTER),
    Fault("503_stock_after", "the call, then 503 as a cache's stock page, Retry-After: 1", RINGS, ends.stock(503)),
    Fault("403_page_after", "the call, then 403 as the page of a filter of answers", RINGS, ends.gateway(403)),
    Fault("404_page_after", "the call, then 404 as an edge's page for a fault", RINGS, ends.gateway(404)),
    Fault("twice", "two calls, as of a proxy that repeats a request, then a good answer", RINGS, ends.good, calls=2),
    *(Fault(f"read_{m.value}", f"a good answer; {m.about}", RINGS, ends.good, misread=m) for m in Misread),
    Fault("303_after", "the call, then a redirect to look elsewhere", RINGS, ends.moved(303)),
    Fault("reset_after", "the call, then reset", RINGS, ends.end(End.RST)),
    Fault("close_after", "the call, then closed without an answer", RINGS, ends.end(End.FIN)),
    Fault("hang", "the call, then silence", RINGS, ends.end(End.HANG)),
    Fault("hang_body", "the call, the head of the answer, then silence", RINGS, ends.head_then(End.HANG)),
    Fault("late", "a good answer, two seconds late", RINGS, ends.late),
    Fault("drip", "a good answer, a byte at a time", RINGS, ends.drip),
    Fault("endless_100", "102 Processing without end", RINGS, ends.endless_processing),
    Fault("early_hints", "103 before a good answer: harmless", RINGS, ends.early_hints),
    Fault("idle_close", "a good answer, then closed against its word", RINGS, ends.good_then(End.FIN)),
    Fault("201", "a good answer as 201: harmless", RINGS, ends.answer(ends.Occasion.good, code=201)),
    Fault("html", "200 with a page of HTML", RINGS, ends.answer(ends.fixed(ends.PAGE), content_type=ends.HTML)),
    Fault("empty", "200 with an empty body", RINGS, ends.answer(ends.fixed(b""))),
    Fault("no_content", "204", RINGS, ends.raw(b"HTTP/1.1 204 No Content\r\n\r\n", how=End.KEEP)),
    Fault("not_json", "200 with text", RINGS, ends.answer(ends.fixed(b"OK, calling"))),
    Fault("bad_utf8", "200 with bytes that are not UTF-8", RINGS, ends.answer(ends.bad_utf8)),
    Fault("utf16", "200 in UTF-16", RINGS, ends.answer(ends.utf16)),
    Fault(
        "odd_charset", "200 that claims charset=rot13", RINGS, ends.answer(ends.Occasion.good, content_type=ends.ODD)
    ),
    Fault("deep_json", "200 with 100,000 opening brackets", RINGS, ends.answer(ends.fixed(b"[" * 100_000))),
    Fault("big_number", "200 with a number of 5,000 digits", RINGS, ends.answer(ends.big_number)),
    Fault("null_data", "200 whose data is null", RINGS, ends.answer(ends.fixed(b'{"data": null}'))),
    Fault("list_data", "200 whose data is a list", RINGS, ends.answer(ends.list_data)),
    Fault("no_id", "200 without _id", RINGS, ends.answer(ends.without("_id"))),
    Fault("int_id", "200 whose _id is a number", RINGS, ends.with_id(12345)),
    Fault("null_id", "200 whose _id is null", RINGS, ends.with_id(None)),
    Fault("long_id", "200 whose _id has 5 MB", RINGS, ends.with_id("a" * 5_000_000)),
    Fault("control_id", "200 whose _id has a line break", RINGS, ends.with_id("a\nb")),
    Fault("formula_id", "200 whose _id is a formula", RINGS, ends.with_id("=cmd")),
    Fault("path_id", "200 whose _id is a path", RINGS, ends.with_id("../../x")),
    Fault("surrogate_id", "200 whose _id is half of a character", RINGS, ends.with_id("\ud800")),
    Fault("same_id", "200 whose _id another call has (if there is one)", RINGS, ends.answer(ends.earlier_id)),
    Fault("other_phone", "200 about another number", RINGS, ends.answer(ends.other_phone)),
    Fault(
        "no_phone", "a good answer that does not repeat the number", RINGS, ends.answer(ends.without("toPhoneNumber"))
    ),
    Fault("error_object_200", "200 with the envelope of an error", RINGS, ends.answer(ends.fixed(refusal(500)))),
    Fault("cut_body", "200 whose body is cut by a close", RINGS, ends.cut(End.FIN)),
    Fault("reset_body", "200 whose body is cut by a reset", RINGS, ends.cut(End.RST)),
    Fault("long_body", "200 whose body never ends", RINGS, ends.endless_body),
    Fault("gzip", "200 that claims gzip and is not", RINGS, ends.answer(ends.Occasion.good, headers=ends.GZIP)),
    Fault("gzip_bomb", "200 that unpacks to 64 MB", RINGS, ends.gzip_bomb),
    Fault("bad_length", "200 with Content-Length: -5", RINGS, ends.under("Content-Length: -5")),
    Fault("two_lengths", "200 with two lengths", RINGS, ends.under("Content-Length: {n}", "Content-Length: 7")),
    Fault("length_and_chunks", "200 with a length, and chunks that are none", RINGS, ends.under(*ends.BOTH)),
    Fault("two_answers", "a good answer, and another call's behind it", RINGS, ends.two_answers),
    Fault("http09", "a body without a status line", RINGS, ends.raw(b"", body=True)),
    Fault("http10", "a good answer in HTTP/1.0: harmless", RINGS, ends.raw(b"HTTP/1.0 200 OK\r\n\r\n", body=True)),
    Fault("garbage", "bytes that are not HTTP", RINGS, ends.raw(b"\x16\x03\x01\x00\xff\x00 SSH-2.0-no\r\n\r\n")),
    Fault("chunked", "a good answer in chunks: harmless", RINGS, ends.chunked()),
    Fault("chunked_trailers", "a good answer in chunks, with trailers: harmless", RINGS, ends.chunked("X-Sum: 1")),
    Fault("big_headers", "200 under a header of 200 KB", RINGS, ends.under("X-Pad: " + "a" * 200_000, ends.LENGTH)),
    Fault("folded_header", "200 with a header over two lines", RINGS, ends.under("X-Fold: a\r\n b", ends.LENGTH)),
    Fault("switch_101", "101 Switching Protocols", RINGS, ends.websocket),
    Fault(
        "no_reason", "a good answer without the word OK: harmless", RINGS, ends.raw(b"HTTP/1.1 200 \r\n\r\n", body=True)
    ),
)

FAULTS: Mapping[str, Fault] = {fault.name: fault for fault in _TABLE}


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """Share of the POSTs that get each fault; for one seed, the n-th POST always gets the same.

    Attributes:
        shares: faults with their shares, each above 0, together at most 1.
        seed: another seed strikes other POSTs.
        lasting: faults that strike every POST from a number on, counted from 0; the one that begins last counts.
        storms: faults that strike every POST of a range, counted from 0, whatever else would.
    """

    shares: tuple[tuple[Fault, float], ...] = ()
    seed: int = 0
    lasting: tuple[tuple[Fault, int], ...] = ()
    storms: tuple[tuple[Fault, range], ...] = ()

    @classmethod
    def parse(cls, text: str, *, seed: int = 0) -> Self:
        """Parses a plan such as `429=0.05,reset_after=0.02,402=20+`; no words mean no faults.

        A share strikes that part of the POSTs; `20+` strikes all but the first twenty, `20-50` thirty after those.

        Raises:
            UsageError: an unknown name, or shares that are none.
        """
        words = [word.strip() for word in text.split(",") if word.strip()]
        lasting = dict(_lasting(word) for word in words if word.endswith("+"))
        storms = dict(_storm(word) for word in words if _RANGE.search(word))
        shares = dict(_share(word) for word in words if not word.endswith("+") and not _RANGE.search(word))
        if len(shares.keys() | lasting.keys() | storms.keys()) < len(words):
            raise UsageError(f"faults {text!r}: a fault is named twice; give it one share")
        if sum(shares.values()) > 1 + 1e-9:
            raise UsageError(f"faults {text!r}: the shares add up to {sum(shares.values()):g}; they must not exceed 1")
        return cls(
            tuple((FAULTS[name], share) for name, share in shares.items() if share),
            seed,
            tuple(sorted(((FAULTS[name], first) for name, first in lasting.items()), key=lambda one: one[1])),
            tuple((FAULTS[name], posts) for name, posts in storms.items()),
        )

    def at(self, number: int) -> Fault | None:
        """The fault of the POST with this number, counted from 0."""
        if raging := [fault for fault, posts in self.storms if number in posts]:
            return raging[-1]
        if begun := [fault for fault, first in self.lasting if number >= first]:
            return begun[-1]
        if not self.shares:
            return None
        drawn = draw(self.seed, number)
        reach = accumulate(share for _, share in self.shares)
        return next((fault for (fault, _), limit in zip(self.shares, reach, strict=True) if drawn < limit), None)


def faults_reference(faults: Iterable[Fault] = _TABLE) -> str:
    """The table of all faults, as text."""
    rows = [("fault", "phone", "what the client meets")]
    rows.extend((fault.name, "rings" if fault.rings else "-", fault.about) for fault in faults)
    wide = max(len(name) for name, _, _ in rows)
    return "\n".join(f"{name:<{wide}}  {phone:<5}  {about}" for name, phone, about in rows)


def _lasting(word: str) -> tuple[str, int]:
    name, _, number = (part.strip() for part in word.partition("="))
    _refuse_unknown(name)
    first = number.removesuffix("+")
    if not (first.isascii() and first.isdigit()):
        raise UsageError(f"fault {word!r}: it must say how many POSTs come before it, as in {name}=20+")
    return name, int(first)


def _storm(word: str) -> tuple[str, range]:
    name, _, posts = (part.strip() for part in word.partition("="))
    _refuse_unknown(name)
    first, _, end = posts.partition("-")
    return name, range(int(first), int(end))


def _refuse_unknown(name: str) -> None:
    if name not in FAULTS:
        raise UsageError(f"fault {name!r}: not known{_nearest(name)}; the faults are {', '.join(FAULTS)}")


def _share(word: str) -> tuple[str, float]:
    name, _, number = (part.strip() for part in word.partition("="))
    _refuse_unknown(name)
    try:
        share = float(number)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise UsageError(f"fault {word!r}: its share must be a number from 0 to 1, as in {name}=0.05")
    return name, share


def _nearest(name: str) -> str:
    near = get_close_matches(name, FAULTS, n=1, cutoff=0.0)
    return f", nearest is {near[0]!r}" if near else ""
