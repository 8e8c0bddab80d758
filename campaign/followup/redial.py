"""Calling again whom the outcome rules want to be called again: due rows are brought back and dialled in one hold.

hold the run --> bring back --> leave out whom another run called since --> dial, at the run's own pace
"""

from collections.abc import AsyncGenerator, Callable
from datetime import datetime, timedelta
from pathlib import Path

import anyio

from campaign.config.run_plan import RunPlan
from campaign.config.settings import Account
from campaign.domain.errors import BusyError
from campaign.domain.model import Settled
from campaign.domain.stop import Stop
from campaign.engine.dial_run import dial
from campaign.engine.stop import own_stop
from campaign.followup.due_rows import BroughtBack, bring_back, look_ahead, next_due
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.session import HeldRun
from campaign.ledger.records.runs import RunRecord

RedialEvent = BroughtBack | Settled
"""Rows that were brought back; what became of the new call of one of them."""

_BUSY = timedelta(seconds=30)
# Rows that were put back once, by a rerun or an outcome; those that never had a call are for `resume`.
_REQUEUED = 1


class Redialing:
    """Makes the calls of one run again.

    Attributes:
        next_due: when there is something to do next, as far as was known at the last look; None when nothing is.
        stopped: why its last dialling stopped itself, if it did.
    """

    def __init__(
        self,
        ledger: Ledger,
        record: RunRecord,
        *,
        plan: RunPlan,
        account: Account,
        secret: Callable[[str], str],
        now: Callable[[], datetime],
        results: Path,
    ) -> None:
        """As for `dial`."""
        self.next_due: datetime | None = None
        self.stopped: Stop | None = None
        self._ledger, self._record, self._plan, self._account = ledger, record, plan, account
        self._secret, self._now, self._results = secret, now, results

    async def events(self, *, at: datetime, stop: anyio.Event) -> AsyncGenerator[RedialEvent]:
        """Brings back those that are due at this moment, and dials them; nothing when another process holds the run."""
        # Without a hold first: to hold a run for nothing, every few minutes of a watch, would keep others from it.
        free, account = look_ahead(self._ledger, self._record, plan=self._plan, at=at)
        if not free and not self._waiting():
            self.next_due = next_due(self._ledger, self._record, brought=account, at=at)
            return
        limits = (self._plan.call_again_after, self._plan.calls_per_person_per_day)
        try:
            with self._ledger.hold(self._record, call_again_after=limits[0], most_per_day=limits[1]) as held:
                brought = bring_back(self._ledger, self._record, plan=self._plan, at=at)
                self.next_due = next_due(self._ledger, self._record, brought=brought, at=at)
                self._ledger.leave_to_later_runs(self._record)
                if brought.rows:
                    yield brought
                async for settled in self._dialled(held, stop=stop):
                    yield settled
        except BusyError:
            self.next_due = at + _BUSY

    def _waiting(self) -> int:
        return self._ledger.read.rows.count_waiting(self._record.id, from_round=_REQUEUED)

    async def _dialled(self, held: HeldRun, *, stop: anyio.Event) -> AsyncGenerator[Settled]:
        if not self._waiting():
            return
        async with (
            own_stop(stop) as stop_of_this,
            dial(
                self._ledger,
                self._record,
                plan=self._plan,
                account=self._account,
                secret=self._secret,
                now=self._now,
                stop=stop_of_this,
                results=self._results,
                held=held,
                from_round=_REQUEUED,
            ) as dialing,
        ):
            async for event in dialing.events:
                if isinstance(event, Settled):
                    yield event
        self.stopped = dialing.end.stop if dialing.end is not None else None
