"""What happens while schedules are seen to, beside what becomes of each instant (`tick.Told`)."""

from dataclasses import dataclass
from pathlib import Path

from campaign.engine.events import DialEvent


@dataclass(frozen=True, slots=True)
class FiringContinued:
    """A firing that was cut off is gone on with; `instant` on the clocks of its zone."""

    instant: str


@dataclass(frozen=True, slots=True)
class SheetLoaded:
    """The schedule's sheet was read, and is run now."""

    sheet: Path
    to_call: int
    invalid: int


@dataclass(frozen=True, slots=True)
class RunEvent:
    """Something happened in the dialling of this run."""

    run: str
    event: DialEvent


@dataclass(frozen=True, slots=True)
class SummaryRefused:
    """The summary of a firing was not taken at the schedule's address."""

    trouble: str


ScheduleEvent = FiringContinued | SheetLoaded | RunEvent | SummaryRefused
