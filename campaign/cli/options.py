"""What was said on the command line, typed: one frozen object for each verb, made of flags that verbs share.

A field is called as the parameter that click makes of its flag; see `built`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, is_dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar, get_type_hints

O = TypeVar("O")  # noqa: E741 - the options of a verb


def built(kind: Callable[..., O], given: Mapping[str, Any]) -> O:
    """The options of that kind, and within them the shared ones, of click's parameters."""
    return kind(
        **{
            name: built(hint, given) if isinstance(hint, type) and is_dataclass(hint) else given[name]
            for name, hint in get_type_hints(kind).items()
        }
    )


@dataclass(frozen=True, slots=True)
class ReadingFlags:
    """How a sheet is to be read, where it leaves that open."""

    sheet_name: str | None
    header_row: int | None
    no_header: bool
    encoding: str | None
    delimiter: str | None
    include_hidden: bool
    skip_hidden: bool


@dataclass(frozen=True, slots=True)
class AnswerFlags:
    """What is said beforehand to the questions of a run."""

    max_calls: int | None
    max_rows: int | None
    repairs: Literal["accept", "skip"] | None
    changed: Literal["call", "skip"] | None
    allow_fictitious: bool


@dataclass(frozen=True, slots=True)
class SheetFlags:
    """A sheet under a template."""

    sheet: Path
    template: Path
    region: str | None
    timezone: str | None
    reading: ReadingFlags


@dataclass(frozen=True, slots=True)
class ShownFlags:
    """What is asked, and what is shown."""

    show_numbers: bool
    yes: bool
    as_json: bool
    quiet: bool
    verbose: bool


@dataclass(frozen=True, slots=True)
class DialFlags:
    """The flags that all verbs share that dial."""

    sandbox: bool
    fault: str | None
    seed: int
    rate: float | None
    max_in_flight: int | None
    limit: int | None
    no_audit: bool
    results: Path | None


@dataclass(frozen=True, slots=True)
class InitOptions:
    """Of `init`."""

    sheet: Path
    template: Path | None
    reading: ReadingFlags
    region: str | None
    columns: tuple[str, ...]
    variables: tuple[str, ...]
    all_variables: bool
    yes: bool


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """Of `check`."""

    sheet: SheetFlags
    sandbox: bool
    answers: AnswerFlags
    show_numbers: bool
    problems: Path | None
    as_json: bool
    verbose: bool


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Of `run`."""

    sheet: SheetFlags
    dial: DialFlags
    answers: AnswerFlags
    name: str | None
    again: bool
    webhook: str | None
    canary: int | None
    dry_run: bool
    shown: ShownFlags


@dataclass(frozen=True, slots=True)
class ResumeOptions:
    """Of `resume`."""

    run_name: str
    dial: DialFlags
    shown: ShownFlags


@dataclass(frozen=True, slots=True)
class RerunOptions:
    """Of `rerun`."""

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
    """Of `pace`."""

    run_name: str
    rate: float | None
    max_in_flight: int | None
    as_json: bool


@dataclass(frozen=True, slots=True)
class ResolveOptions:
    """Of `resolve`."""

    run_name: str
    sandbox: bool
    said: str | None
    dry_run: bool
    yes: bool
    as_json: bool


@dataclass(frozen=True, slots=True)
class FollowOptions:
    """Of `follow`."""

    run_name: str
    watch: bool
    deadline: timedelta | None
    rate: float
    results: Path | None
    sandbox: bool
    as_json: bool
    quiet: bool
    verbose: bool


@dataclass(frozen=True, slots=True)
class ListenOptions:
    """Of `listen`."""

    host: str
    port: int
    rate: float
    quiet: bool


@dataclass(frozen=True, slots=True)
class StatusOptions:
    """Of `status`."""

    run_name: str | None
    why_row: int | None
    show_numbers: bool
    as_json: bool


@dataclass(frozen=True, slots=True)
class ResultsOptions:
    """Of `results`."""

    run_name: str
    output: Path


@dataclass(frozen=True, slots=True)
class ForgetOptions:
    """Of `forget`."""

    run_name: str | None
    age: str | None
    unfinished: bool
    yes: bool


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """Of `sandbox`."""

    port: int
    fault: str | None
    seed: int
    latency: float
    truth: Path | None
    list_faults: bool


@dataclass(frozen=True, slots=True)
class SuppressAddOptions:
    """Of `suppress add`."""

    numbers: tuple[str, ...]
    region: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class SuppressImportOptions:
    """Of `suppress import`."""

    sheet: Path
    column: str | None
    sheet_name: str | None
    no_header: bool
    region: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class SuppressListOptions:
    """Of `suppress list`."""

    last: int | None
    removed: bool
    as_json: bool


@dataclass(frozen=True, slots=True)
class SuppressCheckOptions:
    """Of `suppress check`."""

    number: str
    region: str | None


@dataclass(frozen=True, slots=True)
class SuppressRemoveOptions:
    """Of `suppress remove`."""

    number: str
    region: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class ScheduleAddOptions:
    """Of `schedule add`."""

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


@dataclass(frozen=True, slots=True)
class ScheduleListOptions:
    """Of `schedule list`."""

    as_json: bool


@dataclass(frozen=True, slots=True)
class ScheduleNameOptions:
    """Of `schedule pause`, `resume` and `remove`."""

    name: str


@dataclass(frozen=True, slots=True)
class ScheduleRunOptions:
    """Of `schedule run`."""

    once: bool
    quiet: bool
    verbose: bool
