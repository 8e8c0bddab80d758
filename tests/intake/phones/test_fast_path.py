"""Whatever the quick look lets through, the long way reads as the very same text, in every region, cell by cell."""

from collections.abc import Iterator
from functools import cache
from random import Random

import phonenumbers
import pytest
from hypothesis import given, strategies as st
from phonenumbers import PhoneNumberFormat

from campaign.intake.phones.fast_path import is_ordinary
from campaign.intake.phones.lookup import Lookup
from campaign.intake.phones.numbering_plan import number_of
from campaign.intake.phones.parse import read_phone

CAREFUL = Lookup(lambda _: False, number_of)
REGIONS = (None, "US", "GB", "DE", "AR", "IT", "SM")


@cache
def examples() -> tuple[str, ...]:
    """All that the library has: of every country and kind, and of no country."""
    return tuple(dict.fromkeys(_examples()))


def _examples() -> Iterator[str]:
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in range(11):
            if example := phonenumbers.example_number_for_type(region, kind):
                yield phonenumbers.format_number(example, PhoneNumberFormat.E164)
    for code in sorted(phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS):
        if example := phonenumbers.example_number_for_non_geo_entity(code):
            yield phonenumbers.format_number(example, PhoneNumberFormat.E164)


def mutated(text: str, chance: Random) -> str:
    """The number with some digits changed, lost or too many."""
    digits = list(text)
    for _ in range(chance.choice((0, 1, 1, 2, 3, 6))):
        place = chance.randrange(1, len(digits))
        match chance.randrange(10):
            case 0 if len(digits) > 6:
                del digits[place]
            case 1:
                digits.insert(place, chance.choice("0123456789"))
            case _:
                digits[place] = chance.choice("0123456789")
    return "".join(digits)


def unlike(texts: Iterator[str], chance: Random) -> list[tuple[str, object]]:
    """Those that the quick look lets through, and the long way would not return as they are."""
    read = ((text, read_phone(text, region=chance.choice(REGIONS), lookup=CAREFUL)) for text in texts)
    return [(text, reading) for text, reading in read if is_ordinary(text) and reading != text]


def test_no_example_is_read_otherwise() -> None:
    assert unlike(iter(examples()), Random(1)) == []


def test_no_mutated_number_is_read_otherwise() -> None:
    chance = Random(2)
    assert unlike((mutated(chance.choice(examples()), chance) for _ in range(4_000)), chance) == []


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(10))
def test_soak_no_mutated_number_is_read_otherwise(seed: int) -> None:
    chance = Random(f"soak {seed}")
    assert unlike((mutated(chance.choice(examples()), chance) for _ in range(100_000)), chance) == []


def test_most_valid_numbers_take_the_quick_look() -> None:
    """Else it would be true of nothing, and save nothing."""
    valid = [text for text in examples() if read_phone(text, region=None) == text]
    assert sum(map(is_ordinary, valid)) > 0.85 * len(valid)


@given(st.text(alphabet="+0123456789\u0660\uff11 ()-x\n", min_size=1, max_size=18))
def test_what_is_not_written_so_is_no_ordinary_number(text: str) -> None:
    assert unlike(iter([text, "+" + text, f"+4420{text}", f"+1212555{text}"]), Random(3)) == []


@pytest.mark.parametrize(
    "text",
    [
        *("+19002345678", "+442079460018 ", " +442079460018", "+442079460018\n", "442079460018", "+44 2079460018"),
        *("+4402079460018", "+44207946001", "+4420794600180", "+870773111632", "+881612345678", "+80012345678"),
        *(
            "+\u0664\u06642079460018",
            "+4\uff142079460018",
            "+5491123456789x",
            "+999123456789",
            "+",
            "",
            "+0",
            "+1911",
            "+49112",
        ),
    ],
)
def test_whoever_must_look_closer_does(text: str) -> None:
    assert not is_ordinary(text)


def test_a_number_cell_is_never_ordinary() -> None:
    """A cell of a number holds no +: something else made this text."""
    assert read_phone("+442079460018", region="GB", number_cell=True) != "+442079460018"
