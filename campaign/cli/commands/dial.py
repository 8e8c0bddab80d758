"""Dials a prepared run from the command line: progress, signals, exit code; asks which plan holds for the rest."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial

import anyio

from campaign.cli.options.flags import DialFlags, ShownFlags
from campaign.cli.output import tell
from campaign.cli.process.signals import stopping_on_signals
from campaign.cli.progress import Progress
from campaign.cli.prompts import answered
from campaign.cli.run_end import tell_end
from campaign.cli.terminal import Terminal
from campaign.domain.errors import CampaignError
from campaign.domain.model import Settled
from campaign.domain.result_row import progress_of
from campaign.presentation.dial_events import dial_lines, plan_lines
from campaign.timing.pace import PaceChange
from campaign.usecases.dialling.begun.plan_choice import PlanChoice
from campaign.usecases.dialling.notify import checked_notify_url, notify
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
    WaitingUntil,
    beside,
    run_event_loop,
)


def dial_options(flags: DialFlags, *, again: bool = False) -> DialOptions:
    """The flags of a dialling command, as its use case takes them.

    Raises:
        UsageError: the results file's name will not do.
    """
    if flags.notify_url is not None:
        checked_notify_url(flags.notify_url)
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


def dial_words(flags: DialFlags) -> list[str]:
    """The same flags as words, for `resume` in another process.

    Which plan holds is settled, and stored with the run, by then: what its template says meanwhile is not asked about.
    """
    words = [
        "--old-plan",
        *(["--sandbox"] if flags.sandbox else []),
        *(["--no-audit"] if flags.no_audit else []),
        *(["--trust-clock"] if flags.trust_clock else []),
    ]
    for flag, value in (
        ("--fault", flags.fault),
        ("--seed", flags.seed),
        ("--rate", flags.rate),
        ("--max-in-flight", flags.max_in_flight),
        ("--limit", flags.limit),
        ("--notify-url", flags.notify_url),
        ("--results", None if flags.results is None else flags.results.absolute()),
    ):
        words += [] if value is None else [flag, str(value)]
    return words


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


def dialled(ready: ReadyRun, *, dial: DialFlags, shown: ShownFlags, terminal: Terminal) -> int:
    """Dials the run, prints its events, and notifies of its end; returns the exit code."""
    log = terminal.as_log()
    end, signalled = run_event_loop(partial(_dialled, ready, shown=shown, terminal=log))
    code = ready.exit_code(end, signalled=signalled)
    tell_end(ready.record, end, code=code, signalled=signalled is not None, shown=shown, say=log.say)
    results = str(end.results) if end.results else None
    counts = dict(progress_of(end.counts))
    _post(dial.notify_url, run=ready.record.name, code=code, counts=counts, results=results, terminal=terminal)
    return code


@contextmanager
def notifying(flags: DialFlags, *, run: str | None, terminal: Terminal, sheet: str | None = None) -> Iterator[None]:
    """Notifies of a command that was refused, or failed: a timer's job has nobody who reads its lines."""
    try:
        yield
    except CampaignError as error:
        _post(flags.notify_url, run=run, code=error.exit_code, counts={}, results=None, terminal=terminal, sheet=sheet)
        raise


def _post(
    url: str | None,
    *,
    run: str | None,
    code: int,
    counts: Mapping[str, int],
    results: str | None,
    terminal: Terminal,
    sheet: str | None = None,
) -> None:
    if url is None:
        return
    trouble = notify(
        url, event="run", run=run, code=code, counts=counts, results=results, context=terminal, sheet=sheet
    )
    if trouble is not None:
        tell(f"campaign: the summary was not taken: {trouble}")


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
        screen = _Screen(terminal)
        async with beside(screen.count_down):
            async for event in dialing.events:
                for line in () if shown.quiet else dial_lines(event, run=run, verbose=shown.verbose):
                    screen.say(line)
                match event:
                    case Started() | FirstRowsStarted():
                        made = Progress(
                            total=event.to_call,
                            quiet=shown.quiet,
                            verbose=shown.verbose,
                            left=dialing.time_left,
                            say=terminal.say,
                        )
                        screen.progress = bar.enter_context(made)
                    case Settled() | PaceChange() if screen.progress is not None:
                        screen.progress.on_event(event)
                    case WaitingUntil(until) if screen.progress is not None:
                        screen.progress.wait_until(until, now=terminal.now())
                    case CallsEnded():
                        bar.close()
                        screen.progress = None
                    case DialingEnd():
                        return event
                    case _:
                        pass
    return None


@dataclass(slots=True)
class _Screen:
    """The terminal, and the bar at its foot while calls are made."""

    terminal: Terminal
    progress: Progress | None = None

    def say(self, line: str) -> None:
        # A line between the bar's own would leave half a bar behind.
        in_bar = self.progress is not None and self.progress.has_bar
        (self.progress.say if self.progress is not None and in_bar else self.terminal.say)(line)

    async def count_down(self) -> None:
        while True:
            await anyio.sleep(1)
            if self.progress is not None:
                self.progress.tick(self.terminal.now())
