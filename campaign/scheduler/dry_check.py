"""Dry check of a schedule's sheet when the schedule is added: reports at once what would keep it from firing."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from campaign.config.database import ledger_from
from campaign.config.run_plan import plan_of
from campaign.domain.cures import Cure, CureCode, Message
from campaign.domain.errors import SheetError, TemplateError
from campaign.ledger.records.schedules import ScheduleDraft
from campaign.preparation.check import check
from campaign.preparation.compare import earlier_from
from campaign.preparation.load_template import read_template
from campaign.preparation.summary import Summary
from campaign.scheduler.definitions import PresetAnswers
from campaign.scheduler.newest_file import newest_sheet


def doubts(draft: ScheduleDraft, *, environment: Mapping[str, str], now: Callable[[], datetime]) -> Iterator[Message]:
    """A message for each thing that would keep the current sheet from being fired.

    Raises:
        UsageError: it leaves open how it is to be read, or lacks a column: no later file would do either.
    """
    answers = PresetAnswers.model_validate_json(draft.answers)
    template = read_template(Path(draft.template), region=answers.region)
    try:
        sheet = newest_sheet(draft.sheet, results_folder=draft.results_folder)
    except SheetError as error:
        yield Message.of(error.message, " (it is looked for at each firing)")
        return
    try:
        # The scheduler's environment may be another: the ids that this one lacks are no fault of the sheet.
        plan = plan_of(template, environment=environment, sandbox=True)
    except TemplateError as error:
        yield Message.of("here and now ", error.message)
        return
    with earlier_from(
        ledger_from(environment), service=draft.service, template=template, plan=plan, now=now
    ) as earlier:
        checked = check(
            sheet, template, plan=plan, earlier=earlier, choices=answers.choices, answers=answers.answers, now=now()
        )
    yield from _doubts(checked.summary, answers=answers, sheet=sheet.name)


def _doubts(report: Summary, *, answers: PresetAnswers, sheet: str) -> Iterator[Message]:
    if report.invalid and not answers.skip_invalid:
        what = f"{report.invalid} of the rows of {sheet} cannot be called, the first: "
        first = report.problems[0].examples[0].message
        yield Message.of(what, first, Cure(CureCode.SCHEDULE_IT_WITHOUT_INVALID))
    if (repaired := report.repaired) and answers.repairs is None:
        what = f"{repaired} of the numbers of {sheet} would be called as restored"
        yield Message.of(what, Cure(CureCode.SCHEDULE_IT_WITH_REPAIRS))
