"""Confirmations before a run's first call: restored numbers, and calls made again with other words."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Literal

from campaign.cli.prompts import answered, decided
from campaign.cli.terminal import Terminal
from campaign.domain.cures.notes import Note, NoteKind
from campaign.domain.errors import UsageError
from campaign.presentation.cures import terminal_words
from campaign.presentation.cures.doubt_words import DOUBT_CHOICES, DOUBT_WORDS
from campaign.presentation.masking import masked_text
from campaign.presentation.wording import counted
from campaign.usecases.dialling.run_sheet import (
    ChangedRows,
    DoubtfulRows,
    GivenAnswers,
    RepairedNumbers,
    UnfollowedCalls,
    UnknownWords,
)

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


Doubt = RepairedNumbers | DoubtfulRows | UnknownWords | ChangedRows | UnfollowedCalls
"""A question about rows, which comes before the one whether the calls are to be made."""


def answered_doubt(question: Doubt, said: GivenAnswers, terminal: Terminal) -> GivenAnswers:
    """The answers, with the one to this question.

    Raises:
        UsageError: no person is there to be asked, or they want to stop.
    """
    answers = said.answers
    match question:
        case RepairedNumbers():
            answers = replace(answers, repairs=repairs_of(question, terminal))
        case DoubtfulRows():
            doubted: dict[str, Any] = {question.about: doubt_of(question, terminal)}
            answers = replace(answers, **doubted)
        case UnknownWords():
            yes, no = words_of(question, terminal)
            answers = replace(answers, yes_words=(*answers.yes_words, *yes), no_words=(*answers.no_words, *no))
        case ChangedRows():
            answers = replace(answers, changed=changed_of(question, terminal))
        case UnfollowedCalls():
            answers = replace(answers, unfollowed=unfollowed_of(question, terminal))
    return replace(said, answers=answers)


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


def doubt_of(question: DoubtfulRows, terminal: Terminal) -> str:
    """What becomes of rows with a doubt, as the field of `Answers` takes it.

    Raises:
        UsageError: no person is there to be asked, or they want to stop.
    """
    flags = " or ".join(terminal_words(cure) for cure in question.cures)
    first = masked_text(str(question.notes[0])) if question.notes else ""
    if terminal.interactive:
        terminal.say("\n".join(f"  {masked_text(str(note))}" for note in question.notes))
    what = f"{counted(question.count, 'row')} {DOUBT_WORDS[question.about]} ({first})"
    answer = answered(
        f"{what}. {DOUBT_CHOICES[question.about]}, or stop?",
        answers=(*question.answers, _STOP),
        flags=f"{flags}, or correct the sheet",
        terminal=terminal,
    )
    if answer == _STOP:
        raise UsageError("not agreed; nothing was sent; correct these rows in the sheet")
    return answer


def words_of(question: UnknownWords, terminal: Terminal) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Words for yes, and words for no, among those that are not known.

    Raises:
        UsageError: no person is there to be asked, or they want to stop.
    """
    yes, no = list[str](), list[str]()
    flags = " or ".join(terminal_words(cure) for cure in question.cures)
    for column, word, rows in question.words:
        answer = answered(
            f"{word!r} in column {column!r} ({counted(rows, 'row')}) says neither yes nor no. What does it mean?",
            answers=("yes", "no", _STOP),
            flags=f"{flags}, or correct the sheet",
            terminal=terminal,
        )
        if answer == _STOP:
            raise UsageError("not agreed; nothing was sent; write yes or no in these rows")
        (yes if answer == "yes" else no).append(word)
    return tuple(yes), tuple(no)


def unfollowed_of(question: UnfollowedCalls, terminal: Terminal) -> Literal["follow", "call"]:
    """Whether earlier calls are looked up before their people are called again.

    Raises:
        UsageError: no person is there to be asked, or they want to stop.
    """
    runs = ", ".join(question.runs)
    answer = answered(
        f"{counted(question.count, 'person', 'people')} would be called again, and how their earlier call ended was "
        f"not looked up since (run {runs}): who asked in it not to be called again is not known. Follow those calls "
        "first, call all the same, or stop?",
        answers=("follow", _CALL, _STOP),
        flags="--follow-first or --call-unfollowed",
        terminal=terminal,
    )
    if answer == _STOP:
        raise UsageError("not agreed; nothing was sent; look the calls up with: campaign follow --all")
    return "follow" if answer == "follow" else "call"


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
