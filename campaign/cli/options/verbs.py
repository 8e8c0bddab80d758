"""The options of each verb."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

from campaign.cli.options.flags import AnswerFlags, DialFlags, ReadingFlags, SheetFlags, ShownFlags, refuse_both
from campaign.domain.errors import UsageError


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """Options of `check`."""

    sheet: SheetFlags
    sandbox: bool
    answers: AnswerFlags
    unfollowed: Literal["follow", "call"] | None
    show_numbers: bool
    problems: Path | None
    as_json: bool
    verbose: bool
    page: int | None

    def __post_init__(self) -> None:
        refuse_both("--json", "--page", given=(self.as_json, self.page is not None))

    @property
    def lists(self) -> bool:
        """Whether each row that has something to it is listed."""
        return self.verbose or self.page is not None


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Options of `run`."""

    sheet: SheetFlags
    dial: DialFlags
    answers: AnswerFlags
    unfollowed: Literal["follow", "call"] | None
    name: str | None
    start: str | None
    again: bool
    webhook: str | None
    canary: int | None
    dry_run: bool
    background: bool
    shown: ShownFlags

    def __post_init__(self) -> None:
        refuse_both("--background", "--dry-run", given=(self.background, self.dry_run))
        refuse_both("--background", "--canary", given=(self.background, self.canary is not None))


@dataclass(frozen=True, slots=True)
class RehearseOptions:
    """Options of `rehearse`."""

    sheet: SheetFlags
    answers: AnswerFlags
    fault: str | None
    seed: int
    latency: float
    rate: float | None
    max_in_flight: int | None
    limit: int | None
    start: str | None
    again: bool
    follow_rate: float
    show_numbers: bool
    as_json: bool
    quiet: bool


@dataclass(frozen=True, slots=True)
class ResumeOptions:
    """Options of `resume`."""

    run_name: str
    template: Path | None
    dial: DialFlags
    shown: ShownFlags


@dataclass(frozen=True, slots=True)
class RerunOptions:
    """Options of `rerun`."""

    run_or_file: str
    reasons: tuple[str, ...]
    rows: str | None
    since: str | None
    template: Path | None
    region: str | None
    accept_repairs: bool
    allow_fictitious: bool
    reading: ReadingFlags
    dial: DialFlags
    outcome: str | None
    shown: ShownFlags


@dataclass(frozen=True, slots=True)
class PaceOptions:
    """Options of `pace`."""

    run_name: str
    rate: float | None
    max_in_flight: int | None
    as_json: bool


@dataclass(frozen=True, slots=True)
class ResolveOptions:
    """Options of `resolve`."""

    run_name: str
    sandbox: bool
    said: str | None
    dry_run: bool
    yes: bool
    as_json: bool


@dataclass(frozen=True, slots=True)
class FollowOptions:
    """Options of `follow`."""

    run_name: str | None
    every_run: bool
    watch: bool
    deadline: timedelta | None
    rate: float
    results: Path | None
    notify_url: str | None
    sandbox: bool
    trust_clock: bool
    as_json: bool
    quiet: bool
    verbose: bool

    def __post_init__(self) -> None:
        refuse_both("--quiet", "--verbose", given=(self.quiet, self.verbose))
        if (self.run_name is None) == (not self.every_run):
            raise UsageError("give one run, or --all")
        refuse_both("--all", "--watch", given=(self.every_run, self.watch))
        refuse_both("--all", "--results", given=(self.every_run, self.results is not None))


@dataclass(frozen=True, slots=True)
class ListenOptions:
    """Options of `listen`."""

    host: str
    port: int
    rate: float
    quiet: bool


@dataclass(frozen=True, slots=True)
class StatusOptions:
    """Options of `status`."""

    run_name: str | None
    why_row: int | None
    with_status: str | None
    since: str | None
    limit: int | None
    verbose: bool
    show_numbers: bool
    as_json: bool

    def __post_init__(self) -> None:
        if self.run_name is not None and any((self.with_status, self.since, self.limit)):
            raise UsageError("--with, --since and --limit choose among all runs; leave them out, or the run's name")


@dataclass(frozen=True, slots=True)
class ResultsOptions:
    """Options of `results`."""

    run_name: str
    output: Path
    all_runs: bool


@dataclass(frozen=True, slots=True)
class StopOptions:
    """Options of `stop`."""

    run_name: str
    reason: str | None
    as_json: bool


@dataclass(frozen=True, slots=True)
class CancelOptions:
    """Options of `cancel`."""

    run_name: str
    reason: str
    yes: bool
    as_json: bool


@dataclass(frozen=True, slots=True)
class ForgetOptions:
    """Options of `forget`."""

    run_name: str | None
    age: str | None
    unfinished: bool
    calls_ahead: bool
    yes: bool


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """Options of `sandbox`."""

    port: int
    fault: str | None
    seed: int
    latency: float
    clock_offset: float
    truth: Path | None
    list_faults: bool
