"""Restored numbers: nobody is called on one until a person has seen before and after."""

import sys
from collections.abc import Iterable

import click

from campaign.cli.asking import decided
from campaign.domain.errors import UsageError
from campaign.domain.model import Note, NoteKind
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
