"""Looks up the calls of a run that are due, for a bounded time: none that is still on its way is waited for."""

from collections import Counter
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import anyio

from campaign.config.run_plan import RunPlan
from campaign.engine.account import CallingAccount
from campaign.engine.stop import StopRequest
from campaign.followup.clock import Clock
from campaign.followup.follow import Following
from campaign.followup.poll_interval import FIRST_LOOK_AFTER
from campaign.followup.session import FollowFlags, following
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.outcomes import Looked
from campaign.ledger.records.runs import RunRecord

AT_MOST = timedelta(minutes=5)
"""For all that is looked up before calls are made: they wait for it."""
_POLLS_PER_SECOND = 5.0


@dataclass(frozen=True, slots=True)
class LookUp:
    """What looking calls up needs beside the run.

    Attributes:
        until: when it ends at the latest.
        stop: ends it before.
    """

    account: CallingAccount
    environment: Mapping[str, str]
    clock: Clock
    until: datetime
    stop: StopRequest


async def look_up_due(ledger: Ledger, record: RunRecord, *, look: LookUp) -> Counter[str]:
    """Looks up the run's calls that are due by now; counts those `looked` at, and those that led to an opt-out.

    Raises:
        LedgerError: the ledger or its disk is in trouble.
    """
    found, stop = Counter[str](), anyio.Event()
    plan = RunPlan.model_validate_json(record.plan)
    results = Path(record.results_path)
    flags = FollowFlags(plan=plan, watch=False, deadline=look.until, rate=_POLLS_PER_SECOND, results=results)
    with look.stop.heard() as asked:
        async with (
            anyio.create_task_group() as tasks,
            following(
                ledger,
                record,
                flags=flags,
                place=look.account,
                clock=look.clock,
                stop=stop,
                environment=look.environment,
            ) as session,
        ):
            tasks.start_soon(_pass_on, asked, stop)
            # By seconds as well: a wall clock that is set back meanwhile would not let the deadline come.
            with anyio.move_on_after(AT_MOST.total_seconds()):
                await _while_due(ledger, record, session, found=found, stop=stop, clock=look.clock)
            tasks.cancel_scope.cancel()
    return found


def is_due(ledger: Ledger, record: RunRecord, *, at: datetime) -> bool:
    """Whether a call of the run is due to be looked up."""
    return bool(ledger.read.outcomes.due(record.id, at=at, first_after=FIRST_LOOK_AFTER, most=1))


async def _while_due(
    ledger: Ledger, record: RunRecord, session: Following, *, found: Counter[str], stop: anyio.Event, clock: Clock
) -> None:
    async with aclosing(session.events()) as events:
        async for event in events:
            if isinstance(event, Looked):
                found["looked"] += 1
                found["suppressed"] += event.suppressed
            if not is_due(ledger, record, at=clock.now()):
                stop.set()


async def _pass_on(asked: anyio.Event, stop: anyio.Event) -> None:
    await asked.wait()
    stop.set()
