"""`rehearse`: plays a whole campaign through on a fast clock; nobody is called, and nothing of it is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import anyio

from campaign.cli.confirm import answered_doubt
from campaign.cli.options.verbs import RehearseOptions
from campaign.cli.output import echo, echo_json
from campaign.cli.process.signals import Stopping, stopping_on_signals
from campaign.cli.read_choices import answers_from, choices_from, with_choices
from campaign.cli.terminal import Terminal
from campaign.domain.cures import Cure, CureCode
from campaign.domain.errors import UsageError
from campaign.presentation.endings.rehearsal import day_line, rehearsal_as_dict, rehearsal_lines
from campaign.presentation.masking import mask_for
from campaign.presentation.summary import summary_lines
from campaign.usecases.dialling.ready_run import AccountOptions, DialOptions, ReadyRun
from campaign.usecases.dialling.rehearsal.rehearse import (
    Rehearsal,
    RehearsalOptions,
    exit_code_of,
    open_rehearsal,
    perform,
)
from campaign.usecases.dialling.run_sheet import Choices, GivenAnswers, LoadedSheet, MakeCalls, load_sheet
from campaign.usecases.dialling.sheet_run_plan import SheetRunOptions


def rehearse(options: RehearseOptions, terminal: Terminal) -> int:
    """The command `rehearse`."""
    with open_rehearsal(_asked(options), context=terminal) as rehearsal:
        ready = with_choices(
            partial(_loaded, rehearsal, options=options, terminal=terminal),
            choices_from(options.sheet.reading, max_rows=options.answers.max_rows),
            ask=terminal.interactive,
        )
        signals: list[Stopping] = []

        @contextmanager
        def stopping() -> Iterator[anyio.Event]:
            with stopping_on_signals(word="stopping the rehearsal") as found:
                signals.append(found)
                yield found.event

        performed = perform(
            rehearsal,
            ready,
            stopping=stopping,
            on_day=lambda now, rings: None if options.quiet else terminal.say(day_line(now, rings=rings)),
        )
        [signal] = signals
        code = exit_code_of(performed, signalled=signal.exit_code)
        if options.as_json:
            echo_json(rehearsal_as_dict(performed, code=code, stopped=signal.exit_code is not None))
        else:
            for line in rehearsal_lines(performed, stopped=signal.exit_code is not None):
                echo(line)
    return code


def _asked(options: RehearseOptions) -> RehearsalOptions:
    dial = DialOptions(
        account=AccountOptions(sandbox=True),
        rate=options.rate,
        max_in_flight=options.max_in_flight,
        limit=options.limit,
        results=None,
        audit=True,
        again=options.again,
    )
    sheet = options.sheet
    run = SheetRunOptions(
        sheet=sheet.sheet,
        template=sheet.template,
        region=sheet.region,
        timezone=sheet.timezone,
        name=None,
        webhook=None,
        canary=None,
        again=options.again,
        dial=dial,
        start=options.start,
    )
    return RehearsalOptions(
        run,
        fault=options.fault,
        seed=options.seed,
        latency=options.latency,
        polls_per_second=options.follow_rate,
    )


def _loaded(rehearsal: Rehearsal, choices: Choices, *, options: RehearseOptions, terminal: Terminal) -> ReadyRun:
    """The run, loaded and answered as any other; only the question whether to call is answered already."""
    answers = answers_from(options.answers)
    with load_sheet(
        rehearsal.ledger, rehearsal.run, choices=choices, answers=answers, context=rehearsal.context
    ) as loaded:
        if loaded.same is not None:
            raise UsageError(
                f"this sheet was begun as run {loaded.same.record.name}, and a rehearsal begins at its first call",
                cure=Cure(CureCode.RUN_AGAIN),
            )
        _tell(loaded, options=options, terminal=terminal)
        said = GivenAnswers(answers)
        while (question := loaded.question(said)) is not None:
            if isinstance(question, MakeCalls):
                said = replace(said, agreed=True)
                continue
            said = answered_doubt(question, said, terminal)
            if loaded.is_outdated(said):
                loaded.read_again(said)
                _tell(loaded, options=options, terminal=terminal)
        return loaded.publish(said)


def _tell(loaded: LoadedSheet, *, options: RehearseOptions, terminal: Terminal) -> None:
    if options.quiet:
        return
    lines = summary_lines(loaded.summary(), mask=mask_for(show_numbers=options.show_numbers))
    terminal.say(f"{loaded.sheet}: {next(lines)}")
    for line in lines:
        terminal.say(line)
