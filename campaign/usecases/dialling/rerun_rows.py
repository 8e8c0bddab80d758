"""Calling the rejected rows of a run again: which run is meant, which rows of it, and what they say now.

word --> target_of --> rows_to_rerun --> shown, agreed to --> ready
"""

from dataclasses import dataclass
from pathlib import Path

from campaign.config.run_plan import RunPlan
from campaign.config.template import Template
from campaign.domain.cures import Cure, CureCode
from campaign.domain.errors import UsageError
from campaign.domain.model import NoteKind
from campaign.engine.account import CallingAccount
from campaign.engine.requeue import RequeueRejected
from campaign.intake.files.read_options import Choices
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.runs import RunRecord
from campaign.preparation.continue_run import plan_of_record, refuse_other_service, results_path
from campaign.preparation.load_run import fingerprint_of
from campaign.preparation.load_template import read_template
from campaign.preparation.questions import Answers
from campaign.preparation.rerun.corrections import Corrected, held_against
from campaign.preparation.rerun.recognise import recognised
from campaign.preparation.rerun.select_rows import Narrow, Rerun, Span, plan_rerun
from campaign.usecases.context import Context
from campaign.usecases.dialling.ready_run import DialOptions, ReadyRun, account_of, ready_run

__all__ = [
    "Corrected",
    "Narrow",
    "Rerun",
    "RerunOptions",
    "RowsToRerun",
    "Span",
    "Target",
    "rows_to_rerun",
    "target_of",
]

_SHEETS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


@dataclass(frozen=True, slots=True)
class Target:
    """The run that is meant, and the results file that was fed back, with how it is read."""

    record: RunRecord
    file: Path | None = None
    choices: Choices | None = None


@dataclass(frozen=True, slots=True)
class RerunOptions:
    """Which rows are meant, and how corrected ones are read.

    Attributes:
        narrow: of the failed rows, these.
        template: reads corrected rows, where the run does not say so itself.
        region: with it, as the run was begun with.
        allow_fictitious: corrected numbers that are kept for examples are called for real.
    """

    narrow: Narrow
    template: Path | None
    region: str | None
    allow_fictitious: bool
    dial: DialOptions


@dataclass(frozen=True, slots=True)
class RowsToRerun:
    """The rows that would be called again, to be shown and agreed to.

    Attributes:
        found: they, and those that are not called.
        fed: what the results file that was fed back says of them; None without one.
    """

    ledger: Ledger
    target: Target
    options: RerunOptions
    context: Context
    plan: RunPlan
    account: CallingAccount
    found: Rerun
    fed: Corrected | None

    @property
    def is_narrowed(self) -> bool:
        """Whether certain rows were asked for, so that none of them is worth an error."""
        return self.options.narrow != Narrow() or self.fed is not None

    @property
    def repaired(self) -> int:
        """How many of their numbers would be called as restored, not as written."""
        return sum(note.kind is NoteKind.REPAIRED for note in self.found.notes)

    def ready(self) -> ReadyRun:
        """Their run, ready to be dialled: these rows, and no others that wait."""
        return ready_run(
            self.ledger,
            self.target.record,
            plan=self.plan,
            account=self.account,
            options=self.options.dial,
            context=self.context,
            requeue=RequeueRejected(self.found.rows, self.found.corrected),
        )


def target_of(ledger: Ledger, word: str, *, choices: Choices) -> Target:
    """The run that `RUN|RESULTS` names.

    Raises:
        UndecidedError: only its owner can say how the file is to be read.
        UsageError: there is none, or both a run and a file are called so.
    """
    path = Path(word)
    named = ledger.read.runs.find(word)
    if named is not None and path.is_file():
        raise UsageError(f"{word!r} is a run and a file here; write ./{word} for the file, or go to another folder")
    if named is not None or not (path.exists() or path.suffix.lower() in _SHEETS):
        return Target(named_run(ledger, word))
    return Target(recognised(ledger, path, choices=choices), path, choices)


def rows_to_rerun(ledger: Ledger, target: Target, *, options: RerunOptions, context: Context) -> RowsToRerun:
    """The rows of the target that may be called again.

    Raises:
        UsageError: the run's calls are made elsewhere, the template is not the run's, or corrections would be lost.
    """
    account = account_of(context, options.dial.account)
    refuse_other_service(target.record, service=account.service)
    plan = plan_of_record(target.record, rate=options.dial.rate, max_in_flight=options.dial.max_in_flight)
    template = _template(target.record, plan=plan, options=options)
    fed = _fed(ledger, target, template=template, asked=options.dial.results)
    answers = Answers(allow_fictitious=options.allow_fictitious)
    found = plan_rerun(
        ledger, target.record, plan=plan, narrow=options.narrow, template=template, fed=fed, answers=answers
    )
    return RowsToRerun(ledger, target, options, context, plan=plan, account=account, found=found, fed=fed)


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
    if target.file is None or target.choices is None:
        return None
    fed = held_against(ledger, target.record, target.file, template=template, choices=target.choices)
    results = results_path(target.record, asked=asked)
    if fed.loses and results.exists() and results.samefile(target.file):
        raise UsageError(
            f"{target.file} holds changes that a rerun does not take ({fed.not_taken}), and would be written "
            "over with the run's results",
            cure=Cure(CureCode.SAVE_OR_NAME_OTHER_RESULTS),
        )
    return fed
