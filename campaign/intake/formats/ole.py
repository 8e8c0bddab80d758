"""OLE2 container (compound file) of old Office files: its streams, with every chain of sectors checked on the way.

It vets a file for calamine, which follows a circular chain until memory ends. `olefile` cannot take its place: it
accepts a directory whose chain is circular, and by its defaults a stream of 5 KB that says 4 GB takes it minutes. Here
no chain is followed for more steps than its table has entries, so time and memory are bounded by the file's size.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from campaign.domain.errors import SheetError

_HEADER = 512
_LAST_SECTOR = 0xFFFFFFFA  # the numbers above it are signs, not sectors
_ENTRY = 128
_STREAM, _ROOT = 2, 5


@dataclass(frozen=True, slots=True)
class _DirectoryEntry:
    kind: int
    start: int
    size: int


class Ole:
    """An OLE file in memory.

    Raises:
        SheetError: its chains do not hold together; without the file's name.
    """

    def __init__(self, data: bytes) -> None:
        if len(data) < _HEADER:
            raise _damaged("its beginning is cut off")
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:  # noqa: PLR2004 - the format's only sizes
            raise _damaged("its sectors have an impossible size")
        self._data, self._size, self._mini_size = data, 1 << shift, 1 << mini_shift
        directory, self._cutoff, mini_fat, first_list = struct.unpack_from("<I4xII4xI", data, 48)
        self._fat = self._table(self._lists(first_list))
        self._entries = dict(self._directory(directory))
        self._mini_fat = self._table(self._chain(mini_fat, self._fat))

    @property
    def names(self) -> frozenset[str]:
        """Names of all its streams, whichever folder they are in."""
        return frozenset(name for name, entry in self._entries.items() if entry.kind == _STREAM)

    def read(self, name: str) -> bytes:
        """The bytes of one of its streams."""
        entry = self._entries[name]
        if entry.size >= self._cutoff:
            return self._joined(self._chain(entry.start, self._fat))[: entry.size]
        mini, size = self._joined(self._chain(self._root.start, self._fat)), self._mini_size
        return b"".join(mini[n * size : n * size + size] for n in self._chain(entry.start, self._mini_fat))[
            : entry.size
        ]

    def place(self, name: str, offset: int) -> int:
        """Where in the file a byte of a stream stands."""
        entry = self._entries[name]
        if entry.size < self._cutoff:
            small = _nth(self._chain(entry.start, self._mini_fat), offset // self._mini_size)
            entry, offset = self._root, small * self._mini_size + offset % self._mini_size
        sector = _nth(self._chain(entry.start, self._fat), offset // self._size)
        return int((sector + 1) * self._size + offset % self._size)

    @property
    def _root(self) -> _DirectoryEntry:
        none = _DirectoryEntry(_ROOT, _LAST_SECTOR + 1, 0)
        return next((one for one in self._entries.values() if one.kind == _ROOT), none)

    def _lists(self, sector: int) -> Iterator[int]:
        """The sectors that hold the table of chains: 109 are named in the header, more in a chain of lists."""
        yield from (one for one in struct.unpack_from("<109I", self._data, 76) if one < _LAST_SECTOR)
        left = len(self._data) // self._size  # no file has more tables than sectors, however often they are listed
        while sector < _LAST_SECTOR:
            *listed, sector = struct.unpack(f"<{self._size // 4}I", self._sector(sector))
            listed = [one for one in listed if one < _LAST_SECTOR]
            left -= max(len(listed), 1)
            if left < 0:
                raise _damaged("its lists of tables lead in a circle")
            yield from listed

    def _directory(self, start: int) -> Iterator[tuple[str, _DirectoryEntry]]:
        directory = self._joined(self._chain(start, self._fat))
        for place in range(0, len(directory) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", directory, place + 64)
            first, size = struct.unpack_from("<II", directory, place + 116)
            if kind in (_STREAM, _ROOT) and 2 <= length <= 64:  # noqa: PLR2004 - UTF-16 with its end, at most 32 of them
                yield (
                    directory[place : place + length - 2].decode("utf-16-le", "replace"),
                    _DirectoryEntry(kind, first, size),
                )

    def _table(self, sectors: Iterator[int]) -> tuple[int, ...]:
        joined = self._joined(sectors)
        return struct.unpack(f"<{len(joined) // 4}I", joined)

    def _chain(self, sector: int, table: tuple[int, ...]) -> Iterator[int]:
        left = len(table)
        while sector < _LAST_SECTOR:
            if sector >= len(table) or left == 0:
                raise _damaged("its chain of sectors leads in a circle, or out of the file")
            left -= 1
            yield sector
            sector = table[sector]

    def _joined(self, sectors: Iterator[int]) -> bytes:
        return b"".join(map(self._sector, sectors))

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        if start >= len(self._data):
            raise _damaged("it is cut off")
        return self._data[start : start + self._size].ljust(self._size, b"\0")


def _nth(sectors: Iterator[int], place: int) -> int:
    found: int | None = next(islice(sectors, place, None), None)
    if found is None:
        raise _damaged("it is cut off")
    return found


def _damaged(why: str) -> SheetError:
    return SheetError(f"a damaged workbook ({why}); open it in a spreadsheet program and save it as .xlsx")
