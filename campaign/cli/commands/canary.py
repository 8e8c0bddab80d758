"""`run --canary N`: the first rows made and judged, in words."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass, replace

import anyio

from campaign.aicaller.read_client import ReadingClient
from campaign.cli.commands.follow import lines_of
from campaign.cli.progress import Progress
from campaign.config.outcome_sections import CanarySection
from campaign.config.run_plan import RunPlan
from campaign.config.settings import Account
from campaign.domain.clock import WallClock
from campaign.domain.errors import CampaignError
from campaign.domain.model import Settled
from campaign.domain.stop import Stop, StopCode
from campaign.engine.account import CallingAccount, opened
from campaign.engine.dial_run import Dialing, RunEnd
from campaign.engine.stop import own_stop
from campaign.followup.canary import Canary
from campaign.ledger.queries.runs import RunRecord
from campaign.ledger.store import Ledger
from campaign.presentation.wording import counted, lasting


@dataclass(frozen=True, slots=True)
class CanaryFlags:
    """How many rows go first, within which bounds, and what of it is shown."""

    rows: int
    bounds: CanarySection
    quiet: bool
    verbose: bool
    say: Callable[[str], None]


Dial = Callable[..., AbstractAsyncContextManager[Dialing]]
"""`dial` of the run, all but the account, the stop and the limit given."""


async def fly(
    ledger: Ledger,
    record: RunRecord,
    dialed: Dial,
    *,
    plan: RunPlan,
    place: CallingAccount,
    flags: CanaryFlags,
    stop: anyio.Event,
) -> RunEnd | None:
    """Makes the first calls, waits for their outcomes, and judges them; None when the rest may be called."""
    canary = Canary(flags.bounds)
    async with opened(place, home=ledger.home) as account:
        end = await _first_rows(record, dialed, canary=canary, account=account, flags=flags, stop=stop)
        if end.stop is not None or stop.is_set():
            return end
        lasts = lasting(flags.bounds.wait.total_seconds())
        flags.say(f"canary: waiting for their outcomes, {lasts} at the most")
        clock = WallClock()
        async with ReadingClient(account, now=clock.now) as reader:
            waiting = canary.wait(ledger, record, plan=plan, reader=reader, clock=clock, stop=stop)
            async with aclosing(waiting) as found:
                async for event in found:
                    for line in lines_of(event, verbose=flags.verbose):
                        flags.say(line)
    if stop.is_set():
        return end
    if broken := canary.broken(ledger, record):
        return replace(end, stop=Stop(StopCode.TROUBLE, "the canary did not hold: " + "; ".join(broken)))
    flags.say("canary: within its bounds; the rest is called")
    return None


async def _first_rows(
    record: RunRecord, dialed: Dial, *, canary: Canary, account: Account, flags: CanaryFlags, stop: anyio.Event
) -> RunEnd:
    async with (
        own_stop(stop) as first_stop,
        dialed(account=account, stop=first_stop, limit=flags.rows) as dialing,
    ):
        flags.say(f"canary: {counted(dialing.to_call, 'row')} first")
        with Progress(
            total=dialing.to_call, quiet=flags.quiet, verbose=flags.verbose, left=dialing.time_left
        ) as progress:
            async for event in dialing.events:
                if isinstance(event, Settled):
                    canary.on_event(event)
                progress.on_event(event)
    if dialing.end is None:
        raise CampaignError(f"run {record.name} ended without an account of itself; see: campaign status")
    return dialing.end
