"""Follow-up before a firing: the calls of the schedule's earlier runs are looked up, and called back by `[retry]`.

earlier runs, newest first --> open calls that are due --> outcomes: who asked not to be called is on the list now
                         `---> rows due by [retry] --> called again, by their own run
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import aclosing
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import anyio

from campaign.config.run_plan import RunPlan
from campaign.domain.errors import CampaignError, LedgerError
from campaign.engine.account import CallingAccount
from campaign.engine.dial_held_run import run_event_loop
from campaign.engine.requeue import REQUEUED
from campaign.followup.clock import WallClock
from campaign.followup.due_rows import RequeueDue, look_ahead
from campaign.followup.follow import Following
from campaign.followup.poll_interval import FIRST_LOOK_AFTER
from campaign.followup.session import FollowFlags, following, write_followed
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.outcomes import Looked
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.records.schedules import FiringRecord, ScheduleRecord
from campaign.scheduler.definitions import PresetAnswers
from campaign.scheduler.events import EarlierFollowed, EarlierLeft
from campaign.scheduler.plan_of_now import by_plan_of_now
from campaign.scheduler.ports import SchedulerPorts
from campaign.scheduler.setting import account_of

_AT_MOST = timedelta(minutes=5)
"""For all earlier runs of a schedule together: today's calls wait for it."""
_POLLS_PER_SECOND = 5.0

CallBack = Callable[[RunRecord, RequeueDue], object]
"""Dials the rows of an earlier run that are due to be called again."""


def follow_earlier(
    ledger: Ledger, schedule: ScheduleRecord, firing: FiringRecord, *, around: SchedulerPorts, call_back: CallBack
) -> None:
    """Looks up the open calls of the schedule's earlier runs for a bounded time, then calls back who is due.

    What fails of it is told, and keeps nobody of today from being called; who was not looked up is told as well.

    Raises:
        LedgerError: the ledger or its disk is in trouble.
    """
    answers = PresetAnswers.model_validate_json(schedule.answers)
    if not answers.follow:
        return
    until = around.now() + _AT_MOST
    account = account_of(schedule, answers, around.environment)
    for record in _earlier(ledger, schedule, firing):
        if around.stop.asked:
            return
        try:
            _follow(ledger, record, schedule=schedule, account=account, until=until, around=around)
            if not ledger.read.outcomes.to_call_again(record.id, at=around.now(), ends=None):
                continue
            # By the hours of now: each firing reads the template afresh, and so does what it does of an earlier one.
            fresh = by_plan_of_now(ledger, schedule, record, around=around)
            # Rows that wait in an earlier run were left to a person: only those that are due are called.
            due = RequeueDue(RunPlan.model_validate_json(fresh.plan), at=around.now(), from_round=REQUEUED)
            if look_ahead(ledger, fresh, plan=due.plan, at=due.at)[0]:
                call_back(fresh, due)
        except LedgerError:
            raise
        except CampaignError as error:
            around.on_event(schedule.name, EarlierLeft(record.name, around.wording(error.message)))


def _earlier(ledger: Ledger, schedule: ScheduleRecord, firing: FiringRecord) -> Iterator[RunRecord]:
    """The earlier runs of the schedule at its service whose people are not forgotten, newest first."""
    fired = [one.run for one in ledger.schedules.firings(schedule.id) if one.run and one.id != firing.id]
    for name in dict.fromkeys(reversed(fired)):
        record = named_run(ledger, name)
        if record.service == schedule.service and not ledger.read.runs.forgotten_at(record.id):
            yield record


def _follow(
    ledger: Ledger,
    record: RunRecord,
    *,
    schedule: ScheduleRecord,
    account: CallingAccount,
    until: datetime,
    around: SchedulerPorts,
) -> None:
    if not _is_due(ledger, record, at=around.now()) or around.now() >= until:
        return
    plan = RunPlan.model_validate_json(record.plan)
    path = Path(record.results_path)
    flags = FollowFlags(plan=plan, watch=False, deadline=until, rate=_POLLS_PER_SECOND, results=path)
    found = Counter[str]()
    run_event_loop(partial(_looked_up, ledger, record, flags=flags, account=account, found=found, around=around))
    if record.results_path:
        write_followed(ledger, record, plan=plan, path=path)
    left = ledger.read.outcomes.count(record.id).open
    around.on_event(schedule.name, EarlierFollowed(record.name, found["looked"], found["suppressed"], left))


async def _looked_up(
    ledger: Ledger,
    record: RunRecord,
    *,
    flags: FollowFlags,
    account: CallingAccount,
    found: Counter[str],
    around: SchedulerPorts,
) -> None:
    with around.stop.heard() as asked:
        stop, clock = anyio.Event(), WallClock(around.now)
        async with (
            anyio.create_task_group() as tasks,
            following(
                ledger, record, flags=flags, place=account, clock=clock, stop=stop, environment=around.environment
            ) as session,
        ):
            tasks.start_soon(_pass_on, asked, stop)
            # By seconds as well: a wall clock that is set back meanwhile would not let the deadline come.
            with anyio.move_on_after(_AT_MOST.total_seconds()):
                await _while_due(ledger, record, session, found=found, stop=stop, around=around)
            tasks.cancel_scope.cancel()


async def _while_due(
    ledger: Ledger,
    record: RunRecord,
    session: Following,
    *,
    found: Counter[str],
    stop: anyio.Event,
    around: SchedulerPorts,
) -> None:
    """Looks until no call is due at this moment: one that is still on its way is not waited for."""
    async with aclosing(session.events()) as events:
        async for event in events:
            if isinstance(event, Looked):
                found["looked"] += 1
                found["suppressed"] += event.suppressed
            if not _is_due(ledger, record, at=around.now()):
                stop.set()


async def _pass_on(asked: anyio.Event, stop: anyio.Event) -> None:
    await asked.wait()
    stop.set()


def _is_due(ledger: Ledger, record: RunRecord, *, at: datetime) -> bool:
    return bool(ledger.read.outcomes.due(record.id, at=at, first_after=FIRST_LOOK_AFTER, most=1))
