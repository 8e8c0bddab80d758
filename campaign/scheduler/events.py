"""Events of schedules, in addition to the result of each instant (`tick.Told`)."""

from dataclasses import dataclass
from pathlib import Path

from campaign.engine.events import DialEvent
from campaign.preparation.plan.plan_change import PlanDifference


@dataclass(frozen=True, slots=True)
class FiringContinued:
    """An interrupted firing is continued; `instant` is in the local time of its zone."""

    instant: str


@dataclass(frozen=True, slots=True)
class SheetLoaded:
    """The schedule's sheet was read, and is now run."""

    sheet: Path
    to_call: int
    invalid: int


@dataclass(frozen=True, slots=True)
class FileAwaited:
    """The schedule's sheet or template is not left alone yet; the firing waits for it, within the grace."""

    file: Path
    why: str


@dataclass(frozen=True, slots=True)
class SheetShrank:
    """A doubt: the sheet ends in the middle of a line, and has fewer rows than at the last firing."""

    sheet: Path
    before: int
    now: int

    @property
    def text(self) -> str:
        """The doubt in one line."""
        what = f"{self.before} rows at the last firing, {self.now} now, and it ends in the middle of a line"
        return f"{self.sheet.name}: {what}: is it whole?"


@dataclass(frozen=True, slots=True)
class EarlierFollowed:
    """Calls of an earlier run of the schedule were looked up, before today's are made.

    Attributes:
        suppressed: how many numbers are on the suppression list by it.
        left: calls that are still not known to be over.
    """

    run: str
    looked: int
    suppressed: int
    left: int


@dataclass(frozen=True, slots=True)
class EarlierLeft:
    """An earlier run could not be followed, or called back; why, in one line."""

    run: str
    why: str


@dataclass(frozen=True, slots=True)
class PlanChanged:
    """The template was changed since the firing was interrupted; what it says now holds for the rest of the run."""

    run: str
    differences: tuple[PlanDifference, ...]


@dataclass(frozen=True, slots=True)
class RunEvent:
    """An event of the dialling of this run."""

    run: str
    event: DialEvent


@dataclass(frozen=True, slots=True)
class SummaryRefused:
    """The schedule's address did not accept the summary of a firing."""

    trouble: str


ScheduleEvent = (
    EarlierFollowed
    | EarlierLeft
    | FiringContinued
    | FileAwaited
    | SheetLoaded
    | SheetShrank
    | PlanChanged
    | RunEvent
    | SummaryRefused
)
