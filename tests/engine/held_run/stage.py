"""A run, a stand-in, and a clock that is told; and all that comes out of a dialling."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import anyio
from pydantic import SecretStr

from campaign.config.outcome_sections import CanarySection
from campaign.config.settings import SANDBOX_SERVICE, Account
from campaign.engine.dial_held_run import dial_held_run
from campaign.engine.dial_order import DialOrder
from campaign.engine.events import DialEvent
from campaign.engine.requeue import requeue_nothing
from campaign.engine.run_end import DialingEnd
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.store import Ledger
from campaign.preparation.plan.continue_run import plan_of_record
from campaign.reconcile.during_run import RunLookups
from campaign.sandbox.calls import Fate
from campaign.sandbox.faults.table import FAULTS, Fault, FaultPlan
from campaign.sandbox.list_endings import Listing
from campaign.sandbox.server import SandboxConfig, serve
from tests.followup.day import Day, DayClock

PEOPLE = tuple(f"+121255501{number:02d}" for number in range(6))
BOUNDS = CanarySection(refused=0.0, failed=0.4, do_not_call=0.0, wait=timedelta(minutes=10))


@dataclass(frozen=True, slots=True)
class Refusing(FaultPlan):
    """The first so many POSTs are refused."""

    count: int = 0

    def at(self, number: int) -> Fault | None:
        return FAULTS["422"] if number < self.count else None


@asynccontextmanager
async def a_stage(
    folder: Path,
    ledger: Ledger,
    clock: DayClock,
    *,
    script: dict[str, Sequence[Fate]] | None = None,
    faults: FaultPlan | None = None,
    listing: Listing | None = None,
    latency: float = 0.0,
) -> AsyncIterator[Day]:
    config = SandboxConfig(
        clock=clock.seconds,
        script=script or {},
        faults=faults or FaultPlan(),
        listing=listing or Listing(),
        latency=latency,
    )
    async with serve(config) as sandbox:
        account = Account(api_key=SecretStr("sandbox"), base_url=sandbox.base_url, service=SANDBOX_SERVICE)
        yield Day(folder, ledger, clock, sandbox, account)
    assert not sandbox.bugs


def order_for(day: Day, record: RunRecord) -> DialOrder:
    """As `campaign run` and `campaign resume` give it, but for the account."""
    return DialOrder(
        plan=plan_of_record(record, rate=None, max_in_flight=None),
        account=day.account,
        secret=str,
        results=day.results(record),
        requeue=requeue_nothing,
        look_ups=RunLookups(),
    )


async def dialled(day: Day, record: RunRecord, *, order: DialOrder, stop: anyio.Event | None = None) -> list[DialEvent]:
    """All events, to the end."""
    async with dial_held_run(day.ledger, record, order=order, now=day.clock.now, stop=stop or anyio.Event()) as dialing:
        return [event async for event in dialing.events]


def kinds(events: Sequence[DialEvent]) -> list[type]:
    """In their order; endings that follow each other are one."""
    found = list[type]()
    for event in events:
        if found[-1:] != [type(event)]:
            found.append(type(event))
    return found


def end_of(events: Sequence[DialEvent]) -> DialingEnd:
    assert isinstance(events[-1], DialingEnd)
    return events[-1]
