"""Firing: one execution of a schedule: reads the sheet afresh and runs it without a question.

claimed --> sheet, template, once whole --> answers --> published, tied to the firing --> dialled --> Ended
    `--> refused: nothing was sent                          |
                                found again after a crash --'
"""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import anyio

from campaign.config.run_plan import fingerprint_of, plan_of, secrets_of
from campaign.domain.cures import Cure, CureCode, Message, Wording
from campaign.domain.cures.runs import resume_run
from campaign.domain.errors import BusyError, ChangingError, ClockError, LedgerError, SheetError, UsageError
from campaign.domain.row_counts import progress_of
from campaign.engine.account import CallingAccount, calling_account_from
from campaign.engine.beside import beside
from campaign.engine.dial_held_run import DialOrder, dial_held_run, run_event_loop
from campaign.engine.requeue import requeue_nothing
from campaign.engine.run_end import DialingEnd, exit_code_of
from campaign.engine.stop import StopRequest
from campaign.export.overwrite_guard import refuse_foreign
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.records.schedules import FiringRecord, ScheduleRecord
from campaign.preparation.drafts.contents import SheetSource
from campaign.preparation.drafts.load_sheet import passing_sheet_draft
from campaign.preparation.drafts.look import SheetDraft
from campaign.preparation.drafts.publish import refuse_open_questions
from campaign.preparation.load_template import read_template
from campaign.preparation.plan.continue_run import compare, plan_of_record
from campaign.reconcile.during_run import RunLookups
from campaign.scheduler.definitions import PresetAnswers, refuse_forgetful, timetable_of
from campaign.scheduler.events import FileAwaited, RunEvent, ScheduleEvent, SheetLoaded, SheetShrank
from campaign.scheduler.newest_file import newest_sheet
from campaign.scheduler.whole_file import LOOK_EVERY_SECONDS, Stopped, ends_in_a_line, wait_until_whole

_SIGN_OF_LIFE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class SchedulerPorts:
    """What a scheduler needs from outside.

    Attributes:
        environment: of the process.
        now: the wall clock; aware instants.
        wait: waits for so many seconds, in the thread of a firing; less long once a stop is asked for.
        stop: asks all firings to stop.
        on_event: receives what happens, with the schedule's name; from any thread.
        wording: words the messages that the ledger stores about firings and rows.
    """

    environment: Mapping[str, str]
    now: Callable[[], datetime]
    wait: Callable[[float], None]
    stop: StopRequest
    on_event: Callable[[str, ScheduleEvent], None]
    wording: Wording


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
            record, doubt = _published(ledger, schedule, firing, around=around)
    except Stopped:
        return None
    except UsageError as error:
        why = around.wording(error.message)
        return FiringEnd("abandoned" if firing.run else "refused", exit_code=error.exit_code, why=why)
    try:
        ended = _dialled(ledger, schedule, firing, record=record, around=around)
        return ended if ended is None or ended.why is not None else replace(ended, why=doubt)
    except ClockError as error:
        return FiringEnd("abandoned", exit_code=error.exit_code, why=around.wording(error.message), run=record.name)
    except (UsageError, BusyError) as error:
        why = around.wording(Message.of(error.message, "; its rows wait", resume_run(record.name)))
        return FiringEnd("abandoned", exit_code=error.exit_code, why=why, run=record.name)


def _published(
    ledger: Ledger, schedule: ScheduleRecord, firing: FiringRecord, *, around: SchedulerPorts
) -> tuple[RunRecord, str | None]:
    """The firing's run, and a doubt about its sheet; a file that changes while it is read is read again later."""
    until = firing.instant + timedelta(seconds=schedule.grace_seconds)
    while True:
        try:
            return _published_now(ledger, schedule, firing, until=until, around=around)
        except ChangingError:
            if around.now() >= until:
                raise
            around.wait(LOOK_EVERY_SECONDS)


def _published_now(
    ledger: Ledger, schedule: ScheduleRecord, firing: FiringRecord, *, until: datetime, around: SchedulerPorts
) -> tuple[RunRecord, str | None]:
    answers = PresetAnswers.model_validate_json(schedule.answers)
    whole = partial(
        wait_until_whole,
        until=until,
        waiting=around,
        stopped=lambda: around.stop.asked,
        on_wait=lambda file, why: around.on_event(schedule.name, FileAwaited(file, why)),
    )
    template = read_template(whole(lambda: Path(schedule.template)), region=answers.region)
    refuse_forgetful(template, path=schedule.template, cron=schedule.cron)
    plan = plan_of(
        template,
        environment=around.environment,
        rate=answers.rate,
        max_in_flight=answers.max_in_flight,
        sandbox=answers.sandbox,
    )
    account = _account(schedule, answers, around.environment)
    sheet = whole(lambda: newest_sheet(schedule.sheet, results_folder=schedule.results_folder))
    source = SheetSource(
        sheet=sheet,
        folder=Path.cwd(),
        stem=f"{schedule.name}-{_day(schedule, firing)}",
        template_fingerprint=fingerprint_of(template, plan),
        plan=plan,
        service=account.service,
        choices=answers.choices,
        most_rows=answers.choices.max_rows or template.limits.max_rows,
        again=answers.again,
    )
    secret = secrets_of(plan, around.environment).__getitem__
    with passing_sheet_draft(ledger, source, answers=answers.answers, secret=secret, wording=around.wording) as draft:
        _refuse_unanswered(ledger, draft, answers)
        around.on_event(schedule.name, SheetLoaded(sheet, draft.summary.to_call, draft.summary.invalid))
        record = _publish(ledger, draft, schedule=schedule, firing=firing)
    return record, _doubt(ledger, record, schedule=schedule, sheet=sheet, around=around)


