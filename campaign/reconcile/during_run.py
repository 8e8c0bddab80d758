"""Lookups during a run: what `run`, `resume` and `rerun` reconcile before the first call and after the last one."""

from collections.abc import AsyncGenerator, Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import anyio

from campaign.aicaller.read_client import RetryWait, jittered_backoff
from campaign.config.run_plan import RunPlan
from campaign.config.settings import Account
from campaign.domain.cures.runs import resume_later
from campaign.domain.errors import AuditError, LedgerError
from campaign.domain.instants import from_text
from campaign.domain.model import RowState
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.runs import RunRecord
from campaign.reconcile.call_list import RecentCalls, list_recent
from campaign.reconcile.events import AuditIncomplete, CallsUnlisted, LostAnswersSettled, ReconcileEvent, WaitingAudited
from campaign.reconcile.preflight import audit_waiting
from campaign.reconcile.settle import LookupResult, settle_unknown

_REFUSED = (401, 403)
_MOST_OF_THE_TIME = 20.0
WORTH_LOOKING_FOR = timedelta(minutes=15)
"""How long after the last lost answer a run goes on looking; whatever is left is looked up at its end."""


@dataclass(frozen=True, slots=True)
class RunLookups:
    """The lookups of one dialling.

    Attributes:
        again: the user asked for a new run of what was run before: only `call_again_after` holds.
        every: seconds between two looks while the run goes on and answers are lost.
        retry_wait: when a list that failed is read again.
    """

    again: bool = False
    every: float = 30.0
    retry_wait: RetryWait = jittered_backoff

    async def before(
        self, ledger: Ledger, record: RunRecord, *, plan: RunPlan, account: Account, now: Callable[[], datetime]
    ) -> AsyncGenerator[ReconcileEvent]:
        """Settles lost answers, and holds back rows that were called by a ledger that knew more than this one.

        Raises:
            AuditError: the run has called before, and what was done since cannot be told: nothing was sent.
        """
        waiting = ledger.read.rows.count_waiting(record.id, from_round=0)
        if not waiting and not _unknown(ledger, record):
            return
        recent = await self._list(ledger, record, plan=plan, account=account, now=now)
        for event in _settled(settle_unknown(ledger, record, recent, plan=plan), recent):
            yield event
        if not waiting:
            return
        begun = ledger.read.runs.last_claim(record.id) is not None
        audited = audit_waiting(ledger, record, recent, plan=plan, ever=not begun and not self.again)
        if audited.made or audited.several or audited.skipped:
            yield WaitingAudited(_rows(audited.made), _rows(audited.several), _rows(audited.skipped))
        if audited.gap is None:
            return
        if begun:
            raise AuditError(
                f"{audited.gap}; whether others of its rows were called since is not known, so nothing was sent",
                cure=resume_later(record.name),
                refused=recent.listed.status in _REFUSED,
            )
        yield AuditIncomplete(audited.gap)

    async def during(
        self, ledger: Ledger, record: RunRecord, *, plan: RunPlan, account: Account, now: Callable[[], datetime]
    ) -> None:
        """Settles lost answers during the run, until cancelled: a list may show only the newest calls."""
        pause = self.every
        while True:
            await anyio.sleep(pause)
            begun = anyio.current_time()
            lost = ledger.read.lost.unknown(record.id)
            if lost and now() - from_text(lost[-1].claimed_at) < WORTH_LOOKING_FOR:
                recent = await self._list(ledger, record, plan=plan, account=account, now=now)
                try:
                    settle_unknown(ledger, record, recent, plan=plan)
                except LedgerError:
                    return  # The dialling meets the same trouble, and stops for it.
            # A list of a hundred thousand calls takes its time, and must not take all of it.
            pause = max(self.every, _MOST_OF_THE_TIME * (anyio.current_time() - begun))

    async def after(
        self, ledger: Ledger, record: RunRecord, *, plan: RunPlan, account: Account, now: Callable[[], datetime]
    ) -> AsyncGenerator[ReconcileEvent]:
        """Settles answers that were lost in this dialling, as far as the list shows their calls already."""
        if not (unknown := _unknown(ledger, record)):
            return
        recent = await self._list(ledger, record, plan=plan, account=account, now=now)
        if recent.listed.trouble is not None:
            yield CallsUnlisted(unknown, recent.listed.trouble)
        for event in _settled(settle_unknown(ledger, record, recent, plan=plan), recent):
            yield event

    async def _list(
        self, ledger: Ledger, record: RunRecord, *, plan: RunPlan, account: Account, now: Callable[[], datetime]
    ) -> RecentCalls:
        return await list_recent(ledger, record, plan=plan, account=account, now=now, retry_wait=self.retry_wait)


def _settled(settled: LookupResult, recent: RecentCalls) -> Iterator[LostAnswersSettled]:
    left = settled.left if recent.listed.trouble is None else None
    if settled.found or settled.several or left:
        yield LostAnswersSettled(_rows(settled.found), _rows(settled.several), left, recent.listed.entries)


def _unknown(ledger: Ledger, record: RunRecord) -> int:
    return ledger.read.rows.count_states(record.id).get(RowState.UNKNOWN, 0)


def _rows(numbers: Collection[int]) -> tuple[int, ...]:
    return tuple(sorted(numbers))
