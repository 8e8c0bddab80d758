"""The options of `campaign schedule`."""

from dataclasses import dataclass
from pathlib import Path

from campaign.cli.options.flags import AnswerFlags, ReadingFlags, refuse_both


@dataclass(frozen=True, slots=True)
class ScheduleAddOptions:
    """Options of `schedule add`."""

    name: str
    sheet: str
    template: Path
    at: str | None
    cron: str | None
    timezone: str
    grace: str
    results_folder: Path | None
    notify_url: str | None
    again: bool
    skip_invalid: bool
    rate: float | None
    max_in_flight: int | None
    region: str | None
    reading: ReadingFlags
    answers: AnswerFlags
    sandbox: bool
    trust_clock: bool
    no_follow: bool


@dataclass(frozen=True, slots=True)
class ScheduleListOptions:
    """Options of `schedule list`."""

    as_json: bool


@dataclass(frozen=True, slots=True)
class ScheduleNameOptions:
    """Options of `schedule pause`, `resume` and `remove`."""

    name: str


@dataclass(frozen=True, slots=True)
class ScheduleRunOptions:
    """Options of `schedule run`."""

    once: bool
    quiet: bool
    verbose: bool

    def __post_init__(self) -> None:
        refuse_both("--quiet", "--verbose", given=(self.quiet, self.verbose))
