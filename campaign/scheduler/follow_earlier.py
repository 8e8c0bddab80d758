"""Follow-up before a firing: the calls of the schedule's earlier runs are looked up, and called back by `[retry]`.

earlier runs, newest first --> open calls that are due --> outcomes: who asked not to be called is on the list now
                         `---> rows due by [retry] --> called again, by their own run
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from campaign.config.run_plan import RunPlan
from campaign.domain.errors import CampaignError, LedgerError
from campaign.engine.dial_held_run import run_event_loop
from campaign.engine.requeue import REQUEUED
from campaign.followup.clock import WallClock
from campaign.followup.due_rows import RequeueDue, look_ahead
from campaign.followup.look_up_due import AT_MOST, LookUp, is_due, look_up_due
from campaign.followup.session import write_followed
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.records.schedules import FiringRecord, ScheduleRecord
from campaign.scheduler.definitions import PresetAnswers
from campaign.scheduler.events import EarlierFollowed, EarlierLeft
from campaign.scheduler.plan_of_now import by_plan_of_now
from campaign.scheduler.ports import SchedulerPorts
from campaign.scheduler.setting import account_of

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
    look = LookUp(
        account_of(schedule, answers, around.environment),
        environment=around.environment,
        clock=WallClock(around.now),
        until=around.now() + AT_MOST,
        stop=around.stop,
    )
    for record in _earlier(ledger, schedule, firing):
        if around.stop.asked:
            return
        try:
            _follow(ledger, record, schedule=schedule, look=look, around=around)
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
    look: LookUp,
    around: SchedulerPorts,
) -> None:
    if not is_due(ledger, record, at=around.now()) or around.now() >= look.until:
        return
    found = run_event_loop(partial(look_up_due, ledger, record, look=look))
    if record.results_path:
        plan = RunPlan.model_validate_json(record.plan)
        write_followed(ledger, record, plan=plan, path=Path(record.results_path))
    left = ledger.read.outcomes.count(record.id).open
    around.on_event(schedule.name, EarlierFollowed(record.name, found["looked"], found["suppressed"], left))
