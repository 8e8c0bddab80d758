"""Dials a prepared run from the command line: progress, signals, exit code; asks which plan holds for the rest."""

from contextlib import ExitStack
from functools import partial

from campaign.cli.options.flags import DialFlags, ShownFlags
from campaign.cli.process.signals import stopping_on_signals
from campaign.cli.progress import Progress
from campaign.cli.prompts import answered
from campaign.cli.run_end import tell_end
from campaign.cli.terminal import Terminal
from campaign.domain.errors import CampaignError
from campaign.domain.model import Settled
from campaign.presentation.dial_events import dial_lines, plan_lines
from campaign.timing.pace import PaceChange
from campaign.usecases.dialling.plan_choice import PlanChoice
from campaign.usecases.dialling.ready_run import (
    AccountOptions,
    CallsEnded,
    DialingEnd,
    DialOptions,
    FirstRowsStarted,
    HeldDialing,
    PlanSaid,
    ReadyRun,
    Started,
    run_event_loop,
)


def dial_options(flags: DialFlags, *, again: bool = False) -> DialOptions:
    """The flags of a dialling command, as its use case takes them.

    Raises:
        UsageError: the results file's name will not do.
    """
    return DialOptions(
        account=AccountOptions(sandbox=flags.sandbox, fault=flags.fault, seed=flags.seed or 0),
        rate=flags.rate,
        max_in_flight=flags.max_in_flight,
        limit=flags.limit,
        results=flags.results,
        audit=not flags.no_audit,
        trust_clock=flags.trust_clock,
        again=again,
        plan=flags.plan,
    )


def plan_said(
    choice: PlanChoice, *, run: str, dial: DialFlags, shown: ShownFlags, terminal: Terminal
) -> PlanSaid | None:
    """Shows what differs, and asks where no flag says it; None where nothing is to be said, or nobody can be asked."""
    if not shown.quiet:
        for line in plan_lines(choice, run=run, said=dial.plan):
            terminal.say(line)
    if not choice.differences or dial.plan is not None or shown.yes or not terminal.interactive:
        # Without an answer the use case refuses: --yes agrees to calls, and to no plan.
        return dial.plan
    question = "Call the rest by the new plan, or by the old one, with which the run was begun?"
    word = answered(question, answers=("new", "old"), flags="--new-plan or --old-plan", terminal=terminal)
    return "new" if word == "new" else "old"


def dialled(ready: ReadyRun, *, shown: ShownFlags, terminal: Terminal) -> int:
    """Dials the run, and prints its events; returns the exit code."""
    end, signalled = run_event_loop(partial(_dialled, ready, shown=shown, terminal=terminal))
    code = ready.exit_code(end, signalled=signalled)
    tell_end(ready.record, end, code=code, signalled=signalled is not None, as_json=shown.as_json, quiet=shown.quiet)
    return code


async def _dialled(ready: ReadyRun, *, shown: ShownFlags, terminal: Terminal) -> tuple[DialingEnd, int | None]:
    name = ready.record.name
    with stopping_on_signals(word="stopping; calls on their way may end (again to leave at once)") as stopping:
        async with ready.dial(stop=stopping.event) as dialing:
            end = await _shown(dialing, run=name, shown=shown, terminal=terminal)
        if end is None:
            raise CampaignError(f"run {name} ended without an account of itself; see: campaign status")
        return end, stopping.exit_code


async def _shown(dialing: HeldDialing, *, run: str, shown: ShownFlags, terminal: Terminal) -> DialingEnd | None:
    """Prints all events; returns how the run ended."""
    with ExitStack() as bar:
        progress: Progress | None = None
        async for event in dialing.events:
            for line in () if shown.quiet else dial_lines(event, run=run, verbose=shown.verbose):
                # A line between the bar's own would leave half a bar behind.
                (progress.say if progress is not None and progress.has_bar else terminal.say)(line)
            match event:
                case Started() | FirstRowsStarted():
                    made = Progress(
                        total=event.to_call, quiet=shown.quiet, verbose=shown.verbose, left=dialing.time_left
                    )
                    progress = bar.enter_context(made)
                case Settled() | PaceChange() if progress is not None:
                    progress.on_event(event)
                case CallsEnded():
                    bar.close()
                    progress = None
                case DialingEnd():
                    return event
                case _:
                    pass
    return None
