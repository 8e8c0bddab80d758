"""Records of runs and their rows."""

from dataclasses import dataclass
from typing import NamedTuple

from campaign.domain.model import Contact, RowState
from campaign.domain.skip_reason import SkipReason

WAITING = (RowState.PENDING, RowState.RETRY_WAIT)
"""A row that stands so may be sent."""
UNDONE = (*WAITING, RowState.SENDING)
"""A row that stands so is still to be called, and needs what would be forgotten."""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A stored run; `plan` is text in its owner's format.

    `again`: a person said so for this run: what was said by other runs does not hold it back.
    """

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
    again: bool


@dataclass(frozen=True, slots=True)
class SkippedRows:
    """A run's rows that are skipped for one reason.

    Attributes:
        reason: None for rows that were skipped by a version without reason codes.
        rows: their number.
        text: the full reason, where it is the same for all of them.
    """

    reason: SkipReason | None
    rows: int
    text: str | None


class WaitingRow(NamedTuple):
    """A row that may be sent: its contact, how often it was tried, and its cells in the sheet."""

    id: int
    number: int
    attempts: int
    state: RowState
    contact: Contact
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """The facts about a run that are known before its rows are read.

    Attributes:
        service: where its calls are made.
        template_fingerprint: hex; identifies what the template makes of a sheet.
        sheet: the sheet's file name, for people.
        header: the sheet's columns.
        plan: how the run is dialled, in its owner's format; not read here.
    """

    service: str
    template_fingerprint: str
    sheet: str
    header: tuple[str, ...]
    plan: str


def run_mark(record: RunRecord) -> str:
    """Identifies a run, and no other, in every copy of its ledger."""
    return mark_of(record.created_at, record.content_fingerprint)


def mark_of(created_at: str, content_fingerprint: str) -> str:
    """As `run_mark`, from the run's two columns."""
    return f"{created_at} {content_fingerprint}"
