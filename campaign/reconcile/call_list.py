"""Call list: AICaller's list of calls for a run's call template, reduced to those that concern the run."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any

from campaign.aicaller.compose import reference_of
from campaign.aicaller.listed_call import ListedCall, read_instant, read_listed, same_number
from campaign.aicaller.read_client import Listed, ReadingClient, RetryWait
from campaign.aicaller.server_date import OnAnswer, ignore_time
from campaign.config.run_plan import RunPlan
from campaign.config.settings import Account
from campaign.domain.instants import from_text
from campaign.domain.phone_line import line_of
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.scratch import NoRoomError
from campaign.ledger.records.lost_calls import RecordedCall
from campaign.ledger.records.runs import RunRecord, run_mark
from campaign.reconcile.held_calls import HeldCalls, SeenIds
from campaign.reconcile.matching import Echo

MOST_KNOWN_HELD = 2_000
"""Listed calls that are held although rows of the ledger have them."""
_MOST_SECONDS_AHEAD = 24 * 3600.0
_LEAST_SECONDS_AHEAD = 2.0
_TRIES_OF_A_ROW = 12
"""A row's tries in one start: the reference of its last one is that of the first."""


@dataclass(slots=True)
class RecentCalls:
    """The listed calls.

    Attributes:
        calls: those that bear on the run; of those that rows have already, only some. Where the list shows an id with
            different words, nothing is taken for it.
        listed: how the reading ended.
        known: ids of those among them that rows had when they were listed.
        seen: all ids that were listed.
        strangers: ids of the run's created rows -> the field by which the list says that the call is another's.
    """

    calls: HeldCalls
    listed: Listed = field(default_factory=Listed)
    known: set[str] = field(default_factory=set)
    seen: SeenIds = field(default_factory=SeenIds)
    strangers: dict[str, str] = field(default_factory=dict)

    def unclaimed(self, ledger: Ledger) -> Iterator[dict[str, list[ListedCall]]]:
        """Line -> calls to it whose id the ledger does not have, for all lines, some hundred at a time."""
        for calls in self.calls.line_by_line():
            if found := _unclaimed(calls, ledger=ledger):
                yield found

    def unclaimed_to(self, lines: Collection[str], ledger: Ledger) -> dict[str, list[ListedCall]]:
        """The same for these lines; under the empty one are those without a number."""
        return _unclaimed(self.calls.to_lines(lines), ledger=ledger)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunAtAccount:
    """A run, and the account in whose list its calls are.

    Attributes:
        ledger: where the run is.
        record: the run.
        plan: of the run.
        account: whose calls are listed.
        now: the wall clock, aware.
        on_answer: gets the time of each answer.
        on_listed: gets the number of calls that were just read.
    """

    ledger: Ledger
    record: RunRecord
    plan: RunPlan
    account: Account
    now: Callable[[], datetime]
    on_answer: OnAnswer = ignore_time
    on_listed: Callable[[int], None] = lambda _calls: None


async def list_recent(run: RunAtAccount, *, retry_wait: RetryWait) -> RecentCalls:
    """Lists the calls of the run's call template; `retry_wait` says when a failed list is read again."""
    recent = RecentCalls(HeldCalls(run.ledger.scratch()))
    doubted = {one.call_id for one in run.ledger.read.lost.unknown(run.record.id) if one.call_id is not None}

    def take(entries: Sequence[Mapping[str, Any]]) -> None:
        run.on_listed(len(entries))
        calls = [call for entry in entries if (call := read_listed(entry)) is not None]
        recent.seen.add(call.call_id for call in calls)
        known = run.ledger.read.lost.known_ids({call.call_id for call in calls})
        # Of a hundred thousand calls that rows have, some are enough to show how the list repeats what it was told.
        spare = known - doubted - recent.known if len(recent.known) >= MOST_KNOWN_HELD else set[str]()
        recent.strangers.update(_strangers(calls, run=run))
        of_run = _of_run(calls, ledger=run.ledger, record=run.record, plan=run.plan)
        held = [call for call in of_run if call.call_id not in spare and call.call_id not in recent.strangers]
        recent.calls.add(held)
        recent.known.update(known.intersection(call.call_id for call in held))

    client = ReadingClient(run.account, now=run.now, on_answer=run.on_answer, retry_wait=retry_wait)
    try:
        async with client:
            recent.listed = await client.list_calls(run.plan.call.call_template_id, take=take, aside=run.ledger.aside)
    except NoRoomError as error:
        recent.listed = Listed(trouble=str(error))
    return recent


