"""Events of a dialling as lines for people, except settled rows and pace changes, which the progress display shows.

Beside them stands what is asked before it: how the plan that the run goes by differs from its template's.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from campaign.domain.model import Created, Settled
from campaign.engine.events import (
    ClockTrusted,
    ClockUnknown,
    DialEvent,
    DueRequeued,
    FirstRowsAwaited,
    FirstRowsPassed,
    FirstRowsStarted,
    Recovered,
    RejectedRequeued,
    Started,
    Superseded,
    Unread,
    WaitingUntil,
)
from campaign.ledger.records.outcomes import Looked
from campaign.presentation.follow_events import follow_lines
from campaign.presentation.forecast import waiting_line
from campaign.presentation.masking import masked_phone
from campaign.presentation.outcomes import requeued_lines
from campaign.presentation.wording import counted, lasting, local_time
from campaign.reconcile.events import (
    AuditIncomplete,
    CallsBeingListed,
    CallsCompared,
    CallsUnlisted,
    ListAwaited,
    LostAnswersSettled,
    ReconcileEvent,
    WaitingAudited,
)
from campaign.timing.pace import PaceChange
from campaign.usecases.dialling.begun.plan_choice import PlanChoice, PlanDifference

_ROWS_SHOWN = 20


def dial_lines(event: DialEvent, *, run: str, verbose: bool = False) -> Iterator[str]:  # noqa: C901, PLR0912 - one case for each event
    """The lines for an event of the run with that name; numbers masked."""
    match event:
        case Recovered(calls):
            yield f"{counted(calls, 'call')} of an earlier start may have been made: unknown, not resent"
        case RejectedRequeued(0):
            return
        case RejectedRequeued(rows):
            yield f"{counted(rows, 'rejected row')} will be called again"
        case DueRequeued():
            yield from requeued_lines(event)
        case Superseded(rows):
            yield f"{counted(rows, 'row')} left out: called since by another run of this template"
        case ClockTrusted() | ClockUnknown():
            yield from _clock_lines(event, verbose=verbose)
        case FirstRowsStarted(to_call):
            yield f"canary: {counted(to_call, 'row')} first"
        case Started(0):
            yield f"run {run}: nothing to call"
        case Started(to_call, results):
            yield f"run {run}: {counted(to_call, 'row')} to call; results in {results}"
        case WaitingUntil(until):
            yield waiting_line(until)
        case FirstRowsAwaited(at_most):
            yield f"canary: waiting for their outcomes, {lasting(at_most.total_seconds())} at the most"
        case FirstRowsPassed():
            yield "canary: within its bounds; the rest is called"
        case Looked() | Unread():
            yield from follow_lines(event, verbose=verbose)
        case (
            CallsBeingListed()
            | LostAnswersSettled()
            | CallsCompared()
            | ListAwaited()
            | CallsUnlisted()
            | WaitingAudited()
            | AuditIncomplete()
        ):
            yield from _reconcile_lines(event)
        case _:
            pass


def firing_lines(event: DialEvent, *, run: str, verbose: bool = False) -> Iterator[str]:
    """The same without a person at the terminal: shorter, and without what only a person could do now."""
    match event:
        case Recovered(calls):
            yield f"{calls} calls of an earlier start may have been made: unknown"
        case Superseded():
            pass
        case Started(0):
            yield f"run {run}: nothing to call"
        case Started(to_call, results):
            yield f"run {run}: {to_call} to call; results in {results}"
        case WaitingUntil(until):
            yield f"nobody may be called before {local_time(until)}; waiting"
        case PaceChange():
            yield pace_line(event)
        case Settled() if verbose:
            outcome = event.outcome
            became = outcome.call_id if isinstance(outcome, Created) else outcome.reason
            yield f"row {event.attempt.row_number} {masked_phone(event.attempt.phone)} {became}"
        case _:
            yield from dial_lines(event, run=run)


def pace_line(event: PaceChange) -> str:
    """How the pace changed, and by whom."""
    return f"{event.text}: changed with campaign pace" if event.by_person else event.text


def _clock_lines(event: ClockTrusted | ClockUnknown, *, verbose: bool) -> Iterator[str]:
    if isinstance(event, ClockTrusted):
        yield f"clock: {event.apart.text}: trusted; calling hours, times and limits are by this machine's"
    elif verbose:
        yield "clock: AICaller's answers do not say what the time is; this machine's is taken for right"


def _reconcile_lines(event: ReconcileEvent) -> Iterator[str]:  # noqa: C901 - one case for each event
    match event:
        case CallsBeingListed(calls):
            yield f"reading AICaller's list of calls: {calls} so far"
        case LostAnswersSettled(found, several, left, listed):
            if found:
                yield f"looked up: {len(found)} lost answers found, created after all (rows {_rows(found)})"
            if several:
                yield f"looked up: DUPLICATE AT SERVER: more than one call fits rows {_rows(several)}"
            if left:
                yield f"looked up: {left} stay unknown among {listed} listed calls"
        case CallsCompared():
            yield from compared_lines(event)
        case ListAwaited(until):
            until_then = local_time(until, pattern="%H:%M:%S %Z")
            yield (
                f"a refusal may have come from a box on the way: waiting until {until_then}, "
                "when AICaller's list has its call, if there is one"
            )
        case CallsUnlisted(unknown, trouble):
            what = f"{unknown} unknown" if unknown else "whether any call was made twice is not known"
            yield f"{what}: AICaller's calls could not be listed: {trouble}"
        case WaitingAudited():
            yield from _audit_lines(event)
        case AuditIncomplete(gap):
            yield f"{gap}; calls that this ledger does not know of would not be noticed"


def compared_lines(compared: CallsCompared) -> Iterator[str]:
    """Lines on rows of which AICaller lists other calls than the ledger had."""
    if compared.several:
        yield f"compared: DUPLICATE AT SERVER: rows {_rows(compared.several)} were called more than once: unknown"
    if compared.strangers:
        yield f"compared: the ids of rows {_rows(compared.strangers)} are those of other calls: unknown"
    if compared.called:
        yield f"compared: rows {_rows(compared.called)} were called, though a try of them seemed to be refused: created"


def _audit_lines(audited: WaitingAudited) -> Iterator[str]:
    unknown_here = "by calls that this ledger did not know"
    if audited.made:
        yield f"audit: {len(audited.made)} rows were called already, {unknown_here}: created, not sent again"
    if audited.several:
        yield f"audit: DUPLICATE AT SERVER: rows {_rows(audited.several)} were called more than once: not sent"
    if audited.skipped:
        yield f"audit: {len(audited.skipped)} rows skipped, called {unknown_here} (rows {_rows(audited.skipped)})"


def _rows(numbers: Sequence[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:_ROWS_SHOWN])
    return f"{shown}, ..." if len(numbers) > _ROWS_SHOWN else shown


def plan_lines(choice: PlanChoice, *, run: str, said: Literal["new", "old"] | None) -> Iterator[str]:
    """One line for each difference, and which of the two holds if that is said already."""
    if choice.notice:
        yield choice.notice
    if not choice.differences:
        return
    holds = {"new": "; the new ones hold", "old": "; the old ones hold", None: ""}[said]
    yield f"the template was changed since run {run} was begun{holds}:"
    yield from difference_lines(choice.differences)


def difference_lines(differences: Sequence[PlanDifference]) -> Iterator[str]:
    """A line for each setting: what the run goes by, and what its template says now."""
    for one in differences:
        yield f"  {one.setting}: {one.begun or 'none'}, now {one.now or 'none'}"
