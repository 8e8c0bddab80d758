"""Use case rehearse: a whole campaign on a fast clock, in a ledger of its own, against the stand-in with its faults.

the real ledger, copied --> load, questions, publish: as a run --> dial_held_run --> follow, retries --> count
                            `------------------------- the clock leaps from one event to the next -----------'
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

import anyio
from pydantic import SecretStr

from campaign.aicaller.outcome_parser import read_outcome
from campaign.aicaller.read_client import FoundCall, NotRead
from campaign.config.database import ledger_from
from campaign.config.settings import DEFAULT_BASE_URL, Account, checked_base_url, service_of
from campaign.domain.call_outcome import CallEnd, CallOutcome
from campaign.domain.cures import Wording
from campaign.domain.model import Cause, NotSent, Settled
from campaign.domain.stop import Stop
from campaign.engine.account import CallingAccount
from campaign.engine.dial_held_run import dial_held_run
from campaign.engine.dial_order import Upkeep
from campaign.engine.events import DueRequeued
from campaign.engine.pacing.virtual_loop import VirtualClock, run_in_virtual_time
from campaign.engine.run_end import DialingEnd
from campaign.followup.clock import WallClock
from campaign.followup.follow import Tempo
from campaign.followup.session import FollowFlags, following
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.store import open_rehearsal_ledger
from campaign.preparation.forecast import Outlook, outlook_of
from campaign.reconcile.during_run import RunLookups
from campaign.sandbox.calls import Call
from campaign.sandbox.config import SandboxConfig
from campaign.sandbox.faults.table import FaultPlan
from campaign.sandbox.server import Sandbox, serve_in_process
from campaign.usecases.context import Context
from campaign.usecases.dialling.ready_run import ReadyRun
from campaign.usecases.dialling.rehearsal.count import RingCount, count_rings
from campaign.usecases.dialling.sheet_run_plan import SheetRun, SheetRunOptions, plan_sheet_run

__all__ = [
    "DEFAULT_FAULTS",
    "Performance",
    "Rehearsal",
    "RehearsalOptions",
    "RingCount",
    "exit_code_of",
    "open_rehearsal",
    "perform",
]

DEFAULT_FAULTS = "429=0.02,reset_after=0.002,close_after=0.001,hang=0.0005,reset_before=0.0005,late=0.01"
"""Refusals for the pace, late answers, and answers that are lost: most after the call was made, some before it."""
_STORM, _STORM_POSTS = "429_bare", 6
_SELDOM = timedelta(hours=6).total_seconds()
# Nobody else writes to this ledger, and nobody reads its results: looking for what others did would take all the time.
_UPKEEP = Upkeep(writes_results=False, pace_every=_SELDOM, trouble_every=_SELDOM)
_LATE = 1 / 400
"""Part of the time since the start by which a poll or a retry may be late, so that one look finds many of them due."""
_BREATH = timedelta(seconds=1)
_LONGEST = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class RehearsalOptions:
    """Options of a rehearsal that the caller may set.

    Attributes:
        run: the run that is rehearsed.
        fault: the stand-in's faults, as `NAME=SHARE,...`; None for `DEFAULT_FAULTS` and a storm of refusals.
        seed: decides which calls a fault strikes, and how calls end.
        latency: seconds before each of the stand-in's answers.
        polls_per_second: how fast the calls are followed.
    """

    run: SheetRunOptions
    fault: str | None
    seed: int
    latency: float
    polls_per_second: float


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """An open rehearsal: the run is loaded, answered and published in its ledger as any other run.

    Attributes:
        run: what is rehearsed.
        ledger: its own ledger.
        context: with the rehearsal's clock.
    """

    run: SheetRun
    ledger: Ledger
    context: "_VirtualContext"
    options: RehearsalOptions


@dataclass(frozen=True, slots=True)
class Performance:
    """What happened in a rehearsal.

    Attributes:
        began: when, by its clock; aware.
        ended: when the last call was followed to its end, or the run stopped.
        outlook: the forecast of the first calls, as a run shows it.
        count: rows and rings.
        retried: how many calls were made again, by how the call before had ended.
        refused: how many tries AICaller refused for now, and that were sent again, by cause.
        looked_up: how many answers were lost, and looked up.
        stop: why the run stopped itself, if it did.
        left: how many rows still wait: for a run that stopped, or that its template ends before them.
    """

    began: datetime
    ended: datetime
    outlook: Outlook
    count: RingCount
    retried: Mapping[CallEnd, int]
    refused: Mapping[Cause, int]
    stop: Stop | None
    left: int


@contextmanager
def open_rehearsal(options: RehearsalOptions, *, context: Context) -> Iterator[Rehearsal]:
    """Opens a rehearsal's ledger, which begins as the real one is, and is gone when the block ends.

    Raises:
        UsageError: template, address, a flag or a fault will not do.
        LedgerError: the real ledger cannot be read, or there is no room for a copy.
    """
    faults = FaultPlan.parse(DEFAULT_FAULTS if options.fault is None else options.fault, seed=options.seed)
    base_url = checked_base_url(context.environment.get("AICALLER_BASE_URL") or DEFAULT_BASE_URL)
    # By the real service: its earlier calls and opt-outs count, as they will for the run.
    account = CallingAccount(service_of(base_url), account=None, faults=faults)
    run = plan_sheet_run(options.run, context=context, account=account)
    clock = VirtualClock(context.now())
    real = ledger_from(context.environment)
    with open_rehearsal_ledger(real.home, now=clock.now, address=real.address) as ledger:
        yield Rehearsal(run, ledger, _VirtualContext(clock, context.environment, context.wording), options)


def perform(
    rehearsal: Rehearsal,
    ready: ReadyRun,
    *,
    stopping: Callable[[], AbstractContextManager[anyio.Event]],
    on_day: Callable[[datetime, int], None],
) -> Performance:
    """Performs the published run: dials it, follows its calls, and makes those again that the template wants.

    Args:
        rehearsal: where.
        ready: the run.
        stopping: entered in its event loop; sets the event to stop it.
        on_day: receives each new day of its clock, and how many phones have rung by then.
    """
    clock = rehearsal.context.clock
    return run_in_virtual_time(partial(_performed, rehearsal, ready, stopping=stopping, on_day=on_day), clock=clock)


def exit_code_of(performed: Performance, *, signalled: int | None) -> int:
    """Exit code of a rehearsal, as of the run that it rehearses; 1 also for a row called twice or forgotten."""
    if performed.stop is not None:
        return int(performed.stop.code)
    if signalled is not None:
        return signalled
    count = performed.count
    return 1 if count.twice or count.forgotten or count.for_a_person or count.reasons else 0


@dataclass(frozen=True, slots=True)
class _VirtualContext:
    """The context of the rehearsed use cases."""

    clock: VirtualClock
    environment: Mapping[str, str]
    wording: Wording

    @property
    def now(self) -> Callable[[], datetime]:
        return self.clock.now


async def _performed(
    rehearsal: Rehearsal,
    ready: ReadyRun,
    *,
    stopping: Callable[[], AbstractContextManager[anyio.Event]],
    on_day: Callable[[datetime, int], None],
) -> Performance:
    ledger, options, now, plan = rehearsal.ledger, rehearsal.options, rehearsal.context.now, ready.order.plan
    waiting = ledger.read.rows.count_waiting(ready.record.id, from_round=0)
    outlook = outlook_of(ledger, ready.record.id, plan=plan, count=waiting, limit=ready.order.limit)
    config = SandboxConfig(
        faults=_with_storm(rehearsal, waiting),
        latency=options.latency,
        clock=lambda: now().timestamp(),
        seed=options.seed,
    )
    seen = _Seen(on_day=on_day)
    async with serve_in_process(config) as (sandbox, connect):
        account = Account(
            api_key=SecretStr("rehearsal"),
            base_url=sandbox.base_url,
            service=rehearsal.run.account.service,
            connect=connect,
        )
        began = now()
        with stopping() as stop:
            await _dial(ready, account=account, stop=stop, seen=seen)
            if seen.stop is None and not stop.is_set():
                await _follow(rehearsal, ready, account=account, sandbox=sandbox, stop=stop, seen=seen)
            was_stopped = stop.is_set()
        may_wait = seen.stop is not None or was_stopped or ready.order.limit is not None or plan.finish_by is not None
        count = count_rings(
            sandbox.calls,
            ledger.read.rows.results(ready.record.id),
            ended=partial(_ended, sandbox),
            rules=plan.retry,
            now=now(),
            may_wait=may_wait,
        )
    return Performance(
        began=began,
        ended=now(),
        outlook=outlook,
        count=count,
        retried=seen.retried,
        refused=seen.refused,
        stop=seen.stop,
        left=ledger.read.rows.count_waiting(ready.record.id, from_round=0),
    )


def _ended(sandbox: Sandbox, call: Call) -> CallOutcome | None:
    """How a call of the stand-in's record has ended."""
    found = sandbox.read(call.id)
    return None if found is None else read_outcome(json.loads(found), call_id=call.id)


