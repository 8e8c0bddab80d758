"""Follow session of one run: joins account, reader, poller and, with watch, redialling."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import anyio

from campaign.aicaller.read_client import ReadingClient
from campaign.config.run_plan import RunPlan, secrets_of
from campaign.domain.errors import BusyError
from campaign.engine.account import CallingAccount, opened
from campaign.engine.dial_order import EVERYDAY, Upkeep
from campaign.engine.results_file import result_columns
from campaign.export.csv import write_results
from campaign.followup.clock import Clock
from campaign.followup.follow import Following, Tempo
from campaign.followup.poller import CallReader, Poller
from campaign.followup.redial import Redialing
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.runs import RunRecord


@dataclass(frozen=True, slots=True)
class FollowFlags:
    """How a run is followed.

    Attributes:
        plan: the run's.
        watch: stay on, and make calls again that are due.
        deadline: when to end at the latest; None for never.
        rate: polls per second.
        results: the results file.
        trust_clock: retries are made by our clock, whatever AICaller's says.
        tempo: how often there is something to do; None for that of every day.
        upkeep: of the dialling of retries.
    """

    plan: RunPlan
    watch: bool
    deadline: datetime | None
    rate: float
    results: Path
    trust_clock: bool = False
    tempo: Tempo | None = None
    upkeep: Upkeep = EVERYDAY


@asynccontextmanager
async def following(
    ledger: Ledger,
    record: RunRecord,
    *,
    flags: FollowFlags,
    place: CallingAccount,
    clock: Clock,
    stop: anyio.Event,
    environment: Mapping[str, str],
    reader: CallReader | None = None,
) -> AsyncIterator[Following]:
    """A following that is ready to be iterated; `reader` reads calls, None for the account's own client.

    Raises:
        UsageError: a webhook's secret is not set any more.
    """
    # Checked at the start: a watch must not fail at three in the morning.
    secrets = secrets_of(flags.plan, environment) if flags.watch else {}
    async with (
        opened(place, home=ledger.home, now=clock.now) as account,
        ReadingClient(account, now=clock.now) as client,
    ):
        redial = Redialing(
            ledger,
            record,
            plan=flags.plan,
            account=account,
            secret=secrets.__getitem__,
            now=clock.now,
            results=flags.results,
            trust_clock=flags.trust_clock,
            upkeep=flags.upkeep,
        )
        yield Following(
            ledger,
            record,
            plan=flags.plan,
            poller=Poller(
                ledger, reader=reader or client, clock=clock, stop=stop, rate=flags.rate, patient=flags.watch
            ),
            clock=clock,
            stop=stop,
            deadline=flags.deadline,
            redial=redial if flags.watch else None,
            tempo=flags.tempo,
        )


def write_followed(ledger: Ledger, record: RunRecord, *, plan: RunPlan, path: Path) -> Path | None:
    """Writes the results with call outcomes; None when another process holds the run, which writes them itself."""
    try:
        with ledger.hold(record, call_again_after=plan.call_again_after):
            ledger.note_results(record.id, path)
            rows = ledger.read.rows.results(record.id)
            return write_results(path, header=record.header, rows=rows, columns=result_columns(ledger, record))
    except BusyError:
        return None
