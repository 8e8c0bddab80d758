"""Comparing: the number of AICaller's listed calls for each row of a run, also of those whose ending seems certain.

    created, and the list has another call of it ......... unknown: DUPLICATE AT SERVER
    created, and the list has its id for another's ....... unknown
    refused, and the list has a call of it ............... it was called: unknown, and settled as such
    unknown or waiting, and the list has one of an earlier try ... created

Only calls that no row has count, and only where they fit an attempt of the row as `matching` asks it. A list that lacks
calls proves nothing, so nothing ever follows from what is missing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import groupby
from typing import Any

from campaign.aicaller.listed_call import ListedCall
from campaign.config.run_plan import RunPlan
from campaign.domain.attempt_end import AttemptEnd
from campaign.domain.model import RowState
from campaign.domain.phone_line import line_of
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.lost_calls import CallFound, OpenSending
from campaign.ledger.records.runs import RunRecord
from campaign.reconcile.call_list import RecentCalls, echo_of
from campaign.reconcile.events import CallsCompared
from campaign.reconcile.matching import Echo, LostAttempt, Matched, match
from campaign.reconcile.settle import to_sending

_MOST_SHOWN = 5
_BY = "an earlier try"


@dataclass(slots=True)
class Compared:
    """Result of the comparison; rows by their number in the sheet.

    Attributes:
        several: row -> ids, of which at least one call is too many.
        strangers: row -> its id, which the list has for another's call.
        called: row -> the id of a call of a try that seemed to be refused.
    """

    several: dict[int, tuple[str, ...]] = field(default_factory=dict)
    strangers: dict[int, str] = field(default_factory=dict)
    called: dict[int, str] = field(default_factory=dict)

    @property
    def event(self) -> CallsCompared | None:
        """What is to be told of it; None when the list shows nothing beyond the ledger."""
        rows = [tuple(sorted(found)) for found in (self.several, self.strangers, self.called)]
        return CallsCompared(*rows) if any(rows) else None


def compare(ledger: Ledger, record: RunRecord, recent: RecentCalls, *, plan: RunPlan) -> Compared:
    """Compares the run's rows with what was listed, and writes down what the list shows beyond them.

    Args:
        ledger: where the run is; the run must be held.
        record: the run.
        recent: what was listed; what it settles of the unknown rows must have been settled.
        plan: of the run.
    """
    compared = Compared()
    for one in ledger.read.lost.tries.created_as(record.id, recent.strangers):
        call_id = one.call_id or ""
        why = f"AICaller's list has call {call_id} as another call, by its {recent.strangers[call_id]}"
        if ledger.lookups.doubt(one, reason=why, seen={"anothers": call_id}):
            compared.strangers[one.row_number] = call_id
    echo = echo_of(ledger, record, recent, plan=plan)
    for unclaimed in recent.unclaimed(ledger):
        tried = ledger.read.lost.tries.of_lines(record.id, unclaimed, service=record.service)
        others = _others(ledger, record, unclaimed)
        for _, attempts in groupby(tried, key=lambda one: one.row_id):
            tries = list(attempts)
            free = [call for call in unclaimed[line_of(tries[-1].phone)] if not _fits_any(call, others, echo=echo)]
            sendings = [to_sending(one, ledger=ledger) for one in tries]
            if fitting := [call for call in free if _fits_any(call, sendings, echo=echo)]:
                _write_down(ledger, record, _Fitting(tries[-1], fitting, echo.ahead), compared=compared)
    return compared


def _others(ledger: Ledger, record: RunRecord, lines: Collection[str]) -> list[LostAttempt]:
    """The lost answers of other runs to these lines: the calls that they explain are not this run's."""
    lost = ledger.read.lost.open_sendings(lines, service=record.service)
    return [to_sending(one, ledger=ledger) for one in lost if one.run_id != record.id]


def _fits_any(call: ListedCall, sendings: Sequence[LostAttempt], *, echo: Echo) -> bool:
    line = line_of(call.phone or "")
    return any(isinstance(match(one, [call], echo=echo), Matched) for one in sendings if line_of(one.phone) == line)


@dataclass(frozen=True, slots=True)
class _Fitting:
    """The calls that fit the tries of one row, and the last of these tries.

    Attributes:
        last: the row's last try.
        calls: listed calls that no row has.
        ahead: seconds by which AICaller's clock is ahead of ours.
    """

    last: OpenSending
    calls: Sequence[ListedCall]
    ahead: float

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all calls of the row, its own first."""
        own = [self.last.call_id] if self.last.call_id else []
        return tuple(dict.fromkeys([*own, *sorted(call.call_id for call in self.calls)]))

    @property
    def is_several(self) -> bool:
        """Whether at least one call is too many."""
        return len(self.ids) > 1 or self.last.is_duplicate

    @property
    def reason(self) -> str:
        """For a row that becomes unknown."""
        if self.is_several:
            return f"DUPLICATE AT SERVER: {', '.join(self.ids[:_MOST_SHOWN])}"
        return f"it seemed to be refused, and AICaller lists a call of it: {self.ids[0]}"

    @property
    def seen(self) -> Mapping[str, Any]:
        """For the evidence of the last try."""
        return {"several": self.ids[:_MOST_SHOWN]} if self.is_several else {"called": self.ids[0]}

    @property
    def found(self) -> CallFound:
        """The only call, for a row that has none."""
        made_at = self.calls[0].created_at
        return CallFound(self.calls[0].call_id, by=_BY, made_at=made_at and made_at - timedelta(seconds=self.ahead))


def _write_down(ledger: Ledger, record: RunRecord, fitting: _Fitting, *, compared: Compared) -> None:
    last, moved = fitting.last, False
    match last.state:
        case RowState.CREATED | RowState.REJECTED:
            moved = ledger.lookups.doubt(last, reason=fitting.reason, seen=fitting.seen)
            if moved and not fitting.is_several:
                doubted = replace(last, state=RowState.UNKNOWN, end=AttemptEnd.UNKNOWN)
                ledger.lookups.adopt(doubted, fitting.found)
        case RowState.UNKNOWN if fitting.is_several:
            moved = ledger.lookups.flag(last, reason=fitting.reason, seen=fitting.seen)
        case RowState.UNKNOWN:
            moved = ledger.lookups.adopt(last, fitting.found)
        case RowState.PENDING | RowState.RETRY_WAIT:
            moved = _hold_back(ledger, record, fitting)
        case _:
            pass
    if moved and fitting.is_several:
        compared.several[last.row_number] = fitting.ids
    elif moved:
        compared.called[last.row_number] = fitting.ids[0]


def _hold_back(ledger: Ledger, record: RunRecord, fitting: _Fitting) -> bool:
    """Keeps a waiting row from being called, since a try that seemed to be refused was not."""
    moved = False
    for row in ledger.read.lost.waiting_people(record.id, [fitting.last.phone]):
        if row.row_id != fitting.last.row_id:
            continue
        if fitting.is_several:
            moved = ledger.lookups.doubt_waiting(
                row, reason=fitting.reason, seen=fitting.seen, run_id=record.id, service=record.service
            )
        else:
            moved = ledger.lookups.adopt_waiting(row, fitting.found, run_id=record.id, service=record.service)
    return moved
