"""ServerSurroundings of the server: clock, environment and words, handed to every use case as its context."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from campaign.config.home import home_from
from campaign.domain.cures import Wording
from campaign.presentation.cures.page import page_text


@dataclass(frozen=True, slots=True)
class ServerSurroundings:
    """Context of the server's use cases.

    Attributes:
        now: the wall clock; aware instants.
        environment: the process's: the key is read from it, and never shown.
        wording: words stored messages for people who read a page.
    """

    now: Callable[[], datetime]
    environment: Mapping[str, str]
    wording: Wording = page_text

    @property
    def home(self) -> Path:
        """Folder of the ledger."""
        return home_from(self.environment)


def surroundings() -> ServerSurroundings:
    """This process's: the only place of the server that reads the clock and the environment."""
    return ServerSurroundings(now=_now, environment=os.environ)


def _now() -> datetime:
    return datetime.now(UTC)
