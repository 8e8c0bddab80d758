"""Use case: dial and follow what a server was told to, from options that outlive the process."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from campaign.config.home import home_from
from campaign.config.settings import SANDBOX_SERVICE
from campaign.domain.stop import Stop, StopCode
from campaign.followup.clock import WallClock
from campaign.ledger.port.ledger import Ledger, ReadableLedger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.drafts import DraftState
from campaign.ledger.records.serving import FirstOrder, OrderRecord
from campaign.usecases.context import Context
from campaign.usecases.dialling.drafts import ready_rerun_draft
from campaign.usecases.dialling.ready_run import AccountOptions, DialOptions, PlanSaid, ReadyRun
from campaign.usecases.dialling.resume_run import resume_run
from campaign.usecases.follow_run import FollowOptions, RunToFollow, follow_run
from campaign.usecases.serving.drafts.ordered_canary import OrderedCanary, canary_of_run

FOLLOWED_FOR = timedelta(days=7)
"""So long the calls of a run are followed at most, from the end of its dialling on, however often a server starts."""
_POLLS_PER_SECOND = 2.0

EndedBy = Literal["refused", "trouble", "clock", "failed"]
"""AICaller refused the account; the run stopped itself; the clocks are apart; or it could not be dialled at all."""


class WhyEnded(BaseModel):
    """Why a run was not carried through, kept until it is ordered anew.

    Attributes:
        by: what kind of end it was.
        text: one line for a person.
        at: when.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: EndedBy
    text: str
    at: datetime


class OrderedDialling(BaseModel):
    """How a run is to be dialled, as it is stored with the order.

    Attributes:
        limit: at most so many rows now; None for all.
        draft: of a rerun, the token of the draft with its rows; None for the run's waiting rows.
        plan: of a run whose template was changed since: which plan holds for its rest.
        trust_clock: this machine's clock is taken for right.
        follow_until: its calls are made, and followed until then; None while they are not made.
        ended: why it was not carried through; None while it is, or was.
        canary: rows that are called and judged before the rest; None for none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    limit: int | None = None
    draft: str | None = None
    plan: PlanSaid | None = None
    trust_clock: bool = False
    follow_until: datetime | None = None
    ended: WhyEnded | None = None
    canary: OrderedCanary | None = None


def ordered_of(order: OrderRecord) -> OrderedDialling:
    """What the order says."""
    return OrderedDialling.model_validate_json(order.options)


def as_begun(ordered: OrderedDialling) -> OrderedDialling:
    """The same for the ledger: what was asked when it began is settled, and a restart asks nobody."""
    return ordered.model_copy(update={"plan": "old"})


def first_order(ordered: OrderedDialling, *, who: str) -> FirstOrder:
    """The same for the publishing of a run."""
    return FirstOrder(as_begun(ordered).model_dump_json(), who)


def as_followed(ordered: OrderedDialling, *, now: datetime) -> OrderedDialling:
    """The same once all of its calls are made."""
    return ordered.model_copy(update={"follow_until": now + FOLLOWED_FOR})


def as_ended(ordered: OrderedDialling, *, by: EndedBy, text: str, now: datetime) -> OrderedDialling:
    """The same where it was not carried through."""
    return ordered.model_copy(update={"ended": WhyEnded(by=by, text=text, at=now)})


def ended_by(stop: Stop) -> EndedBy:
    """The kind of end of a run that stopped itself."""
    return "refused" if stop.code is StopCode.REFUSED else "trouble"


def rows_left(ledger: ReadableLedger, order: OrderRecord) -> int | None:
    """How many rows may still be called of an order with a limit, after a restart too; None without one."""
    limit = ordered_of(order).limit
    if limit is None:
        return None
    return max(0, limit - ledger.read.runs.watch.rows_called_since(order.run_id, order.ordered_at))


def ready_ordered(
    ledger: Ledger, run: str, ordered: OrderedDialling, *, context: Context, limit: int | None = None
) -> ReadyRun:
    """Prepares the run of that name for dialling as ordered; again after a restart, the rest of the same.

    `limit` is what is left of the order's own.

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
        limit=ordered.limit if limit is None else limit,
        results=results_file(run, context=context),
        audit=True,
        trust_clock=ordered.trust_clock,
        plan=ordered.plan,
    )
    if ordered.draft is None:
        canary = ordered.canary
        first = None
        if canary is not None:
            first = canary_of_run(ledger, record, canary, limit=options.limit, clock=WallClock(context.now))
        return resume_run(ledger, run, options=options, context=context, first_rows=first)
    draft = ledger.read.drafts.find(ordered.draft)
    revision = draft.revision if draft is not None and draft.state is not DraftState.EXPIRED else 0
    return ready_rerun_draft(ledger, ordered.draft, revision=revision, options=options, context=context)


def ordered_to_follow(ledger: Ledger, run: str, ordered: OrderedDialling, *, context: Context) -> RunToFollow:
    """Prepares the run of that name for following, until all of its calls are over and its retries are made.

    Raises:
        UsageError: there is none, its calls were made elsewhere, or its results cannot be written.
    """
    until = ordered.follow_until or context.now() + FOLLOWED_FOR
    options = FollowOptions(
        watch=True,
        deadline=max(until - context.now(), timedelta(0)),
        rate=_POLLS_PER_SECOND,
        results=results_file(run, context=context),
        sandbox=False,
        trust_clock=ordered.trust_clock,
    )
    return follow_run(ledger, run, options=options, context=context)


def results_file(run: str, *, context: Context) -> Path:
    """Where a server lets the run's results grow: beside the ledger."""
    folder = home_from(context.environment) / "results"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{run}.results.csv"
