"""Questions to the user: asked on a terminal, answered by --yes, and never guessed."""

from collections.abc import Sequence

from campaign.cli.output import asked_text, chosen_word, confirmed, tell
from campaign.cli.terminal import Terminal
from campaign.domain.errors import UsageError

_EXPLAIN = "?"


def agreed(question: str, *, yes: bool, terminal: Terminal, undone: str = "nothing was sent") -> bool:
    """Whether the user agrees; `undone` says what was not done where there is nobody to ask.

    Raises:
        UsageError: there is no person to ask, and no --yes.
    """
    if yes:
        return True
    if not terminal.interactive:
        raise UsageError(f"{question} There is no terminal to ask at: say --yes to agree beforehand; {undone}")
    return confirmed(question)


def decided(
    question: str, *, said: bool | None, flags: str, terminal: Terminal, undone: str = "nothing was sent"
) -> bool:
    """The answer to a question that --yes does not answer, since either answer may be wrong.

    Args:
        question: ends with a question mark.
        said: what a flag says; None when none was given.
        flags: those that answer it, by name.
        terminal: where it is asked.
        undone: what was not done where there is nobody to ask.

    Raises:
        UsageError: no flag says, and there is no person to ask.
    """
    if said is not None:
        return said
    if not terminal.interactive:
        raise UsageError(f"{question} Say {flags}; {undone}")
    return confirmed(question)


def answered(question: str, *, answers: Sequence[str], flags: str, terminal: Terminal) -> str:
    """The chosen answer; --yes chooses none of them.

    Args:
        question: ends with a question mark, and says what the answers mean.
        answers: what may be typed.
        flags: those that answer it, by name.
        terminal: where it is asked.

    Raises:
        UsageError: there is no person to ask.
    """
    if not terminal.interactive:
        raise UsageError(f"{question} Say {flags}; nothing was sent")
    return chosen_word(question, answers=answers)


def explained_text(question: str, *, about: str, default: str | None = None) -> str:
    """The text that a person types at the terminal; `?` shows what the question is `about`."""
    while (answer := asked_text(question, default=default).strip()) == _EXPLAIN:
        tell(about)
    return answer


def explained_place(question: str, *, about: str, least: int, most: int) -> int:
    """The number that a person types, of a list that was shown; `?` shows what the question is `about`."""
    while True:
        answer = explained_text(question, about=about)
        if answer.isascii() and answer.isdigit() and least <= int(answer) <= most:
            return int(answer)
        tell(f"{answer!r} is none of them; type a number from {least} to {most}, or {_EXPLAIN}")
