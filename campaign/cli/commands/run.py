"""`run`, `resume` and `rerun`: words in, a run dialled, words out."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from campaign.cli.commands.check import dry_run
from campaign.cli.commands.dial import Flags, dial_run, flags_from, go_on, now, place_of
from campaign.cli.commands.rerun import agreed_rerun, target_of
from campaign.cli.confirm import call_changed, repairs_of
from campaign.cli.prompts import agreed
from campaign.cli.read_choices import answers_from, choices_from, with_choices
from campaign.config.run_plan import RunPlan, plan_of, secrets_of
from campaign.config.settings import home_from
from campaign.config.template import Template
from campaign.domain.clock import WallClock
from campaign.domain.errors import CampaignError, UsageError
from campaign.domain.model import NoteKind
from campaign.engine.account import CallingAccount
from campaign.export.overwrite_guard import refuse_foreign
from campaign.followup.canary import Canary, canary_bounds
from campaign.intake.files.read_options import Choices
from campaign.ledger.queries.runs import RunRecord
from campaign.ledger.store import Ledger, open_ledger
from campaign.preparation.continue_run import compare, named_run, plan_of_record, refuse_done, refuse_other_service
from campaign.preparation.forecast import outlook_of
from campaign.preparation.load_run import (
    Prepared,
    leave_out_changed,
    prepare,
    publish,
    refuse_over_limit,
    refuse_unusable_name,
    summary_of_prepared,
)
from campaign.preparation.load_template import read_template
from campaign.preparation.questions import Answers
from campaign.presentation.forecast import forecast_lines
from campaign.presentation.outcomes import ends_from
from campaign.presentation.summary import summary_lines
from campaign.presentation.wording import counted, lasting
from campaign.timing.pace import rate_in_words
from campaign.usecases.run_options import with_webhook


def run(**options: Any) -> int:
    """The verb `run`."""
    if options["dry_run"]:
        return dry_run(**options)
    flags, place = flags_from(options), place_of(options)
    template = read_template(options["template"], region=options["region"], timezone=options["timezone"])
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
    choices: Choices, *, template: Template, plan: RunPlan, place: CallingAccount, flags: Flags, options: dict[str, Any]
) -> int:
    answers = answers_from(options)
    with open_ledger(home_from(os.environ), now=now) as ledger:
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
        return dial_run(ledger, record, plan=plan, place=place, flags=flags, canary=_canary(template, flags, options))


def _begun(
    ledger: Ledger,
    load: Callable[..., AbstractContextManager[Prepared]],
    answers: Answers,
    *,
    plan: RunPlan,
    place: CallingAccount,
    flags: Flags,
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
    flags, home = flags_from(options), home_from(os.environ)
    with open_ledger(home, now=now) as ledger:
        return go_on(ledger, named_run(ledger, options["run_name"]), flags=flags, options=options)


def rerun(**options: Any) -> int:
    """The verb `rerun`."""
    flags, home = flags_from(options), home_from(os.environ)
    ends = None if options["outcome"] is None else ends_from(options["outcome"])
    if ends is not None and any(options[name] for name in ("reasons", "rows", "since", "template")):
        raise UsageError("--outcome takes all rows whose call ended so; leave --reason, --rows, --since and -t out")
    with open_ledger(home, now=now) as ledger:
        if ends is not None:
            return go_on(ledger, named_run(ledger, options["run_or_file"]), flags=flags, options=options, ends=ends)
        target = target_of(ledger, options)
        place = place_of(options)
        refuse_other_service(target.record, service=place.service)
        plan = plan_of_record(target.record, rate=flags.rate, max_in_flight=flags.max_in_flight)
        again = agreed_rerun(ledger, target, plan=plan, options=options)
        return dial_run(ledger, target.record, plan=plan, place=place, flags=flags, again=again)


def _canary(template: Template, flags: Flags, options: dict[str, Any]) -> Canary | None:
    rows: int | None = options["canary"]
    if rows is None:
        return None
    rows = min(rows, flags.limit or rows)
    return Canary(canary_bounds(template), rows=rows, clock=WallClock())


def _same_run(ledger: Ledger, prepared: Prepared, *, flags: Flags, again: bool) -> RunRecord | None:
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
    ledger: Ledger, prepared: Prepared, answers: Answers, *, plan: RunPlan, flags: Flags, options: dict[str, Any]
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
        today=now().astimezone().date(),
        again=options["again"],
    )


def _tell_prepared(ledger: Ledger, prepared: Prepared, *, plan: RunPlan, place: CallingAccount, flags: Flags) -> None:
    if flags.quiet:
        return
    lines = summary_lines(summary_of_prepared(ledger, prepared), mask=flags.mask)
    flags.say(f"{prepared.draft.sheet}: {next(lines)}")
    for line in lines:
        flags.say(line)
    least = lasting(_calls(prepared, flags) / plan.calls_per_second)
    flags.say(f"at {place.service}, {rate_in_words(plan.calls_per_second)}, {least} or more")


def _calls(prepared: Prepared, flags: Flags) -> int:
    return min(prepared.to_call, flags.limit or prepared.to_call)


def _refuse_results_on_sheet(results: Path, sheet: Path) -> None:
    if results.exists() and sheet.exists() and results.samefile(sheet):
        raise UsageError(f"--results {results} is the sheet itself, and would be replaced; name another file")
