"""The command `init`: one look at the sheet, the questions, and the file."""

import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from campaign.cli.commands.init.owner import Owner
from campaign.cli.commands.init.told import tell_draft, tell_proposal
from campaign.cli.options.first_files import InitOptions
from campaign.cli.output import echo
from campaign.cli.read_choices import as_flags, choices_from, with_choices
from campaign.cli.terminal import Terminal
from campaign.domain.errors import UsageError
from campaign.usecases.init import (
    USES,
    Choices,
    Decided,
    SheetHead,
    Speech,
    draft_of,
    look_at,
    main_region,
    named_columns,
    refuse_taken,
    refuse_unknown_language,
    refuse_unknown_region,
    write_new,
)


def init(options: InitOptions, terminal: Terminal) -> int:
    """The command `init`."""
    if (sheet := options.sheet) is None:
        raise UsageError("init: of which sheet?")
    path = options.template or Path(f"{sheet.stem}.toml")
    refuse_taken(path)
    refuse_unknown_region(options.region)
    refuse_unknown_language(options.language)
    ask = terminal.interactive and not options.yes
    _, look = with_choices(lambda made: (made, look_at(sheet, made)), choices_from(options.reading), ask=ask)
    owner = Owner(look, asked=ask)
    said = _said(look, options.columns)
    proposal = owner.decide(said, region=options.region)
    region = owner.region(proposal, options.region)
    people = main_region(look, proposal, region[0])
    language = owner.language(options.language, region=people)
    speech = Speech(language[0], options.date_order, people, terminal.now().date())
    proposal = owner.decide(said, region=region[0], speech=speech)
    spoken = owner.spoken(proposal, options)
    spoken, answered = owner.dates(spoken, said, region=region[0], speech=speech)
    if answered.language != language[0]:
        language = answered.language, "said by you"
    if answered != speech:
        proposal = owner.decide(said, region=region[0], speech=answered)
    words = shlex.join(["campaign", "check", str(sheet), "-t", str(path), *_flags_of_one_sheet(look)])
    decided = Decided(
        title=sheet.stem,
        about=[
            f"How the rows of {sheet.name} become calls, by what campaign init found in {look.told}.",
            f"Try: {words}",
        ],
        region=region,
        language=language,
        spoken=spoken,
        date_order=answered.order,
    )
    draft = draft_of(look, proposal, decided)
    write_new(path, draft.text)
    tell_proposal(look, proposal, decided)
    tell_draft(draft, path)
    terminal.say(f"wrote {path}; next: {words}")
    echo(str(path))
    return 0


def _flags_of_one_sheet(look: SheetHead) -> list[str]:
    """The flags that the template cannot keep, since they are about this sheet alone."""
    return as_flags(replace(Choices(), max_rows=look.choices.max_rows))


def _said(look: SheetHead, words: Sequence[str]) -> dict[str, tuple[int, ...]]:
    said: dict[str, tuple[int, ...]] = {}
    for word in words:
        use, equals, column = (part.strip() for part in word.partition("="))
        if not equals or not use:
            raise UsageError(f"--column {word!r}: write USE=COLUMN")
        if use not in USES:
            raise UsageError(f"--column {word!r}: no such use; it is one of {', '.join(USES)}")
        said[use] = said.get(use, ()) + (named_columns(look, [column]) if column else ())
    return said
