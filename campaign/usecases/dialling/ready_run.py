"""Run that is ready to be dialled, with its options: the common result of run, resume and rerun."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import anyio

from campaign.config.run_plan import RunPlan, secrets_of
from campaign.config.settings import SANDBOX_SERVICE
from campaign.domain.call_outcome import CallEnd
from campaign.domain.model import Settled
from campaign.engine.account import CallingAccount, calling_account_from, fault_plan_from
from campaign.engine.beside import beside
from campaign.engine.dial_held_run import HeldDialing, dial_held_run, run_event_loop
from campaign.engine.dial_order import DialOrder, FirstRows
from campaign.engine.events import (
    CallsEnded,
    DialEvent,
    FirstRowsAwaited,
    FirstRowsPassed,
    FirstRowsStarted,
    Started,
    WaitingUntil,
)
from campaign.engine.pacing.run_control import Lifts
from campaign.engine.requeue import ALL_ROUNDS, REQUEUED, Requeue
from campaign.engine.run_end import DialingEnd, exit_code_of
from campaign.engine.stop import StopRequest
from campaign.export.formats import refuse_growing
from campaign.followup.due_rows import RequeueDue
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.records.runs import RunRecord
from campaign.preparation.plan.continue_run import refuse_other_service, results_path
from campaign.reconcile.during_run import RunLookups
from campaign.reconcile.events import CallsBeingListed, ListAwaited
from campaign.sandbox.faults.table import FaultPlan
from campaign.usecases.context import Context

__all__ = [
    "AccountOptions",
    "CallsBeingListed",
    "CallsEnded",
    "DialEvent",
    "DialOptions",
    "DialingEnd",
    "FirstRowsAwaited",
    "FirstRowsPassed",
    "FirstRowsStarted",
    "HeldDialing",
    "ListAwaited",
    "PlanSaid",
    "ReadyRun",
    "RunRecord",
    "Settled",
    "Started",
    "StopRequest",
    "WaitingUntil",
    "beside",
    "run_event_loop",
]


PlanSaid = Literal["new", "old"]
"""Which plan holds for the rest of a begun run: what its template says now, or what the run began with."""


@dataclass(frozen=True, slots=True)
class AccountOptions:
    """Options of the account: AICaller's, from the environment, or a stand-in inside this process.

    Attributes:
        fault: faults of the stand-in, as `NAME=SHARE,...`.
        seed: decides which rows a fault strikes.
        calls_people: it was said that people are to be called, so a run of the stand-in is refused.
    """

    sandbox: bool
    fault: str | None = None
    seed: int = 0
    calls_people: bool = False


@dataclass(frozen=True, slots=True)
class DialOptions:
    """Options of dialling that the caller may set.

    Attributes:
        rate: calls per second; None for the run's own.
        max_in_flight: concurrent requests; None for the run's own.
        limit: at most so many rows now; None for all.
        results: the results file, which is appended to while the run goes on; None for the run's own.
        audit: whether AICaller's list of calls is read to reconcile the run.
        again: only `call_again_after` holds: what was called before may be called with the same words.
        trust_clock: this machine's clock is taken for right, whatever AICaller's says.
        plan: of a begun run whose template was changed since: the template's of now, or its own; None for not said.

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
    trust_clock: bool = False
    plan: PlanSaid | None = None

    def __post_init__(self) -> None:
        if self.results is not None:
            refuse_growing(self.results)


@dataclass(frozen=True, slots=True)
class ReadyRun:
    """Run in the ledger, with all that dialling it needs."""

    ledger: Ledger
    record: RunRecord
    order: DialOrder
    context: Context

    def dial(self, *, stop: anyio.Event) -> AbstractAsyncContextManager[HeldDialing]:
        """Dials the run; see `dial_held_run`."""
        return dial_held_run(self.ledger, self.record, order=self.order, now=self.context.now, stop=stop)

    def exit_code(self, end: DialingEnd, *, signalled: int | None) -> int:
        """Exit code for this end; `signalled` is the number of the signal that stopped the run, if one did."""
        return exit_code_of(end, signalled=signalled, limited=self.order.limit is not None)


def faults_of(options: AccountOptions) -> FaultPlan:
    """Reads the faults of the stand-in.

    Raises:
        UsageError: there is no such fault, or there are faults without the stand-in.
    """
    return fault_plan_from(options.fault, seed=options.seed, sandbox=options.sandbox)


def account_of(context: Context, options: AccountOptions) -> CallingAccount:
    """Resolves the options to the account at which calls are made.

    Raises:
        UsageError: no usable key or address, or faults without the stand-in.
    """
    return calling_account_from(context.environment, sandbox=options.sandbox, fault=options.fault, seed=options.seed)


def account_of_run(record: RunRecord, context: Context, options: AccountOptions) -> CallingAccount:
    """Resolves the options to the account of a run that there is: a run of the stand-in goes on nowhere else.

    Raises:
        UsageError: as `account_of` does, or the run makes its calls elsewhere.
    """
    if record.service == SANDBOX_SERVICE and not options.calls_people:
        options = replace(options, sandbox=True)
    account = account_of(context, options)
    refuse_other_service(record, service=account.service)
    return account


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
    """Combines the run with its options.

    Raises:
        UsageError: a webhook's secret is not set any more.
    """
    order = DialOrder(
        plan=plan,
        account=account,
        secret=secrets_of(plan, context.environment).__getitem__,
        results=results_path(record, asked=options.results),
        requeue=requeue,
        look_ups=RunLookups(again=options.again) if options.audit else None,
        limit=options.limit,
        first_rows=first_rows,
        trust_clock=options.trust_clock,
        lifts=Lifts.ANY,
    )
    return ReadyRun(ledger, record, order, context)


def requeue_by_outcome(plan: RunPlan, *, context: Context, ends: Sequence[CallEnd] | None) -> Requeue:
    """Rows to requeue: those due by the template's retry rules and all pending ones, or those with these ends."""
    from_round = ALL_ROUNDS if ends is None else REQUEUED
    return RequeueDue(plan, at=context.now(), ends=ends, from_round=from_round)
