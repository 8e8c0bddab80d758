"""A run as it is every day, only on a virtual clock: its own pace of looking, look-ups, results file and polls by HTTP.

What a rehearsal leaves out to be fast is here, so that the two can be compared.
"""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import anyio
from pydantic import SecretStr

from campaign.config.settings import Account
from campaign.domain.cures import Wording
from campaign.engine.account import CallingAccount
from campaign.engine.pacing.virtual_loop import run_in_virtual_time
from campaign.followup.clock import WallClock
from campaign.followup.session import FollowFlags, following
from campaign.intake.files.read_options import Choices
from campaign.preparation.questions import NO_ANSWERS
from campaign.sandbox.config import SandboxConfig
from campaign.sandbox.faults.table import FaultPlan
from campaign.sandbox.server import serve_in_process
from campaign.usecases.dialling.ready_run import AccountOptions, DialOptions, ReadyRun
from campaign.usecases.dialling.rehearsal.rehearse import Rehearsal, RehearsalOptions, open_rehearsal
from campaign.usecases.dialling.run_questions import GivenAnswers
from campaign.usecases.dialling.run_sheet import load_sheet
from campaign.usecases.dialling.sheet_run_plan import SheetRunOptions


class Surroundings:
    """What a use case needs of a front."""

    def __init__(self, home: Path, *, at: datetime) -> None:
        self._at, self.environment = at, {"CAMPAIGN_HOME": str(home)}

    def now(self) -> datetime:
        return self._at

    @property
    def wording(self) -> Wording:
        return str


def options(sheet: Path, template: Path, *, seed: int, polls_per_second: float = 1.0) -> RehearsalOptions:
    dial = DialOptions(AccountOptions(sandbox=True), None, None, None, None, audit=True)
    run = SheetRunOptions(sheet, template, None, None, None, None, None, again=False, dial=dial)
    return RehearsalOptions(run, fault=None, seed=seed, latency=0.3, polls_per_second=polls_per_second)


def published(rehearsal: Rehearsal) -> ReadyRun:
    """The rehearsal's run, agreed to."""
    said = GivenAnswers(NO_ANSWERS, agreed=True)
    with load_sheet(
        rehearsal.ledger, rehearsal.run, choices=Choices(), answers=NO_ANSWERS, context=rehearsal.context
    ) as loaded:
        return loaded.publish(said)


def last_ring_of_everyday(asked: RehearsalOptions, surroundings: Surroundings, *, faults: FaultPlan) -> datetime:
    """When the last phone rings in a run of this sheet that meets other faults."""
    with open_rehearsal(asked, context=surroundings) as rehearsal:
        ready = published(rehearsal)
        return run_in_virtual_time(
            partial(_dialled_and_followed, rehearsal, ready, faults=faults), clock=rehearsal.context.clock
        )


async def _dialled_and_followed(rehearsal: Rehearsal, ready: ReadyRun, *, faults: FaultPlan) -> datetime:
    now, stop = rehearsal.context.now, anyio.Event()
    config = SandboxConfig(
        faults=faults,
        latency=rehearsal.options.latency,
        clock=lambda: now().timestamp(),
        seed=rehearsal.options.seed,
    )
    async with serve_in_process(config) as (sandbox, connect):
        service = rehearsal.run.account.service
        account = Account(api_key=SecretStr("everyday"), base_url=sandbox.base_url, service=service, connect=connect)
        dialled = replace(ready, order=replace(ready.order, account=account))
        async with dialled.dial(stop=stop) as dialing:
            async for _ in dialing.events:
                pass
        flags = FollowFlags(
            plan=ready.order.plan,
            watch=True,
            deadline=None,
            rate=rehearsal.options.polls_per_second,
            results=ready.order.results,
        )
        async with following(
            rehearsal.ledger,
            ready.record,
            flags=flags,
            place=CallingAccount(service, account=account, faults=FaultPlan()),
            clock=WallClock(now),
            stop=stop,
            environment={},
        ) as follow:
            async for _ in follow.events():
                pass
        return max(datetime.fromtimestamp(max(call.created_at, call.due_at), UTC) for call in sandbox.calls)
