"""Fast path for numbers that are read as they stand: written in E.164, valid, of a kind that anybody may call.

    +442079460018  ->  the expression for code 44 and 13 characters  ->  yes, or no: `parse` looks closer

The expression is made of the patterns of the code's countries. It says no wherever `parse` would do more than return
the text: a prefix that is no part of the number, a kind that the template must allow.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache

from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    COUNTRY_CODES_FOR_NON_GEO_REGIONS,
    PhoneMetadata,
    PhoneNumberDesc,
    PhoneNumberType as Kind,
)

from campaign.intake.phones.numbering_plan import pattern_of

ORDINARY_KINDS = frozenset(
    {Kind.FIXED_LINE, Kind.MOBILE, Kind.FIXED_LINE_OR_MOBILE, Kind.TOLL_FREE, Kind.VOIP, Kind.PERSONAL_NUMBER}
)
"""Kinds that may be called without the template's permission."""

_Matches = Callable[[str], re.Match[str] | None]
_SHORTEST, _LONGEST = 8, 16  # characters: the + and 7 to 15 digits
_CODE = re.compile("[+][1-9][0-9]{2}")
_never = re.compile("(?!)").fullmatch
_known: dict[tuple[str, int], _Matches] = {}


def is_ordinary(text: str) -> bool:
    """Whether `parse.read_phone` returns this text as it stands, in any region."""
    beginning = text[:4]
    matches = _known.get((beginning, len(text)))
    if matches is None:
        # Only beginnings of numbers are kept, of which there are few.
        if not _SHORTEST <= len(text) <= _LONGEST or not _CODE.fullmatch(beginning):
            return False
        matches = _known[beginning, len(text)] = _expression(_code_of(beginning[1:]), len(text))
    return matches(text) is not None


def _code_of(digits: str) -> int:
    codes = (int(digits[:length]) for length in (1, 2, 3))
    return next((code for code in codes if code in COUNTRY_CODE_TO_REGION_CODE), 0)


@cache
def _expression(code: int, length: int) -> _Matches:
    # Most numbers of no country are satellites', or cost more than a call.
    regions = COUNTRY_CODE_TO_REGION_CODE.get(code, ()) if code not in COUNTRY_CODES_FOR_NON_GEO_REGIONS else ()
    plans = [plan for region in regions if (plan := PhoneMetadata.metadata_for_region(region))]
    digits = length - 1 - len(str(code))
    # A country without leading digits of its own may have any number that is none of those before it.
    own = [place for place, plan in enumerate(plans) if place == 0 or not plan.leading_digits]
    wanted = "|".join(filter(None, (_wanted(plans[: place + 1], digits) for place in own)))
    if not wanted:
        return _never
    unwanted = "|".join(filter(None, (_any(_others(plans[place]), digits) for place in own)))
    start = rf"\+{code}"
    conditions = rf"(?!(?:{unwanted})\Z)" if unwanted else ""
    if prefix := plans[0].national_prefix_for_parsing:
        conditions += rf"(?!(?:{prefix})(?<!\A{start}))"  # it may match nothing, but not begin the number
    # ASCII: a digit of another script is no digit of E.164.
    return re.compile(f"{start}{conditions}(?:{wanted})", re.ASCII).fullmatch


def _wanted(plans: Sequence[PhoneMetadata], digits: int) -> str:
    """The numbers of the last of these countries that are called, and that none before it has by its leading digits."""
    *before, plan = plans
    called = (plan.fixed_line, plan.mobile, plan.toll_free, plan.voip, plan.personal_number)
    general, wanted = pattern_of(plan.general_desc, digits), _any(called, digits)
    if not general or not wanted:
        return ""
    leading = "|".join(filter(None, (one.leading_digits for one in before)))
    conditions = f"(?!{leading})" if leading else ""
    conditions += f"(?={plan.leading_digits})" if plan.leading_digits else ""
    return rf"{conditions}(?={general}\Z)(?:{wanted})"


def _others(plan: PhoneMetadata) -> tuple[PhoneNumberDesc | None, ...]:
    return plan.premium_rate, plan.shared_cost, plan.pager, plan.uan, plan.voicemail


def _any(descs: Iterable[PhoneNumberDesc | None], digits: int) -> str:
    return "|".join(filter(None, (pattern_of(desc, digits) for desc in descs)))
