"""The door to the terminal: whatever the command line shows or asks goes through here, hidden characters as escapes.

A file may be called anything, and so may a column, a person or a server's error: a name could retitle the terminal,
move its cursor, turn a line around, or forge one.
"""

import json
import os
from collections.abc import Sequence
from typing import Any

import click

from campaign.presentation.wording import visible_json, visible_line


def echo(*lines: str) -> None:
    """Prints lines to stdout: data. A line break inside of one is shown as an escape."""
    for line in lines:
        _write(visible_line(line))


def tell(line: str) -> None:
    """Prints one line for a person to stderr."""
    _write(visible_line(line), err=True)


def echo_json(value: Any, *, indent: int | None = 2, only_ascii: bool = True) -> None:
    """Prints a JSON value to stdout; what a terminal would obey is escaped as JSON does it."""
    echo_json_text(json.dumps(value, indent=indent, ensure_ascii=only_ascii), ends=True)


def echo_json_text(text: str, *, ends: bool) -> None:
    """Prints a part of a JSON text that is too long to be held; `ends` says whether its line does."""
    _write(visible_json(text), ends=ends)


def _write(text: str, *, ends: bool = True, err: bool = False) -> None:
    """Prints to stdout or stderr; a reader that is gone (`| head`) changes nothing of what the command does."""
    try:
        click.echo(text, nl=ends, err=err)
    except BrokenPipeError:
        # Into nothing from here on, what stands in the buffer included.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2 if err else 1)


def confirmed(question: str) -> bool:
    """Asks a person at the terminal a yes-or-no question; a plain return means no."""
    return click.confirm(visible_line(question), err=True)


def chosen_word(question: str, *, answers: Sequence[str]) -> str:
    """Asks a person at the terminal for one of these answers."""
    return str(click.prompt(visible_line(question), type=click.Choice(answers), err=True))


def asked_secret(question: str) -> str:
    """Asks a person at the terminal for a secret, twice, without showing it."""
    return str(click.prompt(visible_line(question), hide_input=True, confirmation_prompt="Once more", err=True))


def asked_text(question: str, *, default: str | None = None) -> str:
    """Asks a person at the terminal for a text."""
    return str(click.prompt(visible_line(question), default=default, err=True))
