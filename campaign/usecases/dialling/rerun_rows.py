"""Use case rerun: calls the rejected rows of a run again, corrected or not.

word --> target_of --> rows_to_rerun: a draft --> shown, agreed to --> ready: published once its run is held
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from campaign.config.run_plan import RunPlan, fingerprint_of
from campaign.config.template import Template
from campaign.domain.cures import Cure, CureCode
from campaign.domain.errors import UsageError
from campaign.engine.account import CallingAccount
from campaign.engine.requeue import RequeueDraft
from campaign.intake.files.read_options import Choices
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.drafts import KEPT_FOR, LOADED_WITHIN
from campaign.ledger.records.runs import RunRecord
from campaign.preparation.drafts.answer import answer_rerun
from campaign.preparation.drafts.contents import RerunSource, RerunView
from campaign.preparation.drafts.load_rerun import RowsWanted, load_rerun_draft
from campaign.preparation.drafts.load_sheet import discard_draft
from campaign.preparation.drafts.look import PublishedDraft, RerunDraft
from campaign.preparation.drafts.publish import refuse_open_repairs
from campaign.preparation.load_template import read_template
from campaign.preparation.plan.continue_run import plan_of_record, refuse_other_service, results_path
from campaign.preparation.questions import Answers
from campaign.preparation.rerun.corrections import Corrected, read_corrections
from campaign.preparation.rerun.recognise import recognised
from campaign.preparation.rerun.select_rows import Narrow, RowRange
from campaign.usecases.context import Context
from campaign.usecases.dialling.begun.plan_choice import choice_of, settled_plan
from campaign.usecases.dialling.corrections.corrected_cells import CellsSaid, corrected_cells
from campaign.usecases.dialling.ready_run import DialOptions, ReadyRun, account_of_run, ready_run

__all__ = [
    "Narrow",
    "RerunOptions",
    "RerunView",
    "RowRange",
    "RowsToRerun",
    "Target",
    "loaded_rerun",
    "ready_rerun",
    "rows_to_rerun",
    "target_of",
]

_SHEETS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


@dataclass(frozen=True, slots=True)
class Target:
    """Run to rerun, and its corrections: a results file that was fed back, with how it is read; or cells."""

    record: RunRecord
    file: Path | None = None
    choices: Choices | None = None
    cells: CellsSaid | None = None


@dataclass(frozen=True, slots=True)
class RerunOptions:
    """Options of a rerun: which rows are called again, and how corrected rows are read.

    Attributes:
        narrow: filter on the failed rows.
        template: reads corrected rows, where the run does not say so itself.
        region: with it, as the run was begun with.
        allow_fictitious: corrected numbers that are kept for examples are called for real.
        accept_repairs: corrected numbers that would be called as restored are called so.
    """

    narrow: Narrow
    template: Path | None
    region: str | None
    allow_fictitious: bool
    dial: DialOptions
    accept_repairs: bool = False


class RowsToRerun:
    """Rows to be called again, to be shown and confirmed: a draft until their run is dialled.

    Attributes:
        target: the run, and the file that was fed back.
    """

    def __init__(
        self,
        ledger: Ledger,
        target: Target,
        draft: RerunDraft,
        *,
        options: RerunOptions,
        account: CallingAccount,
        context: Context,
    ) -> None:
        self.target = target
        self._ledger, self._draft, self._options = ledger, draft, options
        self._account, self._context = account, context

    @property
    def found(self) -> RerunView:
        """The rows that are called again, and those that are left out."""
        return self._draft.view

    @property
    def is_narrowed(self) -> bool:
        """Whether certain rows were asked for, so that none of them is worth an error."""
        return self._draft.source.narrowed

    @property
    def repairs_open(self) -> bool:
        """Whether it is still open if restored numbers are called."""
        return self._draft.repairs_open

    def accept_repairs(self) -> None:
        """Stores the answer that restored numbers are called.

        Raises:
            UsageError: the draft was changed by another process.
        """
        self._draft = answer_rerun(self._ledger, self._draft, replace(self._draft.answers, repairs="accept"))

    def ready(self) -> ReadyRun:
        """Prepares the run for dialling: these rows, and no other pending ones.

        Raises:
            UsageError: restored numbers are still to be agreed to; or a webhook's secret is not set any more.
        """
        return ready_rerun(
            self._ledger,
            self._draft,
            self.target.record,
            account=self._account,
            options=self._options.dial,
            context=self._context,
            template=self._options.template,
        )


def ready_rerun(
    ledger: Ledger,
    draft: RerunDraft | PublishedDraft,
    record: RunRecord,
    *,
    account: CallingAccount,
    options: DialOptions,
    context: Context,
    template: Path | None = None,
) -> ReadyRun:
    """Prepares the run of a rerun's draft for dialling; of a published draft, the rest of its rows.

    Raises:
        UsageError: restored numbers are still to be agreed to, the run's calls are made elsewhere, its template was
            changed and the options do not say which plan holds, or a webhook's secret is not set any more.
    """
    if isinstance(draft, RerunDraft):
        refuse_open_repairs(draft)
    refuse_other_service(record, service=account.service)
    choice = choice_of(record, template=template, said=options.plan)
    return ready_run(
        ledger,
        record,
        plan=settled_plan(ledger, record, choice, options=options, context=context),
        account=account,
        options=options,
        context=context,
        requeue=RequeueDraft(draft.record),
    )


def target_of(ledger: Ledger, word: str, *, choices: Choices) -> Target:
    """Finds the run that `RUN|RESULTS` names.

    Raises:
        UndecidedError: only its owner can say how the file is to be read.
        UsageError: there is none, or both a run and a file are called so.
    """
    path = Path(word)
    named = ledger.read.runs.find(word)
    if named is not None and os.path.isfile(path):  # noqa: PTH113 - a word that is too long for a file is none
        raise UsageError(f"{word!r} is a run and a file here; write ./{word} for the file, or go to another folder")
    there = os.path.exists(path)  # noqa: PTH110 - likewise
    if named is not None or not (there or path.suffix.lower() in _SHEETS):
        return Target(named_run(ledger, word))
    return Target(recognised(ledger, path, choices=choices), path, choices)


@contextmanager
def rows_to_rerun(ledger: Ledger, target: Target, *, options: RerunOptions, context: Context) -> Iterator[RowsToRerun]:
    """Drafts the rows of the target that may be called again; an unpublished draft is removed when the block ends.

    Raises:
        UsageError: the run's calls are made elsewhere, the template is not the run's, or corrections would be lost.
    """
    account = account_of_run(target.record, context, options.dial.account)
    draft = loaded_rerun(ledger, target, options=options, context=context, kept_for=LOADED_WITHIN)
    try:
        yield RowsToRerun(ledger, target, draft, options=options, account=account, context=context)
    finally:
        discard_draft(ledger, draft.record.token)


def loaded_rerun(
    ledger: Ledger,
    target: Target,
    *,
    options: RerunOptions,
    context: Context,
    belongs_to: str | None = None,
    kept_for: timedelta = KEPT_FOR,
) -> RerunDraft:
    """Stores the rows of the target that may be called again as a draft.

    Raises:
        UsageError: the run's calls are made elsewhere, the template is not the run's, or corrections would be lost.
    """
    account_of_run(target.record, context, options.dial.account)
    plan = plan_of_record(target.record, rate=options.dial.rate, max_in_flight=options.dial.max_in_flight)
    template = _template(target.record, plan=plan, options=options)
    fed = _fed(ledger, target, template=template, asked=options.dial.results)
    source = RerunSource(
        run=target.record.name,
        file=None if target.file is None else target.file.absolute(),
        narrowed=options.narrow != Narrow() or fed is not None,
    )
    return load_rerun_draft(
        ledger,
        target.record,
        source,
        plan=plan,
        wanted=RowsWanted(options.narrow, template, fed),
        answers=Answers(
            repairs="accept" if options.accept_repairs else None, allow_fictitious=options.allow_fictitious
        ),
        belongs_to=belongs_to,
        kept_for=kept_for,
    )


def _template(record: RunRecord, *, plan: RunPlan, options: RerunOptions) -> Template | None:
    if options.template is None:
        return plan.template
    template = read_template(options.template, region=options.region)
    if fingerprint_of(template, plan) != record.template_fingerprint:
        raise UsageError(
            f"{options.template} makes other calls than the template that run {record.name} was begun with",
            cure=Cure(CureCode.LEAVE_TEMPLATE_OUT),
        )
    return template


def _fed(ledger: Ledger, target: Target, *, template: Template | None, asked: Path | None) -> Corrected | None:
    if target.cells:
        return corrected_cells(ledger, target.record, target.cells, template=template)
    if target.file is None or target.choices is None:
        return None
    fed = read_corrections(ledger, target.record, target.file, template=template, choices=target.choices)
    results = results_path(target.record, asked=asked)
    if fed.loses and results.exists() and results.samefile(target.file):
        raise UsageError(
            f"{target.file} holds changes that a rerun does not take ({fed.not_taken}), and would be written "
            "over with the run's results",
            cure=Cure(CureCode.SAVE_OR_NAME_OTHER_RESULTS),
        )
    return fed
