"""What a person must agree to before a run's first call: restored numbers, and calls made again with other words."""

import sys
from collections.abc import Iterable
from typing import Literal

import click

from campaign.cli.prompts import answered, decided
from campaign.domain.errors import UsageError
from campaign.domain.model import Note, NoteKind
from campaign.preparation.load_run import Prepared
from campaign.preparation.questions import Answers
from campaign.presentation.wording import counted


def require_repairs_agreed(notes: Iterable[Note], *, total: int, said: bool) -> None:
    """Asks, where numbers would be called that were restored.

    Args:
        notes: the doubts about the rows that are to be called, those about restored numbers among them.
        total: how many numbers were restored; there may be more than notes.
        said: whether a flag agrees to them.

    Raises:
        UsageError: not agreed to; nothing was sent.
    """
    if not total:
        return
    repaired = [str(note) for note in notes if note.kind is NoteKind.REPAIRED]
    if not said and sys.stdin.isatty():
        click.echo("\n".join(f"  {note}" for note in repaired), err=True)
    numbers = counted(total, "number")
    question = f"{numbers} would be called as restored, not as written ({repaired[0]}). Call them so?"
    if not decided(question, said=True if said else None, flags="--accept-repairs, or correct the sheet"):
        raise UsageError("not agreed; nothing was sent; correct these numbers in the sheet")


_CALL, _SKIP, _STOP = "call", "skip", "stop"


def repairs_of(prepared: Prepared, answers: Answers) -> Literal["accept", "skip"] | None:
    """Whether restored numbers are called; None when there are none.

    Nobody is called on such a number until a person has seen before and after.

    Raises:
        UsageError: nobody is there to be asked, or they want to stop.
    """
    screening = prepared.screening
    if answers.repairs is not None or not screening.noted[NoteKind.REPAIRED]:
        return answers.repairs
    repaired = [note for note in screening.notes if note.kind is NoteKind.REPAIRED]
    if sys.stdin.isatty():
        click.echo("\n".join(f"  {note}" for note in repaired), err=True)
    numbers = counted(screening.noted[NoteKind.REPAIRED], "number")
    answer = answered(
        f"{numbers} would be called as restored, not as written ({repaired[0]}). "
        "Call them so, skip their rows, or stop?",
        answers=(_CALL, _SKIP, _STOP),
        flags="--accept-repairs or --skip-repairs, or correct the sheet",
    )
    if answer == _STOP:
        raise UsageError("not agreed; nothing was sent; correct these numbers in the sheet")
    return "accept" if answer == _CALL else "skip"


def call_changed(prepared: Prepared, answers: Answers) -> bool:
    """Whether rows are called again that changed since their call.

    Raises:
        UsageError: no flag says, and nobody is there to be asked.
    """
    row, call = next(iter(prepared.changed.items()))
    rows = counted(len(prepared.changed), "row")
    return decided(
        f"{rows} changed since they were called (row {row}, called {call.at} by run {call.run}). Call them again?",
        said={"call": True, "skip": False}.get(answers.changed or ""),
        flags="--call-changed or --skip-changed",
    )
