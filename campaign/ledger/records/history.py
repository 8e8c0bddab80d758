"""Records of one row's history: its state, moves, attempts and corrections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from campaign.domain.call_outcome import CallOutcome
from campaign.domain.model import Contact, RowState
from campaign.domain.skip_reason import SkipReason


@dataclass(frozen=True, slots=True)
class Move:
    """A move from one state to another. Times are UTC text, here and below."""

    at: str
    before: RowState
    after: RowState
    attempt: int
    why: str | None


@dataclass(frozen=True, slots=True)
class Sending:
    """One attempt: its claim and its ending; None for what is not known (yet)."""

    number: int
    phone: str
    claimed_at: str
    ended_at: str | None
    outcome: str | None
    status: int | None
    call_id: str | None
    evidence: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AttemptOutcome:
    """The outcome of an attempt's call, and when it was last polled."""

    attempt: int
    looked_at: str
    outcome: CallOutcome


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction by a person: the changed columns, and the contact until then."""

    at: str
    attempt: int
    columns: tuple[str, ...]
    phone: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OtherCall:
    """A call to the same number by another row, made or possibly made."""

    at: str
    run: str
    row: int


@dataclass(frozen=True, slots=True)
class History:
    """A row's whole history, each list in order of time; `cells` and `contact` are as they are now."""

    number: int
    state: RowState
    reason: str | None
    skip_reason: SkipReason | None
    call_id: str | None
    phone: str | None
    contact: Contact | None
    cells: tuple[str, ...]
    moves: Sequence[Move]
    sendings: Sequence[Sending]
    outcomes: Sequence[AttemptOutcome]
    mendings: Sequence[Correction]
    others: Sequence[OtherCall]
