"""Confirmations before a run's first call: restored numbers, and calls made again with other words."""

from collections.abc import Iterable
from typing import Literal

from campaign.cli.prompts import answered, decided
from campaign.cli.terminal import Terminal
from campaign.domain.errors import UsageError
from campaign.domain.model import Note, NoteKind
from campaign.presentation.wording import counted
from campaign.usecases.dialling.run_sheet import ChangedRows, RepairedNumbers

_NOT_AGREED = "not agreed; nothing was sent; correct these numbers in the sheet"


def require_repairs_agreed(notes: Iterable[Note], *, total: int, said: bool, terminal: Terminal) -> None:
    """Asks for confirmation if restored numbers would be called.

    Args:
        notes: the doubts about the rows that are to be called, those about restored numbers among them.
        total: how many numbers were restored; there may be more than notes.
        said: whether a flag agrees to them.
        terminal: where it is asked.

    Raises:
        UsageError: not agreed to; nothing was sent.
    """
    if not total:
        return
    repaired = [str(note) for note in notes if note.kind is NoteKind.REPAIRED]
    if not said and terminal.interactive:
        for note in repaired:
            terminal.say(f"  {note}")
    question = f"{counted(total, 'number')} would be called as restored, not as written ({repaired[0]}). Call them so?"
    flags = "--accept-repairs, or correct the sheet"
    if not decided(question, said=True if said else None, flags=flags, terminal=terminal):
        raise UsageError(_NOT_AGREED)


_CALL, _SKIP, _STOP = "call", "skip", "stop"


def repairs_of(question: RepairedNumbers, terminal: Terminal) -> Literal["accept", "skip"]:
    """Whether restored numbers are called; never before a person has seen before and after.

    Raises:
        UsageError: no person is there to be asked, or they want to stop.
    """
    if terminal.interactive:
        for shown in question.notes:
            terminal.say(f"  {shown}")
    answer = answered(
        f"{counted(question.count, 'number')} would be called as restored, not as written ({question.notes[0]}). "
        "Call them so, skip their rows, or stop?",
        answers=(_CALL, _SKIP, _STOP),
        flags="--accept-repairs or --skip-repairs, or correct the sheet",
        terminal=terminal,
    )
    if answer == _STOP:
        raise UsageError(_NOT_AGREED)
    return "accept" if answer == _CALL else "skip"


def changed_of(question: ChangedRows, terminal: Terminal) -> Literal["call", "skip"]:
    """Whether rows that changed since their call are called again.

    Raises:
        UsageError: no person is there to be asked.
    """
    called = decided(
        f"{counted(question.count, 'row')} changed since they were called (row {question.row}, called "
        f"{question.called_at} by run {question.run}). Call them again?",
        said=None,
        flags="--call-changed or --skip-changed",
        terminal=terminal,
    )
    return "call" if called else "skip"
