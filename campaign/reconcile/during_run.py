"""Lookups during a run: what `run`, `resume` and `rerun` reconcile before the first call and after the last one."""

from collections.abc import AsyncGenerator, Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta

import anyio

from campaign.aicaller.read_client import RetryWait, jittered_backoff
from campaign.domain.cures.runs import resume_later
from campaign.domain.errors import AuditError, LedgerError
from campaign.domain.instants import from_text
from campaign.domain.model import RowState
from campaign.domain.stop import Stop
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.runs import RunRecord
from campaign.reconcile.call_list import RecentCalls, RunAtAccount, list_recent
from campaign.reconcile.events import AuditIncomplete, CallsUnlisted, LostAnswersSettled, ReconcileEvent, WaitingAudited
from campaign.reconcile.foreign_calls import stop_for_foreign_calls
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
        watched_every: seconds between two looks for calls of somebody else to people of this run.
        retry_wait: when a list that failed is read again.
    """

    again: bool = False
    every: float = 30.0
    watched_every: float = 60.0
    retry_wait: RetryWait = jittered_backoff

    async def before(self, run: RunAtAccount) -> AsyncGenerator[ReconcileEvent]:
        """Settles lost answers, and holds back rows that were called by a ledger that knew more than this one.

        Raises:
            AuditError: the run has called before, and what was done since cannot be told: nothing was sent.
        """
        ledger, record, plan = run.ledger, run.record, run.plan
        waiting = ledger.read.rows.count_waiting(record.id, from_round=0)
        if not waiting and not _unknown(ledger, record):
            return
        recent = await list_recent(run, retry_wait=self.retry_wait)
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

    async def during(self, run: RunAtAccount) -> Stop | None:
        """Settles lost answers during the run, and watches for calls of others, until cancelled or one is found."""
        ledger, record, plan, now = run.ledger, run.record, run.plan, run.now
        since = now()
        pause, listed_at = min(self.every, self.watched_every), anyio.current_time()
        while True:
            await anyio.sleep(pause)
            begun = anyio.current_time()
            lost = ledger.read.lost.unknown(record.id)
            fresh = bool(lost) and now() - from_text(lost[-1].claimed_at) < WORTH_LOOKING_FOR
            if fresh or begun - listed_at >= self.watched_every:
                listed_at = begun
                recent = await list_recent(run, retry_wait=self.retry_wait)
                try:
                    settle_unknown(ledger, record, recent, plan=plan)
                    stop = stop_for_foreign_calls(ledger, record, recent, plan=plan, since=since)
                except LedgerError:
                    return None  # The dialling meets the same trouble, and stops for it.
                if stop is not None:
                    return stop
            # A list of a hundred thousand calls takes its time, and must not take all of it.
            pause = max(min(self.every, self.watched_every), _MOST_OF_THE_TIME * (anyio.current_time() - begun))

    async def after(self, run: RunAtAccount) -> AsyncGenerator[ReconcileEvent]:
        """Settles answers that were lost in this dialling, as far as the list shows their calls already."""
        ledger, record, plan = run.ledger, run.record, run.plan
        if not (unknown := _unknown(ledger, record)):
            return
        recent = await list_recent(run, retry_wait=self.retry_wait)
        if recent.listed.trouble is not None:
            yield CallsUnlisted(unknown, recent.listed.trouble)
        for event in _settled(settle_unknown(ledger, record, recent, plan=plan), recent):
            yield event


def _settled(settled: LookupResult, recent: RecentCalls) -> Iterator[LostAnswersSettled]:
    left = settled.left if recent.listed.trouble is None else None
    if settled.found or settled.several or left:
        yield LostAnswersSettled(_rows(settled.found), _rows(settled.several), left, recent.listed.entries)


def _unknown(ledger: Ledger, record: RunRecord) -> int:
    return ledger.read.rows.count_states(record.id).get(RowState.UNKNOWN, 0)


def _rows(numbers: Collection[int]) -> tuple[int, ...]:
    return tuple(sorted(numbers))
