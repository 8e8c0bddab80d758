"""Use case follow: polls a run's calls until they are over; with `watch`, also makes the retries that are due."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import anyio

from campaign.engine.account import CallingAccount
from campaign.export.overwrite_guard import refuse_foreign
from campaign.followup.clock import WallClock
from campaign.followup.follow import FollowEvent, Following, PollingEnd
from campaign.followup.session import FollowFlags, following, write_followed
from campaign.ledger.port.ledger import Ledger
from campaign.ledger.port.named_run import named_run
from campaign.ledger.records.outcomes import Looked
from campaign.ledger.records.runs import RunRecord
from campaign.preparation.plan.continue_run import plan_of_record, results_path
from campaign.usecases.context import Context
from campaign.usecases.dialling.ready_run import AccountOptions, account_of_run

__all__ = [
    "FollowEvent",
    "FollowOptions",
    "Following",
    "Looked",
    "PollingEnd",
    "RunRecord",
    "RunToFollow",
    "follow_run",
    "runs_to_follow",
]


@dataclass(frozen=True, slots=True)
class FollowOptions:
    """Options of following that the caller may set.

    Attributes:
        watch: keep running, and make the retries that are due.
        deadline: longest time to follow; None for never.
        rate: polls per second.
        results: the results file; None for the run's own.
        sandbox: its calls were made at the stand-in.
        trust_clock: retries are made by this machine's clock, whatever AICaller's says.
    """

    watch: bool
    deadline: timedelta | None
    rate: float
    results: Path | None
    sandbox: bool
    trust_clock: bool = False


@dataclass(frozen=True, slots=True)
class RunToFollow:
    """Run that is ready to be followed."""

    ledger: Ledger
    record: RunRecord
    flags: FollowFlags
    account: CallingAccount
    context: Context

    def open_calls(self) -> int:
        """Number of its calls that are still polled."""
        return self.ledger.read.outcomes.count(self.record.id).open

    def follow(self, *, stop: anyio.Event) -> AbstractAsyncContextManager[Following]:
        """Follows the run; the caller must iterate the events to their end."""
        return following(
            self.ledger,
            self.record,
            flags=self.flags,
            place=self.account,
            clock=WallClock(self.context.now),
            stop=stop,
            environment=self.context.environment,
        )

    def exit_code(self, end: PollingEnd, *, signalled: int | None) -> int:
        """Exit code for this end; `signalled` is the number of the signal that stopped the run, if one did."""
        if end.stop is not None:
            return int(end.stop.code)
        if signalled is not None:
            return signalled
        return 1 if end.counts.on_the_way else 0

    def write_results(self) -> Path | None:
        """Writes the outcomes to the results file; None when another process holds the run, and writes them."""
        return write_followed(self.ledger, self.record, plan=self.flags.plan, path=self.flags.results)


def runs_to_follow(ledger: Ledger) -> list[str]:
    """The names of runs with calls that are not known to be over, but for forgotten ones; oldest first."""
    return [
        record.name
        for record in ledger.read.runs.all()
        if ledger.read.outcomes.count(record.id).open and not ledger.read.runs.forgotten_at(record.id)
    ]


def follow_run(ledger: Ledger, name: str, *, options: FollowOptions, context: Context) -> RunToFollow:
    """Prepares the run of that name for following.

    Raises:
        UsageError: there is none, its calls were made elsewhere, or its results cannot be written.
    """
    record = named_run(ledger, name)
    account = account_of_run(record, context, AccountOptions(options.sandbox))
    flags = FollowFlags(
        plan=plan_of_record(record, rate=None, max_in_flight=None),
        watch=options.watch,
        deadline=None if options.deadline is None else context.now() + options.deadline,
        rate=options.rate,
        results=results_path(record, asked=options.results),
        trust_clock=options.trust_clock,
    )
    refuse_foreign(flags.results)
    return RunToFollow(ledger, record, flags, account, context)
