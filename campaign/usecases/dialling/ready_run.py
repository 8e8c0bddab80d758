"""A run that is ready to be dialled, and how it is to be: what run, resume and rerun come to."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

import anyio

from campaign.config.run_plan import RunPlan, secrets_of
from campaign.domain.call_outcome import CallEnd
from campaign.engine.account import CallingAccount, calling_account_from
from campaign.engine.dial_held_run import DialOrder, FirstRows, HeldDialing, dial_held_run, run_event_loop
from campaign.engine.events import CallsEnded, DialEvent, FirstRowsStarted, Started
from campaign.engine.requeue import ALL_ROUNDS, REQUEUED, Requeue
from campaign.engine.run_end import RunEnd, exit_code_of
from campaign.engine.stop import StopRequest
from campaign.export.formats import refuse_growing
from campaign.followup.due_rows import RequeueDue
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.runs import RunRecord
from campaign.preparation.continue_run import results_path
from campaign.reconcile.during_run import LookUps
from campaign.usecases.context import Context

__all__ = [
    "AccountOptions",
    "CallsEnded",
    "DialEvent",
    "DialOptions",
    "FirstRowsStarted",
    "HeldDialing",
    "ReadyRun",
    "RunEnd",
    "RunRecord",
    "Started",
    "StopRequest",
    "run_event_loop",
]


@dataclass(frozen=True, slots=True)
class AccountOptions:
    """Where calls are made: at AICaller, as the environment says, or at a stand-in inside this process.

    Attributes:
        fault: what goes wrong at the stand-in, as `NAME=SHARE,...`.
        seed: which rows it befalls.
    """

    sandbox: bool
    fault: str | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True)
class DialOptions:
    """How a run is dialled, as far as a person says so.

    Attributes:
        rate: calls per second; None for the run's own.
        max_in_flight: calls on their way at once; None for the run's own.
        limit: at most so many rows now; None for all.
        results: the results file, which grows while the run goes on; None for the run's own.
        audit: whether AICaller's list of calls is looked at.
        again: only `call_again_after` holds: what was called before may be called with the same words.

    Raises:
        UsageError: the results file's name means a format that cannot grow.
    """

    account: AccountOptions
    rate: float | None
    max_in_flight: int | None
    limit: int | None
    results: Path | None
    audit: bool
    again: bool = False

    def __post_init__(self) -> None:
        if self.results is not None:
            refuse_growing(self.results)


@dataclass(frozen=True, slots=True)
class ReadyRun:
    """A run that is in the ledger, and how it is to be dialled."""

    ledger: Ledger
    record: RunRecord
    order: DialOrder
    context: Context

    def dial(self, *, stop: anyio.Event) -> AbstractAsyncContextManager[HeldDialing]:
        """Dials it; see `dial_held_run`."""
        return dial_held_run(self.ledger, self.record, order=self.order, now=self.context.now, stop=stop)

    def exit_code(self, end: RunEnd, *, signalled: int | None) -> int:
        """How it ended as one number; `signalled` is that of the signal that stopped it, if one did."""
        return exit_code_of(end, signalled=signalled, limited=self.order.limit is not None)


def account_of(context: Context, options: AccountOptions) -> CallingAccount:
    """Where the calls are made.

    Raises:
        UsageError: no usable key or address, or faults without the stand-in.
    """
    return calling_account_from(context.environment, sandbox=options.sandbox, fault=options.fault, seed=options.seed)


def ready_run(
    ledger: Ledger,
    record: RunRecord,
    *,
    plan: RunPlan,
    account: CallingAccount,
    options: DialOptions,
    context: Context,
    requeue: Requeue,
    first_rows: FirstRows | None = None,
) -> ReadyRun:
    """The run with its options.

    Raises:
        UsageError: a webhook's secret is not set any more.
    """
    order = DialOrder(
        plan=plan,
        account=account,
        secret=secrets_of(plan, context.environment).__getitem__,
        results=results_path(record, asked=options.results),
        requeue=requeue,
        look_ups=LookUps(again=options.again) if options.audit else None,
        limit=options.limit,
        first_rows=first_rows,
    )
    return ReadyRun(ledger, record, order, context)


def requeue_by_outcome(plan: RunPlan, *, context: Context, ends: Sequence[CallEnd] | None) -> Requeue:
    """The rows that the template's rules want to be called again by now, with all that wait; or those of these ends."""
    from_round = ALL_ROUNDS if ends is None else REQUEUED
    return RequeueDue(plan, at=context.now(), ends=ends, from_round=from_round)
