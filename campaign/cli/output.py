"""The door to the terminal: whatever the command line shows goes through here, with hidden characters as escapes.

A file may be called anything: its name could retitle the terminal, move its cursor or turn a line around.
"""

import json
from collections.abc import Sequence
from typing import Any

import click

from campaign.presentation.wording import visible_json, visible_line


def echo(*lines: str) -> None:
    """Prints lines to stdout: data. A line break inside of one is shown as an escape."""
    for line in lines:
        click.echo(visible_line(line))


def tell(line: str) -> None:
    """Prints one line for a person to stderr."""
    click.echo(visible_line(line), err=True)


def confirmed(question: str) -> bool:
    """Asks a person at the terminal a yes-or-no question; a plain return means no."""
    return click.confirm(visible_line(question), err=True)


def chosen(question: str, *, answers: Sequence[str]) -> str:
    """Asks a person at the terminal for one of these answers."""
    return str(click.prompt(visible_line(question), type=click.Choice(answers), err=True))


def echo_json(value: Any, *, indent: int | None = 2) -> None:
    """Prints a JSON value to stdout; what a terminal would obey is escaped as JSON does it."""
    click.echo(json_text(value, indent=indent))


def json_text(value: Any, *, indent: int | None = None) -> str:
    """The JSON text of a value, safe for a terminal."""
    return visible_json(json.dumps(value, indent=indent, ensure_ascii=False))
