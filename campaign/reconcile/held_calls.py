"""Held calls: listed calls that bear on a run, aside from the memory; and the ids of all that were listed.

A ledger that was restored, or another that calls the same people, may meet half a million calls that it does not know.
They are asked for by id, by line, or line after line; no more than a page of them is in memory.
"""

import json
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import Any

from campaign.aicaller.listed_call import ListedCall, read_instant
from campaign.domain.instants import to_text
from campaign.domain.phone_line import line_of
from campaign.ledger.port.scratch import Scratch, ScratchText

_LINES_AT_ONCE = 500
_SLAB = 64 * 1024


class HeldCalls:
    """Listed calls, each once; what came twice with different words is in none of the answers."""

    def __init__(self, scratch: Scratch, calls: Iterable[ListedCall] = ()) -> None:
        """Empty scratch, and what is added at once."""
        self._scratch = scratch
        self.add(calls)

    def add(self, calls: Iterable[ListedCall]) -> None:
        """Adds calls.

        Raises:
            NoRoomError: there is no room for them.
        """
        # An id that comes again with other words is of no call that can be trusted.
        self._scratch.add(ScratchText(call.call_id, line_of(call.phone or ""), _text_of(call)) for call in calls)

    def of_ids(self, call_ids: Collection[str]) -> dict[str, ListedCall]:
        """Those of these ids."""
        return {call.call_id: call for call in map(_call_of, self._scratch.of_keys(call_ids))}

    def to_lines(self, lines: Collection[str]) -> list[ListedCall]:
        """Those to these lines; to the empty one are those without a number."""
        return [_call_of(said) for said in self._scratch.of_groups(lines)]

    def line_by_line(self) -> Iterator[list[ListedCall]]:
        """All with a number, some hundred lines at a time; all calls to a line are together."""
        for page in self._scratch.group_by_group(most=_LINES_AT_ONCE):
            yield [_call_of(said) for said in page]


class SeenIds:
    """Ids, of which only this is asked: was it there. Each takes eight bytes; a digest stands for it."""

    def __init__(self, ids: Iterable[str] = (), *, slab: int = _SLAB) -> None:
        """`slab` ids are sorted together."""
        self._slab = slab
        self._slabs: list[array[int]] = []
        self._last = list[int]()
        self.add(ids)

    def add(self, ids: Iterable[str]) -> None:
        """Adds ids."""
        self._last += map(_digest, ids)
        while len(self._last) >= self._slab:
            self._slabs.append(array("Q", sorted(self._last[: self._slab])))
            del self._last[: self._slab]

    def __contains__(self, call_id: str) -> bool:
        wanted = _digest(call_id)
        return wanted in self._last or any(_holds(slab, wanted) for slab in self._slabs)


def _holds(slab: Sequence[int], wanted: int) -> bool:
    at = bisect_left(slab, wanted)
    return at < len(slab) and slab[at] == wanted


def _digest(call_id: str) -> int:
    return int.from_bytes(blake2b(call_id.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def _text_of(call: ListedCall) -> str:
    times = [at and to_text(at) for at in (call.created_at, call.delayed_until)]
    return json.dumps([call.call_id, call.phone, call.name, call.variables, call.team, call.template, *times])


def _call_of(said: str) -> ListedCall:
    call_id, phone, name, variables, team, template, created_at, delayed_until = json.loads(said)
    return ListedCall(
        call_id=call_id,
        phone=phone,
        name=name,
        variables=_pairs(variables),
        team=team,
        template=template,
        created_at=read_instant(created_at),
        delayed_until=read_instant(delayed_until),
    )


def _pairs(variables: Sequence[Any] | None) -> tuple[tuple[str, str], ...] | None:
    return None if variables is None else tuple((key, value) for key, value in variables)
