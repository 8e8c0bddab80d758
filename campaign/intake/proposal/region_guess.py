"""Region candidates: countries in which a sheet's national numbers are valid, to be chosen by a person.

Countries with one calling code make one number of the same digits, so they are tried once, and called after the one
that most of the numbers are in.
"""

from collections import Counter
from collections.abc import Sequence

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, parse, region_code_for_number

from campaign.intake.phones.parse import PhoneFault, read_phone
from campaign.intake.phones.plus_twin import twin_after_plus

_SAMPLE = 40  # numbers that every country is tried with
_BEST = 5  # countries that are tried with all numbers
_LEAST = 0.5  # of the sample


def region_fits(numbers: Sequence[str], *, beside: Sequence[str] = ()) -> list[tuple[str, int]]:
    """(region, how many of the numbers are valid there), the likeliest first, without those that fit less than half.

    Args:
        numbers: cells that hold phone numbers without a country.
        beside: cells of the same columns that hold numbers with one: each speaks for its region.
    """
    near = _regions_in(_read(beside, None))
    sample = numbers[:: max(len(numbers) // _SAMPLE, 1)]
    tried = {region: len(_read(sample, region)) for region in _main_regions()}
    best = sorted(tried, key=lambda region: -tried[region] - near[region])[:_BEST]
    fits = dict.fromkeys(_fit(numbers, region) for region in best if sample and tried[region] >= _LEAST * len(sample))
    return sorted(fits, key=lambda fit: -fit[1] - near[fit[0]])


def region_of_twins(cells: Sequence[str]) -> tuple[str, int] | None:
    """(region, how many): where numbers after a + are also numbers of the region that most of the others are in."""
    read = [(cell, phone) for cell in cells if "+" in cell and isinstance(phone := read_phone(cell, region=None), str)]
    for region, own in _regions_in([phone for _, phone in read]).most_common():
        twins = sum(twin_after_plus(cell, phone, region=region) is not None for cell, phone in read) if region else 0
        if twins and 2 * own > len(read) - twins:
            return region, twins
    return None


def most_common_region(cells: Sequence[str], *, region: str | None) -> str | None:
    """The country that most of these numbers are in; `region` is that of numbers without one."""
    found = _regions_in(_read(cells, region)).most_common(1)
    return found[0][0] or None if found else None


def valid_in(numbers: Sequence[str], region: str) -> int:
    """How many of these numbers are valid in this region."""
    return len(_read(numbers, region))


def _fit(numbers: Sequence[str], region: str) -> tuple[str, int]:
    valid = _read(numbers, region)
    inside = _regions_in(valid)
    most = inside.most_common(1)[0][0] if inside else region
    return (most if inside[most] > inside[region] else region), len(valid)


def _regions_in(valid: Sequence[object]) -> Counter[str]:
    # Only what was read as it stands says where it is.
    return Counter(region_code_for_number(parse(number, None)) or "" for number in valid if isinstance(number, str))


def _read(numbers: Sequence[str], region: str | None) -> list[object]:
    readings = (read_phone(number, region=region) for number in numbers)
    return [reading for reading in readings if not isinstance(reading, PhoneFault)]


def _main_regions() -> list[str]:
    return [regions[0] for regions in COUNTRY_CODE_TO_REGION_CODE.values() if regions[0].isalpha()]