def echo_of(ledger: Ledger, record: RunRecord, recent: RecentCalls, *, plan: RunPlan) -> Echo:
    """How the list repeats the fields of a request, learnt from the run's calls whose ids the ledger has."""
    calls = recent.calls.of_ids(recent.known)
    made = [one for one in ledger.read.lost.recorded(record.id, calls) if not one.adopted]
    pairs = [(one, calls[one.call_id]) for one in made]
    delayed = [(one.delayed_until, call.delayed_until) for one, call in pairs if one.delayed_until is not None]
    key, mark = plan.call.reference, run_mark(record)
    return Echo(
        ahead=_ahead(pairs, recent.listed),
        keeps_milliseconds=bool(delayed) and all(read_instant(ours) == theirs for ours, theirs in delayed),
        keeps_references=key is not None
        and bool(pairs)
        and all(
            any((key, one) in (call.variables or ()) for one in references_of(mark, made.row_id, made.attempt))
            for made, call in pairs
        ),
    )


def references_of(mark: str, row_id: int, attempts: int) -> frozenset[str]:
    """The references that a row's attempts may have, up to that attempt."""
    first = max(1, attempts - _TRIES_OF_A_ROW)
    return frozenset(reference_of(mark, row_id=row_id, attempt=number) for number in range(first, attempts + 1))


def _unclaimed(calls: Sequence[ListedCall], *, ledger: Ledger) -> dict[str, list[ListedCall]]:
    known = ledger.read.lost.known_ids([call.call_id for call in calls])
    found = dict[str, list[ListedCall]]()
    for call in calls:
        if call.call_id not in known:
            found.setdefault(line_of(call.phone or ""), []).append(call)
    return found


def _of_run(calls: Sequence[ListedCall], *, ledger: Ledger, record: RunRecord, plan: RunPlan) -> Iterator[ListedCall]:
    """Calls to numbers of the run, and calls without a number that have one of its references."""
    phones = ledger.read.lost.phones_of_run(record.id, {call.phone for call in calls if call.phone})
    key = plan.call.reference
    for call in calls:
        foreign = call.team not in (None, plan.call.team_id) or call.template not in (None, plan.call.call_template_id)
        marked = call.phone is None and any(pair[0] == key for pair in call.variables or ())
        if not foreign and (call.phone in phones or marked):
            yield call


def _strangers(calls: Sequence[ListedCall], *, run: RunAtAccount) -> Iterator[tuple[str, str]]:
    """Ids of the run's created rows that the list shows with another's number, or another call template."""
    numbers = run.ledger.read.lost.tries.numbers_created_as(run.record.id, {call.call_id for call in calls})
    for call in calls:
        number = numbers.get(call.call_id)
        if number is None:
            continue
        if call.phone is not None and number.startswith("+") and not same_number(call.phone, number):
            yield call.call_id, "toPhoneNumber"
        elif call.template not in (None, run.plan.call.call_template_id):
            yield call.call_id, "callTemplateId"


def _ahead(pairs: Sequence[tuple[RecordedCall, ListedCall]], listed: Listed) -> float:
    """How far the list's clock is ahead, by our own calls: when each was claimed here, and created there."""
    gaps = [
        (call.created_at - from_text(one.claimed_at)).total_seconds()
        for one, call in pairs
        if call.created_at is not None
    ]
    if gaps:
        return median(gaps)
    said = listed.ahead or 0.0
    return said if _LEAST_SECONDS_AHEAD < abs(said) <= _MOST_SECONDS_AHEAD else 0.0
