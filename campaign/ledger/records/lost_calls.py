"""Records on calls whose answers were lost: open sendings, waiting contacts, calls that were found."""

from dataclasses import dataclass
from datetime import datetime

from campaign.domain.attempt_end import AttemptEnd
from campaign.domain.model import Contact, RowState


@dataclass(frozen=True, slots=True)
class OpenSending:
    """An attempt as evidence: one whose ending is not known, or one that is compared with AICaller's list.

    Attributes:
        row_id: the ledger's own number of the row; `row_number` is the sheet's.
        attempt: its number.
        run_id: of the run.
        phone: the number that was called.
        contact: the row's contact.
        plan: the run's plan, text in its owner's format.
        run_mark: identifies the run in every copy of its ledger.
        claimed_at: when it was claimed.
        ended_at: when it ended; None while it is on its way.
        cut_off: whether the process died, so that `ended_at` is only when that was noticed.
        delayed_until: the request's callDelayedUntil, if it had one.
        reason: why it is unknown, as the results show it.
        state: of its row.
        end: how the attempt ended, as the ledger has it; None while it is on its way.
        call_id: the id that it was given; of an unknown row, one that is in doubt.
        is_duplicate: more than one call of it was listed before.
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
    state: RowState = RowState.UNKNOWN
    end: AttemptEnd | None = AttemptEnd.UNKNOWN
    call_id: str | None = None
    is_duplicate: bool = False


@dataclass(frozen=True, slots=True)
class WaitingPerson:
    """A waiting row: its contact, and how often it was tried."""

    row_id: int
    row_number: int
    attempts: int
    state: RowState
    contact: Contact


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """A call of a run whose id the ledger has; `adopted` when another ledger made it."""

    call_id: str
    row_id: int
    attempt: int
    claimed_at: str
    delayed_until: str | None
    adopted: bool


@dataclass(frozen=True, slots=True)
class CallFound:
    """A call that was found.

    Attributes:
        by: how it was recognised.
        made_at: when it was made, by the local clock.
        delayed_until: when it is to ring, where the list says so.
    """

    call_id: str
    by: str
    made_at: datetime | None = None
    delayed_until: datetime | None = None
