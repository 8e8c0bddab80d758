"""Use case resume: dials the rest of a run after a stop or a crash, or the rows whose call had a certain end."""

from collections.abc import Sequence

from campaign.domain.call_outcome import CallEnd
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.named_run import named_run
from campaign.preparation.continue_run import plan_of_record, refuse_other_service
from campaign.usecases.context import Context
from campaign.usecases.dialling.ready_run import DialOptions, ReadyRun, account_of, ready_run, requeue_by_outcome


def resume_run(
    ledger: Ledger, name: str, *, options: DialOptions, context: Context, ends: Sequence[CallEnd] | None = None
) -> ReadyRun:
    """Prepares the rest of the run of that name; with `ends`, instead the rows whose call had one of these ends.

    Raises:
        UsageError: there is no such run, or its calls are made elsewhere.
    """
    record = named_run(ledger, name)
    account = account_of(context, options.account)
    refuse_other_service(record, service=account.service)
    plan = plan_of_record(record, rate=options.rate, max_in_flight=options.max_in_flight)
    return ready_run(
        ledger,
        record,
        plan=plan,
        account=account,
        options=options,
        context=context,
        requeue=requeue_by_outcome(plan, context=context, ends=ends),
    )
