"""What bears on calls whose answers were lost: sendings without an ending, people who wait, calls that were found."""

from dataclasses import dataclass
from datetime import datetime

from campaign.domain.model import Contact, RowState


@dataclass(frozen=True, slots=True)
class OpenSending:
    """An attempt without a known ending: unknown, or still on its way.

    Attributes:
        row_id: the ledger's own number of the row; `row_number` is the sheet's.
        attempt: its number.
        run_id: of the run.
        phone: the number that was called.
        contact: whom the row calls.
        plan: the run's, its owner's own text.
        run_mark: what names the run in every copy of its ledger.
        claimed_at: when it was claimed.
        ended_at: when it ended; None while it is on its way.
        cut_off: the program died, so that `ended_at` is only when that was noticed.
        delayed_until: the request's callDelayedUntil, if it had one.
        reason: why it is unknown, as the results show it.
    """

    row_id: int
    row_number: int
    attempt: int
    run_id: int
    phone: str
    contact: Contact
    plan: str
    run_mark: str
    claimed_at: str
    ended_at: str | None
    cut_off: bool
    delayed_until: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class WaitingPerson:
    """A row that waits: who it is for, and how often it was tried."""

    row_id: int
    row_number: int
    attempts: int
    state: RowState
    contact: Contact


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """A call whose id the ledger has, of one run; `adopted` when it was made by another ledger."""

    call_id: str
    row_id: int
    attempt: int
    claimed_at: str
    delayed_until: str | None
    adopted: bool


@dataclass(frozen=True, slots=True)
class CallFound:
    """A call that was found: its id, by what it was recognised, and when it was made by our clock."""

    call_id: str
    by: str
    made_at: datetime | None = None
