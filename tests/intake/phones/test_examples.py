"""K18: every number that libphonenumber gives as an example is read as itself or refused, however it is written."""

from collections.abc import Iterator

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumber, PhoneNumberFormat as Form

from campaign.intake.phones.parse import PhoneFault, PhoneReading, RepairedPhone, read_phone

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
EVERY_KIND = ("premium_rate", "shared_cost", "pager", "voicemail", "uan", "satellite")
KINDS = range(11)


def phone_of(reading: PhoneReading) -> str | None:
    return reading.phone if isinstance(reading, RepairedPhone) else reading if isinstance(reading, str) else None


def examples() -> Iterator[tuple[str | None, PhoneNumber]]:
    """All but those of six digits, which the service does not take."""
    return ((region, number) for region, number in all_examples() if len(e164_of(number)) > len("+123456"))


def all_examples() -> Iterator[tuple[str | None, PhoneNumber]]:
    for region in REGIONS:
        for kind in KINDS:
            if number := phonenumbers.example_number_for_type(region, kind):
                yield region, number
    for code in sorted(phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS):
        if number := phonenumbers.example_number_for_non_geo_entity(code):
            yield None, number


def test_c13_a_number_that_the_service_would_not_take_is_refused_here() -> None:
    """Six digits, or sixteen: a request with one could not even be made."""
    few = [e164_of(number) for _, number in all_examples() if len(e164_of(number)) <= len("+123456")]
    assert 0 < len(few) < 5
    for text in (*few, "+4930123456816596", "+49301234568165966"):
        assert phonenumbers.is_valid_number(phonenumbers.parse(text))
        assert isinstance(read_phone(text, region=None, allow=EVERY_KIND), PhoneFault)


def e164_of(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, Form.E164)


def test_k18_all_examples_are_read_right_in_every_way_of_writing() -> None:
    """C14: Italian zeros, Argentine 9 and 15, territories of four digits, numbers of no country."""
    read = 0
    for region, number in examples():
        e164, forms = e164_of(number), [Form.E164, Form.INTERNATIONAL, Form.RFC3966]
        for form in forms if region is None else [*forms, Form.NATIONAL]:
            text = phonenumbers.format_number(number, form).removeprefix("tel:")
            reading = read_phone(text, region=region, allow=EVERY_KIND)
            # Where a 0 may be missing or not, a person must say which; that is never a wrong number.
            assert phone_of(reading) == e164 or (form == Form.NATIONAL and isinstance(reading, PhoneFault)), text
            read += phone_of(reading) == e164
    assert read > 4_400


def test_k18_examples_are_read_right_through_the_marks_of_other_programs() -> None:
    """C11: marks of direction, spaces that do not break, wide digits, dashes of all lengths."""
    for region, number in examples():
        text = phonenumbers.format_number(number, Form.INTERNATIONAL)
        marked = (
            f"\u202a{text}\u202c",
            text.replace(" ", "\u00a0").replace("-", "\u2011"),
            text.replace(" ", "\u2013"),
            "".join(chr(ord(character) + 0xFEE0) if character in "+0123456789" else character for character in text),
            "".join(chr(ord(character) + 0x630) if character.isdigit() else character for character in text),
        )
        readings = {read_phone(form, region=region, allow=EVERY_KIND) for form in marked}
        assert readings == {e164_of(number)}, text


def test_k18_national_numbers_as_their_country_writes_them_are_no_repairs() -> None:
    """Four thousand rows to look at would not be looked at."""
    repaired = []
    for region, number in examples():
        if region is not None:
            text = phonenumbers.format_number(number, Form.NATIONAL)
            if isinstance(read_phone(text, region=region, allow=EVERY_KIND), RepairedPhone):
                repaired.append((region, text))
    assert repaired == []


def test_k18_number_cells_are_never_turned_into_another_number() -> None:
    """C2: without its leading 0, or its +, one example in Gabon is another person's number."""
    shown = 0
    for region, number in examples():
        national, e164 = phonenumbers.national_significant_number(number), e164_of(number)
        for digits in (national.lstrip("0"), e164[1:]):
            for number_cell in (True, False):
                reading = read_phone(digits, region=region, number_cell=number_cell, allow=EVERY_KIND)
                assert isinstance(reading, PhoneFault) or phone_of(reading) == e164, (region, digits, reading)
                shown += isinstance(reading, RepairedPhone)
    assert shown > 1_000


def test_k18_decimal_forms_of_an_example_are_refused_or_shown_as_restored() -> None:
    """Two hundred and more of them would be other people's numbers with the dot taken out."""
    refused = 0
    for region, number in examples():
        national, e164 = phonenumbers.national_significant_number(number), e164_of(number)
        for digits in (national.lstrip("0"), e164[1:], e164):
            for text in (f"{digits}.0", f"{digits}.", f"{digits}.00", f"{float(digits):e}"):
                reading = read_phone(text, region=region, allow=EVERY_KIND)
                assert not isinstance(reading, str), text
                assert isinstance(reading, PhoneFault) or reading.phone == e164, text
                refused += isinstance(reading, PhoneFault)
    assert refused > 2_258


def must_refuse() -> set[tuple[str | None, str]]:
    refused: set[tuple[str | None, str]] = set()
    for region in REGIONS:
        code = phonenumbers.country_code_for_region(region)
        for digits in short_numbers(region):
            refused |= {(region, digits), (None, f"+{code}{digits}"), (region, f"+{code} {digits}")}
        if invalid := phonenumbers.invalid_example_number(region):
            refused |= {(None, e164_of(invalid)), (region, phonenumbers.national_significant_number(invalid))}
    for digits in ("112", "911", "999", "110", "119", "000", "111", "100", "101", "102", "103", "108", "190", "116117"):
        refused |= {(None, f"+{digits}"), (None, f"+1{digits}"), (None, f"+44{digits}"), ("US", digits), ("GB", digits)}
    return refused


def short_numbers(region: str) -> set[str]:
    metadata = PhoneMetadata.short_metadata_for_region(region)
    if metadata is None:
        return set()
    kinds = ("short_code", "emergency", "toll_free", "premium_rate", "standard_rate", "carrier_specific")
    descs = (getattr(metadata, kind) for kind in kinds)
    return {desc.example_number for desc in descs if desc is not None and desc.example_number}


def test_k18_emergency_short_and_invalid_numbers_are_never_read() -> None:
    """C4, C5: possible is not valid, and a fire brigade is nobody's contact."""
    cases = must_refuse()
    assert len(cases) >= 500
    for region, text in cases:
        for number_cell in (False, True):
            read = read_phone(text, region=region, number_cell=number_cell, allow=EVERY_KIND)
            assert isinstance(read, PhoneFault), (region, text, read)
