"""A text is one number that may be called, or it is refused: never a number that it only resembles."""

import random
import re
import unicodedata

import phonenumbers
import pytest
from hypothesis import assume, given, strategies as st

from campaign.domain.cures import Cure, CureCode
from campaign.intake.phones.parse import PhoneFault, PhoneReading, RepairedPhone, read_phone

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
EMERGENCIES = ["112", "911", "999", "000", "110", "117", "118", "119", "190", "100", "101", "102", "103", "108", "1122"]


def phone_of(reading: PhoneReading) -> str | None:
    return reading.phone if isinstance(reading, RepairedPhone) else reading if isinstance(reading, str) else None


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("+14155550132", None, "+14155550132"),
        ("+1 (415) 555-0132", None, "+14155550132"),
        ("+ 1 415 555 0132", "GB", "+14155550132"),
        ("(415) 555-0132", "US", "+14155550132"),
        ("415.555.0132", "US", "+14155550132"),
        ("415/555-0132", "US", "+14155550132"),
        ("14155550132", "US", "+14155550132"),
        ("15555550199", "US", None),
        ("011 44 20 7946 0018", "US", "+442079460018"),
        ("0044 20 7946 0018", "DE", "+442079460018"),
        ("0044 20 7946 0018", "US", None),
        ("020 7946 0018", "GB", "+442079460018"),
        ("+44 (0)20 7946 0018", "US", "+442079460018"),
        ("(+44) 20 7946 0018", None, "+442079460018"),
        ("030/123456", "DE", "+4930123456"),
        ("+49 30/123456", None, "+4930123456"),
        ("+39 06 1234 5678", None, "+390612345678"),
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("06.12.34.56.78", "FR", "+33612345678"),
        ("＋１ ４１５ ５５５ ０１３２", None, "+14155550132"),  # noqa: RUF001 - full-width is meant
        ("+١ ٤١٥ ٥٥٥ ٠١٣٢", None, "+14155550132"),  # noqa: RUF001 - Arabic digits are meant
        ("\u202a+1 415\u00a0555\u20110132\u202c", None, "+14155550132"),
        ("415\u2212555\u20130132\u200b", "US", "+14155550132"),
        ("  +14155550132  ", None, "+14155550132"),
        ("14155552671", "GB", None),
    ],
)
def test_c03_c11_a_plainly_written_number_is_read(text: str, region: str | None, e164: str | None) -> None:
    """People write numbers in many ways, and all of them mean one."""
    read = read_phone(text, region=region)
    assert read == e164 if e164 else isinstance(read, PhoneFault)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no phone number"),
        ("n/a", "no phone number"),
        ("-", "no phone number"),
        ("unknown", "no phone number"),
        ("+1 415 555 0132 x123", "extension"),
        ("+1 415 555 0132x5", "extension"),
        ("+1 415 555 0132 ext. 123", "extension"),
        ("+1 415 555 0132;ext=5", "extension"),
        ("4155550132,,123#", "extension"),
        ("415 555 0132 #5", "extension"),
        ("415 555 0132 extension 5", "extension"),
        ("+14155550132; +14155550133", "more than one"),
        ("+14155550132 / +14155550133", "more than one"),
        ("+14155550132/4155550133", "more than one"),
        ("+14155550132+14155550133", "more than one"),
        ("415 555 0132 or 415 555 0133", "more than one"),
        ("415 555 0132\n415 555 0133", "more than one"),
        ("415-555-0132, 415-555-0133", "more than one"),
        ("030 12345/12346", "more than one"),
        ("12345/12346", "more than one"),
        ("030 123456 (78)", "not written as one"),
        ("1-415-555-CARE", "letters"),
        ("+1 415 555 O132", "letters"),
        ("+1 415 555 0l32", "letters"),
        ("call me at 415 555 0132", "letters"),
        ("1.4155550132E+10", "cut the number's digits"),
        ("1,4155550132e10", "cut the number's digits"),
        ("4.47911123456789e+17", "cut the number's digits"),
        ("+1 415 555 0132.0", "decimal"),
        ("14155550132.", "decimal"),
        ("14155550132.000", "decimal"),
        ("171.234567", "decimal"),
        ("-14155550132", "not written as one"),
        ("=14155550132", "not written as one"),
        ("'+14155550132", "not written as one"),
        ("+14155550132\0", "not written as one"),
        ("++14155550132", "not written as one"),
        ("+1 415 555 0132²", "not written as one"),
        ("+1 415 555 0132*", "not written as one"),
        ("415 555 0132 -", "not written as one"),
        ("+19005550132", "premium rate"),
        ("+39 848 123 456", "shared cost"),
        ("+44 76 4012 3456", "pager"),
        ("+44 55 1234 5678", "universal access"),
        ("+870773111632", "satellite"),
        ("+881612345678", "satellite"),
        ("911", "emergency or short"),
        ("+1911", "emergency or short"),
        ("112", "emergency or short"),
        ("5550132", "no such phone number in region US"),
        ("+1 415 555 013", "no such phone number"),
        ("+999 415 555 0132", "no such phone number"),
        ("+" + "1" * 260, "no such phone number"),
        ("+4930123456816596", "no such phone number"),
        ("4155550132 4155550133", "no such phone number"),
    ],
)
def test_c04_to_c13_whatever_is_not_plainly_one_number_is_refused(text: str, reason: str) -> None:
    """Each of these would ring a stranger, a switchboard, a fire brigade, or a very dear line."""
    fault = read_phone(text, region="US")
    assert isinstance(fault, PhoneFault)
    assert re.search(reason, fault.reason)
    assert fault.cure


