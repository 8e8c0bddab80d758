"""File watch: notices that the files at a ledger's path are no longer those that this process has open.

    removed, renamed, replaced ...... device and inode of ledger.db, -wal and -shm by path, against those of the opening
    -wal cut off or written over .... its salts and its length, against the index of it in the -shm
    ledger.db written over .......... its time of change, without a checkpoint that would explain it

SQLite itself notices none of these: it goes on with files that no other process sees, where a call is claimed and
forgotten, or an opt-out written that nobody reads (sqlite.org/howtocorrupt.html, section 2). Bytes are read on POSIX
alone, and through descriptors that stay open: closing one of a file drops all of this process's locks on it.
"""

import ctypes
import os
import struct
import threading
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine

from campaign.domain.errors import LedgerFilesError

_POSIX = os.name == "posix"
_CURE = "put the right files back, see that nothing else moves or writes them, then go on"
# The -shm, in the machine's byte order (sqlite.org/walformat.html): the index's header, the same once more, and how far
# a checkpoint has come.
_HEADER = struct.Struct("=I8xBxHI12x8s8x")
_HEADER_BYTES = 48
_CHECKPOINT = struct.Struct("=I28xI4x")
_INDEX_BYTES = 2 * _HEADER_BYTES + _CHECKPOINT.size
_INDEX_VERSION = 3_007_000
# The -wal: a header, then frames of one page each, which repeat the header's salts.
_WAL_HEADER_BYTES, _WAL_SALTS = 32, slice(16, 24)
_FRAME_HEADER_BYTES, _FRAME_SALTS = 24, slice(8, 16)
_PATIENCE = 5


@dataclass(frozen=True, slots=True)
class _Index:
    """What the -shm says of the -wal: its salts, its whole frames, and which of them are in ledger.db by now."""

    salts: bytes
    frames: int
    page_bytes: int
    copied: int
    being_copied: int

    def end_of(self, frames: int) -> int:
        return _WAL_HEADER_BYTES + frames * (_FRAME_HEADER_BYTES + self.page_bytes)

    @property
    def checkpoint(self) -> tuple[bytes, int, int]:
        """It changes before a checkpoint writes the first page, and after the last one."""
        return self.salts, self.copied, self.being_copied


class FileWatch:
    """The files of one open ledger, for all threads of this process. Made once SQLite has opened all three."""

    def __init__(self, path: Path) -> None:
        """Takes the files that are there now for the ledger's own.

        Raises:
            LedgerFilesError: one of them is gone already.
        """
        self._path = path.absolute()
        self._wal, self._shm = (self._path.with_name(f"{path.name}{end}") for end in ("-wal", "-shm"))
        self._door = threading.Lock()
        self._known = {each: _identity(each) for each in (self._path, self._wal, self._shm)}
        self._read = [_opened(each) for each in (self._wal, self._shm)] if _POSIX else []
        self._before: tuple[_Index, tuple[int, int]] | None = None

    def check(self) -> None:
        """Checks all of it; some twenty microseconds.

        Raises:
            LedgerFilesError: one line that names the file and what happened to it.
        """
        with self._door:
            for each, known in self._known.items():
                if _identity(each, is_log=each == self._wal) != known:
                    raise _trouble(each, "was replaced by another file")
            if self._read:
                self._check_content()

    def close(self) -> None:
        """Closes its descriptors. SQLite must have closed its own before, in all threads of this process."""
        with self._door:
            for descriptor in self._read:
                os.close(descriptor)
            self._read = []

    def _check_content(self) -> None:
        for _ in range(_PATIENCE):
            # The index is read before and after: what lies between belongs to it only if it stood still.
            if (index := self._index()) is None:
                return
            wal_bytes, written = os.stat(self._wal).st_size, os.stat(self._path)  # noqa: PTH116 - half a Path's time
            salts = self._salts(index)
            if self._index() == index:
                self._compare(index, (written.st_mtime_ns, written.st_size), wal_bytes=wal_bytes, salts=salts)
                return

    def _index(self) -> _Index | None:
        """The index; None if it is being written at this moment, or of a format that is not known here."""
        block = os.pread(self._read[1], _INDEX_BYTES, 0)
        if len(block) < _INDEX_BYTES or block[:_HEADER_BYTES] != block[_HEADER_BYTES : 2 * _HEADER_BYTES]:
            return None
        version, is_ready, size, frames, salts = _HEADER.unpack_from(block)
        if version != _INDEX_VERSION or not is_ready:
            return None
        copied, being_copied = _CHECKPOINT.unpack_from(block, 2 * _HEADER_BYTES)
        return _Index(salts, frames, (size & 0xFE00) | (size & 1) << 16, copied, being_copied)

    def _salts(self, index: _Index) -> set[bytes]:
        """The salts of the -wal: of its header, its last frame, and the last frame of the check before."""
        if not index.frames:
            return {index.salts}
        found = {os.pread(self._read[0], _WAL_HEADER_BYTES, 0)[_WAL_SALTS]}
        last = {index.frames}
        if self._before is not None and self._before[0].salts == index.salts and self._before[0].frames:
            last.add(self._before[0].frames)
        for frame in last:
            header = os.pread(self._read[0], _FRAME_HEADER_BYTES, index.end_of(frame - 1))
            found.add(header[_FRAME_SALTS])
        return found

    def _compare(self, index: _Index, written: tuple[int, int], *, wal_bytes: int, salts: set[bytes]) -> None:
        if index.frames and (wal_bytes < index.end_of(index.frames) or salts != {index.salts}):
            raise _trouble(self._wal, "was cut off or written over by another program")
        before, self._before = self._before, (index, written)
        stood_still = index.copied == index.being_copied and before is not None
        if stood_still and before is not None and before[0].checkpoint == index.checkpoint and before[1] != written:
            raise _trouble(self._path, "was written over by another program")


def _identity(path: Path, *, is_log: bool = False) -> tuple[int, int]:
    try:
        found = os.stat(path)  # noqa: PTH116 - half a Path's time, for every call
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            raise _trouble(path, "was removed or renamed", may_close=is_log) from None
        raise _trouble(path, f"is gone ({error.strerror})") from None
    return found.st_dev, found.st_ino


def _opened(path: Path) -> int:
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise _trouble(path, f"cannot be read ({error.strerror})") from None


def _trouble(path: Path, what: str, *, may_close: bool = False) -> LedgerFilesError:
    line = f"{path} {what} while this program had the ledger open, so nothing more is written or called; {_CURE}"
    return LedgerFilesError(line, may_close=may_close)


def never_close(holder: Connection | Engine) -> None:
    """Keeps the driver's connection of a connection or engine from being closed, also by the interpreter's end.

    Closing a ledger whose files are lost would write over and remove others' files: the last connection to close copies
    the -wal into ledger.db, by an index that may be out of date by then, and removes the -wal by its name, also one
    that another process wrote. At the end of the process the system closes the descriptors, and does no more.
    """
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(holder))
