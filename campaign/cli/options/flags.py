"""Typed flags that commands share; each field has the name of the parameter that click makes of its flag."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, is_dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, get_type_hints

from campaign.domain.errors import UsageError

O = TypeVar("O")  # noqa: E741 - the options of a verb


def built(kind: Callable[..., O], given: Mapping[str, Any]) -> O:
    """Builds the options object, with the shared ones inside it, from click's parameters."""
    return kind(
        **{
            name: built(hint, given) if isinstance(hint, type) and is_dataclass(hint) else given[name]
            for name, hint in get_type_hints(kind).items()
        }
    )


def refuse_both(one: str, other: str, *, given: tuple[bool, bool]) -> None:
    """Refuses two flags that contradict each other.

    Raises:
        UsageError: both were given.
    """
    if all(given):
        raise UsageError(f"{one} and {other} contradict each other; leave one out")


@dataclass(frozen=True, slots=True)
class ReadingFlags:
    """Flags about how to read a sheet where that is ambiguous."""

    sheet_name: str | None
    header_row: int | None
    no_header: bool
    encoding: str | None
    delimiter: str | None
    include_hidden: bool
    skip_hidden: bool
    extra_field: str | None

    def __post_init__(self) -> None:
        refuse_both("--no-header", "--header-row", given=(self.no_header, self.header_row is not None))
        refuse_both("--include-hidden", "--skip-hidden", given=(self.include_hidden, self.skip_hidden))

    @property
    def hidden(self) -> Literal["include", "skip"] | None:
        """What the flags say of hidden rows; None when they do not."""
        return "include" if self.include_hidden else "skip" if self.skip_hidden else None


@dataclass(frozen=True, slots=True)
class AnswerFlags:
    """Flags that answer a run's questions beforehand."""

    max_calls: int | None
    max_rows: int | None
    accept_repairs: bool
    skip_repairs: bool
    call_changed: bool
    skip_changed: bool
    allow_fictitious: bool
    opted_out: Literal["skip", "call"] | None
    marked: Literal["skip", "call"] | None
    plus: Literal["written", "region", "skip"] | None
    name_order: Literal["written", "turned"] | None
    date_order: Literal["day_first", "month_first"] | None
    past: Literal["skip", "call"] | None
    yes_words: tuple[str, ...]
    no_words: tuple[str, ...]
    short_rows: Literal["read"] | None
    line_breaks: Literal["read"] | None

    def __post_init__(self) -> None:
        refuse_both("--accept-repairs", "--skip-repairs", given=(self.accept_repairs, self.skip_repairs))
        refuse_both("--call-changed", "--skip-changed", given=(self.call_changed, self.skip_changed))

    @property
    def repairs(self) -> Literal["accept", "skip"] | None:
        """What the flags say of restored numbers; None when they do not."""
        return "accept" if self.accept_repairs else "skip" if self.skip_repairs else None

    @property
    def changed(self) -> Literal["call", "skip"] | None:
        """What the flags say of rows that changed since their call; None when they do not."""
        return "call" if self.call_changed else "skip" if self.skip_changed else None


@dataclass(frozen=True, slots=True)
class SheetFlags:
    """Flags for a sheet and its template."""

    sheet: Path
    template: Path
    region: str | None
    timezone: str | None
    reading: ReadingFlags


@dataclass(frozen=True, slots=True)
class ShownFlags:
    """Flags about questions and output."""

    show_numbers: bool
    yes: bool
    as_json: bool
    quiet: bool
    verbose: bool

    def __post_init__(self) -> None:
        refuse_both("--quiet", "--verbose", given=(self.quiet, self.verbose))


@dataclass(frozen=True, slots=True)
class DialFlags:
    """Flags that all dialling commands share."""

    sandbox: bool
    fault: str | None
    seed: int | None
    rate: float | None
    max_in_flight: int | None
    limit: int | None
    no_audit: bool
    trust_clock: bool
    results: Path | None
    new_plan: bool
    old_plan: bool

    @property
    def plan(self) -> Literal["new", "old"] | None:
        """Which plan the flags choose for the rest of a begun run; None when they do not."""
        return "new" if self.new_plan else "old" if self.old_plan else None

    def __post_init__(self) -> None:
        refuse_both("--new-plan", "--old-plan", given=(self.new_plan, self.old_plan))
        if self.seed is not None and self.fault is None:
            raise UsageError("--seed decides which rows a fault hits: give --fault as well, or leave --seed out")