async def _dial(ready: ReadyRun, *, account: Account, stop: anyio.Event, seen: "_Seen") -> None:
    look_ups = None
    if ready.order.look_ups is not None:
        # Lost answers are looked up at the end; a list a minute would be the most of the work.
        look_ups = RunLookups(again=ready.order.look_ups.again, every=_SELDOM, watched_every=_SELDOM)
    order = replace(ready.order, account=account, look_ups=look_ups, upkeep=_UPKEEP)
    async with dial_held_run(ready.ledger, ready.record, order=order, now=ready.context.now, stop=stop) as dialing:
        async for event in dialing.events:
            seen.on_event(event, now=ready.context.now())


async def _follow(
    rehearsal: Rehearsal,
    ready: ReadyRun,
    *,
    account: Account,
    sandbox: Sandbox,
    stop: anyio.Event,
    seen: "_Seen",
) -> None:
    began, now = rehearsal.context.clock.start, rehearsal.context.now
    flags = FollowFlags(
        plan=ready.order.plan,
        watch=True,
        deadline=now() + _LONGEST,
        rate=rehearsal.options.polls_per_second,
        results=ready.order.results,
        tempo=Tempo(at_once=500, breath=lambda at: max(_BREATH, (at - began) * _LATE), idle=_LONGEST),
        upkeep=_UPKEEP,
    )
    async with following(
        rehearsal.ledger,
        ready.record,
        flags=flags,
        place=CallingAccount(account.service, account=account, faults=FaultPlan()),
        clock=WallClock(now),
        stop=stop,
        environment=rehearsal.context.environment,
        reader=_StandInReader(sandbox),
    ) as follow:
        async for event in follow.events():
            seen.on_event(event, now=now())
    seen.stop = None if follow.end is None else follow.end.stop


