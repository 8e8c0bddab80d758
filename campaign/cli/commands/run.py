"""`run`: shows a sheet, asks for confirmation, stores it as a run, and dials it."""

from dataclasses import replace
from functools import partial

from campaign.cli.commands.check import dry_run
from campaign.cli.commands.dial import dial_options, dialled, notifying, plan_said
from campaign.cli.confirm import answered_doubt
from campaign.cli.options.verbs import RunOptions
from campaign.cli.process.background import in_background, without_background
from campaign.cli.process.user_unit import refuse_background, refuse_secrets
from campaign.cli.prompts import agreed
from campaign.cli.read_choices import answers_from, choices_from, with_choices
from campaign.cli.terminal import Terminal
from campaign.domain.errors import UsageError
from campaign.presentation.forecast import forecast_lines
from campaign.presentation.masking import mask_for
from campaign.presentation.summary import summary_lines
from campaign.presentation.wording import counted, lasting
from campaign.timing.pace import rate_in_words
from campaign.usecases.context import Ledger, opened_ledger
from campaign.usecases.dialling.ready_run import ReadyRun
from campaign.usecases.dialling.run_sheet import (
    Answers,
    Choices,
    FollowedFirst,
    GivenAnswers,
    LoadedSheet,
    MakeCalls,
    RunQuestion,
    load_sheet,
)
from campaign.usecases.dialling.sheet_run_plan import SheetRun, SheetRunOptions, plan_sheet_run, refuse_unusable


def run(options: RunOptions, terminal: Terminal) -> int:
    """The command `run`."""
    sheet = options.sheet
    asked = SheetRunOptions(
        sheet=sheet.sheet,
        template=sheet.template,
        region=sheet.region,
        timezone=sheet.timezone,
        name=options.name,
        webhook=options.webhook,
        canary=options.canary,
        again=options.again,
        start=options.start,
        dial=dial_options(options.dial, again=options.again),
    )
    if options.background:
        refuse_background(terminal.environment, foreground=without_background())
    if options.dry_run:
        return dry_run(options, terminal, refuse=partial(refuse_unusable, asked))
    sheet_run = plan_sheet_run(asked, context=terminal)
    if options.background:
        refuse_secrets([name for _, _, name in sheet_run.plan.call.webhooks if name])
    # Open questions of a sheet are found before it is published, so nothing has happened yet.
    with notifying(options.dial, run=options.name, sheet=sheet.sheet.name, terminal=terminal):
        return with_choices(
            partial(_run, sheet_run, options=options, terminal=terminal),
            choices_from(sheet.reading, max_rows=options.answers.max_rows),
            ask=terminal.interactive and not options.shown.yes,
        )


def _run(sheet_run: SheetRun, choices: Choices, *, options: RunOptions, terminal: Terminal) -> int:
    answers = replace(answers_from(options.answers), unfollowed=options.unfollowed)
    with opened_ledger(terminal) as ledger:
        ready = _begun(ledger, sheet_run, answers, choices=choices, options=options, terminal=terminal)
        if not options.background:
            return dialled(ready, dial=options.dial, shown=options.shown, terminal=terminal)
    return in_background(ready, dial=options.dial, shown=options.shown, terminal=terminal)


def _begun(
    ledger: Ledger,
    sheet_run: SheetRun,
    answers: Answers,
    *,
    choices: Choices,
    options: RunOptions,
    terminal: Terminal,
) -> ReadyRun:
    """The run to be dialled."""
    with load_sheet(ledger, sheet_run, choices=choices, answers=answers, context=terminal) as loaded:
        if loaded.same is not None:
            return _resumed(loaded, options=options, terminal=terminal)
        _tell_loaded(loaded, sheet_run, options=options, terminal=terminal)
        said = GivenAnswers(answers)
        while (question := loaded.question(said)) is not None:
            said = _answered(question, said, options=options, terminal=terminal)
            if loaded.is_outdated(said):
                loaded.read_again(said)
                _tell_loaded(loaded, sheet_run, options=options, terminal=terminal)
        loaded.follow_first(said, tell=partial(_tell_followed, terminal=terminal))
        return loaded.publish(said)


def _resumed(loaded: LoadedSheet, *, options: RunOptions, terminal: Terminal) -> ReadyRun:
    assert loaded.same is not None  # noqa: S101 - the caller has seen that there is one
    name, left = loaded.same.record.name, loaded.same.unfinished
    seen = loaded.plan_choice()
    said = plan_said(seen, run=name, dial=options.dial, shown=options.shown, terminal=terminal)
    question = f"This sheet was begun as run {name}, with {counted(left, 'row')} left. Resume it?"
    if not agreed(question, yes=options.shown.yes, terminal=terminal):
        raise UsageError(f"not resumed; nothing was sent; go on with: campaign resume {name}, or --again for a new run")
    ready = loaded.resume(said, seen=seen)
    if not options.shown.quiet:
        terminal.say(f"resuming run {name}, since this sheet was begun before")
    return ready


def _answered(question: RunQuestion, said: GivenAnswers, *, options: RunOptions, terminal: Terminal) -> GivenAnswers:
    match question:
        case MakeCalls():
            _agree(question, options=options, terminal=terminal)
            return replace(said, agreed=True)
        case _:
            return answered_doubt(question, said, terminal)


def _agree(question: MakeCalls, *, options: RunOptions, terminal: Terminal) -> None:
    if not question.calls:
        return  # Nobody would be called, so there is nothing to agree to: the run says why each row is left out.
    for line in () if options.shown.quiet else forecast_lines(question.outlook):
        terminal.say(line)
    asked = _asked(question.calls, invalid=question.invalid, skipped=question.skipped)
    if not agreed(asked, yes=options.shown.yes, terminal=terminal):
        raise UsageError("not agreed; nothing was sent")


def _tell_followed(found: FollowedFirst, *, terminal: Terminal) -> None:
    looked = f"{counted(found.looked, 'call')} looked up, {found.suppressed} asked not to be called again"
    terminal.say(f"run {found.run}: {looked}" + (f", {found.left} not known to be over" if found.left else ""))


def _asked(calls: int, *, invalid: int, skipped: int) -> str:
    """The last question, with what the summary above it said of the rows: that may have left the screen."""
    left = [(invalid, "cannot be called"), (skipped, "skipped")]
    rest = ", ".join(f"{counted(rows, 'row')} {what}" for rows, what in left if rows)
    return f"Make {counted(calls, 'call')}?" + (f" ({rest})" if rest else "")


def _tell_loaded(loaded: LoadedSheet, sheet_run: SheetRun, *, options: RunOptions, terminal: Terminal) -> None:
    if options.shown.quiet:
        return
    lines = summary_lines(loaded.summary(), mask=mask_for(show_numbers=options.shown.show_numbers))
    terminal.say(f"{loaded.sheet}: {next(lines)}")
    for line in lines:
        terminal.say(line)
    rate = sheet_run.plan.calls_per_second
    terminal.say(f"at {sheet_run.account.service}, {rate_in_words(rate)}, {lasting(loaded.calls / rate)} or more")
