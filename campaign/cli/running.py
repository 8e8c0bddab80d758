"""`run`, `resume` and `rerun`: words in, a run dialled, words out."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import anyio
import click

from campaign.call_outcome import CallEnd
from campaign.cli.again import ends_from, tell_brought_back
from campaign.cli.asking import agreed, decided
from campaign.cli.canarying import CanaryFlags, fly
from campaign.cli.checking import dry_run, problem_lines
from campaign.cli.choosing import choices_from, with_choices
from campaign.cli.ending import exit_code_of, tell_end
from campaign.cli.progress import Progress
from campaign.cli.signals import stopping_on_signals
from campaign.cli.wording import counted, lasting
from campaign.errors import CampaignError, UsageError
from campaign.intake.choices import Choices
from campaign.ledger.reading import RunRecord
from campaign.ledger.store import HeldRun, Ledger, open_ledger
from campaign.model import NoteKind
from campaign.results.foreign import refuse_foreign
from campaign.runs.canary import canary_bounds
from campaign.runs.dial import RunEnd, dial
from campaign.runs.due import bring_back
from campaign.runs.going_on import compare, plan_of_record, refuse_done, refuse_other_service, results_path
from campaign.runs.places import Place, opened, place_from
from campaign.runs.plan import RunPlan, plan_of, secrets_of
from campaign.runs.start import (
    Prepared,
    leave_out_changed,
    named_run,
    prepare,
    publish,
    refuse_over_limit,
    refuse_unusable_name,
)
from campaign.runs.template import read_template
from campaign.runs.webhook import with_webhook
from campaign.settings import home_from
from campaign.template import Template


@dataclass(frozen=True, slots=True)
class _Flags:
    """The flags that all three verbs share."""

    rate: float | None
    max_in_flight: int | None
    limit: int | None
    results: Path | None
    yes: bool
    as_json: bool
    quiet: bool
    verbose: bool

    def say(self, line: str) -> None:
        if not self.quiet:
            click.echo(line, err=True)


def run(**options: Any) -> int:
    """The verb `run`."""
    if options["dry_run"]:
        return dry_run(**options)
    flags, place = _flags(options), _place(options)
    template = read_template(options["template"], region=options["region"])
    plan = plan_of(
        template,
        environment=os.environ,
        rate=flags.rate,
        max_in_flight=flags.max_in_flight,
        sandbox=options["sandbox"],
    )
    if options["webhook"] is not None:
        plan = with_webhook(plan, options["webhook"], environment=os.environ)
    sheet: Path = options["sheet"]
    if options["name"] is not None:
        refuse_unusable_name(options["name"])
    if options["canary"] is not None:
        canary_bounds(template)
    if flags.results is not None:
        _refuse_results_on_sheet(flags.results, sheet)
        refuse_foreign(flags.results)
    # A sheet that leaves something open is found out before it is published, so nothing has happened yet.
    start = partial(_run, template=template, plan=plan, place=place, flags=flags, options=options)
    return with_choices(start, choices_from(options), ask=not flags.yes)


def _run(
    choices: Choices, *, template: Template, plan: RunPlan, place: Place, flags: _Flags, options: dict[str, Any]
) -> int:
    with open_ledger(home_from(os.environ), now=_now) as ledger:
        with prepare(
            ledger,
            sheet=options["sheet"],
            template=template,
            plan=plan,
            service=place.service,
            secret=secrets_of(plan, os.environ).__getitem__,
            choices=choices,
            again=options["again"],
        ) as prepared:
            record = _same_run(ledger, prepared, flags=flags, again=options["again"])
            if record is None:
                record = _new_run(ledger, prepared, plan=plan, place=place, flags=flags, options=options)
            else:
                plan = plan_of_record(record, rate=flags.rate, max_in_flight=flags.max_in_flight)
        return _dial(ledger, record, plan=plan, place=place, flags=flags, canary=_canary(template, flags, options))


def resume(**options: Any) -> int:
    """The verb `resume`."""
    return _go_on(options, rerun=False)


def rerun(**options: Any) -> int:
    """The verb `rerun`."""
    ends = None if options["outcome"] is None else ends_from(options["outcome"])
    return _go_on(options, rerun=True, ends=ends)


def _go_on(options: dict[str, Any], *, rerun: bool, ends: Sequence[CallEnd] | None = None) -> int:
    flags, home = _flags(options), home_from(os.environ)
    with open_ledger(home, now=_now) as ledger:
        record = named_run(ledger, options["run_name"])
        place = _place(options)
        refuse_other_service(record, service=place.service)
        plan = plan_of_record(record, rate=flags.rate, max_in_flight=flags.max_in_flight)
        return _dial(ledger, record, plan=plan, place=place, flags=flags, rerun=rerun, ends=ends)


def _dial(
    ledger: Ledger,
    record: RunRecord,
    *,
    plan: RunPlan,
    place: Place,
    flags: _Flags,
    rerun: bool = False,
    ends: Sequence[CallEnd] | None = None,
    canary: CanaryFlags | None = None,
) -> int:
    results = results_path(record, asked=flags.results)
    refuse_foreign(results)
    per_day = plan.calls_per_person_per_day
    with ledger.hold(record, call_again_after=plan.call_again_after, most_per_day=per_day) as held:
        if held.recovered:
            flags.say(f"{counted(held.recovered, 'call')} of an earlier start may have been made: unknown, not resent")
        if ends is not None or not rerun:
            tell_brought_back(bring_back(ledger, record, plan=plan, at=_now(), ends=ends), ends=ends, say=flags.say)
        elif rerun:
            flags.say(f"{counted(ledger.put_back_rejected(record), 'rejected row')} will be called again")
        if left := ledger.leave_to_later_runs(record):
            flags.say(f"{counted(left, 'row')} left out: called since by another run of this template")
        ledger.note_results(record.id, results)
        end, signalled = anyio.run(
            partial(
                _dial_all,
                ledger,
                record,
                plan=plan,
                place=place,
                flags=flags,
                held=held,
                results=results,
                from_round=1 if rerun else 0,
                canary=canary,
            ),
            backend_options={"use_uvloop": find_spec("uvloop") is not None},
        )
    code = exit_code_of(end, signalled=signalled, limited=flags.limit is not None)
    tell_end(record, end, code=code, signalled=signalled is not None, as_json=flags.as_json, quiet=flags.quiet)
    return code


async def _dial_all(  # noqa: PLR0913 - the parts that meet here
    ledger: Ledger,
    record: RunRecord,
    *,
    plan: RunPlan,
    place: Place,
    flags: _Flags,
    held: HeldRun,
    results: Path,
    from_round: int,
    canary: CanaryFlags | None,
) -> tuple[RunEnd, int | None]:
    secret = secrets_of(plan, os.environ).__getitem__
    with stopping_on_signals(word="stopping; calls on their way may end (again to leave at once)") as stopping:
        if canary is not None:
            dialed = partial(dial, ledger, record, plan=plan, secret=secret, now=_now, results=results, held=held)
            end = await fly(ledger, record, dialed, plan=plan, place=place, flags=canary, stop=stopping.event)
            if end is not None:
                return end, stopping.exit_code
        async with (
            opened(place, home=ledger.home) as account,
            dial(
                ledger,
                record,
                plan=plan,
                account=account,
                secret=secret,
                now=_now,
                stop=stopping.event,
                results=results,
                held=held,
                from_round=from_round,
                limit=flags.limit if canary is None or flags.limit is None else max(0, flags.limit - canary.rows),
            ) as dialing,
        ):
            flags.say(f"run {record.name}: {counted(dialing.to_call, 'row')} to call; results in {results}")
            with Progress(total=dialing.to_call, quiet=flags.quiet, verbose=flags.verbose) as progress:
                async for settled in dialing.news:
                    progress.saw(settled)
        if dialing.end is None:
            raise CampaignError(f"run {record.name} ended without an account of itself; see: campaign status")
        return dialing.end, stopping.exit_code


def _canary(template: Template, flags: _Flags, options: dict[str, Any]) -> CanaryFlags | None:
    rows: int | None = options["canary"]
    if rows is None:
        return None
    rows = min(rows, flags.limit or rows)
    return CanaryFlags(rows, canary_bounds(template), quiet=flags.quiet, verbose=flags.verbose, say=flags.say)


def _same_run(ledger: Ledger, prepared: Prepared, *, flags: _Flags, again: bool) -> RunRecord | None:
    """The earlier run of this sheet, if it is to be gone on with; None to start a new one."""
    if prepared.same is None or again:
        return None
    same = compare(ledger, prepared.same)
    refuse_done(same)
    name = same.record.name
    if not agreed(
        f"This sheet was begun as run {name}, with {counted(same.unfinished, 'row')} left. Resume it?", yes=flags.yes
    ):
        raise UsageError(f"not resumed; nothing was sent; go on with: campaign resume {name}, or --again for a new run")
    flags.say(f"resuming run {name}, since this sheet was begun before")
    return same.record


def _new_run(
    ledger: Ledger, prepared: Prepared, *, plan: RunPlan, place: Place, flags: _Flags, options: dict[str, Any]
) -> RunRecord:
    if prepared.screening.noted[NoteKind.REPAIRED]:
        _require_repairs_agreed(prepared, said=options["accept_repairs"])
    if prepared.changed and not _call_changed(prepared, said=options["changed"]):
        prepared = leave_out_changed(ledger, prepared)
    calls = _calls(prepared, flags)
    refuse_over_limit(calls, limit=options["max_calls"] or plan.max_calls)
    _tell_prepared(prepared, plan=plan, place=place, flags=flags)
    if not agreed(f"Make {counted(calls, 'call')}?", yes=flags.yes):
        raise UsageError("not agreed; nothing was sent")
    return publish(
        ledger,
        prepared,
        name=options["name"],
        template_path=options["template"],
        today=_now().astimezone().date(),
        again=options["again"],
    )


def _require_repairs_agreed(prepared: Prepared, *, said: bool) -> None:
    """Nobody is called on a number that was restored until a person has seen before and after."""
    screening = prepared.screening
    repaired = [note for note in screening.notes if note.kind is NoteKind.REPAIRED]
    if not said and sys.stdin.isatty():
        click.echo("\n".join(f"  {note}" for note in repaired), err=True)
    numbers = counted(screening.noted[NoteKind.REPAIRED], "number")
    question = f"{numbers} would be called as restored, not as written ({repaired[0]}). Call them so?"
    if not decided(question, said=True if said else None, flags="--accept-repairs, or correct the sheet"):
        raise UsageError("not agreed; nothing was sent; correct these numbers in the sheet")


def _call_changed(prepared: Prepared, *, said: str | None) -> bool:
    row, call = next(iter(prepared.changed.items()))
    rows = counted(len(prepared.changed), "row")
    return decided(
        f"{rows} changed since they were called (row {row}, called {call.at} by run {call.run}). Call them again?",
        said={"call": True, "skip": False}.get(said or ""),
        flags="--call-changed or --skip-changed",
    )


def _tell_prepared(prepared: Prepared, *, plan: RunPlan, place: Place, flags: _Flags) -> None:
    screening = prepared.screening
    skipped = screening.skipped.total() + prepared.lately + len(prepared.diff.done)
    calls = _calls(prepared, flags)
    flags.say(f"{prepared.draft.sheet}: {calls} to call, {screening.invalid} invalid, {skipped} skipped")
    for reason, count in screening.skipped.most_common():
        flags.say(f"  skipped: {count} {reason}")
    if prepared.lately:
        flags.say(f"  skipped: {prepared.lately} called lately (call_again_after)")
    if prepared.diff.done or prepared.diff.changed:
        flags.say(str(prepared.diff))
    for line in problem_lines(screening.problems, total=screening.invalid):
        flags.say(line)
    least = lasting(calls / plan.calls_per_second)
    flags.say(f"at {place.service}, {plan.calls_per_second:g} calls/s, {least} or more")


def _calls(prepared: Prepared, flags: _Flags) -> int:
    return min(prepared.to_call, flags.limit or prepared.to_call)


def _refuse_results_on_sheet(results: Path, sheet: Path) -> None:
    if results.exists() and sheet.exists() and results.samefile(sheet):
        raise UsageError(f"--results {results} is the sheet itself, and would be replaced; name another file")


def _flags(options: dict[str, Any]) -> _Flags:
    return _Flags(**{name: options[name] for name in _Flags.__slots__})


def _place(options: dict[str, Any]) -> Place:
    return place_from(os.environ, sandbox=options["sandbox"], fault=options["fault"], seed=options["seed"])


def _now() -> datetime:
    return datetime.now(UTC)
