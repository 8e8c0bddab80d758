"""What rings at a number decides whether it is called: no dear lines, no switchboards, no numbers of films unawares."""

from typing import get_args

import phonenumbers
import pytest

from campaign.config.template import AllowedKind, PhoneSection
from campaign.intake.phones.number_types import country_differs, kind_and_region, region_of_number
from campaign.intake.phones.parse import PhoneFault, RepairedPhone, read_phone
from campaign.intake.phones.reserved_numbers import is_fictitious

DEAR = [
    ("+19005550132", "premium_rate", "premium rate"),
    ("+979123456789", "premium_rate", "premium rate"),
    ("+39848123456", "shared_cost", "shared cost"),
    ("+447640123456", "pager", "pager"),
    ("+33 8 10 12 34 56", "shared_cost", "shared cost"),
    ("+445512345678", "uan", "universal access"),
    ("+870773111632", "satellite", "satellite"),
    ("+881612345678", "satellite", "satellite"),
    ("+8821612345678", "satellite", "satellite"),
]


@pytest.mark.parametrize(("text", "kind", "said"), DEAR)
def test_c06_dear_lines_are_called_only_when_the_template_names_them(text: str, kind: str, said: str) -> None:
    """They are valid, and that is why the library alone would have them rung."""
    others = set(get_args(AllowedKind)) - {kind}
    for allow in ((), others):
        fault = read_phone(text, region=None, allow=allow)
        assert isinstance(fault, PhoneFault)
        assert said in fault.reason
        assert "allow" in fault.reason
    assert read_phone(text, region=None, allow=(kind,)) == text.replace(" ", "")


def test_c06_voicemail_is_one_of_them() -> None:
    """Not every region has such numbers, so the example is sought."""
    regions = sorted(phonenumbers.SUPPORTED_REGIONS)
    found = (phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.VOICEMAIL) for region in regions)
    number = phonenumbers.format_number(next(each for each in found if each), phonenumbers.PhoneNumberFormat.E164)
    assert isinstance(read_phone(number, region=None), PhoneFault)
    assert read_phone(number, region=None, allow=("voicemail",)) == number


def test_nothing_allows_an_emergency_or_short_number() -> None:
    """No template may have a fire brigade rung."""
    for text in ("911", "112", "999", "000", "+911", "+1911", "116117"):
        assert isinstance(read_phone(text, region="US", allow=get_args(AllowedKind)), PhoneFault)


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("1-800-FLOWERS", "US", "+18003569377"),
        ("+1 800 FLOWERS", None, "+18003569377"),
        ("(800) 555-CARE", "US", "+18005552273"),
        ("1-800-go-fedex", "US", "+18004633339"),
        ("0800 CALL 4 ME", "NZ", "+648002255463"),
    ],
)
def test_c09_words_are_read_as_digits_only_when_allowed_and_are_shown(text: str, region: str | None, e164: str) -> None:
    """By the letters on a telephone's keys."""
    fault = read_phone(text, region=region)
    assert isinstance(fault, PhoneFault)
    assert fault.reason == "letters in the phone number"
    read = read_phone(text, region=region, allow=("vanity",))
    assert isinstance(read, RepairedPhone)
    assert read.phone == e164
    assert e164 in read.why


@pytest.mark.parametrize(
    "text",
    [
        "+1 415 555 O132",
        "+1 415 555 0l32",
        "call me at 415 555 0132",
        "415-555-0132 home",
        "415 555 0132 ext 55",
        "415 555 0132 or 415 555 0133",
        "FLOWERS",
        "1-800-FLOWERS x12",
        "1-800-FLÖWERS",
        "415 555 OlO2",
        "+1+800FLOWERS",
        "1-800-AB",
        "911 HELP",
        "1-900-FLOWERS",
        "1-415-555-0132-CARE",
    ],
)
def test_c10_letters_that_stand_for_no_keys_are_refused_always(text: str) -> None:
    """An O for a 0, a remark, an extension."""
    assert isinstance(read_phone(text, region="US", allow=("vanity",)), PhoneFault)


