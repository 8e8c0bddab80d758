"""Use case resolve: reconciles a run's lost answers with AICaller's list, or settles them by a person's statement.

All of its rows are compared with the list as well: a call that was made twice shows there alone, and often only later.
A call that is missing from the list is proof of nothing. It is offered as probably not made only when the list was
read twice, long enough after the run's last call, to its end, with the run's calls just before and just after in it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from campaign.aicaller.read_client import RetryWait, jittered_backoff
from campaign.config.run_plan import RunPlan
from campaign.config.settings import Account
from campaign.domain.cures import Cure, CureCode, Setting
from campaign.domain.errors import UsageError
from campaign.domain.instants import from_text
from campaign.domain.model import RowState
from campaign.domain.stop import StopCode
from campaign.engine.account import CallingAccount, opened
from campaign.export.overwrite_guard import refuse_foreign
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.lost_calls import OpenSending
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.records.workers import NOT_CALLED_AFTER
from campaign.preparation.plan.continue_run import plan_of_record
from campaign.reconcile.call_list import RecentCalls, RunAtAccount, list_recent
from campaign.reconcile.comparing import Compared, compare
from campaign.reconcile.settle import LookupResult, settle_unknown
from campaign.usecases.context import Context, this_person
from campaign.usecases.dialling.ready_run import AccountOptions, account_of_run
from campaign.usecases.reports import write_report

SETTLES_AFTER = timedelta(minutes=15)
"""Time from a run's last call until its missing calls are offered: the list lags, a hanging call may still ring."""


_REFUSED = (401, 402, 403)

__all__ = ["SETTLES_AFTER", "Resolved", "RunRecord", "RunToResolve", "resolve_run", "run_to_resolve"]


@dataclass(frozen=True, slots=True)
class Resolved:
    """Result of reconciling a run's lost answers.

    Attributes:
        settled: rows that the list settled, and those that it left open.
        recent: the list.
        offered: rows that were probably not called, by the list alone.
        doubts: of the other rows without a call in the list, why that proves nothing.
        counts: number of the run's rows in each state, now.
        compared: rows of which the list shows other calls than the ledger had.
    """

    settled: LookupResult
    recent: RecentCalls
    offered: tuple[int, ...] = ()
    doubts: Mapping[int, str] = field(default_factory=dict)
    counts: Mapping[RowState, int] = field(default_factory=dict)
    compared: Compared = field(default_factory=Compared)

    def exit_code(self, *, moved: int) -> int:
        """Exit code: 0 when no row is unknown, apart from `moved` rows settled by a person; else why some are."""
        if self.compared.several or self.compared.strangers:
            return 1
        if self.settled.left <= moved:
            return 0
        if self.recent.listed.trouble is None:
            return 1
        return int(StopCode.REFUSED if self.recent.listed.status in _REFUSED else StopCode.TROUBLE)


@dataclass(frozen=True, slots=True)
class RunToResolve:
    """Run whose lost answers are to be reconciled; held, if anything is to be written."""

    ledger: Ledger
    record: RunRecord
    plan: RunPlan
    account: CallingAccount
    context: Context
    write: bool

    async def look_up(self) -> Resolved:
        """Reconciles the lost answers with AICaller's list."""
        async with opened(self.account, home=self.ledger.home, now=self.context.now) as account:
            return await resolve_run(
                self.ledger, self.record, plan=self.plan, account=account, now=self.context.now, write=self.write
            )

    def sendings(self, resolved: Resolved, rows: set[int]) -> list[OpenSending]:
        """Rows that a person may declare not called.

        Raises:
            UsageError: one of them is not unknown, was called within the last two minutes, or calls were found for it.
        """
        return check_not_called(self.ledger, self.record, resolved=resolved, rows=rows)

    def mark_not_called(self, sendings: list[OpenSending]) -> list[int]:
        """Records a person's statement that these were not called: requeues them; returns the rows that moved."""
        return mark_not_called(self.ledger, sendings)

    def write_results(self) -> None:
        """Rewrites the results file, if the run has one. The run must be held.

        Raises:
            UsageError: it cannot be written; what was settled is settled.
        """
        if self.record.results_path:
            path = Path(self.record.results_path)
            refuse_foreign(path)
            write_report(self.ledger, self.record.name, path)


@contextmanager
def run_to_resolve(
    ledger: Ledger, name: str, *, sandbox: bool, write: bool, context: Context
) -> Iterator[RunToResolve]:
    """Prepares the run of that name for reconciling.

    Raises:
        UsageError: there is none, or its calls were made elsewhere.
        BusyError: something is to be written, and another process holds it.
    """
    record = named_run(ledger, name)
    account = account_of_run(record, context, AccountOptions(sandbox))
    plan = plan_of_record(record, rate=None, max_in_flight=None)
    # Without a write nothing can collide with a process that works on the run.
    with ledger.hold(record, call_again_after=plan.call_again_after) if write else nullcontext():
        yield RunToResolve(ledger, record, plan, account, context, write)


