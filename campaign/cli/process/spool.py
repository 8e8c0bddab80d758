"""Spool: keeps a sheet's problems and doubts on disk, row by row, until all are known; there may be a million."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from types import TracebackType
from typing import IO, Self

from campaign.domain.cures.notes import Note, NoteKind
from campaign.domain.errors import UsageError
from campaign.domain.model import Invalid, Problem, Screened, Skip
from campaign.domain.skip_reason import SkipReason
from campaign.presentation.masking import Mask
from campaign.presentation.summary import note_as_dict, problem_as_dict


class Spool:
    """Takes rows as they stream by; returns what it kept, as JSON or as masked lines for people."""

    def __init__(self, mask: Mask) -> None:
        self._mask = mask
        self._open = ExitStack()
        self._problems, self._notes, self._skips = self._file(), self._file(), self._file()

    def take(self, one: Screened) -> None:
        """Keeps the problems and doubts of a row, and why it is left out.

        Raises:
            UsageError: the disk is full.
        """
        with _on_disk():
            if isinstance(one.verdict, Invalid):
                self._problems.writelines(f"{json.dumps(problem_as_dict(each))}\n" for each in one.verdict.problems)
            if isinstance(one.verdict, Skip):
                self.skip(one.row.number, one.verdict.why.code, one.verdict.reason)
            self._notes.writelines(f"{json.dumps(note_as_dict(each))}\n" for each in one.notes)

    def skip(self, row: int, reason: SkipReason, text: str) -> None:
        """Keeps why a row is left out.

        Raises:
            UsageError: the disk is full.
        """
        with _on_disk():
            self._skips.write(f"{json.dumps({'row': row, 'reason': reason.value, 'text': text})}\n")

    def skips(self) -> Iterator[tuple[str, str]]:
        """(line for people, JSON) of each row that is left out."""
        for line in _lines(self._skips):
            said = json.loads(line)
            yield self._mask(f"row {said['row']}: {said['text']}"), line

    def problems(self) -> Iterator[tuple[str, str]]:
        """(line for people, JSON) of each problem, in the sheet's order."""
        for line in _lines(self._problems):
            yield self._mask(str(Problem(**json.loads(line)))), line

    def notes(self) -> Iterator[tuple[str, str]]:
        """(line for people, JSON) of each doubt, in the sheet's order."""
        for line in _lines(self._notes):
            note = str(Note(**(said := json.loads(line))))
            # A restored number is shown before and after, or a person could not tell whether it is right.
            yield note if said["kind"] == NoteKind.REPAIRED else self._mask(note), line

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A failed write was reported when the data was needed.
        with suppress(OSError):
            self._open.close()

    def _file(self) -> IO[str]:
        return self._open.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8"))


def _lines(file: IO[str]) -> Iterator[str]:
    with _on_disk():
        file.seek(0)
    for line in file:
        yield line.rstrip("\n")


@contextmanager
def _on_disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = tempfile.gettempdir()
        raise UsageError(
            f"temporary file in {where}: {error.strerror}; free the disk, or leave --json and -v out"
        ) from error