def test_a_remark_after_a_german_number_is_not_more_of_its_digits() -> None:
    """German numbers are of any length, so a word at the end would make another one."""
    fault = read_phone("030 123456 home", region="DE", allow=("vanity",))
    assert isinstance(fault, PhoneFault)
    assert fault.reason == "letters in the phone number"


def test_a_long_remark_is_refused_at_once() -> None:
    """A pattern that tries all ways to part it would hold the sheet up for ever."""
    for tail in ("A" * 5_000 + "!", "A " * 5_000 + "!", "AB-" * 5_000, "1 A" * 5_000 + "ü"):
        assert isinstance(read_phone("1" + tail, region="US", allow=("vanity",)), PhoneFault)


def test_the_template_names_the_kinds_and_nothing_else() -> None:
    """A misspelt kind would be refused numbers, or rung ones."""
    assert PhoneSection(allow=("uan", "vanity")).allow == ("uan", "vanity")
    assert PhoneSection.model_validate({"allow": "pager"}).allow == ("pager",)
    assert PhoneSection().allow == ()
    for wrong in ("emergency", "short", "premium", "toll_free"):
        with pytest.raises(ValueError, match="allow"):
            PhoneSection.model_validate({"allow": [wrong]})


@pytest.mark.parametrize(
    ("e164", "said", "region"),
    [
        ("+14155550132", "fixed line or mobile", "US"),
        ("+14165550132", "fixed line or mobile", "CA"),
        ("+18765550132", "mobile", "JM"),
        ("+447400123456", "mobile", "GB"),
        ("+442079460018", "fixed line", "GB"),
        ("+447012345678", "personal", "GB"),
        ("+448001234567", "toll free", "GB"),
        ("+447781123456", "mobile", "GG"),
        ("+80012345678", "toll free", None),
        ("+881612345678", "satellite", None),
        ("+19005550132", "premium rate", "US"),
        ("+77011234567", "mobile", "KZ"),
        ("+390612345678", "fixed line", "IT"),
    ],
)
def test_a_number_says_what_rings_and_where(e164: str, said: str, region: str | None) -> None:
    """For the summary that a person reads before the first call."""
    assert read_phone(e164, region=None, allow=get_args(AllowedKind)) == e164
    assert kind_and_region(e164) == (said, region)
    assert region_of_number(e164) == region


def test_a_number_differs_from_its_row_s_country_by_its_code() -> None:
    """Jersey's numbers are dialled as Britain's, Canada's as those of the United States."""
    assert country_differs("+14155550132", "GB")
    assert country_differs("+80012345678", "US")
    assert not country_differs("+14165550132", "US")
    assert not country_differs("+447911123456", "JE")
    assert not country_differs("+447911123456", "GB")


@pytest.mark.parametrize(
    "e164",
    [
        "+12125550100",
        "+12125550199",
        "+18005550199",
        "+442079460018",
        "+447700900123",
        "+441614960999",
        "+441632960000",
        "+448081570123",
        "+442896496123",
        "+442920180123",
        "+441914980123",
        "+61255501234",
        "+61870101234",
        "+61491570156",
        "+61491573770",
        "+33199001234",
        "+33639981234",
        "+353209123456",
        "+493023125000",
        "+496990009123",
        "+492214710987",
    ],
)
def test_c17_numbers_kept_for_films_are_known(e164: str) -> None:
    """They are read like any other; whoever calls for real leaves them out."""
    assert is_fictitious(e164)


@pytest.mark.parametrize(
    "e164",
    [
        "+12125550200",
        "+12125550099",
        "+18885550123",
        "+12125560100",
        "+442079470018",
        "+447700901123",
        "+441624960123",
        "+61255511234",
        "+61491570160",
        "+33199011234",
        "+493023126000",
        "+353210912345",
        "+4420794600189",
        "+112125550100",
    ],
)
def test_c17_real_numbers_are_not_taken_for_them(e164: str) -> None:
    """A person would be forgotten."""
    assert not is_fictitious(e164)


def test_all_fictitious_numbers_of_london_are_read() -> None:
    """Reading is not the place to judge them."""
    for line in range(1000):
        number = f"020 7946 0{line:03}"
        assert read_phone(number, region="GB") == f"+442079460{line:03}"
        assert is_fictitious(f"+442079460{line:03}")
