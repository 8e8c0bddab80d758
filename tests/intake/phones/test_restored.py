"""What a spreadsheet took from a number is put back under the sheet's region, shown to a person, and never guessed."""

import phonenumbers
import pytest
from phonenumbers import PhoneMetadata, PhoneNumberFormat, PhoneNumberType

from campaign.intake.phones.numbering_plan import number_of
from campaign.intake.phones.parse import PhoneFault, RepairedPhone, read_phone
from campaign.intake.phones.trunk_prefix import is_zero_missing


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("7911123456", "GB", "+447911123456"),
        ("7911 123456", "GB", "+447911123456"),
        ("2079460018", "GB", "+442079460018"),
        ("15112345678", "DE", "+4915112345678"),
        ("612345678", "FR", "+33612345678"),
        ("412345678", "AU", "+61412345678"),
    ],
)
def test_c02_a_lost_0_is_put_back_and_shown(text: str, region: str, e164: str) -> None:
    """A spreadsheet takes the 0 from every number that it takes for an amount."""
    for number_cell in (False, True):
        if not number_cell or text.isdecimal():
            read = read_phone(text, region=region, number_cell=number_cell)
            assert read == RepairedPhone(e164, f"the 0 before it is missing; read as {e164}")


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("447911123456", "GB", "+447911123456"),
        ("44 7911 123456", "GB", "+447911123456"),
        ("4915112345678", "DE", "+4915112345678"),
        ("919876543210", "IN", "+919876543210"),
        ("34612345678", "ES", "+34612345678"),
        ("393123456789", "IT", "+393123456789"),
    ],
)
def test_a_lost_plus_is_put_back_and_shown(text: str, region: str, e164: str) -> None:
    """The digits fit the region in one way only, and that way begins with the region's own code."""
    read = read_phone(text, region=region)
    assert read == RepairedPhone(e164, f"the + before its country code is missing; read as {e164}")


@pytest.mark.parametrize("region", [None, "US", "DE"])
@pytest.mark.parametrize(
    ("text", "e164", "trunk"),
    [
        ("+114155550132", "+14155550132", "1"),
        ("+1 1 (415) 555-0132", "+14155550132", "1"),
        ("+7 8 912 345-67-89", "+79123456789", "8"),
        ("+36 06 30 123 4567", "+36301234567", "06"),
    ],
)
def test_what_is_dialled_at_home_after_a_country_code_is_shown(  # noqa: PLR0917 - a case of the table
    text: str, e164: str, trunk: str, region: str | None
) -> None:
    """Somebody put +1 before a whole number, or a digit is wrong: only its owner knows."""
    why = f"the {trunk} after its country code is dialled at home only; read as {e164}"
    assert read_phone(text, region=region) == RepairedPhone(e164, why)


@pytest.mark.parametrize("text", ["114155550132", "1 1 415 555 0132", "011114155550132"])
def test_a_country_code_without_its_plus_is_judged_alike(text: str) -> None:
    assert isinstance(read_phone(text, region="US"), RepairedPhone)
    assert read_phone("01114155550132", region="US") == "+14155550132"


def test_what_may_be_dialled_abroad_without_its_0_is_refused() -> None:
    """011 47 55 55 01 32, as an American dials Norway, has lost its 0 in a spreadsheet."""
    read = read_phone("+114755550132", region="US")
    assert isinstance(read, PhoneFault)
    assert read.reason == "it may mean +14755550132 or +4755550132"


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("2125550101", "US", "+12125550101"),
        ("12125550101", "US", "+12125550101"),
        ("1-212-555-0101", "US", "+12125550101"),
        ("1 (212) 555-0101", "CA", "+12125550101"),
        ("612345678", "ES", "+34612345678"),
        ("32123456", "DK", "+4532123456"),
        ("40612345", "NO", "+4740612345"),
        ("3123456789", "IT", "+393123456789"),
        ("06 1234 5678", "IT", "+390612345678"),
        ("800123456", "IT", "+39800123456"),
        ("98765 43210", "IN", "+919876543210"),
        ("1300123456", "AU", None),
        ("1800 160 401", "AU", "+611800160401"),
        ("8 912 345-67-89", "RU", "+79123456789"),
        ("912 345-67-89", "RU", "+79123456789"),
        ("07911 123456", "GB", "+447911123456"),
        ("0044 7911 123456", "GB", "+447911123456"),
        ("011 44 7911 123456", "US", "+447911123456"),
    ],
)
def test_what_is_usual_in_the_country_is_no_repair(text: str, region: str, e164: str | None) -> None:
    """A person who must look at every row looks at none."""
    read = read_phone(text, region=region)
    assert read == e164 if e164 else isinstance(read, PhoneFault)


