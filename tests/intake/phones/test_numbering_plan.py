"""The patterns compiled here give the library's own answer on every number, or none: then the library is asked.

By hand, with more numbers: `CAMPAIGN_NUMBERS=400000 pytest tests/intake/phones/test_numbering_plan.py`.
"""

import os
import random
from collections.abc import Iterator

import phonenumbers
import pytest
from hypothesis import given, strategies as st
from phonenumbers import PhoneMetadata, PhoneNumberDesc, PhoneNumberFormat, PhoneNumberType as Kind

from campaign.intake.phones import numbering_plan
from campaign.intake.phones.lookup import BY_LIBRARY, BY_PATTERNS
from campaign.intake.phones.notation import _PLAIN, Written, _fault, read_form
from campaign.intake.phones.numbering_plan import Number, ask_library, number_of
from campaign.intake.phones.parse import read_phone

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
CODES = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
COUNT = int(os.environ.get("CAMPAIGN_NUMBERS", "4000"))
BEFORE = (
    "",
    "",
    "",
    "0",
    "1",
    "8",
    "00",
    "011",
    "15",
    "9",
    "06",
    "{code}",
    "{code}",
    "{code}0",
    "00{code}",
    "011{code}",
)


def examples() -> list[tuple[str, str]]:
    numbers = ((region, phonenumbers.example_number_for_type(region, kind)) for region in REGIONS for kind in range(11))
    return [(region, phonenumbers.national_significant_number(number)) for region, number in numbers if number]


def mutated(digits: str, chance: random.Random) -> str:
    """Mostly still a number, or nearly: some digits changed, one more, one less, another end."""
    for _ in range(chance.choice((0, 1, 1, 2, 3, 6))):
        place, digit = chance.randrange(len(digits)), chance.choice("0123456789")
        before, after = digits[:place], digits[place + 1 :]
        digits = chance.choice(
            (before + digit + after,) * 4 + (before + digit + digits[place:], before + after or digit)
        )
    return digits


def cases(seed: str) -> Iterator[tuple[str, str]]:
    chance = random.Random(seed)
    known = examples()
    for _ in range(COUNT):
        region, national = chance.choice(known)
        code = phonenumbers.country_code_for_region(region)
        before = chance.choice(BEFORE).format(code=code)
        yield chance.choice((region, region, region, chance.choice(REGIONS))), before + mutated(national, chance)


def is_same(found: Number, asked: Number) -> bool:
    return found == asked if asked.kind != Kind.UNKNOWN else found.kind == Kind.UNKNOWN


def test_after_a_plus_every_number_is_the_library_s() -> None:
    """Code, national number, kind and region, of all calling codes, those of no country among them."""
    chance = random.Random("plus")
    decided = valid = 0
    for region, digits in cases("plus"):
        code = (
            chance.choice([*CODES, 999, 0]) if chance.random() < 0.1 else phonenumbers.country_code_for_region(region)
        )
        found, asked = numbering_plan._international(f"{code}{digits}"), ask_library(f"{code}{digits}", region=None)
        assert found is None or is_same(found, asked), (code, digits, found, asked)
        decided += found is not None
        valid += asked.kind != Kind.UNKNOWN
    # Else this test would say nothing.
    assert decided > COUNT / 2
    assert valid > COUNT / 20


def test_in_a_region_every_number_is_the_library_s() -> None:
    """With trunk prefixes, carriers' codes, prefixes for dialling abroad, and the country's own code."""
    decided = valid = 0
    for region, digits in cases("region"):
        found, asked = numbering_plan._in_region(digits, region), ask_library(digits, region=region)
        assert found is None or is_same(found, asked), (region, digits, found, asked)
        decided += found is not None
        valid += asked.kind != Kind.UNKNOWN
    assert decided > COUNT / 2
    assert valid > COUNT / 10


