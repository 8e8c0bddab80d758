"""The emergency journal: stores endings that the ledger could not take, on disk space reserved beforehand.

A call that is accepted while the disk fills up must not be lost. Before the first call, one megabyte is written
and fsynced beside the ledger (which also shows that the disk can still hold it); when a commit fails, the ending is
written over a part of it, and the next start reads it before it takes any open attempt for lost. When the ledger's
files are taken away, all attempts of the run are written there, since those of the last minutes may be nowhere else.
Each line names its run: another ledger at the same path has rows of the same numbers.
"""

import contextlib
import errno
import json
import os
import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from campaign.domain.errors import LedgerError
from campaign.domain.model import Attempt, Created, Outcome, Rejected, Unknown
from campaign.ledger.writes.claims import Settlement

RESERVED_BYTES = 1024 * 1024


class EmergencyJournal:
    """Reserved space for the endings of one run; removed on exit, unless an ending was written."""

    def __init__(self, path: Path, *, mark: str, write: Callable[[int, memoryview], int] = os.write) -> None:
        """Reserves the space.

        Args:
            path: the file.
            mark: of the run, as `run_mark` makes it.
            write: as `os.write`.

        Raises:
            LedgerError: the disk is full, or the folder cannot be written.
        """
        self._path, self._mark, self._write, self._written = path, mark, write, False
        self._door = threading.Lock()
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
        try:
            self._descriptor = os.open(path, flags, 0o600)
            try:
                self._write_all(bytes(RESERVED_BYTES))
                os.fsync(self._descriptor)
                os.lseek(self._descriptor, 0, os.SEEK_SET)
            except OSError:
                os.close(self._descriptor)
                path.unlink()
                raise
        except OSError as error:
            raise LedgerError(
                f"no room to work in {path.parent}: {error.strerror}; free at least 10 MB, then start again"
            ) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)
        if not self._written:
            with contextlib.suppress(OSError):  # It is empty, so nothing is lost if it stays.
                self._path.unlink()

    def keep(self, *settlements: Settlement) -> None:
        """Writes and fsyncs endings; of one attempt the last one holds.

        Raises:
            OSError: even this is not possible, or the file was removed.
        """
        with self._door:
            self._written = True
            for settlement in settlements:
                self._write_all(_to_line(settlement, mark=self._mark))
            os.fsync(self._descriptor)
            if not os.fstat(self._descriptor).st_nlink:
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(self._path))

    def _write_all(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[self._write(self._descriptor, view) :]


def read_journal(path: Path, *, mark: str) -> list[tuple[Attempt, Outcome]]:
    """The last ending of each attempt in a journal; torn lines and the unused rest are skipped.

    A journal of another run, of a ledger that was at this path before, is renamed: somebody may need it.

    Raises:
        LedgerError: it exists, and cannot be read.
    """
    try:
        found = list(_lines(path.read_bytes()))
        if any(kept.get("run", mark) != mark for kept in found):
            path.replace(_beside(path))
            return []
    except FileNotFoundError:
        return []
    except OSError as error:
        raise LedgerError(
            f"{path} cannot be read ({error.strerror}); it may say who was called: make it readable, then go on"
        ) from None
    endings = dict[tuple[int, int], tuple[Attempt, Outcome]]()
    for kept in found:
        with contextlib.suppress(ValueError, TypeError, KeyError):
            attempt = Attempt(row_id=kept["row_id"], row_number=0, number=kept["number"], phone="", body=b"")
            endings[attempt.row_id, attempt.number] = attempt, _outcome(kept)
    return list(endings.values())


def _lines(data: bytes) -> Iterator[dict[str, Any]]:
    for line in data.split(b"\0", 1)[0].splitlines():
        with contextlib.suppress(ValueError):
            if isinstance(kept := json.loads(line), dict):
                yield kept


def _beside(path: Path) -> Path:
    names = (path.with_name(f"{path.name}.other-{number}") for number in count(1))
    return next(name for name in names if not name.exists())


def _to_line(settlement: Settlement, *, mark: str) -> bytes:
    outcome = settlement.outcome
    kept = {
        "run": mark,
        "row_id": settlement.attempt.row_id,
        "number": settlement.attempt.number,
        "kind": type(outcome).__name__,
        "call_id": outcome.call_id if isinstance(outcome, Created) else None,
        "status": getattr(outcome, "status", None),
        "reason": getattr(outcome, "reason", None),
        "proved": getattr(outcome, "proved", True),
    }
    # A line begins with a newline: a torn line before it must not swallow it.
    return b"\n" + json.dumps(kept).encode() + b"\n"


def _outcome(kept: dict[str, Any]) -> Outcome:
    status = int(kept["status"] or 0)
    if kept["kind"] == "Created":
        return Created(call_id=kept["call_id"], status=status)
    if kept["kind"] == "Rejected":
        return Rejected(status=status, reason=kept["reason"], proved=bool(kept.get("proved", True)))
    # A journal is not trusted as proof that nothing was sent: a person may check, and no call is made twice.
    return Unknown(reason=f"{kept['reason']} (the ledger could not be written at that moment)", status=status or None)
