"""Firing: one execution of a schedule: reads the sheet afresh and runs it without a question.

claimed --> sheet, template, once whole --> answers --> published, tied to the firing --> dialled --> Ended
    `--> refused: nothing was sent                          |
                                found again after a crash --'
"""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import anyio

from campaign.config.run_plan import secrets_of
from campaign.domain.cures import Cure, CureCode, Message
from campaign.domain.cures.runs import resume_run
from campaign.domain.errors import BusyError, ClockError, LedgerError, UsageError
from campaign.domain.result_row import progress_of
from campaign.engine.beside import beside
from campaign.engine.dial_held_run import dial_held_run, run_event_loop
from campaign.engine.dial_order import DialOrder
from campaign.engine.requeue import Requeue, requeue_nothing
from campaign.engine.run_end import DialingEnd, exit_code_of
from campaign.followup.due_rows import RequeueDue
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.records.schedules import FiringRecord, ScheduleRecord
from campaign.preparation.plan.continue_run import plan_of_record
from campaign.reconcile.during_run import RunLookups
from campaign.scheduler.definitions import PresetAnswers
from campaign.scheduler.events import RunEvent, ScheduleEvent
from campaign.scheduler.follow_earlier import follow_earlier
from campaign.scheduler.plan_of_now import by_plan_of_now
from campaign.scheduler.ports import SchedulerPorts
from campaign.scheduler.publish_firing import published_run
from campaign.scheduler.setting import account_of, folder_of
from campaign.scheduler.whole_file import Stopped

_SIGN_OF_LIFE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class FiringEnd:
    """How a firing ended; for `state` see `FiringRecord`.

    Attributes:
        exit_code: as `campaign run` would have ended.
        why: one line, for all but `ended`.
        counts: how many of the run's rows stand where, by the results' words.
    """

    state: str
    exit_code: int
    why: str | None = None
    run: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    results: Path | None = None


def fire(ledger: Ledger, schedule: ScheduleRecord, firing: FiringRecord, *, around: SchedulerPorts) -> FiringEnd | None:
    """Runs the schedule's sheet, or continues the run of an interrupted firing.

    Returns:
        None if it was asked to stop: the firing stays open, to be gone on with.

    Raises:
        LedgerError: the ledger or its disk is in trouble; the firing stays open.
    """
    try:
        if around.stop.asked:
            return None
        doubt = None
        if firing.run:
            record = named_run(ledger, firing.run)
        else:
            _follow_up(ledger, schedule, firing, around=around)
            record, doubt = published_run(ledger, schedule, firing, around=around)
    except Stopped:
        return None
    except UsageError as error:
        why = around.wording(error.message)
        return FiringEnd("abandoned" if firing.run else "refused", exit_code=error.exit_code, why=why)
    try:
        if firing.run:
            record = by_plan_of_now(ledger, schedule, record, around=around)
        ended = _dialled(ledger, schedule, firing, record=record, around=around)
        return ended if ended is None or ended.why is not None else replace(ended, why=doubt)
    except ClockError as error:
        return FiringEnd("abandoned", exit_code=error.exit_code, why=around.wording(error.message), run=record.name)
    except (UsageError, BusyError) as error:
        why = around.wording(Message.of(error.message, "; its rows wait", resume_run(record.name)))
        return FiringEnd("abandoned", exit_code=error.exit_code, why=why, run=record.name)


def _follow_up(ledger: Ledger, schedule: ScheduleRecord, firing: FiringRecord, *, around: SchedulerPorts) -> None:
    def call_back(record: RunRecord, due: RequeueDue) -> None:
        _dialled(ledger, schedule, firing, record=record, around=around, requeue=due)

    follow_earlier(ledger, schedule, firing, around=around, call_back=call_back)
    if around.stop.asked:
        raise Stopped


def _dialled(
    ledger: Ledger,
    schedule: ScheduleRecord,
    firing: FiringRecord,
    *,
    record: RunRecord,
    around: SchedulerPorts,
    requeue: Requeue = requeue_nothing,
) -> FiringEnd | None:
    plan, answers = (
        plan_of_record(record, rate=None, max_in_flight=None),
        PresetAnswers.model_validate_json(schedule.answers),
    )
    account = account_of(schedule, answers, around.environment)
    folder = folder_of(schedule, firing)
    order = DialOrder(
        plan=plan,
        account=account,
        secret=secrets_of(plan, around.environment).__getitem__,
        results=Path(record.results_path) if record.results_path else folder / f"{record.name}.results.csv",
        requeue=requeue,
        look_ups=RunLookups(again=answers.again),
        trust_clock=answers.trust_clock,
    )
    tell = partial(around.on_event, schedule.name)
    end = run_event_loop(partial(_dial, ledger, record, firing, order=order, tell=tell, around=around))
    return _ended(record, end, around=around)


async def _dial(
    ledger: Ledger,
    record: RunRecord,
    firing: FiringRecord,
    *,
    order: DialOrder,
    tell: Callable[[ScheduleEvent], None],
    around: SchedulerPorts,
) -> DialingEnd:
    """Dials the firing's run until it ends, or a stop is requested."""
    end: DialingEnd | None = None
    with around.stop.heard() as stop:
        async with (
            beside(partial(_live, ledger, firing)),
            dial_held_run(ledger, record, order=order, now=around.now, stop=stop) as dialing,
        ):
            async for event in dialing.events:
                tell(RunEvent(record.name, event))
                if isinstance(event, DialingEnd):
                    end = event
    if end is None:
        raise LedgerError(f"run {record.name} ended without an account of itself", cure=Cure(CureCode.SEE_STATUS))
    return end


async def _live(ledger: Ledger, firing: FiringRecord) -> None:
    # A ledger in trouble stops the run by itself, with its calls on their way written down first.
    with contextlib.suppress(LedgerError):
        while True:
            await anyio.sleep(_SIGN_OF_LIFE_SECONDS)
            # In a thread: a commit must not hold up the calls.
            await anyio.to_thread.run_sync(ledger.schedules.seen, firing.id)


def _ended(record: RunRecord, end: DialingEnd, *, around: SchedulerPorts) -> FiringEnd | None:
    counts = dict(progress_of(end.counts))
    if around.stop.asked and counts.get("pending") and end.stop is None and not end.lost:
        return None
    code = exit_code_of(end, signalled=None, limited=False)
    trouble = None if end.trouble is None else around.wording(end.trouble)
    why = f"the run stopped: {end.stop.why}" if end.stop else trouble
    return FiringEnd("ended", exit_code=code, why=why, run=record.name, counts=counts, results=end.results)
