"""Choices of how to read an ambiguous sheet: given by flags or asked at a terminal, and never guessed."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from campaign.cli.options.flags import AnswerFlags, ReadingFlags
from campaign.cli.output import tell
from campaign.cli.prompts import explained_place
from campaign.domain.errors import UndecidedError
from campaign.presentation.cures import error_line, terminal_option
from campaign.presentation.masking import masked_text
from campaign.usecases.check_sheet import Answers, Choices

T = TypeVar("T")
_MOST_ASKED = len(Choices.__slots__)
_TAB = "\t"
ABOUT: Mapping[str, str] = {
    "sheet": "A workbook holds several sheets, and the people to call are in one of them.",
    "header_row": "The names of the columns stand in this row; what is above it is no person, and is not called.",
    "no_header": "If the first row is a person, they are called too, and the columns are #1, #2, ...",
    "encoding": "The same bytes are other letters in other encodings: take the one in which the names are right.",
    "delimiter": "The sign between the columns: take the one with which they are told apart.",
    "hidden": "Rows that a filter hides, or that somebody has hidden, may be people who are not to be called.",
    "max_rows": "So many rows may be those of the wrong file; [limits] max_rows in the template keeps the answer.",
    "extra_field": "A cell with a comma in it, and no quotation marks, moves all cells behind it: say which it is.",
}
"""What `?` says of each choice; `[sheet]` of the template keeps the answers but one."""


def choices_from(flags: ReadingFlags, *, max_rows: int | None = None) -> Choices:
    """The choices that the flags make."""
    return Choices(
        sheet=flags.sheet_name,
        header_row=flags.header_row,
        no_header=flags.no_header,
        encoding=flags.encoding,
        delimiter=_TAB if flags.delimiter in ("tab", "\\t") else flags.delimiter,
        hidden=flags.hidden,
        extra_field=flags.extra_field,
        max_rows=max_rows,
    )


def answers_from(flags: AnswerFlags) -> Answers:
    """The answers that the flags give."""
    return Answers(
        repairs=flags.repairs,
        changed=flags.changed,
        max_calls=flags.max_calls,
        allow_fictitious=flags.allow_fictitious,
        opted_out=flags.opted_out,
        marked=flags.marked,
        plus=flags.plus,
        name_order=flags.name_order,
        date_order=flags.date_order,
        past=flags.past,
        yes_words=flags.yes_words,
        no_words=flags.no_words,
        short_rows=flags.short_rows,
        line_breaks=flags.line_breaks,
    )


def with_choices(read: Callable[[Choices], T], choices: Choices, *, ask: bool) -> T:
    """Reads the sheet with `read`; asks at a terminal what only its owner knows, and reads again.

    Args:
        read: has no effect when it raises `UndecidedError`.
        choices: what was said by flags.
        ask: whether the user is asked; --yes forbids it, since it agrees to what is shown, and can choose nothing.

    Raises:
        UndecidedError: there is no person to ask, or nothing to choose among.
    """
    for _ in range(_MOST_ASKED):
        try:
            return read(choices)
        except UndecidedError as error:
            if not ask or not error.options:
                raise
            choices = chosen(choices, error.choice, _asked(error))
            tell(f"(the same as {' '.join(as_flags(choices))})")
    return read(choices)


def chosen(choices: Choices, field: str, value: str) -> Choices:
    """The choices with one added, by the value that an `UndecidedError` offers for it."""
    match field:
        case "header_row":
            return replace(choices, header_row=int(value))
        case "max_rows":
            return replace(choices, max_rows=int(value))
        case "no_header":
            # The other answer is that the row does hold names: it is offered by its number.
            return replace(choices, no_header=True) if value == field else replace(choices, header_row=int(value))
        case _:
            said: dict[str, Any] = {field: value}
            return replace(choices, **said)


def as_flags(choices: Choices) -> list[str]:
    """The command line flags that make these choices."""
    words: list[str] = []
    for flag, value in (
        ("--sheet", choices.sheet),
        ("--header-row", choices.header_row),
        ("--encoding", choices.encoding),
        ("--delimiter", "tab" if choices.delimiter == _TAB else choices.delimiter),
        ("--max-rows", choices.max_rows),
        ("--extra-field", choices.extra_field),
    ):
        words += [] if value is None else [flag, str(value)]
    words += ["--no-header"] if choices.no_header else []
    return words + ([f"--{choices.hidden}-hidden"] if choices.hidden else [])


def _asked(error: UndecidedError) -> str:
    tell(masked_text(error_line(error)))
    for place, (value, what) in enumerate(error.options, start=1):
        tell(f"  {place}. {terminal_option(error.choice, value)}{': ' if what else ''}{masked_text(what)}")
    place = explained_place("Which one?", about=ABOUT[error.choice], least=1, most=len(error.options))
    return error.options[place - 1][0]
