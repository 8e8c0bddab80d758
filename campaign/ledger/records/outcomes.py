"""Records of call outcomes: calls that are polled, the result of a poll, and rows that may be called again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from campaign.domain.call_outcome import CallEnd, CallOutcome
from campaign.ledger.records.calls_ahead import CallAhead
from campaign.ledger.records.runs import WaitingRow


@dataclass(frozen=True, slots=True)
class MadeCall:
    """A call that was made, with the facts that polling needs.

    Attributes:
        row_number: the sheet's.
        attempt: which attempt of its row it is.
        phone: E.164.
        claimed_at: when it was claimed, by the local clock.
        looks: how often it was polled.
        final_since: when a poll first found it over, by the local clock.
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
    """The result of polling a call.

    Attributes:
        outcome: as it stands in the ledger now.
        is_new: whether this poll is the first to find the call over.
        suppressed: whether this poll put its number on the suppression list.
        again_at: when the rules want another call, if they do.
        ahead: other calls to a person who has opted out, submitted before and still to ring.
    """

    call: MadeCall
    outcome: CallOutcome
    is_new: bool
    suppressed: bool
    again_at: datetime | None
    ahead: Sequence[CallAhead] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """The pure decisions that are taken inside the transaction, and what an answer about a call must not contradict.

    Attributes:
        next_poll: (outcome, polls so far, over since, now) -> when to poll again; None for never.
        template: AICaller's call template of all calls of the run.
        call_again: (outcome, how often the row's calls ended how, claimed, over since) -> when to call again, or None.
    """

    next_poll: Callable[[CallOutcome, int, datetime | None, datetime], datetime | None]
    call_again: Callable[[CallOutcome, Mapping[CallEnd, int], datetime, datetime], datetime | None]
    template: str


@dataclass(frozen=True, slots=True)
class OutcomeCounts:
    """Counts of a run's calls by outcome.

    Attributes:
        ends: how many calls ended how.
        on_the_way: calls that are not known to be over.
        open: calls that are polled again: those on the way, and those whose collected values may still arrive.
    """

    ends: Mapping[CallEnd, int]
    on_the_way: int
    open: int


@dataclass(frozen=True, slots=True)
class DueRow:
    """A created row whose call ended in a way that allows another.

    Attributes:
        row: the row, in the form that the calling hours and the timetable use.
        end: how its latest call ended.
        again_at: when the rules want the next one; None when they want none.
        recent_calls: when its number was called in the last 24 hours by any run of its service, oldest first.
    """

    row: WaitingRow
    end: CallEnd
    again_at: datetime | None
    recent_calls: tuple[datetime, ...]
