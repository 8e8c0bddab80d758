"""Terminal: what the command line needs from outside, passed down from `main`: clock, environment, interactivity."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from campaign.cli.output import tell
from campaign.domain.cures import Wording
from campaign.presentation.cures import terminal_text
from campaign.presentation.wording import local_time

_STAMP = "%Y-%m-%dT%H:%M:%S%z"


@dataclass(frozen=True, slots=True)
class Terminal:
    """The terminal at which a command was typed; a use case takes it as its context.

    Attributes:
        now: the wall clock; aware instants.
        environment: the process's.
        interactive: whether a person is there to be asked.
        say: shows a person a line, beside the data on stdout.
        wording: words stored and written messages for users of the command line.
        logs: whether lines beside the data go into a file or a pipe, which does not say when each was written.
    """

    now: Callable[[], datetime]
    environment: Mapping[str, str]
    interactive: bool
    say: Callable[[str], None]
    wording: Wording
    logs: bool = False

    def as_log(self) -> "Terminal":
        """The same for what goes on for long: each line with the time, where no person is at a terminal to see it."""
        if not self.logs:
            return self
        return replace(self, say=lambda line: self.say(f"{local_time(self.now(), pattern=_STAMP)} {line}"))


def this_terminal() -> Terminal:
    """This process's terminal: the only place of the command line that reads the clock and the environment."""
    return Terminal(
        now=_now,
        environment=os.environ,
        interactive=sys.stdin.isatty(),
        say=_say,
        wording=terminal_text,
        # A journal stamps its lines itself.
        logs=not sys.stderr.isatty() and "JOURNAL_STREAM" not in os.environ,
    )


def _now() -> datetime:
    return datetime.now(UTC)


def _say(line: str) -> None:
    tell(line)
