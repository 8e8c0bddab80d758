"""Countries and kinds of a sheet's numbers, counted without looking each of them up."""

from collections import Counter
from random import Random

import phonenumbers

from campaign.intake.phones.number_types import kind_and_region
from campaign.preparation.tallies.number_stats import NO_COUNTRY, NumberCounts


def examples() -> list[str]:
    """Of many countries and all kinds an example number, and neighbours of it that are numbers."""
    random, found = Random(7), list[str]()
    # Those that share a code with others or tell kinds apart late, and a part of the rest.
    hard = {"US", "CA", "JM", "GB", "JE", "GP", "BL", "CL", "RU", "KZ", "IT", "VA", "CW", "BQ", "NO", "SJ"}
    for region in sorted(hard | set(sorted(phonenumbers.SUPPORTED_REGIONS)[::6])):
        for kind in (0, 1, 3, 4, 5, 6, 7, 8, 10):
            example = phonenumbers.example_number_for_type(region, kind)
            if example is None:
                continue
            e164 = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
            near = (
                e164[: -len(tail)] + tail for tail in (f"{random.randrange(1000):03}", f"{random.randrange(99):02}")
            )
            found += [each for each in (e164, *near) if kind_and_region(each)[0] != "unknown"]
    random.shuffle(found)
    return found


def test_neighbours_are_never_counted_as_another_country_or_kind() -> None:
    """What is not looked up must be what its block is."""
    tally, numbers = NumberCounts(), examples()
    for number in numbers:
        tally.count(number)
    looked_up = [kind_and_region(number) for number in numbers]
    assert tally.call_types == Counter(kind for kind, _ in looked_up)
    assert tally.regions == Counter(region or NO_COUNTRY for _, region in looked_up)


def test_counts_stand_while_what_is_remembered_is_let_go() -> None:
    """A million rows may come from as many places."""
    tally = NumberCounts(most_blocks=2)
    for number in ("+12125550101", "+442079460018", "+447400123456", "+12135550101", "+18005550199") * 2:
        tally.count(number)
    assert tally.regions == {"US": 6, "GB": 4}
    assert tally.call_types == {"fixed line or mobile": 4, "fixed line": 2, "mobile": 2, "toll free": 2}
    assert len(tally._blocks) <= 2
