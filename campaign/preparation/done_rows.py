"""The rows of a sheet that were called before, and the rows of earlier runs that were met, at a few bytes each.

A list that is run again has millions of them, and each as an object of its own would take a kilobyte.
"""

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, MutableSet
from itertools import chain

from campaign.domain.skip_reason import CalledBeforeBy
from campaign.ledger.records.earlier_calls import EarlierCall

_INSTANT = 24  # characters of an instant as the ledger writes it, `YYYY-MM-DDTHH:MM:SS.mmmZ`
_BITS = 12  # of a row's number within a block
_MASK = (1 << _BITS) - 1


class DoneRows(Mapping[int, CalledBeforeBy]):
    """Row number -> the earlier call with the same content. Rows come in the sheet's order, some at a time."""

    def __init__(self) -> None:
        self._rows, self._their_rows = array("q"), array("q")
        self._at, self._runs = bytearray(), array("l")
        self._names: dict[str, int] = {}
        self._lines: dict[int, str] = {}  # few rows: those whose line was called in its other spelling

    def add(self, done: Mapping[int, EarlierCall]) -> None:
        """Adds the calls of some rows, all of them beyond those that were added before."""
        for row, call in sorted(done.items()):
            assert not self._rows or row > self._rows[-1]  # noqa: S101 - a sheet is read from its first row to its last
            self._rows.append(row)
            self._their_rows.append(call.row)
            self._at += call.at.ljust(_INSTANT)[:_INSTANT].encode()
            if call.line:
                self._lines[row] = call.line
            self._runs.append(self._names.setdefault(call.run, len(self._names)))

    def __getitem__(self, row: int) -> CalledBeforeBy:
        place = bisect_left(self._rows, row)
        if place == len(self._rows) or self._rows[place] != row:
            raise KeyError(row)
        at = self._at[place * _INSTANT : (place + 1) * _INSTANT].decode().rstrip()
        run = list(self._names)[self._runs[place]]
        return CalledBeforeBy(at, run, self._their_rows[place], self._lines.get(row, ""))

    def __contains__(self, row: object) -> bool:
        if not isinstance(row, int):
            return False
        place = bisect_left(self._rows, row)
        return place < len(self._rows) and self._rows[place] == row

    def __iter__(self) -> Iterator[int]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


class RowIds(MutableSet[int]):
    """A set of row numbers, which lie close together: one bit each."""

    def __init__(self) -> None:
        self._blocks: dict[int, int] = {}

    def add(self, value: int) -> None:
        """Adds one, unless it is there."""
        block, bit = value >> _BITS, 1 << (value & _MASK)
        self._blocks[block] = self._blocks.get(block, 0) | bit

    def discard(self, value: int) -> None:
        """Takes one out, if it is there."""
        if value in self:
            self._blocks[value >> _BITS] &= ~(1 << (value & _MASK))

    def __contains__(self, value: object) -> bool:
        return isinstance(value, int) and bool(self._blocks.get(value >> _BITS, 0) >> (value & _MASK) & 1)

    def __iter__(self) -> Iterator[int]:
        for block, bits in sorted(self._blocks.items()):
            yield from (block << _BITS | bit for bit in range(1 << _BITS) if bits >> bit & 1)

    def __len__(self) -> int:
        return sum(bits.bit_count() for bits in self._blocks.values())


class Apart(Collection[int]):
    """All numbers of some collections that share none."""

    def __init__(self, *parts: Collection[int]) -> None:
        self._parts = parts

    def __contains__(self, value: object) -> bool:
        return any(value in part for part in self._parts)

    def __iter__(self) -> Iterator[int]:
        return chain.from_iterable(self._parts)

    def __len__(self) -> int:
        return sum(map(len, self._parts))
