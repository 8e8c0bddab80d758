"""Typed flags that commands share; each field has the name of the parameter that click makes of its flag."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, is_dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, get_type_hints

O = TypeVar("O")  # noqa: E741 - the options of a verb


def built(kind: Callable[..., O], given: Mapping[str, Any]) -> O:
    """Builds the options object, with the shared ones inside it, from click's parameters."""
    return kind(
        **{
            name: built(hint, given) if isinstance(hint, type) and is_dataclass(hint) else given[name]
            for name, hint in get_type_hints(kind).items()
        }
    )


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


@dataclass(frozen=True, slots=True)
class AnswerFlags:
    """Flags that answer a run's questions beforehand."""

    max_calls: int | None
    max_rows: int | None
    repairs: Literal["accept", "skip"] | None
    changed: Literal["call", "skip"] | None
    allow_fictitious: bool
    opted_out: Literal["skip", "call"] | None
    marked: Literal["skip", "call"] | None
    plus: Literal["written", "region", "skip"] | None
    name_order: Literal["written", "turned"] | None
    yes_words: tuple[str, ...]
    no_words: tuple[str, ...]


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


@dataclass(frozen=True, slots=True)
class DialFlags:
    """Flags that all dialling commands share."""

    sandbox: bool
    fault: str | None
    seed: int
    rate: float | None
    max_in_flight: int | None
    limit: int | None
    no_audit: bool
    results: Path | None
