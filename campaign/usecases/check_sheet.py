"""Use case check: reports all that can be known of a sheet before its first call, or its requests. Sends nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from campaign.config.database import ledger_from
from campaign.config.run_plan import RunPlan, plan_of
from campaign.config.settings import DEFAULT_BASE_URL, SANDBOX_SERVICE, checked_base_url, service_of
from campaign.config.template import Template
from campaign.domain.api_schema import CallRequest
from campaign.domain.model import Screened
from campaign.export.overwrite_guard import shown
from campaign.intake.files.read_options import Choices, chosen
from campaign.preparation.check import Checked, check, dry_run
from campaign.preparation.compare import EarlierCallIndex, earlier_from
from campaign.preparation.problem_sheet import ProblemSheet
from campaign.preparation.questions import Answers
from campaign.preparation.screening import decided
from campaign.preparation.summary import Summary
from campaign.usecases.context import Context
from campaign.usecases.dialling.sheet_run_plan import template_from
from campaign.usecases.dialling.webhook import with_webhook

__all__ = [
    "Answers",
    "CallRequest",
    "CheckOptions",
    "Checked",
    "Choices",
    "SheetToCheck",
    "Summary",
    "chosen",
    "exit_code_of_check",
    "sheet_to_check",
    "sheet_to_dry_run",
    "shown",
]


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """Options of a check: the sheet, its template, and what replaces the template's settings.

    Attributes:
        region: replaces the template's; `timezone` likewise.
        sandbox: compare with earlier runs on the stand-in, not with real ones.
        webhook: of a dry run: one more address to which AICaller sends webhooks.
        start: of a dry run: no phone rings before; as a person says it.
    """

    sheet: Path
    template: Path
    region: str | None
    timezone: str | None
    sandbox: bool
    webhook: str | None = None
    start: str | None = None


@dataclass(frozen=True, slots=True)
class SheetToCheck:
    """A sheet, its template, and what the ledger knows of earlier calls."""

    sheet: Path
    template: Template
    plan: RunPlan
    earlier: EarlierCallIndex
    context: Context

    def check(
        self,
        choices: Choices,
        *,
        answers: Answers,
        problems: Path | None,
        every: Callable[[Screened], None] | None,
    ) -> Checked:
        """Reads the whole sheet; `problems` is where its bad rows are written, `every` takes each row with doubts.

        Raises:
            UndecidedError: only the sheet's owner can say how it is to be read.
            SheetError: it cannot be read.
            UsageError: the sheet of bad rows cannot be written there.
        """
        return check(
            self.sheet,
            self.template,
            plan=self.plan,
            earlier=self.earlier,
            choices=choices,
            answers=answers,
            problems=None if problems is None else ProblemSheet(problems, self.context.wording),
            every=every,
            now=self.context.now(),
        )

    def decided(self, choices: Choices) -> Choices:
        """Returns the choices if they settle how the sheet is read.

        Raises:
            UndecidedError: they do not.
            SheetError: it cannot be read.
        """
        return decided(self.sheet, self.template, choices)

    def requests(self, choices: Choices, *, answers: Answers, limit: int | None) -> Iterator[tuple[int, CallRequest]]:
        """Yields (row, request) of what a run would send now, in the sheet's order. Webhook secrets are not in them."""
        return dry_run(
            self.sheet,
            self.template,
            plan=self.plan,
            earlier=self.earlier,
            choices=choices,
            answers=answers,
            limit=limit,
            now=self.context.now(),
        )


@contextmanager
def sheet_to_check(options: CheckOptions, *, context: Context) -> Iterator[SheetToCheck]:
    """Opens the sheet to be checked.

    Raises:
        UsageError: the template or the environment will not do.
    """
    # Which team pays does not change what can be known of a sheet.
    with _beside_ledger(options, context=context, anybody=True) as sheet:
        yield sheet


@contextmanager
def sheet_to_dry_run(options: CheckOptions, *, context: Context) -> Iterator[SheetToCheck]:
    """Opens the sheet for a dry run: the environment must be that of the real run.

    Raises:
        UsageError: the template or the environment will not do.
    """
    with _beside_ledger(options, context=context, anybody=options.sandbox) as sheet:
        yield sheet


def exit_code_of_check(summary: Summary) -> int:
    """0 when a run would call all that can be called, 1 when something stands against that, 2 when none can be."""
    if not summary.to_call and not summary.skipped:
        return 2
    return 1 if summary.invalid or summary.undecided else 0


@contextmanager
def _beside_ledger(options: CheckOptions, *, context: Context, anybody: bool) -> Iterator[SheetToCheck]:
    template, _ = template_from(options.start, options, now=context.now())
    plan = plan_of(template, environment=context.environment, sandbox=anybody)
    if options.webhook is not None:
        plan = with_webhook(plan, options.webhook, environment=context.environment)
    service = SANDBOX_SERVICE
    if not options.sandbox:
        service = service_of(checked_base_url(context.environment.get("AICALLER_BASE_URL") or DEFAULT_BASE_URL))
    ledger = ledger_from(context.environment)
    with earlier_from(ledger, service=service, template=template, plan=plan, now=context.now) as earlier:
        yield SheetToCheck(options.sheet, template, plan, earlier, context)
