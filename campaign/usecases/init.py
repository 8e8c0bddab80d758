"""Use case init: proposes a first template from a sheet's columns and values, with the reason for each choice.

look_at -> Look -> (region, what the owner says) -> propose -> draft -> write
"""

import tomllib
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from campaign.config.spoken_format import Language, SpokenFormat
from campaign.config.template import Template
from campaign.domain.cures import Cure, CureCode
from campaign.domain.errors import UsageError
from campaign.domain.model import Contact, Row
from campaign.intake.contacts.columns import column_index, match_columns
from campaign.intake.contacts.consent import asks, refusals
from campaign.intake.contacts.findings import ALL_ACCEPTED
from campaign.intake.contacts.footer import people_among
from campaign.intake.contacts.header import open_with_header
from campaign.intake.contacts.screen import screen
from campaign.intake.files.read_options import Choices
from campaign.intake.phones.regions import known_region, named_regions, region_of
from campaign.intake.proposal.column_profile import Profile, is_national, profiles_of
from campaign.intake.proposal.draft import Decided, SpokenColumn, drafted
from campaign.intake.proposal.header_words import PHONES, Use, use_of
from campaign.intake.proposal.offers import NO_SPEECH, Offer, Speech
from campaign.intake.proposal.propose import USES, Proposal, propose
from campaign.intake.proposal.region_guess import most_common_region, region_fits, region_of_twins, valid_in
from campaign.intake.proposal.sheet_language import language_of
from campaign.intake.proposal.template_text import lines_to_look_at, template_text

__all__ = [
    "ASKED",
    "NO_SPEECH",
    "USES",
    "Choices",
    "Decided",
    "Offer",
    "OpenUse",
    "Proposal",
    "SheetHead",
    "Speech",
    "SpokenColumn",
    "WrittenTemplate",
    "draft_of",
    "fault_of_key",
    "language_of",
    "likely_regions",
    "look_at",
    "main_region",
    "named_columns",
    "named_regions",
    "national_numbers",
    "open_use",
    "proposal_for",
    "references",
    "refuse_taken",
    "refuse_unknown_format",
    "refuse_unknown_language",
    "refuse_unknown_region",
    "settled_region",
    "write_new",
]

MOST_ROWS = 1_000
FIRST_CALLS = 3
_LISTED = 20
ASKED = ("name", "phone", "consent", "country", "call_at", "timezone")
"""Uses whose column is asked for, in this order, where the sheet does not tell it."""
_NEEDED = ("name", "phone")
_NAMES = (Use.FULL, Use.GENERIC, Use.FIRST, Use.LAST, Use.PERSON)


@dataclass(frozen=True, slots=True)
class SheetHead:
    """Header and first rows of a sheet.

    Attributes:
        path: where it is.
        header: its columns' names.
        rows: people among the first thousand that can be read.
        footers: how many of these are lines of totals, or of a report's footer.
        whole: whether these are all.
        choices: with which it was read.
    """

    path: Path
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    footers: int
    whole: bool
    choices: Choices

    @property
    def told(self) -> str:
        """How many rows were read, in words."""
        lines = "1 line" if self.footers == 1 else f"{self.footers} lines"
        beside = f", beside {lines} of totals or of a footer" if self.footers else ""
        return (f"its {len(self.rows)} rows" if self.whole else f"its first {len(self.rows):,} rows") + beside


@dataclass(frozen=True, slots=True)
class OpenUse:
    """A use of a column that only the sheet's owner can decide.

    Attributes:
        use: one of `ASKED`.
        candidates: the columns that may have it.
        needed: whether one of them must.
    """

    use: str
    candidates: tuple[int, ...]
    needed: bool


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


def look_at(path: Path, choices: Choices) -> SheetHead:
    """Reads the header and the first rows.

    Raises:
        UndecidedError: only the sheet's owner can say how it is to be read.
        SheetError: it cannot be read.
    """
    sheet = open_with_header(path, choices=choices, region=None, fits=_tells_name_and_phone)
    rows = tuple(islice(sheet.rows, MOST_ROWS + 1))
    # What only lacks cells at its end has them empty, as spreadsheet programs write it.
    sound = tuple(
        row._replace(damage=None)
        for row in rows[:MOST_ROWS]
        if row.damage is None or (row.short and row.readable is None)
    )
    # A line of totals has no appointment, and is no reason to make every appointment optional.
    people = people_among(sound, phones=_phone_columns(sheet.header, sound))
    return SheetHead(path, sheet.header, people, len(sound) - len(people), len(rows) <= MOST_ROWS, choices)


def _phone_columns(header: Sequence[str], rows: Sequence[Row]) -> list[int]:
    """Columns of numbers by their names; where no name says it, by their values."""
    if named := [index for index, name in enumerate(header) if use_of(name) in PHONES]:
        return named
    return [each.index for each in profiles_of(header, rows, region=None) if 2 * each.looks >= each.filled > 0]


