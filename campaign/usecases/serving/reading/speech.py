"""Region of numbers and speech of dates, as the owner says or the sheet tells them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from campaign.domain.errors import UsageError
from campaign.usecases.init import (
    Offer,
    Proposal,
    SheetHead,
    Speech,
    language_of,
    likely_regions,
    main_region,
    national_numbers,
    refuse_unknown_format,
    refuse_unknown_language,
    refuse_unknown_region,
    settled_region,
)
from campaign.usecases.serving.reading.said import VARIABLE, ColumnsSaid
from campaign.usecases.serving.reading.uses import Fault

Order = Literal["day_first", "month_first"]
_ORDERS: Mapping[str, Order] = {"day_first": "day_first", "month_first": "month_first"}
_UNKNOWN = None, "of the dates that are spoken: say it here, and how each is said with format"


@dataclass(frozen=True, slots=True)
class RegionView:
    """The region of numbers without a country.

    Attributes:
        national: how many of them there are.
        likely: (region, how many of them are valid in it), the likeliest first; a hint, never a default.
        region: as said, or as the sheet tells it; None where none is needed, or it is not said.
        reason: of the region; empty while it must be said.
    """

    national: int
    likely: tuple[tuple[str, int], ...]
    region: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class DatesView:
    """How dates are spoken.

    Attributes:
        offers: the spoken columns with dates, as proposed.
        language: chosen or guessed; empty while it is neither.
        asks_order: whether the order of day and month matters: some dates may be two days.
        order: as said.
        formats: how each is said, by the column's index; empty for as it is written.
    """

    offers: tuple[Offer, ...]
    language: str
    asks_order: bool
    order: Order | None
    formats: Mapping[int, str]


def known_region_of(said: ColumnsSaid) -> str | None:
    """The region that the owner says, if there is such a one."""
    try:
        refuse_unknown_region(said.region or None)
    except UsageError:
        return None
    return said.region or None


def region_view(look: SheetHead, proposal: Proposal, said: ColumnsSaid) -> RegionView:
    """The region, as said or as the sheet tells it."""
    numbers = national_numbers(look, proposal)
    others = [row.cells[index] for row in look.rows for index in proposal.phone.indices]
    likely = tuple(likely_regions(look, proposal, numbers)) if numbers else ()
    settled = settled_region(numbers, known_region_of(said), others=others)
    return RegionView(len(numbers), likely, *(settled or (None, "")))


def fault_of_region(view: RegionView, said: ColumnsSaid) -> Iterator[Fault]:
    """What is missing or wrong about the region."""
    if said.region and known_region_of(said) is None:
        yield "region", f"{said.region!r} is no country's two letters; choose one of the list"
    elif not view.reason:
        yield "region", "choose the country of numbers that are written without one"


def speech_of(look: SheetHead, proposal: Proposal, said: ColumnsSaid, *, region: str | None, today: date) -> Speech:
    """How dates would be spoken; where no language is known, in English, to find the columns that hold some."""
    people = main_region(look, proposal, region)
    guess = language_of(look.header, region=people)
    language = guess if said.language is None else said.language
    if language and not _is_language(language):
        language = None
    return Speech(language or "en", _ORDERS.get(said.order), people, today)


def language_said(look: SheetHead, speech: Speech, said: ColumnsSaid) -> str:
    """The language as said, or as the columns' names tell it; empty where neither does."""
    if said.language is not None:
        return said.language
    return language_of(look.header, region=speech.region) or ""


def language_decided(language: str, *, is_said: bool) -> tuple[str | None, str]:
    """The language and the reason, as a template has them."""
    if not language:
        return _UNKNOWN
    return language, "said by you" if is_said else "of the dates that are spoken, by the names of the columns"


def dates_view(dated: Proposal, uses: Mapping[int, str], said: ColumnsSaid, *, language: str) -> DatesView:
    """The spoken columns with dates, and how each is said."""
    order = _ORDERS.get(said.order)
    offers = tuple(offer for offer in dated.offers if offer.dates is not None and uses[offer.index] == VARIABLE)
    formats = {offer.index: said.format_of(offer.index, proposed=offer.format or "") for offer in offers}
    two_days = any(offer.dates is not None and offer.dates.two_days and formats[offer.index] for offer in offers)
    # Once the order is said no date is two days any more; the answer is to stay on the form.
    return DatesView(offers, language, two_days or (order is not None and bool(offers)), order, formats)


def faults_of_dates(view: DatesView) -> Iterator[Fault]:
    """What is missing or wrong about the dates."""
    if any(view.formats.values()) and not view.language:
        yield "language", "say in which language dates are spoken"
    if view.language and not _is_language(view.language):
        yield "language", f"{view.language!r} is no language that is known here; write its code: en, en-GB, de"
    if view.asks_order and view.order is None:
        yield "order", "say which comes first, the day or the month"
    for index, form in view.formats.items():
        try:
            if form:
                refuse_unknown_format(form)
        except UsageError as error:
            yield f"format-{index}", str(error)


def _is_language(language: str) -> bool:
    try:
        refuse_unknown_language(language)
    except UsageError:
        return False
    return True
