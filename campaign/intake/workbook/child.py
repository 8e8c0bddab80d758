"""Child process that reads a workbook: a hostile file may hang, crash or bloat it, and nothing else.

    stdin: the workbook's bytes     argv: a Task as JSON
    stdout, a JSON text a line: {"header": ...} , [row, row, ...] , ... , []     or {"refused": why}

It holds no secret, and outlives neither its limits nor its parent.
"""

import contextlib
import gc
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any, BinaryIO

from pydantic_core import to_json

from campaign.domain.errors import SheetError, UndecidedError
from campaign.intake.files.read_options import Choices
from campaign.intake.workbook.told import as_told

if sys.platform != "win32":
    import resource

_BATCH = 500
_FAR_SHOWN = 10
_LOOKS_EVERY = 0.5  # seconds


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of reading one workbook; a sheet of 200,000 rows and 12 columns needs a tenth of each.

    Attributes:
        seconds: until the first row, by the clock; and in all, of the processor.
        memory: bytes of address space.
        unpacked: bytes of all parts of the file together.
        text: bytes of all cells together.
    """

    seconds: int = 60
    memory: int = 3 << 29
    unpacked: int = 1 << 28
    text: int = 1 << 28


@dataclass(frozen=True, slots=True)
class Task:
    """Task of the child: what to read, and within which limits.

    Attributes:
        choices: of the sheet's owner.
        limits: of time and memory.
        parent: the process that started the child.
        trimmed: whether cells far from the table are left out, since a reader has failed on them.
    """

    choices: Choices
    limits: Limits
    parent: int
    trimmed: bool = False

    def as_text(self) -> str:
        """Serialises the task for the command line."""
        return json.dumps(asdict(self))

    @classmethod
    def of_text(cls, text: str) -> "Task":
        """Parses the text of `as_text`."""
        fields = json.loads(text)
        return cls(
            Choices(**fields["choices"]), Limits(**fields["limits"]), fields["parent"], trimmed=fields["trimmed"]
        )


def main(task: Task, *, source: BinaryIO, sink: BinaryIO) -> None:
    """Reads the workbook from `source`, and writes all messages to `sink`."""
    _limit(task.limits)
    if os.name == "posix":
        threading.Thread(target=_end_with, args=(task.parent,), daemon=True).start()
    # Nothing here makes cycles, and looking for them among a million cells takes as long as reading them.
    gc.disable()
    try:
        for message in messages(task, source):
            sink.write(message + b"\n")
            sink.flush()
            _stop_the_clock()
    except BrokenPipeError:
        return  # the parent has stopped reading
    except BaseException as error:  # noqa: BLE001 - the reader panics with classes that are no Exception
        sink.write(to_json(_ending(error)) + b"\n")
        sink.flush()


def messages(task: Task, source: BinaryIO) -> Iterator[bytes]:
    """Yields the messages about the workbook, in the order in which they are sent.

    Raises:
        SheetError: it is refused; without the file's name.
        BaseException: the reader failed on it.
    """
    from campaign.intake.workbook.book import open_book  # noqa: PLC0415 - pandas: under the limits, and after the watch is set
    from campaign.intake.workbook.sheet_choice import chosen  # noqa: PLC0415 - likewise
    from campaign.intake.workbook.table import described, laid_out  # noqa: PLC0415 - likewise

    book = open_book(source, unpacked=task.limits.unpacked, trimmed=task.trimmed)
    page = chosen(book.pages, task.choices.sheet, description=lambda page: described(book.grid(page)))
    table = laid_out(book.grid(page), task.choices)
    hidden = [f"the sheet {page.name!r} is hidden, and is read as asked"] if page.hidden else []
    notices = [*hidden, *_far_notices(book.far), *table.notices]
    yield to_json({"header": table.header, "header_row": table.header_row, "notices": notices})
    total = 0
    while batch := list(islice(table.lines, _BATCH)):
        text = to_json(batch)
        total += len(text)
        if total > task.limits.text:
            raise SheetError(f"over {task.limits.text:,} bytes of text in its cells; split it, or save it as CSV")
        yield text
    yield b"[]"


def _far_notices(far: tuple[str, ...]) -> list[str]:
    if not far:
        return []
    cells = "1 cell" if len(far) == 1 else f"{len(far)} cells"
    return [f"{cells} far from the table left out: {', '.join(far[:_FAR_SHOWN])}"]


def _ending(error: BaseException) -> dict[str, Any]:
    match error:
        case UndecidedError():
            return {"undecided": as_told(error.message), "choice": error.choice, "options": error.options}
        case SheetError():
            return {"refused": as_told(error.message)}
        case MemoryError():
            return {"unreadable": "it needs too much memory"}
        case _:
            reason = " ".join(str(error).split())[:200] or type(error).__name__
            return {"unreadable": reason}


def _limit(limits: Limits) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent receives it too, and decides
    if sys.platform == "win32":
        return  # only the parent's clock limits it there
    for what, most, beyond in (
        (resource.RLIMIT_AS, limits.memory, 0),
        (resource.RLIMIT_CPU, limits.seconds, 1),  # at the hard limit it would be killed without saying of what
        (resource.RLIMIT_CORE, 0, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # a stricter limit holds already, or there is no such limit
            resource.setrlimit(what, (most, most + beyond))
    # Ended by the kernel, whatever the reader is busy with.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(limits.seconds)


def _stop_the_clock() -> None:
    """Lifts the clock's limit, not the processor's: from here on the parent sets the pace."""
    if sys.platform != "win32":
        signal.alarm(0)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOKS_EVERY)
    os._exit(1)


if __name__ == "__main__":
    main(Task.of_text(sys.argv[1]), source=sys.stdin.buffer, sink=sys.stdout.buffer)