def _doubt(
    ledger: Ledger, record: RunRecord, *, schedule: ScheduleRecord, sheet: Path, around: SchedulerPorts
) -> str | None:
    """A doubt about a sheet that ends in the middle of a line, and has fewer rows than that of the last firing."""
    fired = [one.run for one in ledger.schedules.firings(schedule.id) if one.run not in (None, record.name)]
    if not fired or not fired[-1] or not ends_in_a_line(sheet):
        return None
    before, now = (_rows(ledger, named_run(ledger, name)) for name in (fired[-1], record.name))
    if now >= before:
        return None
    shrank = SheetShrank(sheet, before, now)
    around.on_event(schedule.name, shrank)
    return shrank.text


def _rows(ledger: Ledger, record: RunRecord) -> int:
    return sum(ledger.read.rows.count_states(record.id).values())


def _refuse_unanswered(ledger: Ledger, draft: SheetDraft, answers: PresetAnswers) -> None:
    """Refuses a sheet that leaves something open which the schedule's flags do not answer."""
    summary, view, sheet = draft.summary, draft.view, draft.source.sheet.name
    if summary.invalid and not answers.skip_invalid:
        raise SheetError(
            f"{sheet}: {summary.invalid} of its rows cannot be called, the first: ",
            summary.problems[0].examples[0].message,
            cure=Cure(CureCode.SCHEDULE_WITHOUT_INVALID),
        )
    if summary.repaired and answers.repairs is None:
        raise SheetError(
            f"{sheet}: {summary.repaired} numbers would be called as restored, not as written ({view.repaired[0]})",
            cure=Cure(CureCode.SCHEDULE_WITH_REPAIRS),
        )
    if view.changed is not None and answers.changed is None:
        raise SheetError(
            f"{sheet}: {view.changed.count} rows changed since they were called (row {view.changed.row})",
            cure=Cure(CureCode.SCHEDULE_WITH_CHANGED),
        )
    if draft.same is not None:
        _refuse_run_elsewhere(ledger, draft.same)
    refuse_open_questions(draft, limit=None)


def _publish(ledger: Ledger, draft: SheetDraft, *, schedule: ScheduleRecord, firing: FiringRecord) -> RunRecord:
    refuse_foreign(_folder(schedule, firing) / "new.results.csv")
    published = ledger.drafts.publish(
        draft.record,
        name=None,
        stem=draft.source.stem,
        # Its rows that were called are left out by now; a sheet that another process starts in this moment is not.
        again=draft.same is not None,
        firing_id=firing.id,
    )
    if not published.by_this_draft:
        raise UsageError(f"this sheet was just started by another process as run {published.run!r}; nothing was sent")
    return named_run(ledger, published.run)


def _dialled(
    ledger: Ledger, schedule: ScheduleRecord, firing: FiringRecord, *, record: RunRecord, around: SchedulerPorts
) -> FiringEnd | None:
    plan, answers = (
        plan_of_record(record, rate=None, max_in_flight=None),
        PresetAnswers.model_validate_json(schedule.answers),
    )
    account = _account(schedule, answers, around.environment)
    folder = _folder(schedule, firing)
    order = DialOrder(
        plan=plan,
        account=account,
        secret=secrets_of(plan, around.environment).__getitem__,
        results=Path(record.results_path) if record.results_path else folder / f"{record.name}.results.csv",
        requeue=requeue_nothing,
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


def _account(schedule: ScheduleRecord, answers: PresetAnswers, environment: Mapping[str, str]) -> CallingAccount:
    account = calling_account_from(environment, sandbox=answers.sandbox, fault=None, seed=0)
    if account.service != schedule.service:
        raise UsageError(
            f"schedule {schedule.name} makes its calls at {schedule.service}, and this scheduler would make them at "
            f"{account.service}; set AICALLER_BASE_URL for it, or add the schedule anew"
        )
    return account


def _folder(schedule: ScheduleRecord, firing: FiringRecord) -> Path:
    """Where this firing's results go: a folder named by its date, on the clocks of the schedule's zone."""
    folder = Path(schedule.results_folder) / _day(schedule, firing)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError(f"results folder {folder}: {reason}; make it writable, or add the schedule anew") from None
    return folder


def _day(schedule: ScheduleRecord, firing: FiringRecord) -> str:
    return timetable_of(schedule).local(firing.instant).date().isoformat()


def _refuse_run_elsewhere(ledger: Ledger, same: RunRecord) -> None:
    """Refuses a sheet that another process runs at this moment: both would have the same rows left to call."""
    if not compare(ledger, same).unfinished:
        return
    try:
        with ledger.lock_run(same):
            return
    except BusyError:
        raise UsageError(
            f"this sheet is being run by another process at this moment, as {same.name}; nothing was sent"
        ) from None
