"""Live pace: applies a change of pace, or a stop, from the ledger to a running run within a second."""

from collections.abc import Callable

import anyio
from anyio.streams.memory import MemoryObjectSendStream

from campaign.config.run_plan import RunPlan, faster
from campaign.domain.stop import Stop
from campaign.engine.pacing.rate_limiter import RateLimiter
from campaign.engine.pacing.run_control import wanted_stop
from campaign.engine.pool import Pool
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.port.session import AccountLedger
from campaign.ledger.records.runs import RunRecord
from campaign.timing.account_rate import AccountPace
from campaign.timing.pace import PaceChange, asked_for


class PaceKeeper:
    """Keeps a pool at the pace that the ledger holds, whichever process changes it."""

    def __init__(
        self,
        ledger: Ledger,
        record: RunRecord,
        *,
        plan: RunPlan,
        account: AccountLedger,
        rate_limiter: RateLimiter,
        pool: Pool,
        replanned: Callable[[RunPlan], None],
    ) -> None:
        """Stores the plan's pace with the run, so that the ledger is the only truth; calls `replanned` on a change.

        Raises:
            LedgerError: the ledger cannot be written.
        """
        self._ledger, self._record, self._account = ledger, record, account
        self._rate_limiter, self._pool = rate_limiter, pool
        self._plan, self._written = plan, record.plan
        self._replanned = replanned
        if _pace(RunPlan.model_validate_json(record.plan)) != _pace(plan):
            change = at_pace(rate=plan.calls_per_second, max_in_flight=plan.max_in_flight)
            self._written = ledger.replan(record.id, change)

    async def run(self, *, stop: anyio.Event, changes: MemoryObjectSendStream[PaceChange], every: float) -> None:
        """Reads the pace from the ledger at intervals of `every` seconds, until the run stops."""
        while not stop.is_set():
            with anyio.move_on_after(every):
                await stop.wait()
                return
            try:
                await self._look(changes)
            except Exception:  # noqa: BLE001, S112 - a look must not cancel a call; the next claim meets the ledger's error too
                continue

    async def _look(self, changes: MemoryObjectSendStream[PaceChange]) -> None:
        pace, wanted, written = await self._ledger.aside(self._stored)
        # While all workers wait, none of them would notice a pause of another process, or its end.
        self._rate_limiter.learn(pace)
        if wanted is not None:
            self._pool.stop_for(wanted)
        if written == self._written:
            return
        before, self._written = self._plan, written
        self._plan = RunPlan.model_validate_json(written)
        if _pace(self._plan) != _pace(before):
            self._rate_limiter.change(self._plan.calls_per_second)
            self._pool.allow(self._plan.max_in_flight)
            self._replanned(self._plan)
            changes.send_nowait(PaceChange(f"pace: {asked_for(self._plan)}", by_person=True))

    def _stored(self) -> tuple[AccountPace, Stop | None, str]:
        plan = named_run(self._ledger, self._record.name).plan
        return self._account.look(), wanted_stop(self._ledger, self._record), plan


def at_pace(*, rate: float | None, max_in_flight: int | None) -> Callable[[str], str]:
    """A function that makes the stored plan of a run into the plan at another pace."""

    def change(written: str) -> str:
        plan = RunPlan.model_validate_json(written)
        return faster(plan, rate=rate, max_in_flight=max_in_flight).model_dump_json()

    return change


def _pace(plan: RunPlan) -> tuple[float, int]:
    return plan.calls_per_second, plan.max_in_flight
