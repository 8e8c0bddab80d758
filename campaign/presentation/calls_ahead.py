"""Calls ahead in words and as JSON values: which calls to a person are on their way, though no run calls them again."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from campaign.domain.instants import to_text
from campaign.ledger.records.calls_ahead import CallAhead
from campaign.presentation.masking import masked_phone
from campaign.presentation.wording import counted

CANCEL = "only AICaller's own pages can cancel it"
MOST_SHOWN = 20
"""Of a long list, unless all of it is asked for."""


def ahead_line(call: CallAhead) -> str:
    """A call ahead: whose it is, where it stands in which run, when it rings, and how it is named at AICaller."""
    of = f"{masked_phone(call.phone)}: row {call.row} of run {call.run}"
    when = local_time(call.until)
    if call.call_id is None:
        return f"{of} may ring at {when}: its answer was lost, so its id is not known; {CANCEL}"
    return f"{of} rings at {when}, as call {call.call_id}; {CANCEL}"


def ahead_lines(calls: Sequence[CallAhead], *, whole: bool) -> Iterator[str]:
    """How many calls are ahead, and each of them; without `whole` the first of many."""
    if not calls:
        return
    maybe = sum(not call.is_certain for call in calls)
    yield f"{counted(len(calls), 'call')} to them on the way already" + (f", {maybe} of them perhaps" if maybe else "")
    shown = calls if whole else calls[:MOST_SHOWN]
    yield from (f"  {ahead_line(call)}" for call in shown)
    if len(shown) < len(calls):
        yield f"  and {len(calls) - len(shown)} more: -v shows all of them, campaign suppress check those of one number"


def ahead_dict(call: CallAhead) -> dict[str, Any]:
    """The same as JSON values; of the number only its last digits."""
    return {
        "last_digits": masked_phone(call.phone)[1:],
        "run": call.run,
        "row": call.row,
        "id": call.call_id,
        "rings_at": to_text(call.until),
        "certain": call.is_certain,
    }


def local_time(instant: datetime) -> str:
    """An instant on the clocks of this machine, to the minute, with the zone's name."""
    return f"{instant.astimezone():%Y-%m-%d %H:%M %Z}"
