"""Draft of a template: the proposal, and what the sheet's owner decided, as the entries of the file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from campaign.intake.dates.written import DateOrder
from campaign.intake.files.read_options import Choices
from campaign.intake.proposal.column_profile import Profile
from campaign.intake.proposal.name_column import Picked
from campaign.intake.proposal.offers import about, is_optional
from campaign.intake.proposal.propose import USES, Proposal
from campaign.intake.proposal.template_text import TemplateDraft, TemplateEntry

_LOOKED_AT = ("consent", "opted_out", "country", "call_at")
"""Columns that decide on who is called, and when."""


@dataclass(frozen=True, slots=True)
class SpokenColumn:
    """A column that is spoken: the variable's key, its index, and how its dates are said; None for as they stand."""

    key: str
    index: int
    format: str | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided beside the columns.

    Attributes:
        title: of the template.
        about: lines for its head.
        region: two letters, or None; and the reason.
        language: as the template names it, or None; and the reason.
        spoken: the variables; the proposal's other offers are written as comments.
        date_order: of days and months in digits, where the owner has said it.
    """

    title: str
    about: Sequence[str]
    region: tuple[str | None, str]
    language: tuple[str | None, str]
    spoken: Sequence[SpokenColumn]
    date_order: DateOrder | None = None


def drafted(profiles: Sequence[Profile], proposal: Proposal, said: Decided, *, choices: Choices) -> TemplateDraft:
    """Puts the template's entries together.

    Args:
        profiles: the columns as a template names them.
        proposal: decided: name and phone have columns.
        said: the rest of what was decided.
        choices: how the sheet is read.
    """
    columns, spoken = {each.index: each for each in profiles}, {one.index for one in said.spoken}
    left = [
        SpokenColumn(offer.key, offer.index, offer.format) for offer in proposal.offers if offer.index not in spoken
    ]
    return TemplateDraft(
        title=said.title,
        about=[*said.about, *proposal.asides],
        columns=[_use(use, proposal.of(use), columns) for use in USES if proposal.of(use).indices],
        variables=[_variable(one, columns[one.index]) for one in said.spoken]
        + [_variable(one, columns[one.index], left_out=True) for one in left],
        region=said.region[0],
        region_note=said.region[1],
        language=said.language[0],
        language_note=said.language[1],
        dates=any(one.format for one in said.spoken) or any(offer.dates for offer in proposal.offers),
        settings=[*_reading(choices), *([("answers", "date_order", said.date_order)] if said.date_order else [])],
    )


def _reading(choices: Choices) -> Iterator[tuple[str, str, str | int]]:
    """How the sheet was read, where that was chosen, so that no command has to say it again."""
    chosen: tuple[tuple[str, str | int | None], ...] = (
        ("name", choices.sheet),
        ("header_row", 0 if choices.no_header else choices.header_row),
        ("encoding", choices.encoding),
        ("delimiter", "tab" if choices.delimiter == "\t" else choices.delimiter),
        ("hidden", choices.hidden),
        ("extra_field", choices.extra_field),
    )
    yield from (("sheet", key, value) for key, value in chosen if value is not None)


def _use(use: str, picked: Picked, columns: Mapping[int, Profile]) -> TemplateEntry:
    names = tuple(columns[index].reference or "" for index in picked.indices)
    several = len(names) > 1
    look = several or picked.turned or use in _LOOKED_AT
    return TemplateEntry(use, names, picked.reason, joined=use == "name" and several, turned=picked.turned, look=look)


def _variable(one: SpokenColumn, column: Profile, *, left_out: bool = False) -> TemplateEntry:
    return TemplateEntry(
        one.key,
        (column.reference or "",),
        about(column),
        optional=is_optional(column),
        left_out=left_out,
        format=one.format or "",
        look=column.blank > 0 or one.format is not None,
    )