@dataclass(frozen=True, slots=True)
class _StandInReader:
    """Reads the stand-in's calls without a request: its faults strike the making of calls, and no reading."""

    sandbox: Sandbox

    async def get_call(self, call_id: str) -> FoundCall | NotRead:
        """See `CallReader`."""
        found = self.sandbox.read(call_id)
        return NotRead("no such call", status=404) if found is None else FoundCall(json.loads(found))


@dataclass(slots=True)
class _Seen:
    """What the events of dialling and following say."""

    on_day: Callable[[datetime, int], None]
    retried: Counter[CallEnd] = field(default_factory=Counter)
    refused: Counter[Cause] = field(default_factory=Counter)
    stop: Stop | None = None
    _rings: int = 0
    _day: object = None

    def on_event(self, event: object, *, now: datetime) -> None:
        match event:
            case Settled(_, NotSent(cause=cause)):
                self.refused[cause] += cause is not Cause.STOPPED
            case Settled():
                self._rings += 1
            case DueRequeued():
                self.retried.update(event.rows)
            case DialingEnd():
                self.stop = event.stop
            case _:
                pass
        if now.date() != self._day:
            self._day = now.date()
            self.on_day(now, self._rings)


def _with_storm(rehearsal: Rehearsal, waiting: int) -> FaultPlan:
    """The faults; without a word of the user, with a storm of refusals after a third of the calls."""
    faults = rehearsal.run.account.faults
    if rehearsal.options.fault is not None:
        return faults
    first = waiting // 3
    [(storm, _)] = FaultPlan.parse(f"{_STORM}=1").shares
    return replace(faults, storms=((storm, range(first, first + min(_STORM_POSTS, waiting // 10))),))
