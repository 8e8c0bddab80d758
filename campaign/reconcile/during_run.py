"""Lookups during a run: what `run`, `resume` and `rerun` reconcile before the first call and after the last one."""

from collections.abc import AsyncGenerator, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import anyio

from campaign.aicaller.read_client import RetryWait, jittered_backoff
from campaign.domain.attempt_end import RINGS_NOBODY
from campaign.domain.cures.runs import resume_later
from campaign.domain.errors import AuditError, LedgerError
from campaign.domain.instants import from_text
from campaign.domain.model import RowState
from campaign.domain.stop import Stop
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.runs import RunRecord
from campaign.reconcile.call_list import RecentCalls, RunAtAccount, list_recent
from campaign.reconcile.comparing import compare
from campaign.reconcile.events import (
    AuditIncomplete,
    CallsUnlisted,
    ListAwaited,
    LostAnswersSettled,
    ReconcileEvent,
    WaitingAudited,
)
from campaign.reconcile.foreign_calls import stop_for_foreign_calls
from campaign.reconcile.preflight import LISTS_MAY_LAG, audit_waiting
from campaign.reconcile.settle import LookupResult, settle_unknown

_REFUSED = (401, 402, 403)
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

    async def before(self, run: RunAtAccount, *, stop: anyio.Event) -> AsyncGenerator[ReconcileEvent]:
        """Settles lost answers, and holds back rows that were called by a ledger that knew more than this one.

        A row whose last refusal may have come from a box on the way is not sent before a list can have its call; that
        is waited for, or for `stop`.

        Raises:
            AuditError: the run has called before, and what was done since cannot be told: nothing was sent.
        """
        ledger, record, plan = run.ledger, run.record, run.plan
        waiting = ledger.read.rows.count_waiting(record.id, from_round=0)
        if not waiting and not _unknown(ledger, record):
            return
        if (until := _listed_by(ledger, record)) is not None and (wait := (until - run.now()).total_seconds()) > 0:
            yield ListAwaited(until)
            with anyio.move_on_after(wait):
                await stop.wait()
        recent = await list_recent(run, retry_wait=self.retry_wait)
        for event in await ledger.aside(partial(_reconciled, run, recent)):
            yield event
        if not waiting:
            return
        begun = ledger.read.runs.last_claim(record.id) is not None
        ever = not begun and not self.again
        audited = await ledger.aside(partial(audit_waiting, ledger, record, recent, plan=plan, ever=ever))
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
        ledger, record, now = run.ledger, run.record, run.now
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
                    stop = await ledger.aside(partial(_watched, run, recent, since=since))
                except LedgerError:
                    return None  # The dialling meets the same trouble, and stops for it.
                if stop is not None:
                    return stop
            # A list of a hundred thousand calls takes its time, and must not take all of it.
            pause = max(min(self.every, self.watched_every), _MOST_OF_THE_TIME * (anyio.current_time() - begun))

    async def after(self, run: RunAtAccount) -> AsyncGenerator[ReconcileEvent]:
        """Compares the run's rows with the list, and settles lost answers, as far as the list shows calls already.

        It is read once, also when no answer was lost: only the list shows that a call was made twice.
        """
        recent = await list_recent(run, retry_wait=self.retry_wait)
        if recent.listed.trouble is not None:
            yield CallsUnlisted(_unknown(run.ledger, run.record), recent.listed.trouble)
        for event in await run.ledger.aside(partial(_reconciled, run, recent)):
            yield event


def _listed_by(ledger: Ledger, record: RunRecord) -> datetime | None:
    """When a list has the calls of the run's refusals that a box on the way may have said; None without any."""
    if record.service == RINGS_NOBODY:
        return None  # Nothing is on the way to the stand-in in this process, and its list does not lag.
    ended_at = ledger.read.lost.tries.last_unproved(record.id)
    return None if ended_at is None else from_text(ended_at) + LISTS_MAY_LAG


def _reconciled(run: RunAtAccount, recent: RecentCalls) -> list[ReconcileEvent]:
    settled = settle_unknown(run.ledger, run.record, recent, plan=run.plan)
    compared = compare(run.ledger, run.record, recent, plan=run.plan).event
    return [*_settled(settled, recent), *([] if compared is None else [compared])]


def _watched(run: RunAtAccount, recent: RecentCalls, *, since: datetime) -> Stop | None:
    settle_unknown(run.ledger, run.record, recent, plan=run.plan)
    return stop_for_foreign_calls(run.ledger, run.record, recent, plan=run.plan, since=since)


def _settled(settled: LookupResult, recent: RecentCalls) -> Iterator[LostAnswersSettled]:
    left = settled.left if recent.listed.trouble is None else None
    if settled.found or settled.several or left:
        yield LostAnswersSettled(_rows(settled.found), _rows(settled.several), left, recent.listed.entries)


def _unknown(ledger: Ledger, record: RunRecord) -> int:
    return ledger.read.rows.count_states(record.id).get(RowState.UNKNOWN, 0)


def _rows(numbers: Collection[int]) -> tuple[int, ...]:
    return tuple(sorted(numbers))