async def resolve_run(
    ledger: Ledger,
    record: RunRecord,
    *,
    plan: RunPlan,
    account: Account,
    now: Callable[[], datetime],
    write: bool = True,
    retry_wait: RetryWait = jittered_backoff,
) -> Resolved:
    """Reconciles the run's rows whose answers were lost, and compares all of them with the list.

    Args:
        ledger: with the run in it.
        record: the run; it must be held to `write`.
        plan: of the run.
        account: whose calls are listed.
        now: the wall clock.
        write: settle the rows that were found, and compare.
        retry_wait: when a list that failed is read again.
    """
    has_called = ledger.read.runs.last_claim(record.id) is not None
    if not ledger.read.lost.unknown(record.id) and not (write and has_called):
        return Resolved(LookupResult(), RecentCalls(), counts=ledger.read.rows.count_states(record.id))
    listed = RunAtAccount(ledger=ledger, record=record, plan=plan, account=account, now=now)
    recent = await list_recent(listed, retry_wait=retry_wait)
    settled = settle_unknown(ledger, record, recent, plan=plan, write=write)
    doubts = _doubts(ledger, record, settled=settled, lists=[recent])
    if len(doubts) < len(settled.missing):
        # Some may be offered: what a second reading shows is not missing.
        again = await list_recent(listed, retry_wait=retry_wait)
        settled = _joined(settled, settle_unknown(ledger, record, again, plan=plan, write=write))
        doubts = _doubts(ledger, record, settled=settled, lists=[recent, again])
    compared = compare(ledger, record, recent, plan=plan) if write else Compared()
    return Resolved(
        settled=settled,
        recent=recent,
        compared=compared,
        offered=tuple(sorted(set(settled.missing) - set(doubts))),
        doubts=doubts,
        counts=ledger.read.rows.count_states(record.id),
    )


def check_not_called(ledger: Ledger, record: RunRecord, *, resolved: Resolved, rows: set[int]) -> list[OpenSending]:
    """Rows that a person may declare not called.

    Raises:
        UsageError: one of them is not unknown, was called within the last two minutes, or calls were found for it.
    """
    unknown = {one.row_number: one for one in ledger.read.lost.unknown(record.id)}
    for row in sorted(rows):
        if row in resolved.settled.found:
            call_id, by = resolved.settled.found[row]
            raise UsageError(
                f"row {row} was called: {call_id}, known by {by}", cure=Cure(CureCode.LEAVE_OUT_OF_NOT_CALLED)
            )
        if row in resolved.settled.several:
            ids = ", ".join(resolved.settled.several[row])
            what = f"row {row} was called, more than once as it seems: {ids}"
            raise UsageError(what, cure=Cure(CureCode.LEAVE_OUT_OF_NOT_CALLED))
        if row in unknown and unknown[row].is_duplicate:
            # Also when the list of today shows less than an earlier one.
            what = f"row {row} was called, more than once as it seems"
            raise UsageError(what, cure=Cure(CureCode.LEAVE_OUT_OF_NOT_CALLED))
        if row not in unknown:
            raise UsageError(f"row {row} is not unknown; ", Setting.NOT_CALLED, " is for rows whose answer was lost")
        if (age := ledger.now() - from_text(unknown[row].claimed_at)) < NOT_CALLED_AFTER:
            raise UsageError(
                f"row {row} was on its way {max(0, age // timedelta(seconds=1))} s ago, and its answer may still come; "
                f"say it again {NOT_CALLED_AFTER // timedelta(seconds=1)} s after its call"
            )
    return [unknown[row] for row in sorted(rows)]


def mark_not_called(ledger: Ledger, rows: list[OpenSending]) -> list[int]:
    """Records a person's statement that these were not called: requeues them; returns the rows that moved."""
    who = this_person()
    return [one.row_number for one in rows if ledger.lookups.mark_not_called(one, who=who)]


def _doubts(ledger: Ledger, record: RunRecord, *, settled: LookupResult, lists: list[RecentCalls]) -> dict[int, str]:
    """Row -> why its missing call proves nothing, for the rows without a call in the list."""
    whole = next((_why_incomplete(recent) for recent in lists if _why_incomplete(recent)), None)
    last = ledger.read.runs.last_claim(record.id)
    if whole is None and last is not None and ledger.now() - last < SETTLES_AFTER:
        minutes = SETTLES_AFTER // timedelta(minutes=1)
        whole = f"the run's last call is less than {minutes} minutes ago"
    doubts = {
        row: whole or _why_uncontrolled(ledger, record, one=one, lists=lists) for row, one in settled.missing.items()
    }
    return {row: why for row, why in doubts.items() if why}


def _why_incomplete(recent: RecentCalls) -> str | None:
    if recent.listed.whole:
        return None
    return recent.listed.trouble or "the list speaks of further pages"


def _why_uncontrolled(ledger: Ledger, record: RunRecord, *, one: OpenSending, lists: list[RecentCalls]) -> str | None:
    """A list that shows our calls just before and after one is neither late nor cut there."""
    for word, control in zip(("before", "after"), ledger.read.lost.neighbours(record.id, one.claimed_at), strict=True):
        if control is None:
            return f"the run made no call {word} it by which to tell whether the list is whole there"
        if any(control not in recent.seen for recent in lists):
            return f"the list lacks the run's call just {word} it as well ({control})"
    return None


def _joined(first: LookupResult, second: LookupResult) -> LookupResult:
    return LookupResult(
        found={**first.found, **second.found},
        several=second.several,
        doubtful=second.doubtful,
        missing=second.missing,
        moved=first.moved + second.moved,
    )
