"""Two spellings of one line are one person, and two subscribers never are."""

import phonenumbers
import pytest
from hypothesis import given, strategies as st

from campaign.domain.phone_line import SPELLINGS, line_of, other_spelling, spellings_of

ONE_LINE = {
    "Argentina": ("+5491123456789", "+541123456789"),
    "Argentina, Salta": ("+5493874123456", "+543874123456"),
    "Mexico until 2019": ("+5215512345678", "+525512345678"),
    "Gabon": ("+24106031234", "+2416031234"),
    "San Marino": ("+390549886377", "+3780549886377"),
    "Northern Ireland": ("+3534890123456", "+442890123456"),
    "Palestine, Jawwal": ("+972592123456", "+970592123456"),
    "Palestine, Ooredoo": ("+972562123456", "+970562123456"),
    "Réunion": ("+33263001234", "+262263001234"),
    "Mayotte": ("+33269601234", "+262269601234"),
    "Martinique": ("+33596301234", "+596596301234"),
}
TWO_LINES = {
    "Brazil: eight digits of a radio, nine of a mobile": ("+551178123456", "+5511978123456"),
    "Italy: a mobile, and a landline of Bergamo": ("+393512345678", "+3903512345678"),
    "Kosovo: Monaco's 44 has gone to others": ("+37744123456", "+38344123456"),
    "Gabon: the plan of 2019": ("+24106031234", "+24166031234"),
    "Argentina: another area": ("+5491123456789", "+542213456789"),
    "Israel: no network of Palestine": ("+972502345678", "+970502345678"),
    "France: a department of the mainland": ("+33261234567", "+262261234567"),
    "Ireland: Cork": ("+353212345678", "+442812345678"),
    "France: a number of all departments": ("+33801234567", "+262801234567"),
}
# Mexico's is no valid number any more; a ledger or a list of opt-outs may still have it.
NO_LONGER_VALID = {"+5215512345678"}


@pytest.mark.parametrize(("second", "first"), ONE_LINE.values(), ids=ONE_LINE)
def test_two_spellings_of_one_line_have_one_key(second: str, first: str) -> None:
    assert line_of(second) == line_of(first) == first
    assert spellings_of(first) == (first, second)
    assert spellings_of(second) == (second, first)


@pytest.mark.parametrize(("one", "other"), TWO_LINES.values(), ids=TWO_LINES)
def test_two_subscribers_are_two(one: str, other: str) -> None:
    """A person who is taken for another one is never called."""
    assert line_of(one) != line_of(other)
    assert other not in spellings_of(one)


@pytest.mark.parametrize("phone", [phone for pair in ONE_LINE.values() for phone in pair])
def test_a_pair_stands_here_only_while_the_numbering_plan_has_both(phone: str) -> None:
    """A release that drops one of them asks for another look."""
    assert phonenumbers.is_valid_number(phonenumbers.parse(phone)) == (phone not in NO_LONGER_VALID)


def test_the_example_numbers_of_all_countries_stay_apart() -> None:
    """Of every country and kind; Argentina's two are the very pair, and Gabon's mobile is written with its 0."""
    examples = {
        phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
        for region in phonenumbers.SUPPORTED_REGIONS
        for kind in range(11)
        if (example := phonenumbers.example_number_for_type(region, kind)) is not None
    }
    assert len(examples) > 900
    assert {one for one in examples if line_of(one) != one} == {"+5491123456789", "+24106031234"}
    assert {one for one in examples if other_spelling(one) in examples} == {"+5491123456789", "+541123456789"}


def test_the_networks_of_palestine_are_the_same_under_both_codes() -> None:
    """The library's own table names the network, which does not depend on the code."""
    carrier = pytest.importorskip("phonenumbers.carrier")
    names = {
        phone: carrier.name_for_number(phonenumbers.parse(phone), "en") for phone in ONE_LINE["Palestine, Ooredoo"]
    }
    assert all("Ooredoo" in name for name in names.values())


def test_the_digits_of_gabon_are_written_alike_at_home() -> None:
    written = {
        phonenumbers.format_number(phonenumbers.parse(phone), phonenumbers.PhoneNumberFormat.NATIONAL)
        for phone in ONE_LINE["Gabon"]
    }
    assert written == {"06 03 12 34"}


@given(st.data())
def test_no_line_has_more_than_two_spellings(data: st.DataObject) -> None:
    """Whatever the digits: a line is its own line, and its other spelling leads back."""
    start = data.draw(st.sampled_from([spelling.before for spelling in SPELLINGS] + [s.after for s in SPELLINGS]))
    phone = start + data.draw(st.text("0123456789", max_size=12))
    line = line_of(phone)
    assert line_of(line) == line
    assert phone in spellings_of(line)
    other = other_spelling(phone)
    assert other != phone
    if other is not None:
        assert other_spelling(other) == phone
        assert line_of(other) == line


@pytest.mark.parametrize("text", ["", "+", "#" + "0" * 64, "+12025550101", "+4915123456789", "+54", "+5491", "+33596"])
def test_what_has_one_spelling_is_its_own_line(text: str) -> None:
    assert line_of(text) == text
    assert spellings_of(text) == (text,)
