"""Plus twins: a number after a + whose digits are a number of the region as well, so that its code may be missing.

+3235550142 in the US    ->  Antwerp as it is written; Los Angeles, if the 1 was left out
+32 3 555 01 42          ->  Antwerp alone: its country code stands apart
"""

import re

from phonenumbers import PhoneNumberType as Kind

from campaign.intake.phones.lookup import lookup_in_use
from campaign.intake.phones.numbering_plan import plan_of
from campaign.intake.phones.trunk_prefix import is_usual_length

_FIRST_GROUP = re.compile(r"[^0-9+]*\+[^0-9]*([0-9]+)(?=[^0-9]+[0-9])")


def twin_after_plus(text: str, phone: str, *, region: str) -> str | None:
    """The number of the region that the digits after the + make; None when they make none.

    Args:
        text: as it is written.
        phone: E.164, as it is read.
        region: of numbers without a country.
    """
    plan = plan_of(region)
    if plan is None or len(phone) - 1 not in plan.lengths or phone.startswith(f"+{plan.code}") or "+" not in text:
        return None
    number_of = lookup_in_use().lookup.number_of
    group = _FIRST_GROUP.match(text)
    if group is not None and group[1] == number_of(phone[1:], region=None).code:
        return None
    twin = number_of(phone[1:], region=region)
    is_one = twin.kind != Kind.UNKNOWN and twin.code == plan.code and is_usual_length(twin)
    return twin.e164 if is_one and twin.e164 != phone else None
