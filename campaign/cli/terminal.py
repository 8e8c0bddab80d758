"""What the command line has from outside, handed in from `main` down: clock, environment, and who sits there."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import click

from campaign.domain.cures import Wording
from campaign.presentation.cures import terminal_text


@dataclass(frozen=True, slots=True)
class Terminal:
    """The place at which a command was typed; a use case takes it as its context.

    Attributes:
        now: the wall clock; aware instants.
        environment: the process's.
        interactive: whether somebody is there to be asked.
        say: shows a person a line, beside the data on stdout.
        wording: words what is kept or written for those who type commands.
    """

    now: Callable[[], datetime]
    environment: Mapping[str, str]
    interactive: bool
    say: Callable[[str], None]
    wording: Wording


def this_terminal() -> Terminal:
    """The one of this process: the only place of the command line that knows the clock and the environment."""
    return Terminal(now=_now, environment=os.environ, interactive=sys.stdin.isatty(), say=_say, wording=terminal_text)


def _now() -> datetime:
    return datetime.now(UTC)


def _say(line: str) -> None:
    click.echo(line, err=True)
