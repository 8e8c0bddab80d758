"""The options of `campaign schedule`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from campaign.cli.options.flags import AnswerFlags, ReadingFlags, refuse_both
from campaign.domain.errors import UsageError

_READING = "choices."
UNSET: Mapping[str, str] = {
    "again": "again",
    "skip-invalid": "skip_invalid",
    "rate": "rate",
    "max-in-flight": "max_in_flight",
    "region": "region",
    "notify-url": "notify_url",
    "trust-clock": "trust_clock",
    "no-follow": "follow",
    "sandbox": "sandbox",
    "sheet": _READING + "sheet",
    "header-row": _READING + "header_row",
    "no-header": _READING + "no_header",
    "encoding": _READING + "encoding",
    "delimiter": _READING + "delimiter",
    "include-hidden": _READING + "hidden",
    "skip-hidden": _READING + "hidden",
    "extra-field": _READING + "extra_field",
    "max-rows": _READING + "max_rows",
    "max-calls": "max_calls",
    "accept-repairs": "repairs",
    "skip-repairs": "repairs",
    "call-changed": "changed",
    "skip-changed": "changed",
    "allow-fictitious": "allow_fictitious",
    "skip-past": "past",
    "call-past": "past",
    "skip-opted-out": "opted_out",
    "call-opted-out": "opted_out",
    "skip-marked": "marked",
    "call-marked": "marked",
    "plus-as-written": "plus",
    "plus-in-region": "plus",
    "skip-plus": "plus",
    "turn-names": "name_order",
    "names-as-written": "name_order",
    "day-first": "date_order",
    "month-first": "date_order",
    "yes-word": "yes_words",
    "no-word": "no_words",
    "read-short-rows": "short_rows",
    "read-line-breaks": "line_breaks",
}
"""Flags of `schedule add` that `edit --unset` takes back, by the names of what they set."""


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
class ScheduleEditOptions:
    """Options of `schedule edit`; None, or an empty tuple, for what is not named."""

    name: str
    sheet: str | None
    template: Path | None
    at: str | None
    cron: str | None
    timezone: str | None
    grace: str | None
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
    unset: tuple[str, ...]


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

    name: str | None
    now: bool
    once: bool
    quiet: bool
    verbose: bool

    def __post_init__(self) -> None:
        refuse_both("--now", "--once", given=(self.now, self.once))
        if self.now != (self.name is not None):
            raise UsageError(
                "say which schedule fires at once: campaign schedule run NAME --now"
                if self.now
                else f"{self.name} alone fires with --now; without a name, all schedules fire at their times"
            )
        refuse_both("--quiet", "--verbose", given=(self.quiet, self.verbose))
