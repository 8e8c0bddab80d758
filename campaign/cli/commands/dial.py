"""A run that exists, dialled from the command line: its flags, its place, its progress, and its exit code."""

import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from campaign.cli.progress import Progress
from campaign.cli.run_end import tell_end
from campaign.cli.signals import stopping_on_signals
from campaign.config.run_plan import RunPlan, secrets_of
from campaign.domain.call_outcome import CallEnd
from campaign.domain.errors import CampaignError
from campaign.domain.model import Settled
from campaign.engine.account import CallingAccount, calling_account_from
from campaign.engine.dial_held_run import DialOrder, FirstRows, HeldDialing, dial_held_run, run_event_loop
from campaign.engine.events import CallsEnded, FirstRowsStarted, Started
from campaign.engine.requeue import ALL_ROUNDS, REQUEUED, Requeue, RequeueRejected
from campaign.engine.run_end import RunEnd, exit_code_of
from campaign.followup.due_rows import RequeueDue
from campaign.ledger.queries.runs import RunRecord
from campaign.ledger.store import Ledger
from campaign.preparation.continue_run import plan_of_record, refuse_other_service, results_path
from campaign.preparation.rerun.select_rows import Rerun
from campaign.presentation.dial_events import dial_lines
from campaign.presentation.masking import Mask, mask_for
from campaign.reconcile.during_run import LookUps
from campaign.timing.pace import PaceChange
from campaign.usecases.result_formats import refuse_growing


@dataclass(frozen=True, slots=True)
class Flags:
    """The flags that all verbs share that dial."""

    rate: float | None
    max_in_flight: int | None
    limit: int | None
    results: Path | None
    yes: bool
    as_json: bool
    quiet: bool
    verbose: bool
    no_audit: bool
    again: bool
    show_numbers: bool

    @property
    def mask(self) -> Mask:
        """What is done to a line that quotes a sheet or a server before it is shown."""
        return mask_for(show_numbers=self.show_numbers)

    def say(self, line: str) -> None:
        """Tells a person, unless --quiet."""
        if not self.quiet:
            click.echo(line, err=True)


def flags_from(options: dict[str, Any]) -> Flags:
    """Those of a verb that dials."""
    if options["results"] is not None:
        refuse_growing(options["results"])
    return Flags(**{name: options.get(name, False) for name in Flags.__slots__})


def place_of(options: dict[str, Any]) -> CallingAccount:
    """Where the calls are made."""
    return calling_account_from(os.environ, sandbox=options["sandbox"], fault=options["fault"], seed=options["seed"])


def go_on(
    ledger: Ledger,
    record: RunRecord,
    *,
    flags: Flags,
    options: dict[str, Any],
    ends: Sequence[CallEnd] | None = None,
) -> int:
    """Dials what is left of a run; with `ends`, the rows whose call ended so."""
    place = place_of(options)
    refuse_other_service(record, service=place.service)
    plan = plan_of_record(record, rate=flags.rate, max_in_flight=flags.max_in_flight)
    return dial_run(ledger, record, plan=plan, place=place, flags=flags, ends=ends)


def dial_run(
    ledger: Ledger,
    record: RunRecord,
    *,
    plan: RunPlan,
    place: CallingAccount,
    flags: Flags,
    again: Rerun | None = None,
    ends: Sequence[CallEnd] | None = None,
    canary: FirstRows | None = None,
) -> int:
    """Holds the run and dials it: all that waits, the rows of a rerun, or those whose call ended so; the exit code."""
    requeue: Requeue = RequeueDue(plan, at=now(), ends=ends, from_round=ALL_ROUNDS if ends is None else REQUEUED)
    order = DialOrder(
        plan=plan,
        account=place,
        secret=secrets_of(plan, os.environ).__getitem__,
        results=results_path(record, asked=flags.results),
        requeue=requeue if again is None else RequeueRejected(again.rows, again.corrected),
        look_ups=None if flags.no_audit else LookUps(again=flags.again),
        limit=flags.limit,
        first_rows=canary,
    )
    end, signalled = run_event_loop(partial(_dialled, ledger, record, order=order, flags=flags))
    code = exit_code_of(end, signalled=signalled, limited=flags.limit is not None)
    tell_end(record, end, code=code, signalled=signalled is not None, as_json=flags.as_json, quiet=flags.quiet)
    return code


async def _dialled(ledger: Ledger, record: RunRecord, *, order: DialOrder, flags: Flags) -> tuple[RunEnd, int | None]:
    with stopping_on_signals(word="stopping; calls on their way may end (again to leave at once)") as stopping:
        async with dial_held_run(ledger, record, order=order, now=now, stop=stopping.event) as dialing:
            end = await _shown(dialing, run=record.name, flags=flags)
        if end is None:
            raise CampaignError(f"run {record.name} ended without an account of itself; see: campaign status")
        return end, stopping.exit_code


async def _shown(dialing: HeldDialing, *, run: str, flags: Flags) -> RunEnd | None:
    """Shows all that happens; how it ended."""
    with ExitStack() as bar:
        progress: Progress | None = None
        async for event in dialing.events:
            for line in dial_lines(event, run=run, verbose=flags.verbose):
                flags.say(line)
            match event:
                case Started() | FirstRowsStarted():
                    progress = bar.enter_context(
                        Progress(total=event.to_call, quiet=flags.quiet, verbose=flags.verbose, left=dialing.time_left)
                    )
                case Settled() | PaceChange() if progress is not None:
                    progress.on_event(event)
                case CallsEnded():
                    bar.close()
                case RunEnd():
                    return event
                case _:
                    pass
    return None


def now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)
