"""What became of calls: calls that are followed, what a look at one brought, and rows that may be called again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from campaign.domain.call_outcome import CallEnd, CallOutcome
from campaign.ledger.records.runs import WaitingRow


@dataclass(frozen=True, slots=True)
class MadeCall:
    """A call that was made, as far as following it goes.

    Attributes:
        row_number: the sheet's.
        attempt: which attempt of its row it is.
        phone: E.164.
        claimed_at: when it was claimed, by our clock.
        looks: how often it was looked at.
        final_since: when it was first seen to be over, by our clock.
    """

    call_id: str
    run_id: int
    row_id: int
    row_number: int
    attempt: int
    phone: str
    claimed_at: datetime
    looks: int = 0
    final_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at a call brought.

    Attributes:
        outcome: as it stands in the ledger now.
        is_new: whether the call was not known to be over before, and is.
        suppressed: whether its number was put on the suppression list by this.
        again_at: when the rules want another call, if they do.
    """

    call: MadeCall
    outcome: CallOutcome
    is_new: bool
    suppressed: bool
    again_at: datetime | None


@dataclass(frozen=True, slots=True)
class Rules:
    """The decisions that are taken inside the transaction; pure.

    Attributes:
        look_next: (outcome, looks so far, over since, now) -> when to look again; None for never.
        call_again: (outcome, how often the row's calls ended how, claimed, over since) -> when to call again, or None.
    """

    look_next: Callable[[CallOutcome, int, datetime | None, datetime], datetime | None]
    call_again: Callable[[CallOutcome, Mapping[CallEnd, int], datetime, datetime], datetime | None]


@dataclass(frozen=True, slots=True)
class OutcomeCounts:
    """How the calls of a run stand.

    Attributes:
        ends: how many calls ended how.
        on_the_way: calls that are not known to be over.
        open: calls that are looked at again: those, and those that may still bring what was collected in them.
    """

    ends: Mapping[CallEnd, int]
    on_the_way: int
    open: int


@dataclass(frozen=True, slots=True)
class DueRow:
    """A created row whose call ended in a way that leaves room for another.

    Attributes:
        row: as the calling hours, and all that decides on the time of a call, see it.
        end: how its latest call ended.
        again_at: when the rules want the next one; None when they want none.
        recent_calls: when its number was called in the last 24 hours by any run of its service, oldest first.
    """

    row: WaitingRow
    end: CallEnd
    again_at: datetime | None
    recent_calls: tuple[datetime, ...]
