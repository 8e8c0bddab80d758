"""Records of a rerun: rows that failed, their corrections, and the current states of rows."""

from dataclasses import dataclass

from campaign.domain.model import Contact, RowState


@dataclass(frozen=True, slots=True)
class FailedRow:
    """A row that may be called again: rejected, or requeued by a rerun that did not reach it.

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
    """The corrected content of a failed row; `columns` names the columns that a person changed."""

    id: int
    attempts: int
    contact: Contact
    cells: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Requeued:
    """The round of requeued rows, and their number."""

    round: int
    rows: int


RowPosition = tuple[int, int]
"""(run's number, row's number in the sheet)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A row's state, and whether a rerun put it there."""

    state: RowState
    requeue: bool
