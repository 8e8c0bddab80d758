"""What programs leave around a number is taken off, and shown: called only after a person has seen before and after."""

import pytest

from campaign.intake.phones.parse import PhoneFault, RepairedPhone, read_phone


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("14155550111.0", "the .0 behind it"),
        ("4155550111.0", "the .0 behind it"),
        ("+14155550111.0", "the .0 behind it"),
        ("“+14155550111”", "quotation marks around it"),
        ('"+14155550111"', "quotation marks around it"),
        ("„+14155550111“", "quotation marks around it"),
        ("415-555-0111.", "the full stop behind it"),
    ],
)
def test_a_wrapped_number_is_read_as_a_repair(text: str, what: str) -> None:
    assert read_phone(text, region="US") == RepairedPhone("+14155550111", f"read without {what}")


@pytest.mark.parametrize("text", ["+14155550111\n", "\t+14155550111", "\u00a0+14155550111 ", " +14155550111\r\n"])
def test_blanks_around_a_number_are_nothing(text: str) -> None:
    assert read_phone(text, region="US") == "+14155550111"


@pytest.mark.parametrize("text", ["4155550111.5", "415.0", "“”", "'", "212.67.45.199", "“12”", "4155550111.", "0.0"])
def test_what_is_no_number_inside_is_refused_as_before(text: str) -> None:
    assert isinstance(read_phone(text, region="US"), PhoneFault)


def test_a_zero_that_a_number_cell_lost_is_still_missed() -> None:
    reading = read_phone("2079460018.0", region="GB")
    assert reading == RepairedPhone("+442079460018", "the 0 before it is missing; read as +442079460018")