@pytest.mark.parametrize("text", ["4155550132", "(415) 555-0132", "14155550132"])
def test_c01_without_country_or_region_nothing_is_guessed(text: str) -> None:
    """Adding a + of our own would ring Switzerland for a number in California."""
    assert read_phone(text, region=None) == PhoneFault("written without a country", Cure(CureCode.SET_PHONE_REGION))


@pytest.mark.parametrize("text", ["0014155550132", "00 44 20 7946 0018", "011 44 20 7946 0018"])
def test_c03_a_prefix_for_dialling_abroad_says_nothing_without_a_region(text: str) -> None:
    """011 begins a call abroad in Boston, and a number in Turin."""
    fault = read_phone(text, region=None)
    assert isinstance(fault, PhoneFault)
    assert "write + instead of the 00 or 011" in str(fault.cure)


def test_the_region_says_nothing_about_a_number_with_a_country() -> None:
    """The same cell means the same person under every template."""
    for example in ("+14155550132", "+442079460018", "+390612345678", "+5491123456789", "+80012345678"):
        assert {read_phone(example, region=region) for region in (None, "US", "IT", "AR")} == {example}


def test_digits_that_may_hold_the_country_code_or_not_are_refused() -> None:
    """A number cell drops the + and the leading 0, and then one in Lund or one in Stockholm may be meant."""
    for number_cell in (False, True):
        fault = read_phone("468123456", region="SE", number_cell=number_cell)
        assert fault == PhoneFault("it may mean +46468123456 or +468123456", "add + and the country code")


def test_an_example_without_its_plus_is_itself_or_refused() -> None:
    """Never the number that its first digits would make inside the country."""
    for code, text in _without_plus():
        read = read_phone(text, region=code)
        assert isinstance(read, PhoneFault) or phone_of(read) == "+" + text, (code, text)


def _without_plus() -> list[tuple[str, str]]:
    numbers = ((code, phonenumbers.example_number_for_type(code, kind)) for code in REGIONS for kind in (0, 1))
    return [(code, f"{n.country_code}{phonenumbers.national_significant_number(n)}") for code, n in numbers if n]


@pytest.mark.parametrize("region", REGIONS)
def test_c05_emergency_and_short_numbers_are_never_called(region: str) -> None:
    """Wherever the sheet comes from: those that are known, and a tenth of all others, another one in each region."""
    others = [f"{number:03}" for number in range(REGIONS.index(region) % 10, 1000, 10)]
    _are_never_called([*EMERGENCIES, *others], region)


