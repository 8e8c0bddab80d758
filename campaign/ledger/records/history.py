"""Records of one row's history: its state, moves, attempts and corrections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from campaign.domain.attempt_end import RANG_OR_MAY_HAVE
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
    """One attempt: its claim and its ending; None for what is not known (yet).

    Attributes:
        delayed_until: the request's callDelayedUntil, if it had one.
    """

    number: int
    phone: str
    claimed_at: str
    ended_at: str | None
    outcome: str | None
    status: int | None
    call_id: str | None
    evidence: Mapping[str, Any]
    delayed_until: str | None = None


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
class ClockReading:
    """AICaller's clock beside ours, as known at that instant of ours.

    Attributes:
        ahead_seconds: by how much AICaller's was ahead; 0 when both may have been right, None when nothing was known.
        trusted: ours was taken for right all the same.
    """

    at: str
    ahead_seconds: int | None
    trusted: bool


@dataclass(frozen=True, slots=True)
class History:
    """A row's whole history, each list in order of time; `cells` and `contact` are as they are now.

    `clock` is the reading of the clocks that held at the row's latest claim.
    """

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
    clock: ClockReading | None = None

    @property
    def rings_at(self) -> str | None:
        """When the row's latest call is to ring, ahead or past; None when it has no time of its own, or is over."""
        last = self.sendings[-1] if self.sendings else None
        if last is None or last.delayed_until is None or last.outcome not in (None, *RANG_OR_MAY_HAVE):
            return None
        over = any(one.attempt == last.number and one.outcome.is_final for one in self.outcomes)
        return None if over else last.delayed_until
