"""Plan choice: which plan holds for the rest of a begun run, where its template was changed since.

template of now --> differs in hours, stagger, retries, limits, pace? no --> the run's own plan
                                                                      `--> a person says: new, or old; never guessed
"""

from dataclasses import dataclass
from pathlib import Path

from campaign.config.run_plan import PlanOrigin, RunPlan, faster, fingerprint_of, origin_of, replanned
from campaign.config.template import Template
from campaign.domain.cures import Cure, CureCode
from campaign.domain.errors import TemplateError, UnansweredError, UsageError
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.runs import RunRecord
from campaign.preparation.load_template import read_template
from campaign.preparation.plan.adopt_plan import adopt_plan
from campaign.preparation.plan.plan_change import PlanDifference, plan_changed, plan_differences
from campaign.usecases.context import Context
from campaign.usecases.dialling.ready_run import DialOptions, PlanSaid
from campaign.usecases.dialling.webhook import with_webhook

__all__ = ["PlanChoice", "PlanDifference", "choice_by", "choice_of", "settled_plan"]


@dataclass(frozen=True, slots=True)
class PlanChoice:
    """The two plans by which the rest of a run could be dialled.

    Attributes:
        begun: the plan that the run has.
        now: the same with what its template says now.
        differences: between them; none where there is nothing to choose.
        notice: why they could not be compared, or what of the template cannot hold any more; None for nothing.
    """

    begun: RunPlan
    now: RunPlan
    differences: tuple[PlanDifference, ...] = ()
    notice: str | None = None

    def held(self, said: PlanSaid | None, *, run: str) -> RunPlan:
        """The plan that holds.

        Raises:
            UnansweredError: they differ, and nothing was said.
        """
        if not self.differences or said == "old":
            return self.begun
        if said == "new":
            return self.now
        listed = "; ".join(f"{one.setting}: {one.begun or 'none'}, now {one.now or 'none'}" for one in self.differences)
        raise UnansweredError(
            f"the template was changed since run {run} was begun ({listed}); nothing was sent",
            argument="plan",
            cure=Cure(CureCode.SAY_WHICH_PLAN),
        )


def choice_by(record: RunRecord, template: Template, *, origin: PlanOrigin) -> PlanChoice:
    """The choice between the run's plan and this template's."""
    begun = RunPlan.model_validate_json(record.plan)
    now = replanned(begun, template, origin=origin)
    return PlanChoice(begun, now, plan_differences(begun, now))


def choice_of(record: RunRecord, *, template: Path | None = None, said: PlanSaid | None = None) -> PlanChoice:
    """The choice between the run's plan and that of its template's file as it is now.

    Args:
        record: the run.
        template: the file; None for the one that the run was begun with.
        said: which plan holds; with "old" the file is not read.

    Raises:
        TemplateError: the file cannot be read, or is none.
        UsageError: this template makes other calls.
    """
    begun = RunPlan.model_validate_json(record.plan)
    before = begun.origin
    path = template or (Path(before.template) if before else None)
    if said == "old" and template is None:
        return PlanChoice(begun, begun)
    if path is None:
        return PlanChoice(
            begun,
            begun,
            notice=f"run {record.name} was begun by an older version, and does not know its template's file: it goes "
            "on by its own plan, and what was changed since is not noticed unless the template is named",
        )
    if template is None and not path.exists():
        return PlanChoice(
            begun, begun, notice=f"template {path} is not there any more: the run goes on by its own plan"
        )
    region, timezone, start = (before.region, before.timezone, before.start) if before else (None, None, None)
    try:
        read = read_template(path, region=region, timezone=timezone, start=start)
    except TemplateError as error:
        raise TemplateError(error.message, cure=Cure(CureCode.KEEP_OLD_PLAN)) from None
    choice = choice_by(record, read, origin=origin_of(read, path, region=region, timezone=timezone, start=start))
    if fingerprint_of(read, begun) == record.template_fingerprint:
        return choice
    if template is not None:
        raise UsageError(
            f"{template} makes other calls than the template that run {record.name} was begun with",
            cure=Cure(CureCode.LEAVE_TEMPLATE_OUT),
        )
    words = f"what {path.name} says now of words, columns and numbers holds for new runs, and not for {record.name}"
    return PlanChoice(choice.begun, choice.now, choice.differences, words)


def refuse_other_plan(seen: PlanChoice | None, choice: PlanChoice, *, run: str) -> None:
    """Refuses an answer that was given to another plan than the run has by now.

    Raises:
        UsageError: another process has changed it since it was `seen`.
    """
    if seen is not None and plan_differences(seen.begun, choice.begun):
        raise plan_changed(run)


def settled_plan(
    ledger: Ledger,
    record: RunRecord,
    choice: PlanChoice,
    *,
    options: DialOptions,
    context: Context,
    webhook: str | None = None,
) -> RunPlan:
    """The plan that holds for the rest of the run, stored with it, at the pace that the flags ask for.

    `webhook` is one more address for the calls that are still to be made.

    Raises:
        BusyError: another process works on the run.
        UnansweredError: the plans differ, and nothing was said.
        UsageError: a waiting row cannot be called in the new hours.
    """
    plan = choice.held(options.plan, run=record.name)
    if webhook is not None and all(url != webhook for url, _, _ in plan.call.webhooks):
        plan = with_webhook(plan, webhook, environment=context.environment)
    if plan is not choice.begun:
        adopt_plan(ledger, record, begun=choice.begun, plan=plan, now=context.now())
    return faster(plan, rate=options.rate, max_in_flight=options.max_in_flight)
