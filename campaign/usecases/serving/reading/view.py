"""Use case columns: the columns of a sheet as its owner has decided them so far, and the template that comes of it.

SheetHead + ColumnsSaid --> uses (proposed or said), region, dates --> faults, or the template that would be written
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from campaign.usecases.init import (
    USES,
    Decided,
    OpenUse,
    Proposal,
    SheetHead,
    SpokenColumn,
    WrittenTemplate,
    draft_of,
    fault_of_key,
    proposal_for,
)
from campaign.usecases.serving.reading.said import VARIABLE, ColumnsSaid
from campaign.usecases.serving.reading.speech import (
    DatesView,
    RegionView,
    dates_view,
    fault_of_region,
    faults_of_dates,
    known_region_of,
    language_decided,
    language_said,
    region_view,
    speech_of,
)
from campaign.usecases.serving.reading.uses import (
    Fault,
    decided,
    missing,
    said_slots,
    said_twice,
    shown_slots,
    slots_of,
)


@dataclass(frozen=True, slots=True)
class ColumnsView:
    """The columns, as decided so far.

    Attributes:
        uses: the slot of each column, by its index.
        proposed: what it would be without a word of the owner.
        reasons: why a column has its use, or what is worth knowing of its values.
        keys: of each column that could be spoken.
        questions: the uses that only the owner can decide, also those that are answered.
        region: of numbers without a country.
        dates: how dates are spoken.
        asides: lines on columns that were looked at and not used.
        faults: what is missing or wrong.
        written: the template; None while there are faults.
    """

    uses: Mapping[int, str]
    proposed: Mapping[int, str]
    reasons: Mapping[int, str]
    keys: Mapping[int, str]
    questions: tuple[OpenUse, ...]
    region: RegionView
    dates: DatesView
    asides: tuple[str, ...]
    faults: tuple[Fault, ...]
    written: WrittenTemplate | None

    def is_as_said(self, said: ColumnsSaid) -> bool:
        """Whether the form showed all of this: what its owner has not seen is not saved."""
        return (
            all(said.uses[index] == self.uses[index] for index in said.uses if index in self.uses)
            and all(said.formats.get(index) == form for index, form in self.dates.formats.items())
            and (not self.dates.offers or said.language == self.dates.language)
            and (said.region or None) == self.region.region
        )


def columns_view(look: SheetHead, said: ColumnsSaid, *, title: str, today: date) -> ColumnsView:
    """The columns as decided so far.

    Args:
        look: the sheet.
        said: by its owner.
        title: of the template.
        today: a date near it is spoken without its year.
    """
    known = known_region_of(said)
    proposed = proposal_for(look, region=known, said={})
    decisions, questions = decided(look, proposed, said)
    proposal = proposal_for(look, region=known, said=decisions)
    region = region_view(look, proposal, said)
    speech = speech_of(look, proposal, said, region=region.region, today=today)
    # With its region and its language known, the sheet may tell more.
    proposal = proposal_for(look, region=region.region, said=decisions, speech=speech)
    uses = shown_slots(look, proposal, said)
    keys = {offer.index: said.keys.get(offer.index) or offer.key for offer in proposal.offers}
    dates = dates_view(proposal, uses, said, language=language_said(look, speech, said))
    faults = (
        *missing(questions, proposal),
        *said_twice(look, said_slots(look, proposed, said)),
        *fault_of_region(region, said),
        *faults_of_dates(dates),
        *_faults_of_keys(uses, keys),
    )
    made = Decided(
        title=title,
        about=[f"How the rows of {title} become calls, by what was found in {look.told}."],
        region=(region.region, region.reason),
        language=language_decided(dates.language, is_said=said.language is not None),
        spoken=[SpokenColumn(keys[i], i, dates.formats.get(i) or None) for i in keys if uses[i] == VARIABLE],
        date_order=dates.order,
    )
    return ColumnsView(
        uses=uses,
        proposed=slots_of(look, proposed),
        reasons=dict(_reasons(proposal)),
        keys=keys,
        questions=questions,
        region=region,
        dates=dates,
        asides=proposal.asides,
        faults=faults,
        written=None if faults else draft_of(look, proposal, made),
    )


def _faults_of_keys(uses: Mapping[int, str], keys: Mapping[int, str]) -> Iterator[Fault]:
    taken: set[str] = set()
    for index in (index for index in keys if uses[index] == VARIABLE):
        if (fault := fault_of_key(keys[index], taken=taken)) is not None:
            yield f"key-{index}", f"{keys[index]!r} {fault}"
        taken.add(keys[index])


def _reasons(proposal: Proposal) -> Iterator[tuple[int, str]]:
    yield from ((offer.index, offer.reason) for offer in proposal.offers)
    for use in USES:
        yield from ((index, proposal.of(use).reason) for index in proposal.of(use).indices)