@pytest.mark.nightly
@pytest.mark.parametrize("region", REGIONS)
def test_c05_no_number_of_three_digits_is_ever_called(region: str) -> None:
    _are_never_called([f"{number:03}" for number in range(1000)], region)


def _are_never_called(short: list[str], region: str) -> None:
    country = phonenumbers.country_code_for_region(region)
    for text in short:
        assert isinstance(read_phone(text, region=region), PhoneFault)
        assert isinstance(read_phone(f"+{country}{text[:3]}", region=region), PhoneFault)


@pytest.mark.parametrize("region", REGIONS)
def test_a_number_is_valid_exactly_if_it_has_a_type(region: str) -> None:
    """The reader asks for the type alone, since that is half the work."""
    chance = random.Random(region)
    for kind in range(11):
        if example := phonenumbers.example_number_for_type(region, kind):
            digits = phonenumbers.national_significant_number(example)
            for size in (len(digits), len(digits) - 1, len(digits) + 1):
                text = "".join(chance.choice(["0", "5", digit]) for digit in digits.ljust(size, "1")[:size])
                number = phonenumbers.parse(f"+{example.country_code}{text.zfill(2)}")
                typed = phonenumbers.number_type(number) != phonenumbers.PhoneNumberType.UNKNOWN
                assert typed == phonenumbers.is_valid_number(number)


@given(
    st.text(st.characters(categories=["N", "S", "P", "Z", "L", "M", "C"]), min_size=1, max_size=2), st.integers(0, 12)
)
def test_no_foreign_character_ever_adds_or_changes_a_digit(insert: str, place: int) -> None:
    """A footnote mark after a number would be its last digit."""
    text = "+14155550132"[:place] + insert + "+14155550132"[place:]
    # A 1 between +1 and the number is the prefix of long-distance calls, which is no digit of the number.
    assume(not re.match(r"\+\D*1\D*1", "".join(str(unicodedata.decimal(each, each)) for each in text)))
    read = read_phone(text, region="US")
    digits = [
        str(unicodedata.decimal(character)) for character in text if unicodedata.decimal(character, None) is not None
    ]
    assert isinstance(read, PhoneFault) or read == "+" + "".join(digits)


def test_c15_one_number_in_many_spellings_is_one_number() -> None:
    """Else the same person would be called once for each."""
    spellings = ("+14155550132", "(415) 555-0132", "1-415-555-0132", "415.555.0132", "+1 415/555-0132")
    assert {read_phone(text, region="US") for text in spellings} == {"+14155550132"}


@given(st.text(max_size=40), st.sampled_from([None, "US", "DE", "IT", "GA", "AR", "ZZ"]), st.booleans())
def test_no_text_at_all_stops_the_reading(text: str, region: str | None, number_cell: bool) -> None:  # noqa: FBT001 - given by the generator
    """One cell of a million must not keep the others from being read."""
    read = read_phone(text, region=region, number_cell=number_cell, allow=("vanity",))
    phone = phone_of(read)
    assert isinstance(read, PhoneFault) or (phone is not None and re.fullmatch(r"\+[1-9][0-9]{6,14}", phone))


def test_all_fictitious_numbers_of_north_america_are_read() -> None:
    """Samples and trials use nothing else."""
    for line in range(100, 200):
        assert read_phone(f"(212) 555-{line:04}", region="US") == f"+1212555{line:04}"


def test_c13_a_cell_as_long_as_a_book_is_refused_at_once() -> None:
    """A pattern that tries all ways to part its spaces would hold the sheet up for a quarter of a minute."""
    longest = 32_000
    for part in (" ", ".", "1 ", "(1", "+1", "1.", "1,", "1-", "1 x", "1 ext ", "1/", " .)", "\u00e91", "\u0661"):
        for end in ("", "x", "!", "5"):
            text = "1" + part * (longest // len(part)) + end
            assert isinstance(read_phone(text, region="US"), PhoneFault), part
