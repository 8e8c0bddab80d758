"""A list of people who must not be called takes every number that a cell may mean; only what holds none is left."""

import pytest

from campaign.intake.phones.every_number import every_number

ADA, BO, CY = "+12125550114", "+12125550115", "+14155550111"


@pytest.mark.parametrize(
    ("text", "region", "meant"),
    [
        (ADA, None, {ADA}),
        ("+12125550114 / +12125550115", None, {ADA, BO}),
        ("+12125550114/+12125550115", None, {ADA, BO}),
        ("+12125550114, +12125550115", None, {ADA, BO}),
        ("+12125550114+12125550115", None, {ADA, BO}),
        ("+1 212 555 0114 or +1 212 555 0115", None, {ADA, BO}),
        ("home: +1 212-555-0114 work: +1 212-555-0115", None, {ADA, BO}),
        ("+1 212-555-0114 ::: +1 212-555-0115", None, {ADA, BO}),
        ("+1 212 555 0114\n+1 212 555 0115", None, {ADA, BO}),
        ("(212) 555-0114 / (212) 555-0115", "US", {ADA, BO}),
        ("(212) 555-0114   (212) 555-0115", "US", {ADA, BO}),
        ("Ada: 212.555.0114 (ask for Ada)", "US", {ADA}),
        ("+1 212 555 0114 ext. 12", None, {ADA}),
        ("+1 212 555 0114 x12", None, {ADA}),
        ("212 555 0114 #12", "US", {ADA}),
        ("'+14155550111", None, {CY}),
        ("14155550111.0", "US", {CY}),
        ("tel:+14155550111", None, {CY}),
        ("<+14155550111>", None, {CY}),
        ("0014155550111", "DE", {CY}),
        ("01114155550111", "US", {CY}),
        ("+3235550142", "US", {"+3235550142", "+13235550142"}),
        ("+114155550111", None, {CY}),
        ("+114755550132", None, {"+14755550132", "+4755550132"}),
        ("+39 (0)312 345 6789", "IT", {"+393123456789"}),
        ("3423456789", "IT", {"+393423456789"}),
    ],
)
def test_every_number_that_may_be_meant_is_taken(text: str, region: str | None, meant: set[str]) -> None:
    assert meant <= set(every_number(text, region=region))


@pytest.mark.parametrize("text", ["", "none", "n/a", "12", "ask Ada", "2026", "4.2e10", "1.21255501E+10", "-"])
def test_what_holds_no_number_is_none(text: str) -> None:
    assert not every_number(text, region="US")


def test_a_plain_number_has_no_other_reading() -> None:
    """A list that grew by a guess for each entry would keep strangers from being called."""
    assert every_number("(212) 555-0114", region="US") == (ADA,)
    assert every_number("030 901820", region="DE") == ("+4930901820",)
