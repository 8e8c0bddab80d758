"""The options of `campaign suppress`."""

from dataclasses import dataclass
from pathlib import Path

from campaign.domain.errors import UsageError


@dataclass(frozen=True, slots=True)
class SuppressAddOptions:
    """Options of `suppress add`."""

    numbers: tuple[str, ...]
    region: str | None
    reason: str
    as_json: bool


@dataclass(frozen=True, slots=True)
class SuppressImportOptions:
    """Options of `suppress import`."""

    sheet: Path
    column: str | None
    sheet_name: str | None
    no_header: bool
    region: str | None
    reason: str
    as_json: bool
    verbose: bool


@dataclass(frozen=True, slots=True)
class SuppressListOptions:
    """Options of `suppress list`."""

    last: int | None
    removed: bool
    as_json: bool


@dataclass(frozen=True, slots=True)
class SuppressCheckOptions:
    """Options of `suppress check`."""

    number: str
    region: str | None
    as_json: bool


@dataclass(frozen=True, slots=True)
class SuppressRemoveOptions:
    """Options of `suppress remove`."""

    number: str | None
    rehearsed: bool
    region: str | None
    reason: str

    def __post_init__(self) -> None:
        if (self.number is None) == (not self.rehearsed):
            raise UsageError("give one number, or --rehearsed")
