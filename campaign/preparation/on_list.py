"""What screening asks of the suppression list, and of the number that calls are made from."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import get_args

from campaign.config.template import AllowedKind
from campaign.intake.phones.parse import PhoneFault, RepairedPhone, read_phone
from campaign.ledger.records.suppression import Suppressed

OnList = Callable[[Sequence[str]], Mapping[str, Suppressed]]
"""Looks numbers (E.164) up on the suppression list: number -> its entry, for those that are there."""


def own_number(written: str | None, *, region: str | None) -> str | None:
    """The number that calls are made from, in E.164, as far as it can be read."""
    if written is None:
        return None
    read = read_number(written, region=region)
    return read if isinstance(read, str) else "+" + re.sub(r"[^0-9]", "", written)


def read_number(text: str, *, region: str | None) -> str | PhoneFault:
    """Numbers are read here and nowhere else: what a sheet's number comes to, the list's must come to as well.

    A repaired number counts: who is kept from being called by mistake can be taken off the list again.
    """
    # A kind that some template allows can be unwanted as well.
    read = read_phone(text, region=region, allow=get_args(AllowedKind))
    return read.phone if isinstance(read, RepairedPhone) else read
