"""Events of a run that is dialled or followed: settled rows, polled calls, and notices of one line."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from campaign.domain.model import ClaimRefused, Created, NotSent, Outcome, Rejected, Settled, Unknown
from campaign.presentation.calls_ahead import ahead_line
from campaign.presentation.dial_events import firing_lines
from campaign.presentation.follow_events import follow_lines
from campaign.presentation.masking import masked_text
from campaign.usecases.dialling.ready_run import DialEvent
from campaign.usecases.follow_run import FollowEvent, Looked


@dataclass(frozen=True, slots=True)
class RowSettled:
    """Event: a row has settled, as recorded in the ledger.

    Attributes:
        row: the sheet's number of the row, as a spreadsheet program shows it.
        status: created, rejected, unknown, skipped; or pending, when nothing was sent and it waits for another try.
        call_id: AICaller's, of a created call.
        reason: one line, for every other status; numbers and addresses are masked.
        attempt: 1 for a row's first.
    """

    row: int
    status: str
    call_id: str | None
    reason: str | None
    attempt: int


@dataclass(frozen=True, slots=True)
class CallLooked:
    """Event: a call was polled, with AICaller's current answer.

    Attributes:
        row: the sheet's number of the row.
        outcome: how the call ended (`no_answer`, `voicemail`, ...), in the words of the results; None while it goes on.
        is_new: whether this poll is the first to show that the call is over.
        suppressed: whether the person opted out, and this poll put them on the suppression list.
        calls_ahead: other calls to a person who has just opted out, one line each; only AICaller can cancel them.
    """

    row: int
    call_id: str
    outcome: str | None
    is_new: bool
    suppressed: bool
    calls_ahead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """Event: anything else, in one line, with numbers masked: the pace changed, rows wait for the morning, ..."""

    text: str


Event = RowSettled | CallLooked | Notice
OnEvent = Callable[[Event], None]


def dial_event(event: DialEvent, *, run: str) -> Iterator[Event]:
    """Converts an event of dialling the run of that name; yields what the caller receives."""
    match event:
        case Settled():
            yield _settled(event)
        case Looked():
            yield _looked(event)
        case _:
            yield from map(Notice, firing_lines(event, run=run))


def follow_event(event: FollowEvent) -> Iterator[Event]:
    """Converts an event of following; yields what the caller receives."""
    match event:
        case Settled():
            yield _settled(event)
        case Looked():
            yield _looked(event)
        case _:
            yield from map(Notice, follow_lines(event, verbose=True))


def _settled(event: Settled) -> RowSettled:
    outcome = event.outcome
    return RowSettled(
        row=event.attempt.row_number,
        status=_status(outcome),
        call_id=outcome.call_id if isinstance(outcome, Created) else None,
        reason=None if isinstance(outcome, Created) else masked_text(outcome.reason),
        attempt=event.attempt.number,
    )


def _status(outcome: Outcome | ClaimRefused) -> str:
    match outcome:
        case Created():
            return "created"
        case Rejected():
            return "rejected"
        case Unknown():
            return "unknown"
        case ClaimRefused():
            return "skipped"
        case NotSent():
            return "pending"


def _looked(event: Looked) -> CallLooked:
    return CallLooked(
        row=event.call.row_number,
        call_id=event.outcome.call_id,
        outcome=event.outcome.shown,
        is_new=event.is_new,
        suppressed=event.suppressed,
        calls_ahead=tuple(map(ahead_line, event.ahead)),
    )
