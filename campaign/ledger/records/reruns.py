"""What a rerun reads and writes: rows that failed, their corrections, and where rows stand by now."""

from dataclasses import dataclass

from campaign.domain.model import Contact, RowState


@dataclass(frozen=True, slots=True)
class FailedRow:
    """A row that may be called again: rejected, or requeued by a rerun that did not come to it.

    Attributes:
        reason: of its last refusal.
        at: when that came, as the ledger writes instants.
    """

    id: int
    number: int
    state: RowState
    attempts: int
    contact: Contact
    cells: tuple[str, ...]
    reason: str
    at: str


@dataclass(frozen=True, slots=True)
class CorrectedRow:
    """What a failed row says from now on; `columns` are the names of those that a person changed."""

    id: int
    attempts: int
    contact: Contact
    cells: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Requeued:
    """The round that the rows are in now, and how many they are."""

    round: int
    rows: int


RowPosition = tuple[int, int]
"""(run's number, row's number in the sheet)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a row stands, and whether a rerun put it there."""

    state: RowState
    requeue: bool
