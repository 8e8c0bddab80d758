"""The emergency journal: stores endings that the ledger could not take, on disk space reserved beforehand.

A call that is accepted while the disk fills up must not be lost. Before the first call, one megabyte is written
and fsynced beside the ledger (which also shows that the disk can still hold it); when a commit fails, the ending is
written over a part of it, and the next start reads it before it takes any open attempt for lost.
"""

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from campaign.domain.errors import LedgerError
from campaign.domain.model import Attempt, Created, Outcome, Rejected, Unknown
from campaign.ledger.writes.claims import Settlement

RESERVED_BYTES = 1024 * 1024


class EmergencyJournal:
    """Reserved space for the endings of one run; removed on exit, unless an ending was written."""

    def __init__(self, path: Path, *, write: Callable[[int, memoryview], int] = os.write) -> None:
        """Reserves the space.

        Args:
            path: the file.
            write: as `os.write`.

        Raises:
            LedgerError: the disk is full, or the folder cannot be written.
        """
        self._path, self._write, self._written = path, write, False
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

    def keep(self, settlement: Settlement) -> None:
        """Writes and fsyncs one ending.

        Raises:
            OSError: even this is not possible.
        """
        self._written = True
        self._write_all(_to_line(settlement))
        os.fsync(self._descriptor)

    def _write_all(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[self._write(self._descriptor, view) :]


def read_journal(path: Path) -> Iterator[tuple[Attempt, Outcome]]:
    """The endings in a journal; torn lines and the unused rest are skipped.

    Raises:
        LedgerError: it exists, and cannot be read.
    """
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        raise LedgerError(
            f"{path} cannot be read ({error.strerror}); it may say who was called: make it readable, then go on"
        ) from None
    for line in text.split(b"\0", 1)[0].splitlines():
        with contextlib.suppress(ValueError, TypeError, KeyError):
            kept = json.loads(line)
            attempt = Attempt(row_id=kept["row_id"], row_number=0, number=kept["number"], phone="", body=b"")
            yield attempt, _outcome(kept)


def _to_line(settlement: Settlement) -> bytes:
    outcome = settlement.outcome
    kept = {
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
