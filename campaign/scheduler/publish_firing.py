"""A firing's run: the sheet is read afresh, once it is whole, and published without a question."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from campaign.config.run_plan import fingerprint_of, origin_of, plan_of, secrets_of
from campaign.domain.cures import Cure, CureCode
from campaign.domain.errors import BusyError, ChangingError, SheetError, UsageError
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
from campaign.preparation.plan.continue_run import compare
from campaign.scheduler.definitions import PresetAnswers, refuse_forgetful
from campaign.scheduler.events import FileAwaited, SheetLoaded, SheetShrank
from campaign.scheduler.newest_file import newest_sheet
from campaign.scheduler.ports import SchedulerPorts
from campaign.scheduler.setting import account_of, day_of, folder_of
from campaign.scheduler.whole_file import LOOK_EVERY_SECONDS, ends_in_a_line, wait_until_whole


def published_run(
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
        origin=origin_of(template, Path(schedule.template), region=answers.region, timezone=None),
    )
    account = account_of(schedule, answers, around.environment)
    sheet = whole(lambda: newest_sheet(schedule.sheet, results_folder=schedule.results_folder))
    source = SheetSource(
        sheet=sheet,
        folder=Path.cwd(),
        stem=f"{schedule.name}-{day_of(schedule, firing)}",
        template_fingerprint=fingerprint_of(template, plan),
        plan=plan,
        service=account.service,
        choices=answers.choices,
        most_rows=answers.choices.max_rows or template.limits.max_rows,
        again=answers.again,
        edits=answers.edits,
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
    refuse_foreign(folder_of(schedule, firing) / "new.results.csv")
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
