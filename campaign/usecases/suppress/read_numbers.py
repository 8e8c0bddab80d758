"""Reads phone numbers as a person types them."""

from collections.abc import Sequence

from campaign.domain.cures import Cure, CureCode, Message, Setting
from campaign.domain.errors import UsageError
from campaign.intake.phones.parse import PhoneFault
from campaign.intake.phones.regions import known_region
from campaign.preparation.on_list import read_number

CHARACTERS_SHOWN = 80
"""Of a value in a message."""


def read_numbers(texts: Sequence[str], *, region: str | None) -> list[str]:
    """Reads numbers as a person types them, to E.164.

    Raises:
        UsageError: there is no such region, or one of them is not plainly one number.
    """
    refuse_unknown_region(region)
    read = [(text, read_number(text, region=region)) for text in texts]
    for text, phone in read:
        if isinstance(phone, PhoneFault):
            what = Message.with_cure(f"{text[:CHARACTERS_SHOWN]!r}: {phone.reason}", cure_of(phone))
            raise UsageError(what, "; nothing was changed")
    return [phone for _, phone in read if isinstance(phone, str)]


def refuse_unknown_region(region: str | None) -> None:
    """Refuses two letters that are not a country's code.

    Raises:
        UsageError: they are none.
    """
    if region is not None and not known_region(region):
        raise UsageError(Setting.REGION, f" {region!r} is not one; write the two letters of a country, US or GB")


def cure_of(fault: PhoneFault) -> Cure | str:
    """Cure for a number that cannot be read, where there is no template."""
    return Cure(CureCode.SAY_PHONE_REGION) if fault.cure == Cure(CureCode.SET_PHONE_REGION) else fault.cure