def named_columns(look: SheetHead, names: Sequence[str]) -> tuple[int, ...]:
    """Columns by name, or by position (`#3`).

    Raises:
        UsageError: the sheet has none of that name, or several.
    """
    places = [column_index(name, look.header) for name in names]
    for name, place in zip(names, places, strict=True):
        if place is None:
            known = ", ".join(repr(each) for each in look.header[:_LISTED] if each.strip())
            raise UsageError(
                f"sheet {look.path}: no single column {name!r} in it; it has {known}, and each by its place, as '#1'"
            )
    return tuple(place for place in places if place is not None)


def proposal_for(
    look: SheetHead, *, region: str | None, said: Mapping[str, tuple[int, ...]], speech: Speech = NO_SPEECH
) -> Proposal:
    """Proposal for the template if numbers without a country are in this region."""
    profiles = profiles_of(look.header, look.rows, region=region)
    return propose(profiles, look.rows, region=region, said=said, speech=speech)


def open_use(look: SheetHead, proposal: Proposal, use: str) -> OpenUse | None:
    """The question for the use's column; None where it is decided, or nothing in the sheet asks for it."""
    picked, needed = proposal.of(use), use in _NEEDED
    if picked.indices or not (needed or picked.candidates):
        return None
    filled = tuple(each.index for each in references(look) if each.filled)
    return OpenUse(use, picked.candidates or filled, needed)


def fault_of_key(key: str, *, taken: Container[str]) -> str | None:
    """Why a variable cannot have this key, said of the key; None where it can."""
    if key in taken:
        return "is taken by another column"
    return None if key.isidentifier() else "is no key: letters, digits and _"


@lru_cache(maxsize=1)
def references(look: SheetHead) -> tuple[Profile, ...]:
    """The columns as a template names them, with what is known of their values."""
    return profiles_of(look.header, look.rows, region=None)


def national_numbers(look: SheetHead, proposal: Proposal) -> list[str]:
    """The proposed columns' phone numbers that say no country, in rows that say none either."""
    country = proposal.country.indices[:1]
    rows = (row for row in look.rows if not any(row.cells[place].strip() for place in country))
    return [row.cells[index] for row in rows for index in proposal.phone.indices if is_national(row.cells[index])]


def settled_region(
    numbers: Sequence[str], region: str | None, *, others: Sequence[str] = ()
) -> tuple[str | None, str] | None:
    """Region to write, and the reason; None while it must be asked for.

    Args:
        numbers: those without a country.
        others: all numbers of the sheet, when there are none without a country.
        region: what the sheet's owner said.

    Raises:
        UsageError: there is no such region.
    """
    refuse_unknown_region(region)
    if region is not None:
        count = f"{valid_in(numbers, region):,} of {len(numbers):,} numbers without a country are valid in it"
        return region, f"said by you; {count}"
    if numbers:
        return None
    if twins := region_of_twins(others):
        # Written down, it lets each check ask; without a region nobody could say that a country code is missing.
        return twins[0], f"most numbers are in it, and {twins[1]:,} after a + may lack its country code: check asks"
    return None, "no number needs one: each says its country"


def refuse_unknown_region(region: str | None) -> None:
    """Refuses a region that is not a country's two-letter code.

    Raises:
        UsageError: it is none.
    """
    if region is not None and not known_region(region):
        raise UsageError(f"region {region!r} is not one", cure=Cure(CureCode.SAY_COUNTRY))


def main_region(look: SheetHead, proposal: Proposal, region: str | None) -> str | None:
    """The country that most of the proposed columns' numbers are in; None where there is none."""
    cells = [row.cells[index] for row in look.rows for index in proposal.phone.indices]
    return most_common_region(cells, region=region)


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


def likely_regions(look: SheetHead, proposal: Proposal, numbers: Sequence[str]) -> list[tuple[str, int]]:
    """(region, how many of these numbers are valid in it), the likeliest first: a hint for people, never a default."""
    cells = [row.cells[index] for row in look.rows for index in proposal.phone.indices]
    fits = region_fits(numbers, beside=[cell for cell in cells if cell.lstrip("( ").startswith("+")])
    named = {
        region_of(row.cells[each.index]) for each in references(look) if each.use == Use.COUNTRY for row in look.rows
    }
    # What a column says of countries weighs more than digits that are valid elsewhere too.
    return [(region, valid) for region, valid in fits if region in named] if named - {None} else fits


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


def _tells_name_and_phone(header: Sequence[str]) -> bool:
    uses = {use_of(name) for name in header}
    return not uses.isdisjoint(_NAMES) and not uses.isdisjoint(PHONES)
