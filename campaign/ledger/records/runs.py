"""Runs and their rows, as the ledger holds them."""

from dataclasses import dataclass

from campaign.domain.model import Contact, RowState
from campaign.domain.skip_reason import SkipReason

WAITING = (RowState.PENDING, RowState.RETRY_WAIT)
"""A row that stands so may be sent."""
UNDONE = (*WAITING, RowState.SENDING)
"""A row that stands so is still to be called, and needs what would be forgotten."""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run as the ledger holds it; `plan` is its owner's own text."""

    id: int
    name: str
    service: str
    template_fingerprint: str
    content_fingerprint: str
    sheet: str
    header: tuple[str, ...]
    plan: str
    results_path: str
    created_at: str


@dataclass(frozen=True, slots=True)
class SkippedRows:
    """A run's rows that are skipped for one reason.

    Attributes:
        reason: None for those that a version skipped which had no codes.
        rows: how many they are.
        text: their reason in full, where all of them have the same.
    """

    reason: SkipReason | None
    rows: int
    text: str | None


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A row that may be sent: who it is for, how often it was tried, and its cells in the sheet."""

    id: int
    number: int
    attempts: int
    state: RowState
    contact: Contact
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of a run before its rows are read.

    Attributes:
        service: where its calls are made.
        template_fingerprint: hex; names what the template makes of a sheet.
        sheet: the sheet's file name, for people.
        header: the sheet's columns.
        plan: how the run is dialled, as its owner writes it down; not read here.
    """

    service: str
    template_fingerprint: str
    sheet: str
    header: tuple[str, ...]
    plan: str


def run_mark(record: RunRecord) -> str:
    """What names a run in every copy of its ledger, and no other run."""
    return mark_of(record.created_at, record.content_fingerprint)


def mark_of(created_at: str, content_fingerprint: str) -> str:
    """As `run_mark`, of a run's own two columns."""
    return f"{created_at} {content_fingerprint}"
