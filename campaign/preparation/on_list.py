"""Lookups for screening: numbers on the suppression list, and the number that calls are made from."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import get_args

from campaign.config.template import AllowedKind
from campaign.intake.phones.parse import PhoneFault, RepairedPhone, read_phone
from campaign.ledger.records.suppression import Suppressed

OnList = Callable[[Sequence[str]], Mapping[str, Suppressed]]
"""Queries the suppression list for numbers (E.164): number -> its entry, for those that are on it."""


def own_number(written: str | None, *, region: str | None) -> str | None:
    """Number that calls are made from, in E.164; one that cannot be read as its digits; None for none."""
    if written is None:
        return None
    read = read_number(written, region=region)
    return read if isinstance(read, str) else "+" + re.sub(r"[^0-9]", "", written)


def read_number(text: str, *, region: str | None) -> str | PhoneFault:
    """Reads a number; the only place that does, so that a sheet's and the list's numbers are read alike.

    A repaired number counts: who is kept from being called by mistake can be taken off the list again.
    """
    # A kind that some template allows can be unwanted as well.
    read = read_phone(text, region=region, allow=get_args(AllowedKind))
    return read.phone if isinstance(read, RepairedPhone) else read
