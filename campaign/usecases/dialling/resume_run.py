"""Use case resume: dials the rest of a run after a stop or a crash, or the rows whose call had a certain end."""

from collections.abc import Sequence
from pathlib import Path

from campaign.domain.call_outcome import CallEnd
from campaign.engine.dial_order import FirstRows
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.named_run import named_run
from campaign.usecases.context import Context
from campaign.usecases.dialling.begun.answers import refuse_more_calls
from campaign.usecases.dialling.begun.plan_choice import PlanChoice, choice_of, refuse_other_plan, settled_plan
from campaign.usecases.dialling.ready_run import (
    DialOptions,
    PlanSaid,
    ReadyRun,
    account_of_run,
    ready_run,
    requeue_by_outcome,
)


def plan_of_rest(ledger: Ledger, name: str, *, template: Path | None, said: PlanSaid | None) -> PlanChoice:
    """The plans by which the rest of the run of that name could be dialled; arguments as of `choice_of`.

    Raises:
        UsageError: there is no such run, or the template will not do.
    """
    return choice_of(named_run(ledger, name), template=template, said=said)


def resume_run(
    ledger: Ledger,
    name: str,
    *,
    options: DialOptions,
    context: Context,
    ends: Sequence[CallEnd] | None = None,
    template: Path | None = None,
    seen: PlanChoice | None = None,
    first_rows: FirstRows | None = None,
) -> ReadyRun:
    """Prepares the rest of the run of that name; with `ends`, instead the rows whose call had one of these ends.

    `template` is the file that is compared with the run's plan; None for the one that it was begun with. `seen` are the
    plans that were shown to the person who said which holds. `first_rows` are called before the rest.

    Raises:
        UsageError: there is no such run, or its calls are made elsewhere; or its template was changed since, and the
            options do not say which plan holds.
        BusyError: the plan changes, and another process works on the run.
    """
    record = named_run(ledger, name)
    account = account_of_run(record, context, options.account)
    choice = choice_of(record, template=template, said=options.plan)
    refuse_other_plan(seen, choice, run=name)
    if ends is None:
        refuse_more_calls(ledger, record, choice, said=options.plan, limit=options.limit, most=None)
    plan = settled_plan(ledger, record, choice, options=options, context=context)
    return ready_run(
        ledger,
        record,
        plan=plan,
        account=account,
        options=options,
        context=context,
        requeue=requeue_by_outcome(plan, context=context, ends=ends),
        first_rows=first_rows,
    )
