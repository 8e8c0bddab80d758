"""Faults of the list of calls: late, cut, in any order, with repeats, with other teams' calls, or broken."""

import itertools
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from campaign.domain.errors import UsageError
from campaign.sandbox.calls import Call
from campaign.sandbox.faults.scripts import End, Step
from campaign.sandbox.http.wire import JSON, refusal, reply

_MEGABYTE = 1 << 20
_LONG_MEGABYTES = 70
_ODD = (
    b"null", b"5", b'"text"', b"[]", b"{}", b'{"_id": 7}', b'{"_id": null, "toPhoneNumber": "+12025550199"}',
    b'{"_id": "odd-1", "toPhoneNumber": "\\ud800"}', b'{"_id": "odd-2", "toPhoneNumber": "+1\\u0000"}',
    b'{"_id": "odd-3", "toPhoneNumber": {"a": 1}, "createdAt": 5, "promptVariableValues": {"key": []}}',
    b'{"_id": "odd-4", "_id": "odd-5", "toPhoneNumber": "+12025550199"}', b'{"_id": "odd-6", "callDuration": 1e999}',
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """How the list of calls is served; without arguments, correctly.

    Attributes:
        lag: seconds for which a call is not in the list yet.
        newest: how many calls it holds at the most, the newest; None for all.
        shuffled: whether it is in no order at all.
        repeats: how often each call is in it.
        strangers: so many calls of another team for each of ours, to the same people.
        whole_seconds: whether callDelayedUntil comes back without its milliseconds.
        bare: properties that it leaves out.
        ending: how the answer ends, one of `ENDINGS`; None for a sound one.
        failing: how many lists are answered with that ending before they are sound; None for all.
        seed: another seed is another order.
    """

    lag: float = 0.0
    newest: int | None = None
    shuffled: bool = False
    repeats: int = 1
    strangers: int = 0
    whole_seconds: bool = False
    bare: tuple[str, ...] = ()
    ending: str | None = None
    failing: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if self.ending is not None and self.ending not in ENDINGS:
            raise UsageError(f"list fault {self.ending!r}: not known; the list faults are {', '.join(ENDINGS)}")

    def chosen(self, calls: Sequence[Call], *, now: float) -> list[Call]:
        """The calls that the list contains, in its order, with repeats."""
        shown = [call for call in calls if call.created_at <= now - self.lag]
        shown = shown if self.newest is None else shown[-self.newest :] if self.newest else []
        shown = [call for call in shown for _ in range(self.repeats)]
        if self.shuffled:
            random.Random(self.seed).shuffle(shown)  # noqa: S311 - an order that can be repeated
        return shown

    def written(self, entry: bytes) -> Iterator[bytes]:
        """An entry as the list shows it, and the other teams' calls beside it."""
        if not (self.whole_seconds or self.bare or self.strangers):
            yield entry
            return
        shown: dict[str, Any] = {key: value for key, value in json.loads(entry).items() if key not in self.bare}
        if self.whole_seconds and "callDelayedUntil" in shown:
            shown["callDelayedUntil"] = shown["callDelayedUntil"][:19] + ".000Z"
        yield json.dumps(shown).encode()
        for number in range(self.strangers):
            foreign = {"_id": f"{shown['_id']}{number:04d}", "teamId": "another-team"}
            yield json.dumps({**shown, **foreign}).encode()

    def played(self, number: int, body: bytes) -> Iterator[Step] | None:
        """How the list of this number, counted from 0, fails; None when it succeeds."""
        if self.ending is None or (self.failing is not None and number >= self.failing):
            return None
        return ENDINGS[self.ending](body)


def _cut(body: bytes) -> Iterator[Step]:
    whole = reply(200, body)
    yield whole[: len(whole) - len(body) // 3]
    yield End.FIN


def _endless(body: bytes) -> Iterator[Step]:
    yield f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nConnection: close\r\n\r\n".encode() + body[:-2]
    filler = b"," + json.dumps({"_id": "f" * 24, "filler": "x" * 4000}).encode()
    yield from itertools.repeat(filler * 16)


def _long(body: bytes) -> Iterator[Step]:
    """More calls of other people than 50,000 calls make up, before ours; in few entries, so that it is read soon."""
    yield f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nConnection: close\r\n\r\n".encode() + b'{"data": ['
    filler = {"toPhoneNumber": "+12025550199", "recordingUrl": "x" * (_MEGABYTE - 1024)}
    for number in range(_LONG_MEGABYTES):
        yield json.dumps({"_id": f"other-{number}", **filler}).encode() + b","
    yield body.partition(b"[")[2]
    yield End.FIN


def _huge_entry(body: bytes) -> Iterator[Step]:
    yield reply(200, body[:-2] + b',{"_id": "h", "nameOfHuman": "' + b"x" * (8 * _MEGABYTE) + b'"}]}')


_Ending = Callable[[bytes], Iterator[Step]]


def _fixed(status: int, body: bytes) -> _Ending:
    return lambda _: iter([reply(status, body)])


def _around(before: bytes, after: bytes) -> _Ending:
    return lambda body: iter([reply(200, before + body + after)])


ENDINGS: Mapping[str, _Ending] = {
    "list_cut": _cut,
    "list_endless": _endless,
    "list_long": _long,
    "list_odd": lambda body: iter([reply(200, body.replace(b"[", b"[" + b",".join(_ODD) + b",", 1))]),
    "list_twice": lambda body: iter([reply(200, body[:-1] + b", " + body.lstrip(b"{"))]),
    "list_huge_entry": _huge_entry,
    "list_broken": lambda body: iter([reply(200, body[:-2] + b",{nonsense]}")]),
    "list_deep": lambda body: iter([reply(200, body[:-2] + b"," + b"[" * 200_000)]),
    "list_behind": _around(b"", b"\x00garbage"),
    "list_html": _fixed(200, b"<html>Welcome</html>"),
    "list_empty": _fixed(200, b""),
    "list_none": _fixed(200, b'{"data": null}'),
    "list_paged": lambda body: iter([reply(200, body[:-1] + b', "nextPage": 2}')]),
    "list_401": _fixed(401, refusal(401)),
    "list_404": _fixed(404, refusal(404)),
    "list_500": _fixed(500, refusal(500)),
    "list_429": lambda _: iter([reply(429, refusal(429), headers={"Retry-After": "0"})]),
    "list_moved": lambda _: iter([reply(302, b"", headers={"Location": "/v2/phoneCalls"})]),
    "list_reset": lambda _: iter([End.RST]),
    "list_hang": lambda _: iter([End.HANG]),
}
"""Name -> what the client meets, made from what a good answer would have been."""
