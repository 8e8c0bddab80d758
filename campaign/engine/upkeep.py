"""Upkeep of a dialling: what it does beside its calls, and how often."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from campaign.domain.cures import Message
from campaign.domain.result_row import ResultRow


class ResultsFile(Protocol):
    """Port of the results file, which grows while the run goes on; see `LiveResults`."""

    @property
    def trouble(self) -> Message | None:
        """What is wrong with it; None while it holds all that it should."""

    def append(self, *rows: ResultRow) -> None:
        """Writes a line for each of these rows."""

    def finish(self, rows: Iterable[ResultRow]) -> Path | None:
        """Replaces it by one that holds these rows; returns the path really written."""


class NoResults:
    """No results file: for a dialling of which nobody is to find anything."""

    trouble = None

    def append(self, *rows: ResultRow) -> None:
        """Writes nothing."""

    def finish(self, rows: Iterable[ResultRow]) -> None:
        """Writes nothing."""


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What a dialling does beside its calls.

    Attributes:
        writes_results: whether the results file is written.
        pace_every: seconds between two looks for a pace that another process has changed.
        trouble_every: seconds between two looks for trouble of the ledger.
    """

    writes_results: bool = True
    pace_every: float = 0.5
    trouble_every: float = 0.25


EVERYDAY = Upkeep()
"""That of a dialling whose ledger other processes share, and whose results people read."""