@pytest.mark.parametrize("text", ["2125550101", "12125550101"])
def test_a_number_cell_in_north_america_has_lost_nothing(text: str) -> None:
    """Nobody writes a 0 before these."""
    assert read_phone(text, region="US", number_cell=True) == "+12125550101"


@pytest.mark.parametrize(
    ("text", "region", "readings"),
    [
        ("342345678", "IT", ("+39342345678", "+390342345678")),
        ("6031234", "GA", ("+2416031234", "+24106031234")),
    ],
)
def test_c02_a_number_that_a_lost_0_would_make_another_number_is_refused(
    text: str, region: str, readings: tuple[str, str]
) -> None:
    """In Italy and Gabon the 0 is part of the number, and both numbers may be somebody's."""
    for number_cell in (False, True):
        fault = read_phone(text, region=region, number_cell=number_cell)
        assert isinstance(fault, PhoneFault)
        assert all(reading in fault.reason for reading in readings)


def test_an_italian_mobile_in_a_number_cell_is_shown_before_it_is_called() -> None:
    """Its usual length speaks for it, and yet a longer number with a 0 could exist."""
    read = read_phone("3421234567", region="IT", number_cell=True)
    assert isinstance(read, RepairedPhone)
    assert read.phone == "+393421234567"
    assert "+3903421234567" in read.why
    assert read_phone("3421234567", region="IT") == "+393421234567"


@pytest.mark.parametrize(
    "text", ["+447911123456", "07911123456", "7911 123456", "7911-123456", " 7911123456", "-7911123456", "٧٩١١"]
)
def test_a_number_cell_holds_digits_and_no_more(text: str) -> None:
    """Whatever else is said to come from a number cell was made up on the way."""
    fault = read_phone(text, region="GB", number_cell=True)
    assert isinstance(fault, PhoneFault)
    assert fault.reason == "not written as one phone number"


@pytest.mark.parametrize("text", ["7911123456.", "7911123456.5", "7.911123456e9", "4.47911123456E+11"])
def test_b10_b11_what_a_number_cell_may_have_changed_is_refused(text: str) -> None:
    """A dot too many would be a digit too many."""
    fault = read_phone(text, region="GB", number_cell=True)
    assert isinstance(fault, PhoneFault)
    assert "decimal" in fault.reason or "cut" in fault.reason


def test_a_number_cell_without_a_region_is_refused() -> None:
    """Its + cannot have survived, so it might be any country's."""
    assert isinstance(read_phone("447911123456", region=None, number_cell=True), PhoneFault)


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_a_0_is_missing_exactly_where_the_library_writes_one(region: str) -> None:
    """And nowhere else: what a country writes without a 0 is whole."""
    for kind in (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.TOLL_FREE):
        if example := phonenumbers.example_number_for_type(region, kind):
            number = number_of(phonenumbers.format_number(example, PhoneNumberFormat.E164)[1:], region=None)
            written = phonenumbers.format_number(example, PhoneNumberFormat.NATIONAL)
            with_zero = "".join(filter(str.isdigit, written)) == f"0{number.national}"
            assert is_zero_missing(number) == (with_zero and not _is_either_way_usual(example)), (region, written)


def _is_either_way_usual(number: phonenumbers.PhoneNumber) -> bool:
    main = phonenumbers.region_code_for_country_code(number.country_code or 0)
    metadata = PhoneMetadata.metadata_for_region(main)
    assert metadata
    way = phonenumbers.phonenumberutil._choose_formatting_pattern_for_number(
        metadata.number_format, phonenumbers.national_significant_number(number)
    )
    return bool(way and way.national_prefix_optional_when_formatting)
