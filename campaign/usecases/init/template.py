"""The template that comes of it: written, and proved to load and to fit the sheet."""

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from campaign.config.spoken_format import Language, SpokenFormat
from campaign.config.template import Template
from campaign.domain.cures import Cure, CureCode
from campaign.domain.errors import UsageError
from campaign.domain.model import Contact
from campaign.intake.contacts.columns import match_columns
from campaign.intake.contacts.consent import asks, refusals
from campaign.intake.contacts.findings import ALL_ACCEPTED
from campaign.intake.contacts.screen import screen
from campaign.intake.proposal.draft import Decided, drafted
from campaign.intake.proposal.propose import Proposal
from campaign.intake.proposal.template_text import lines_to_look_at, template_text
from campaign.usecases.init.sheet_head import SheetHead, references

FIRST_CALLS = 3


@dataclass(frozen=True, slots=True)
class WrittenTemplate:
    """A template that is not written yet.

    Attributes:
        text: of the file.
        look_at: (number, line) of the lines that its owner should look at.
        first_calls: what the first rows become under it.
        called: how many of the rows that were read would be called.
        rows: how many were read.
    """

    text: str
    look_at: tuple[tuple[int, str], ...]
    first_calls: tuple[Contact, ...]
    called: int
    rows: int


def draft_of(look: SheetHead, proposal: Proposal, said: Decided) -> WrittenTemplate:
    """Writes the template's text, and proves that it loads and fits the sheet.

    Args:
        look: the sheet.
        proposal: decided: name and phone have columns.
        said: the rest of what was decided.
    """
    draft = drafted(references(look), proposal, said, choices=look.choices)
    text = template_text(draft)
    # Whatever a header holds, the template must load and find its columns again.
    template = Template.model_validate(tomllib.loads(text))
    columns = match_columns(look.header, template)
    refused = refusals(look.rows, columns, template) if asks(columns) else {}
    accepted = replace(ALL_ACCEPTED, date_order=said.date_order)
    rows = list(screen(look.rows, columns, template, refused=refused, accepted=accepted))
    called = [one.verdict for one in rows if isinstance(one.verdict, Contact)]
    return WrittenTemplate(text, lines_to_look_at(draft), tuple(called[:FIRST_CALLS]), len(called), len(rows))


def refuse_unknown_language(language: str | None) -> None:
    """Refuses a language in which no day has a name here.

    Raises:
        UsageError: it is none.
    """
    if language is not None:
        _refuse_as(f"language {language!r}", Language, language)


def refuse_unknown_format(form: str) -> None:
    """Refuses a format in which no date can be said.

    Raises:
        UsageError: it is none.
    """
    _refuse_as(f"format {form!r}", SpokenFormat, form)


def _refuse_as(what: str, kind: Any, value: str) -> None:
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        reason = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise UsageError(f"{what}: {reason}") from None


def refuse_taken(path: Path) -> None:
    """Refuses, before any question, a path that exists.

    Raises:
        UsageError: it exists.
    """
    if path.exists() or path.is_symlink():
        raise UsageError(f"{path} exists, and is not written over", cure=Cure(CureCode.NAME_OTHER_TEMPLATE))


def write_new(path: Path, text: str) -> None:
    """Writes a file that must not exist yet.

    Raises:
        UsageError: the path exists, or cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise UsageError(f"{path} cannot be written: {reason}", cure=Cure(CureCode.NAME_OTHER_PLACE)) from None
