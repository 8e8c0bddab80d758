"""Events of following a run as lines for people."""

from collections import Counter
from collections.abc import Iterator

from campaign.domain.model import Created, Settled
from campaign.engine.events import DueRequeued, Unread
from campaign.export.printable import visible
from campaign.followup.follow import FollowEvent
from campaign.ledger.records.outcomes import Looked
from campaign.presentation.calls_ahead import ahead_line
from campaign.presentation.masking import masked_phone
from campaign.presentation.outcomes import tally
from campaign.presentation.wording import counted, local_time


def follow_lines(event: FollowEvent, *, verbose: bool) -> Iterator[str]:
    """The lines for an event; numbers masked, foreign text made safe."""
    match event:
        case DueRequeued():
            yield f"{counted(event.total, 'row')} to be called again: {tally(Counter(event.rows))}"
        case Looked():
            whose = f"row {event.call.row_number} {masked_phone(event.call.phone)}"
            if event.suppressed:
                yield f"{whose} asked not to be called: on the suppression list now"
            elif verbose:
                again = f"; to be called again at {local_time(event.again_at)}" if event.again_at else ""
                # AICaller's text: a status may contain terminal control characters.
                word = visible(event.outcome.shown or event.outcome.status)
                yield f"{whose} {word}, call {event.call.attempt}{again}"
            yield from map(ahead_line, event.ahead)
        case Unread() if verbose:
            yield f"row {event.call.row_number} {masked_phone(event.call.phone)} not read: {event.reason}"
        case Settled() if verbose:
            outcome = event.outcome
            what = outcome.call_id if isinstance(outcome, Created) else outcome.reason
            yield f"row {event.attempt.row_number} {masked_phone(event.attempt.phone)} called again: {what}"
        case _:
            pass
