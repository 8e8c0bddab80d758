"""Reader process for workbooks: whatever a file does to its reader, the result is a sheet or one line with the reason.

    path -> private copy -> [child] -> JSON lines -> Sheet

The rows stream: however long the sheet, only a few hundred of them are here at a time.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import campaign
from campaign.domain.errors import SheetError, UndecidedError
from campaign.domain.model import Mark, Row
from campaign.domain.sheet import Sheet
from campaign.intake.files.private_copy import copy_privately
from campaign.intake.files.read_options import UNDECIDED, Choices
from campaign.intake.formats.cells import unpacked
from campaign.intake.workbook.child import Limits, Task
from campaign.intake.workbook.told import as_read

_CURE = "open it in a spreadsheet program and save it as .xlsx"
_MOST_BYTES = 1 << 28
_LONGEST_LINE = 1 << 29
# How the system ends a process that takes too long.
_TIMED_OUT = tuple(-getattr(signal, name) for name in ("SIGALRM", "SIGXCPU") if hasattr(signal, name))
_HEAD = frozenset({"header", "header_row", "notices"})
# All that a Python needs to start. Keys and tokens live in the environment too: none of it is handed on by default.
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")


@dataclass(frozen=True, slots=True)
class Reader:
    """Configuration of the reader process.

    Attributes:
        command: starts the process that reads; the task is added as its last argument.
        limits: what reading may take.
    """

    command: tuple[str, ...] = (sys.executable, "-P", "-X", "utf8", "-m", "campaign.intake.workbook.child")
    limits: Limits = field(default_factory=Limits)


def read_workbook(path: Path, *, choices: Choices = UNDECIDED, reader: Reader | None = None) -> Sheet:
    """Reads a workbook: its header at once, its rows while they are asked for.

    The process that reads ends with the rows, with their iterator, or with this process, whichever is first.

    Raises:
        UndecidedError: only its owner can say which sheet, or which rows, are meant.
        SheetError: it cannot be read; also while rows are read.
    """
    return sheet_of(_messages(path, choices, reader or Reader()))


def sheet_of(messages: Generator[Any]) -> Sheet:
    """Builds the sheet from the child's messages: first the header and metadata, then batches of rows."""
    head = next(messages)
    return Sheet(
        tuple(head["header"]), _rows(messages), head["header_row"], list(head["notices"]), head.get("state", ())
    )


def _rows(messages: Generator[Any]) -> Iterator[Row]:
    known: dict[str, tuple[tuple[int, Mark], ...]] = {"": ()}
    with contextlib.closing(messages):
        for batch in messages:
            for number, cells, marks, damage in batch:
                if marks not in known:
                    known[marks] = unpacked(marks)
                yield Row(number, tuple(cells), damage, None, known[marks])


def _messages(path: Path, choices: Choices, reader: Reader) -> Generator[Any]:
    copy = copy_privately(path, most_bytes=_MOST_BYTES)
    with copy.file as file:
        try:
            yield from _read(path, file, Task(choices, reader.limits, os.getpid()), reader=reader, state=copy.state)
        except _CrashError:
            # Most often a cell far from the table: there is no memory for all that may be between.
            file.seek(0)
            task = Task(choices, reader.limits, os.getpid(), trimmed=True)
            yield from _read(path, file, task, reader=reader, state=copy.state)


def _read(path: Path, file: IO[bytes], task: Task, *, reader: Reader, state: tuple[int, ...]) -> Generator[Any]:
    with _started(reader, task, file) as child:
        try:
            head = _said(path, child, reader.limits.seconds, expected=dict)
            yield head | {"state": state}
            try:
                while batch := _said(path, child, reader.limits.seconds, expected=list):
                    yield batch
            except _CrashError as error:
                raise SheetError(error.message) from None  # rows are out already: nothing is read again
        finally:
            # Abandoned, broken or done: it is gone before anything else happens.
            child.kill()


class _CrashError(SheetError):
    """The child was ended by a signal."""


def _started(reader: Reader, task: Task, copy: IO[bytes]) -> subprocess.Popen[bytes]:
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    places = [str(Path(campaign.__file__).parent.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    # More threads would only reserve address space, of which there is little.
    own = {"PYTHONPATH": os.pathsep.join(places), "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.Popen(  # noqa: S603 - our own program, and nothing of the file's on its command line
        [*reader.command, task.as_text()],
        stdin=copy,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=passed_on | own,
    )


def _said(path: Path, child: subprocess.Popen[bytes], seconds: int, *, expected: type) -> Any:
    """Reads the child's next message, of the expected type; an empty list is the last message."""
    late = threading.Event()

    def end() -> None:
        late.set()
        child.kill()

    clock = threading.Timer(seconds, end)
    clock.daemon = True
    clock.start()
    try:
        line = child.stdout.readline(_LONGEST_LINE) if child.stdout else b""
    finally:
        clock.cancel()
    message: Any
    try:
        message = json.loads(line) if line.endswith(b"\n") else None
    except (ValueError, RecursionError):
        message = None
    if isinstance(message, expected) and (not isinstance(message, dict) or message.keys() >= _HEAD):
        return message
    if (failure := _failure(path, message)) is not None:
        raise failure
    ending, code = _ending(child, late.is_set(), seconds), child.returncode
    crashed = not late.is_set() and code is not None and code < 0 and code not in _TIMED_OUT
    raise (_CrashError if crashed else SheetError)(f"sheet {path}: unreadable as a workbook ({ending}); {_CURE}")


def _failure(path: Path, message: Any) -> SheetError | None:
    """Parses the error that the child reports; None when the message is no error."""
    match message:
        case {"undecided": list(parts), "choice": str(choice), "options": list(options)} if why := as_read(parts):
            found = [(one[0], one[1]) for one in options]
            return UndecidedError(f"sheet {path}: ", why, choice=choice, options=found)
        case {"refused": list(parts)} if why := as_read(parts):
            return SheetError(f"sheet {path}: ", why)
        case {"unreadable": str(why)}:
            return SheetError(f"sheet {path}: unreadable as a workbook ({why}); {_CURE}")
        case _:
            return None


def _ending(child: subprocess.Popen[bytes], late: bool, seconds: int) -> str:  # noqa: FBT001 - private, beside its one user
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(1)
    if late or child.returncode in _TIMED_OUT:
        return f"reading it takes over {seconds} seconds"
    if child.returncode and child.returncode < 0:
        return "its reader crashed, or needed too much memory, as for a stray cell far from the table"
    return "its reader broke off"
