"""Questions: asked on a terminal, answered by --yes, and never guessed."""

import sys

import click

from campaign.errors import UsageError


def agreed(question: str, *, yes: bool) -> bool:
    """Whether the user agrees.

    Raises:
        UsageError: there is nobody to ask, and no --yes.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        raise UsageError(f"{question} There is no terminal to ask at: say --yes to agree beforehand; nothing was sent")
    return click.confirm(question, err=True)
