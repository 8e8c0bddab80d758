"""The region of numbers that say no country: said, settled, or asked for with the likeliest first."""

from collections.abc import Sequence

from campaign.domain.cures import Cure, CureCode
from campaign.domain.errors import UsageError
from campaign.intake.phones.regions import known_region, region_of
from campaign.intake.proposal.column_profile import is_national
from campaign.intake.proposal.header_words import Use
from campaign.intake.proposal.propose import Proposal
from campaign.intake.proposal.region_guess import most_common_region, region_fits, region_of_twins, valid_in
from campaign.usecases.init.sheet_head import SheetHead, references


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


def likely_regions(look: SheetHead, proposal: Proposal, numbers: Sequence[str]) -> list[tuple[str, int]]:
    """(region, how many of these numbers are valid in it), the likeliest first: a hint for people, never a default."""
    cells = [row.cells[index] for row in look.rows for index in proposal.phone.indices]
    fits = region_fits(numbers, beside=[cell for cell in cells if cell.lstrip("( ").startswith("+")])
    named = {
        region_of(row.cells[each.index]) for each in references(look) if each.use == Use.COUNTRY for row in look.rows
    }
    # What a column says of countries weighs more than digits that are valid elsewhere too.
    return [(region, valid) for region, valid in fits if region in named] if named - {None} else fits
