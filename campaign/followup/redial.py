"""Redial: requeues the rows that the outcome rules want called again, and dials them under one lock of the run.

hold the run --> requeue --> leave out whom another run called since --> dial, at the run's own pace
"""

from collections.abc import AsyncGenerator, Callable
from datetime import datetime, timedelta
from pathlib import Path

import anyio

from campaign.config.run_plan import RunPlan
from campaign.config.settings import Account
from campaign.domain.errors import BusyError, ClockError
from campaign.domain.model import Settled
from campaign.domain.stop import Stop, StopCode
from campaign.engine.dial_held_run import dial_held_run
from campaign.engine.dial_order import EVERYDAY, DialOrder, Upkeep
from campaign.engine.events import DialEvent, DueRequeued
from campaign.engine.requeue import REQUEUED
from campaign.engine.run_end import DialingEnd
from campaign.followup.due_rows import RequeueDue, look_ahead, next_due
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.runs import RunRecord

RedialEvent = DueRequeued | Settled
"""Rows that were requeued; what became of the new call of one of them."""

_BUSY = timedelta(seconds=30)


class Redialing:
    """Makes due calls of one run again.

    Attributes:
        next_due: when there is something to do next, as far as was known at the last look; None when nothing is.
        stopped: why its last dialling stopped itself, if it did.
    """

    def __init__(  # noqa: PLR0913 - the parts that meet here
        self,
        ledger: Ledger,
        record: RunRecord,
        *,
        plan: RunPlan,
        account: Account,
        secret: Callable[[str], str],
        now: Callable[[], datetime],
        results: Path,
        trust_clock: bool = False,
        upkeep: Upkeep = EVERYDAY,
    ) -> None:
        """Arguments as for `dial_held_run`."""
        self.next_due: datetime | None = None
        self.stopped: Stop | None = None
        self._ledger, self._record, self._plan, self._account = ledger, record, plan, account
        self._secret, self._now, self._results, self._trust_clock = secret, now, results, trust_clock
        self._upkeep = upkeep

    async def events(self, *, at: datetime, stop: anyio.Event) -> AsyncGenerator[RedialEvent]:
        """Requeues the rows due at this moment and dials them; nothing when another process holds the run."""
        # Look first without the lock: locking a run for nothing, every few minutes, would block other processes.
        free, account = look_ahead(self._ledger, self._record, plan=self._plan, at=at)
        if not free and not self._ledger.read.rows.count_waiting(self._record.id, from_round=REQUEUED):
            self.next_due = next_due(self._ledger, self._record, account=account, at=at)
            return
        order = DialOrder(
            plan=self._plan,
            account=self._account,
            secret=self._secret,
            results=self._results,
            requeue=RequeueDue(self._plan, at=at, from_round=REQUEUED),
            look_ups=None,
            trust_clock=self._trust_clock,
            upkeep=self._upkeep,
        )
        try:
            async with dial_held_run(self._ledger, self._record, order=order, now=self._now, stop=stop) as dialing:
                async for event in dialing.events:
                    if (found := self._noted(event, at=at)) is not None:
                        yield found
        except BusyError:
            self.next_due = at + _BUSY
        except ClockError as error:
            self.stopped = Stop(StopCode.TROUBLE, str(error))

    def _noted(self, event: DialEvent, *, at: datetime) -> RedialEvent | None:
        """Records an event; returns it if a follower wants to see it."""
        match event:
            case DueRequeued():
                self.next_due = next_due(self._ledger, self._record, account=event, at=at)
                return event if event.rows else None
            case Settled():
                return event
            case DialingEnd():
                self.stopped = event.stop
        return None
