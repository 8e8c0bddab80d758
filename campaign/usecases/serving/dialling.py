"""Use case: dial and follow what a server was told to, from options that outlive the process."""

from datetime import timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from campaign.config.home import home_from
from campaign.config.settings import SANDBOX_SERVICE
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.drafts import DraftState
from campaign.usecases.context import Context
from campaign.usecases.dialling.drafts import ready_rerun_draft
from campaign.usecases.dialling.ready_run import AccountOptions, DialOptions, PlanSaid, ReadyRun
from campaign.usecases.dialling.resume_run import resume_run
from campaign.usecases.follow_run import FollowOptions, RunToFollow, follow_run

_POLLS_PER_SECOND = 2.0


class OrderedDialling(BaseModel):
    """How a run is to be dialled, as it is stored with the order.

    Attributes:
        limit: at most so many rows now; None for all.
        draft: of a rerun, the token of the draft with its rows; None for the run's waiting rows.
        plan: of a run whose template was changed since: which plan holds for its rest.
        trust_clock: this machine's clock is taken for right.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    limit: int | None = None
    draft: str | None = None
    plan: PlanSaid | None = None
    trust_clock: bool = False


def ready_ordered(ledger: Ledger, run: str, ordered: OrderedDialling, *, context: Context) -> ReadyRun:
    """Prepares the run of that name for dialling as ordered; again after a restart, the rest of the same.

    Raises:
        UsageError: there is no such run, or its calls cannot be made from here; or its template was changed since, and
            the order does not say which plan holds.
        BusyError: the plan changes, and another process works on the run.
    """
    record = named_run(ledger, run)
    options = DialOptions(
        # A run of the stand-in can go on nowhere else, and rings nobody.
        account=AccountOptions(sandbox=record.service == SANDBOX_SERVICE),
        rate=None,
        max_in_flight=None,
        limit=ordered.limit,
        results=results_file(run, context=context),
        audit=True,
        trust_clock=ordered.trust_clock,
        plan=ordered.plan,
    )
    if ordered.draft is None:
        return resume_run(ledger, run, options=options, context=context)
    draft = ledger.read.drafts.find(ordered.draft)
    revision = draft.revision if draft is not None and draft.state is not DraftState.EXPIRED else 0
    return ready_rerun_draft(ledger, ordered.draft, revision=revision, options=options, context=context)


def ordered_to_follow(ledger: Ledger, run: str, *, context: Context) -> RunToFollow:
    """Prepares the run of that name for following, until all of its calls are over and its retries are made.

    Raises:
        UsageError: there is none, its calls were made elsewhere, or its results cannot be written.
    """
    options = FollowOptions(
        watch=True,
        deadline=timedelta(days=7),
        rate=_POLLS_PER_SECOND,
        results=results_file(run, context=context),
        sandbox=False,
    )
    return follow_run(ledger, run, options=options, context=context)


def results_file(run: str, *, context: Context) -> Path:
    """Where a server lets the run's results grow: beside the ledger."""
    folder = home_from(context.environment) / "results"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{run}.results.csv"