def test_the_reading_of_a_text_is_the_same_by_patterns_and_by_the_library() -> None:
    """Faults, repairs and doubts included, as text and as a number cell."""
    texts = [(region, text) for region, digits in cases("text") for text in (digits, f"+{digits}")]
    quick, slow = (
        [
            read_phone(text, region=region, number_cell=number, lookup=lookup)
            for region, text in texts
            for number in (False, True)
        ]
        for lookup in (BY_PATTERNS, BY_LIBRARY)
    )
    assert quick == slow


def test_where_kinds_overlap_the_first_counts_and_lengths_bind() -> None:
    """No country's kinds do today; they may tomorrow, and a premium number must stay one."""

    def kind(pattern: str, *lengths: int) -> PhoneNumberDesc:
        return PhoneNumberDesc(national_number_pattern=pattern, possible_length=lengths)

    made_up = PhoneMetadata(
        id="ZZ",
        country_code=999,
        general_desc=kind(r"[1-9]\d{3,6}", 4, 5, 6),
        premium_rate=kind(r"9\d+", 5),
        toll_free=kind(r"[89]\d+", 4, 5),
        pager=kind(r"7\d{3}|7\d{4}", 4),
        fixed_line=kind(r"[2-7]\d+", 4, 5, 6),
        mobile=kind(r"[1-4]\d+", 5, 6),
        register=False,
    )
    plan = numbering_plan.Plan(made_up)
    for number in range(9, 10**7, 7 * 11):
        national = str(number)
        asked = phonenumbers.phonenumberutil._number_type_helper(national, made_up)
        assert plan.kind_of(national) == asked, national


def test_all_regions_and_codes_have_patterns() -> None:
    """A region without any would be slow for ever, and nobody would know."""
    missing = [region for region, national in examples() if numbering_plan.plan_of(region) is None or not national]
    assert missing == []
    decided = [
        bool(numbering_plan._international(phonenumbers.format_number(n, PhoneNumberFormat.E164)[1:]))
        for n in of_no_country()
    ]
    assert all(decided)
    assert len(decided) > 5


def of_no_country() -> list[phonenumbers.PhoneNumber]:
    numbers = map(
        phonenumbers.example_number_for_non_geo_entity, sorted(phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS)
    )
    return [number for number in numbers if number]


@pytest.mark.parametrize("region", ["ZZ", "us", "001", "GBR"])
def test_a_region_that_there_is_not_has_no_numbers(region: str) -> None:
    """The template refuses it; should it come this far, nothing may ring."""
    assert number_of("4155550132", region=region).kind == Kind.UNKNOWN


@pytest.mark.parametrize("digits", ["", "0", "1", "44", "4", "0000000000", "99999999999", "1" * 60])
def test_digits_that_are_no_number_have_no_kind(digits: str) -> None:
    """An index out of range would stop a whole sheet."""
    for region in (None, "US", "DE", "IT"):
        assert number_of(digits, region=region).kind == Kind.UNKNOWN


SEPARATED = st.lists(
    st.sampled_from(["4", "15", "555", "0132", "0", " ", "-", "(", ")", ".", "/", "+", "30"]), max_size=12
)


@given(SEPARATED.map("".join))
def test_digits_alone_are_read_as_the_library_reads_the_whole_writing(text: str) -> None:
    """What stands between the digits decides whether it is one number, and then nothing more."""
    written = read_form(text)
    if isinstance(written, Written):
        for region in ("US", "GB", "DE", "IT"):
            spoken = None if written.international else region
            try:
                number = phonenumbers.parse(text, spoken)
            except phonenumbers.NumberParseException:
                assert ask_library(written.digits, region=spoken).kind == Kind.UNKNOWN
                continue
            read = ask_library(written.digits, region=spoken)
            assert not number.extension
            assert read.e164 == phonenumbers.format_number(number, PhoneNumberFormat.E164)


@given(st.one_of(st.from_regex(_PLAIN, fullmatch=True), SEPARATED.map("".join)))
def test_what_is_plain_at_a_glance_is_plain_at_a_closer_look(text: str) -> None:
    """The glance is there for speed; it may not let through what the closer look would refuse."""
    if _PLAIN.fullmatch(text):
        assert text.isascii()
        assert _fault(text) is None
