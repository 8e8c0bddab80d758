"""`run`: shows a sheet, asks for confirmation, stores it as a run, and dials it."""

from dataclasses import replace
from functools import partial

from campaign.cli.commands.check import dry_run
from campaign.cli.commands.dial import dial_options, dialled, plan_said
from campaign.cli.confirm import answered_doubt
from campaign.cli.options.verbs import RunOptions
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
    if options.dry_run:
        return dry_run(options, terminal, refuse=partial(refuse_unusable, asked))
    sheet_run = plan_sheet_run(asked, context=terminal)
    # Open questions of a sheet are found before it is published, so nothing has happened yet.
    return with_choices(
        partial(_run, sheet_run, options=options, terminal=terminal),
        choices_from(sheet.reading, max_rows=options.answers.max_rows),
        ask=terminal.interactive and not options.shown.yes,
    )


def _run(sheet_run: SheetRun, choices: Choices, *, options: RunOptions, terminal: Terminal) -> int:
    answers = answers_from(options.answers)
    with opened_ledger(terminal) as ledger:
        ready = _begun(ledger, sheet_run, answers, choices=choices, options=options, terminal=terminal)
        return dialled(ready, shown=options.shown, terminal=terminal)


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
        return loaded.publish(said)


def _resumed(loaded: LoadedSheet, *, options: RunOptions, terminal: Terminal) -> ReadyRun:
    assert loaded.same is not None  # noqa: S101 - the caller has seen that there is one
    name, left = loaded.same.record.name, loaded.same.unfinished
    said = plan_said(loaded.plan_choice(), run=name, dial=options.dial, shown=options.shown, terminal=terminal)
    question = f"This sheet was begun as run {name}, with {counted(left, 'row')} left. Resume it?"
    if not agreed(question, yes=options.shown.yes, terminal=terminal):
        raise UsageError(f"not resumed; nothing was sent; go on with: campaign resume {name}, or --again for a new run")
    ready = loaded.resume(said)
    if not options.shown.quiet:
        terminal.say(f"resuming run {name}, since this sheet was begun before")
    return ready


def _answered(question: RunQuestion, said: GivenAnswers, *, options: RunOptions, terminal: Terminal) -> GivenAnswers:
    match question:
        case MakeCalls(calls=0):
            # Nobody would be called, so there is nothing to agree to: the run says why each row is left out.
            return replace(said, agreed=True)
        case MakeCalls(calls, outlook, invalid, skipped):
            for line in () if options.shown.quiet else forecast_lines(outlook):
                terminal.say(line)
            if not agreed(_asked(calls, invalid=invalid, skipped=skipped), yes=options.shown.yes, terminal=terminal):
                raise UsageError("not agreed; nothing was sent")
            return replace(said, agreed=True)
        case _:
            return answered_doubt(question, said, terminal)


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
