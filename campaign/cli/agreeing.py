"""What a person must agree to before a run's first call: restored numbers, and calls made again with other words."""

import sys
from typing import Literal

import click

from campaign.cli.asking import answered, decided
from campaign.domain.errors import UsageError
from campaign.domain.model import NoteKind
from campaign.preparation.load_run import Prepared
from campaign.preparation.questions import Answers
from campaign.presentation.wording import counted

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
