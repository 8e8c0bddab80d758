"""Dials a run from Python, and reports its end: the common part of `start`, `resume` and `rerun`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from campaign.api.arguments import AnyPath, consented, count, flag, in_flight_of, one_of, path_of, rate_of
from campaign.api.events import Event, dial_event
from campaign.api.runs import Counts, counts_of
from campaign.domain.errors import CampaignError, IncompleteError, UsageError
from campaign.presentation.cures import terminal_text
from campaign.usecases.dialling.ready_run import (
    AccountOptions,
    DialingEnd,
    DialOptions,
    PlanSaid,
    ReadyRun,
    StopRequest,
    run_event_loop,
)


@dataclass(frozen=True, slots=True)
class RunEnd:
    """End of one dialling of a run.

    Attributes:
        run: its name.
        counts: number of its rows in each state.
        results_file: None if it could not be written; `results(run)` has all of it in any case.
        stopped: why it stopped itself, if it did: the rest is pending, and `resume` continues.
        trouble: the problem with the results file, if there is one.
        unrecorded: endings that could be written nowhere on a failing disk: keep them.
        exit_code: that of `campaign run`: 0 all created, 1 some rejected or unknown, 4 refused, 5 trouble.
    """

    run: str
    counts: Counts
    results_file: Path | None
    stopped: str | None
    trouble: str | None
    unrecorded: tuple[str, ...]
    exit_code: int

    def raise_for_status(self) -> "RunEnd":
        """Returns itself if every row that was to be called was created.

        Raises:
            IncompleteError: some are rejected or unknown, or the run stopped itself.
        """
        if not self.exit_code:
            return self
        counts = f"{self.counts.rejected} rejected, {self.counts.unknown} unknown, {self.counts.pending} pending"
        why = f"; stopped: {self.stopped}" if self.stopped else ""
        raise IncompleteError(f"run {self.run}: {self.counts.created} created, {counts}{why}", exit_code=self.exit_code)


def dial_options(  # noqa: PLR0913 - what can be said of a dialling, by name
    *,
    call_people: bool,
    sandbox: bool,
    fault: str | None,
    seed: int,
    rate: float | None,
    max_in_flight: int | None,
    limit: int | None,
    results_file: AnyPath | None,
    audit: bool,
    trust_clock: bool,
    plan: PlanSaid | None,
    again: bool = False,
) -> DialOptions:
    """Converts the arguments for the use cases.

    Raises:
        UnansweredError: neither `call_people` nor `sandbox` was given.
        UsageError: one of them is invalid.
    """
    consented(call_people=call_people, sandbox=sandbox)
    return DialOptions(
        account=AccountOptions(sandbox=sandbox, fault=fault, seed=seed, calls_people=not sandbox),
        rate=rate_of("rate", rate),
        max_in_flight=in_flight_of(max_in_flight),
        limit=count("limit", limit),
        results=path_of(results_file),
        audit=flag("audit", audit),
        trust_clock=flag("trust_clock", trust_clock),
        again=again,
        plan=one_of("plan", plan, ("new", "old")),
    )


def dialled(ready: ReadyRun, *, stop: StopRequest, tell: Callable[[Event], None]) -> RunEnd:
    """Dials the run in an event loop of this thread.

    Raises:
        BusyError: another process, or another call of this one, works on the run.
        AuditError: it cannot be established what was called already; nothing was sent.
        ClockError: this machine's clock is not AICaller's; nothing was sent.
        LedgerError: the ledger or its disk is in trouble.
    """
    end = run_event_loop(partial(_dialled, ready, stop=stop, tell=tell))
    return RunEnd(
        run=ready.record.name,
        counts=counts_of(end.counts),
        results_file=end.results,
        stopped=end.stop.why if end.stop else None,
        trouble=None if end.trouble is None else terminal_text(end.trouble),
        unrecorded=end.lost,
        exit_code=ready.exit_code(end, signalled=None),
    )


def refuse_stopped(stop: StopRequest) -> None:
    """Refuses to begin once a stop was requested.

    Raises:
        UsageError: a stop was requested.
    """
    if stop.asked:
        raise UsageError("stopped before the first call; nothing was sent")


async def _dialled(ready: ReadyRun, *, stop: StopRequest, tell: Callable[[Event], None]) -> DialingEnd:
    name, end = ready.record.name, None
    with stop.heard() as stopping:
        async with ready.dial(stop=stopping) as dialing:
            async for happened in dialing.events:
                for event in dial_event(happened, run=name):
                    tell(event)
                if isinstance(happened, DialingEnd):
                    end = happened
    if end is None:
        raise CampaignError(f"run {name} ended without an account of itself; see status({name!r})")
    return end
