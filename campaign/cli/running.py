"""`run`, `resume` and `rerun`: words in, a run dialled, words out."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import anyio
import click

from campaign.cli.agreeing import call_changed, repairs_of
from campaign.cli.asking import agreed
from campaign.cli.checking import dry_run
from campaign.cli.choosing import answers_from, choices_from, with_choices
from campaign.cli.ending import tell_end
from campaign.cli.forecasting import forecast_lines, waiting_line
from campaign.cli.masking import Mask, mask_for
from campaign.cli.progress import Progress
from campaign.cli.rerunning import agreed_rerun, target_of
from campaign.cli.signals import stopping_on_signals
from campaign.cli.summary import summary_lines
from campaign.cli.wording import counted, lasting
from campaign.errors import CampaignError, UsageError
from campaign.intake.choices import Choices
from campaign.ledger.reading import RunRecord
from campaign.ledger.store import HeldRun, Ledger, open_ledger
from campaign.model import NoteKind
from campaign.results.foreign import refuse_foreign
from campaign.results.formats import refuse_growing
from campaign.runs.answers import Answers
from campaign.runs.dial import RunEnd, dial
from campaign.runs.ending import exit_code_of
from campaign.runs.forecast import outlook_of
from campaign.runs.going_on import compare, plan_of_record, refuse_done, refuse_other_service, results_path
from campaign.runs.looking_up import LookUps
from campaign.runs.places import Place, opened, place_from
from campaign.runs.plan import RunPlan, plan_of, secrets_of
from campaign.runs.rerun import Rerun
from campaign.runs.start import (
    Prepared,
    leave_out_changed,
    named_run,
    prepare,
    publish,
    refuse_over_limit,
    refuse_unusable_name,
    summary_of_prepared,
)
from campaign.runs.template import read_template
from campaign.settings import home_from
from campaign.template import Template
from campaign.timing.pace import rate_in_words


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
    no_audit: bool
    again: bool
    show_numbers: bool

    @property
    def mask(self) -> Mask:
        return mask_for(show_numbers=self.show_numbers)

    def say(self, line: str) -> None:
        if not self.quiet:
            click.echo(line, err=True)


def run(**options: Any) -> int:
    """The verb `run`."""
    if options["dry_run"]:
        return dry_run(**options)
    flags, place = _flags(options), _place(options)
    template = read_template(options["template"], region=options["region"], timezone=options["timezone"])
    plan = plan_of(
        template,
        environment=os.environ,
        rate=flags.rate,
        max_in_flight=flags.max_in_flight,
        sandbox=options["sandbox"],
    )
    sheet: Path = options["sheet"]
    if options["name"] is not None:
        refuse_unusable_name(options["name"])
    if flags.results is not None:
        _refuse_results_on_sheet(flags.results, sheet)
        refuse_foreign(flags.results)
    # A sheet that leaves something open is found out before it is published, so nothing has happened yet.
    start = partial(_run, template=template, plan=plan, place=place, flags=flags, options=options)
    return with_choices(start, choices_from(options), ask=not flags.yes)


def _run(
    choices: Choices, *, template: Template, plan: RunPlan, place: Place, flags: _Flags, options: dict[str, Any]
) -> int:
    answers = answers_from(options)
    with open_ledger(home_from(os.environ), now=_now) as ledger:
        load = partial(
            prepare,
            ledger,
            sheet=options["sheet"],
            template=template,
            plan=plan,
            service=place.service,
            secret=secrets_of(plan, os.environ).__getitem__,
            choices=choices,
            again=options["again"],
        )
        begin = partial(_begun, ledger, load, plan=plan, place=place, flags=flags, options=options)
        begun = begin(answers) or begin(replace(answers, repairs="skip"))
        if begun is None:
            raise CampaignError("the run could not be begun; nothing was sent; see: campaign check")
        record, plan = begun
        return _dial(ledger, record, plan=plan, place=place, flags=flags)


def _begun(
    ledger: Ledger,
    load: Callable[..., AbstractContextManager[Prepared]],
    answers: Answers,
    *,
    plan: RunPlan,
    place: Place,
    flags: _Flags,
    options: dict[str, Any],
) -> tuple[RunRecord, RunPlan] | None:
    """The run to be dialled, and how; None when the sheet is to be read anew, without the rows of restored numbers."""
    with load(answers=answers) as loaded:
        same = _same_run(ledger, loaded, flags=flags, again=options["again"])
        if same is not None:
            return same, plan_of_record(same, rate=flags.rate, max_in_flight=flags.max_in_flight)
        prepared = leave_out_changed(ledger, loaded) if answers.changed == "skip" else loaded
        if not prepared.changed and (answers.repairs or not prepared.screening.noted[NoteKind.REPAIRED]):
            # No answer can make them fewer.
            refuse_over_limit(_calls(prepared, flags), limit=answers.max_calls or plan.max_calls)
        _tell_prepared(ledger, prepared, plan=plan, place=place, flags=flags)
        if repairs_of(prepared, answers) == "skip" != answers.repairs:
            return None
        return _new_run(ledger, prepared, answers, plan=plan, flags=flags, options=options), plan


def resume(**options: Any) -> int:
    """The verb `resume`."""
    flags, home = _flags(options), home_from(os.environ)
    with open_ledger(home, now=_now) as ledger:
        record = named_run(ledger, options["run_name"])
        place = _place(options)
        refuse_other_service(record, service=place.service)
        plan = plan_of_record(record, rate=flags.rate, max_in_flight=flags.max_in_flight)
        return _dial(ledger, record, plan=plan, place=place, flags=flags)


def rerun(**options: Any) -> int:
    """The verb `rerun`."""
    flags, home = _flags(options), home_from(os.environ)
    with open_ledger(home, now=_now) as ledger:
        target = target_of(ledger, options)
        place = _place(options)
        refuse_other_service(target.record, service=place.service)
        plan = plan_of_record(target.record, rate=flags.rate, max_in_flight=flags.max_in_flight)
        again = agreed_rerun(ledger, target, plan=plan, options=options)
        return _dial(ledger, target.record, plan=plan, place=place, flags=flags, again=again)


def _dial(
    ledger: Ledger, record: RunRecord, *, plan: RunPlan, place: Place, flags: _Flags, again: Rerun | None = None
) -> int:
    results = results_path(record, asked=flags.results)
    refuse_foreign(results)
    with ledger.hold(record, call_again_after=plan.call_again_after) as held:
        if held.recovered:
            flags.say(f"{counted(held.recovered, 'call')} of an earlier start may have been made: unknown, not resent")
        from_round = 0
        if again is not None:
            put_back = ledger.put_back(record, again.rows, mended=again.mended)
            from_round = put_back.round
            flags.say(f"{counted(put_back.rows, 'rejected row')} will be called again")
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
                from_round=from_round,
            ),
            backend_options={"use_uvloop": find_spec("uvloop") is not None},
        )
    code = exit_code_of(end, signalled=signalled, limited=flags.limit is not None)
    tell_end(record, end, code=code, signalled=signalled is not None, as_json=flags.as_json, quiet=flags.quiet)
    return code


async def _dial_all(
    ledger: Ledger,
    record: RunRecord,
    *,
    plan: RunPlan,
    place: Place,
    flags: _Flags,
    held: HeldRun,
    results: Path,
    from_round: int,
) -> tuple[RunEnd, int | None]:
    with stopping_on_signals(word="stopping; calls on their way may end (again to leave at once)") as stopping:
        async with (
            opened(place, home=ledger.home) as account,
            dial(
                ledger,
                record,
                plan=plan,
                account=account,
                secret=secrets_of(plan, os.environ).__getitem__,
                now=_now,
                stop=stopping.event,
                results=results,
                held=held,
                from_round=from_round,
                limit=flags.limit,
                waits=lambda until: flags.say(waiting_line(until)),
                look_ups=None if flags.no_audit else LookUps(flags.say, again=flags.again),
            ) as dialing,
        ):
            flags.say(f"run {record.name}: {counted(dialing.to_call, 'row')} to call; results in {results}")
            with Progress(
                total=dialing.to_call, quiet=flags.quiet, verbose=flags.verbose, left=dialing.time_left
            ) as progress:
                async for news in dialing.news:
                    progress.hears(news)
        if dialing.end is None:
            raise CampaignError(f"run {record.name} ended without an account of itself; see: campaign status")
        return dialing.end, stopping.exit_code


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
    ledger: Ledger, prepared: Prepared, answers: Answers, *, plan: RunPlan, flags: _Flags, options: dict[str, Any]
) -> RunRecord:
    if prepared.changed and not call_changed(prepared, answers):
        prepared = leave_out_changed(ledger, prepared)
    calls = _calls(prepared, flags)
    refuse_over_limit(calls, limit=answers.max_calls or plan.max_calls)
    for line in forecast_lines(
        outlook_of(ledger, prepared.run_id, plan=plan, count=prepared.to_call, limit=flags.limit)
    ):
        flags.say(line)
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


def _tell_prepared(ledger: Ledger, prepared: Prepared, *, plan: RunPlan, place: Place, flags: _Flags) -> None:
    if flags.quiet:
        return
    lines = summary_lines(summary_of_prepared(ledger, prepared), mask=flags.mask)
    flags.say(f"{prepared.draft.sheet}: {next(lines)}")
    for line in lines:
        flags.say(line)
    least = lasting(_calls(prepared, flags) / plan.calls_per_second)
    flags.say(f"at {place.service}, {rate_in_words(plan.calls_per_second)}, {least} or more")


def _calls(prepared: Prepared, flags: _Flags) -> int:
    return min(prepared.to_call, flags.limit or prepared.to_call)


def _refuse_results_on_sheet(results: Path, sheet: Path) -> None:
    if results.exists() and sheet.exists() and results.samefile(sheet):
        raise UsageError(f"--results {results} is the sheet itself, and would be replaced; name another file")


def _flags(options: dict[str, Any]) -> _Flags:
    if options["results"] is not None:
        refuse_growing(options["results"])
    return _Flags(**{name: options.get(name, False) for name in _Flags.__slots__})


def _place(options: dict[str, Any]) -> Place:
    return place_from(os.environ, sandbox=options["sandbox"], fault=options["fault"], seed=options["seed"])


def _now() -> datetime:
    return datetime.now(UTC)
