"""A run that exists, dialled from the command line: its flags, its place, its progress, and its exit code."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import anyio
import click

from campaign.cli.commands.canary import CanaryFlags, fly
from campaign.cli.progress import Progress
from campaign.cli.run_end import tell_end
from campaign.cli.signals import stopping_on_signals
from campaign.config.run_plan import RunPlan, secrets_of
from campaign.domain.call_outcome import CallEnd
from campaign.domain.errors import CampaignError
from campaign.engine.account import CallingAccount, calling_account_from, opened
from campaign.engine.dial_run import RunEnd, dial
from campaign.engine.run_end import exit_code_of
from campaign.export.overwrite_guard import refuse_foreign
from campaign.followup.due_rows import bring_back
from campaign.ledger.port.session import HeldRun
from campaign.ledger.records.runs import RunRecord
from campaign.ledger.store import Ledger
from campaign.preparation.continue_run import plan_of_record, refuse_other_service, results_path
from campaign.preparation.rerun.select_rows import Rerun
from campaign.presentation.forecast import waiting_line
from campaign.presentation.masking import Mask, mask_for
from campaign.presentation.outcomes import tell_brought_back
from campaign.presentation.wording import counted
from campaign.reconcile.during_run import LookUps
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
    canary: CanaryFlags | None = None,
) -> int:
    """Holds the run and dials it: all that waits, the rows of a rerun, or those whose call ended so; the exit code."""
    results = results_path(record, asked=flags.results)
    refuse_foreign(results)
    per_day = plan.calls_per_person_per_day
    with ledger.hold(record, call_again_after=plan.call_again_after, most_per_day=per_day) as held:
        if held.recovered:
            flags.say(f"{counted(held.recovered, 'call')} of an earlier start may have been made: unknown, not resent")
        from_round = 0 if ends is None else 1
        if again is not None:
            requeue = ledger.requeue(record, again.rows, corrected=again.corrected)
            from_round = requeue.round
            flags.say(f"{counted(requeue.rows, 'rejected row')} will be called again")
        else:
            tell_brought_back(bring_back(ledger, record, plan=plan, at=now(), ends=ends), ends=ends, say=flags.say)
        if left := ledger.leave_to_later_runs(record):
            flags.say(f"{counted(left, 'row')} left out: called since by another run of this template")
        ledger.note_results(record.id, results)
        end, signalled = anyio.run(
            partial(
                _dialled,
                ledger,
                record,
                plan=plan,
                place=place,
                flags=flags,
                held=held,
                results=results,
                from_round=from_round,
                canary=canary,
            ),
            backend_options={"use_uvloop": find_spec("uvloop") is not None},
        )
    code = exit_code_of(end, signalled=signalled, limited=flags.limit is not None)
    tell_end(record, end, code=code, signalled=signalled is not None, as_json=flags.as_json, quiet=flags.quiet)
    return code


async def _dialled(  # noqa: PLR0913 - the parts that meet here
    ledger: Ledger,
    record: RunRecord,
    *,
    plan: RunPlan,
    place: CallingAccount,
    flags: Flags,
    held: HeldRun,
    results: Path,
    from_round: int,
    canary: CanaryFlags | None,
) -> tuple[RunEnd, int | None]:
    dialed = partial(
        dial,
        ledger,
        record,
        plan=plan,
        secret=secrets_of(plan, os.environ).__getitem__,
        now=now,
        results=results,
        held=held,
        waits=lambda until: flags.say(waiting_line(until)),
        look_ups=None if flags.no_audit else LookUps(flags.say, again=flags.again),
    )
    with stopping_on_signals(word="stopping; calls on their way may end (again to leave at once)") as stopping:
        if canary is not None:
            end = await fly(ledger, record, dialed, plan=plan, place=place, flags=canary, stop=stopping.event)
            if end is not None:
                return end, stopping.exit_code
        async with (
            opened(place, home=ledger.home) as account,
            dialed(
                account=account,
                stop=stopping.event,
                from_round=from_round,
                limit=flags.limit if canary is None or flags.limit is None else max(0, flags.limit - canary.rows),
            ) as dialing,
        ):
            flags.say(f"run {record.name}: {counted(dialing.to_call, 'row')} to call; results in {results}")
            with Progress(
                total=dialing.to_call, quiet=flags.quiet, verbose=flags.verbose, left=dialing.time_left
            ) as progress:
                async for event in dialing.events:
                    progress.on_event(event)
        if dialing.end is None:
            raise CampaignError(f"run {record.name} ended without an account of itself; see: campaign status")
        return dialing.end, stopping.exit_code


def now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)
