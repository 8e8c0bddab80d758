"""What `run`, `resume` and `rerun` look up by themselves: before the first call, and when the last one has ended."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import anyio

from campaign.aicaller.read_client import RetryWait, jittered_backoff
from campaign.config.run_plan import RunPlan
from campaign.config.settings import Account
from campaign.domain.errors import AuditError, LedgerError
from campaign.domain.instants import from_text
from campaign.domain.model import RowState
from campaign.ledger.queries.runs import RunRecord, count_states, count_waiting, last_claim
from campaign.ledger.queries.unsettled import unknown_rows
from campaign.ledger.store import Ledger
from campaign.reconcile.call_list import RecentCalls, list_recent
from campaign.reconcile.preflight import Audited, audit_waiting
from campaign.reconcile.settle import Settled, settle_unknown

_REFUSED = (401, 403)
_ROWS_SHOWN = 20
_MOST_OF_THE_TIME = 20.0
WORTH_LOOKING_FOR = timedelta(minutes=15)
"""How long after the last lost answer a run goes on looking; whatever is left is looked up at its end."""


@dataclass(frozen=True, slots=True)
class LookUps:
    """The lookups of one dialling.

    Attributes:
        say: gets one line at a time for the user.
        again: the user asked for a new run of what was run before: only `call_again_after` holds.
        every: seconds between two looks while the run goes on and answers are lost.
        retry_wait: when a list that failed is read again.
    """

    say: Callable[[str], None]
    again: bool = False
    every: float = 30.0
    retry_wait: RetryWait = jittered_backoff

    async def before(
        self, ledger: Ledger, record: RunRecord, *, plan: RunPlan, account: Account, now: Callable[[], datetime]
    ) -> None:
        """Settles lost answers, and keeps back who was called by a ledger that knew more than this one.

        Raises:
            AuditError: the run has called before, and what was done since cannot be told: nothing was sent.
        """
        waiting = count_waiting(ledger.reading, record.id, from_round=0)
        if not waiting and not _unknown(ledger, record):
            return
        recent = await self._list(ledger, record, plan=plan, account=account, now=now)
        self._tell_settled(settle_unknown(ledger, record, recent, plan=plan), recent)
        if not waiting:
            return
        begun = last_claim(ledger.reading, record.id) is not None
        audited = audit_waiting(ledger, record, recent, plan=plan, ever=not begun and not self.again)
        self._tell_audited(audited)
        if audited.gap is None:
            return
        if begun:
            raise AuditError(
                f"{audited.gap}; whether others of its rows were called since is not known, so nothing was sent; go on "
                f"later with: campaign resume {record.name} (--no-audit goes on without looking)",
                refused=recent.listed.status in _REFUSED,
            )
        self.say(f"{audited.gap}; calls that this ledger does not know of would not be noticed")

    async def during(
        self, ledger: Ledger, record: RunRecord, *, plan: RunPlan, account: Account, now: Callable[[], datetime]
    ) -> None:
        """Settles lost answers while the run goes on, until cancelled: a list may show the newest calls only."""
        pause = self.every
        while True:
            await anyio.sleep(pause)
            begun = anyio.current_time()
            lost = unknown_rows(ledger.reading, record.id)
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
    ) -> None:
        """Settles what was lost in this dialling, as far as the list shows it already."""
        if not (unknown := _unknown(ledger, record)):
            return
        recent = await self._list(ledger, record, plan=plan, account=account, now=now)
        if recent.listed.trouble is not None:
            self.say(f"{unknown} unknown: AICaller's calls could not be listed: {recent.listed.trouble}")
        self._tell_settled(settle_unknown(ledger, record, recent, plan=plan), recent)

    async def _list(
        self, ledger: Ledger, record: RunRecord, *, plan: RunPlan, account: Account, now: Callable[[], datetime]
    ) -> RecentCalls:
        return await list_recent(ledger, record, plan=plan, account=account, now=now, retry_wait=self.retry_wait)

    def _tell_settled(self, settled: Settled, recent: RecentCalls) -> None:
        if settled.found:
            self.say(
                f"looked up: {len(settled.found)} lost answers found, created after all (rows {_rows(settled.found)})"
            )
        if settled.several:
            self.say(f"looked up: DUPLICATE AT SERVER: more than one call fits rows {_rows(settled.several)}")
        if settled.left and recent.listed.trouble is None:
            self.say(f"looked up: {settled.left} stay unknown among {recent.listed.entries} listed calls")

    def _tell_audited(self, audited: Audited) -> None:
        unknown_here = "by calls that this ledger did not know"
        if audited.made:
            self.say(f"audit: {len(audited.made)} rows were called already, {unknown_here}: created, not sent again")
        if audited.several:
            self.say(f"audit: DUPLICATE AT SERVER: rows {_rows(audited.several)} were called more than once: not sent")
        if audited.skipped:
            self.say(
                f"audit: {len(audited.skipped)} rows skipped, called {unknown_here} (rows {_rows(audited.skipped)})"
            )


def _unknown(ledger: Ledger, record: RunRecord) -> int:
    return count_states(ledger.reading, record.id).get(RowState.UNKNOWN, 0)


def _rows(numbers: Collection[int]) -> str:
    shown = ", ".join(str(number) for number in sorted(numbers)[:_ROWS_SHOWN])
    return f"{shown}, ..." if len(numbers) > _ROWS_SHOWN else shown
