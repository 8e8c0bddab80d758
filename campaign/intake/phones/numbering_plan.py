"""Numbering plans: digits become a number by the library's own patterns, each compiled once, ten times as fast.

    +44 20 7946 0018  ->  code 44, national 2079460018  ->  first pattern that fits  ->  kind and region

What a prefix leaves open (a carrier's code, an old mobile 15) is not decided here: the library is asked then. `lookup`
says whether this reading agrees with the installed release of the library.
"""

import re
from functools import cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    NumberParseException,
    PhoneMetadata,
    PhoneNumberDesc,
    PhoneNumberType as Kind,
)


class Number(NamedTuple):
    """Number as its country's numbering plan reads the digits.

    Attributes:
        code: the country's calling code.
        national: what follows it, zeros that count included.
        kind: a `PhoneNumberType`; UNKNOWN when there is no such number.
        region: two letters, `001` for numbers of no country; empty when there is no such number.
    """

    code: str
    national: str
    kind: int
    region: str

    @property
    def e164(self) -> str:
        """Number in E.164."""
        return f"+{self.code}{self.national}"


_SHORTEST, _LONGEST = 2, 17  # digits after the country code; the library parses no others
_NEVER = "(?!)"
# Code -> its regions, the main one first; numbers of no country have their code for a region.
_REGIONS = {
    str(code): (f"+{code}",) if code in phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS else names
    for code, names in COUNTRY_CODE_TO_REGION_CODE.items()
}


def number_of(digits: str, *, region: str | None) -> Number:
    """The number that these ASCII digits are after a +, or, with a region, when written there without one."""
    found = _international(digits) if region is None else _in_region(digits, region)
    return found or ask_library(digits, region=region)


def ask_library(digits: str, *, region: str | None) -> Number:
    """Reads the number by the library alone."""
    try:
        number = phonenumbers.parse(digits if region else f"+{digits}", region)
    except NumberParseException:
        return Number("", digits, Kind.UNKNOWN, "")
    # A number is valid exactly if it has a type; asking once for the type halves the time.
    kind = phonenumbers.number_type(number)
    where = phonenumbers.region_code_for_number(number) if kind != Kind.UNKNOWN else None
    return Number(str(number.country_code), phonenumbers.national_significant_number(number), kind, where or "")


def _international(digits: str) -> Number | None:
    code = digits[:1] if digits[:1] in _REGIONS else digits[:2] if digits[:2] in _REGIONS else digits[:3]
    plan = plan_of(_REGIONS[code][0]) if code in _REGIONS else None
    if plan is None:
        return None
    national = _without_prefix(digits[len(code) :], plan)
    return None if national is None else _typed(code, national)


def _in_region(digits: str, region: str) -> Number | None:
    plan = plan_of(region)
    if plan is None:
        return None
    if abroad := plan.dial_out(digits):
        # No code begins with 0; for the library, digits that have one here were not dialled abroad.
        return _international(digits[abroad.end() :])
    if digits.startswith(plan.code) and not (len(digits) in plan.lengths and plan.general(digits)):
        national = _without_prefix(digits[len(plan.code) :], plan)
        return _international(plan.code + national) if national and plan.general(national) else None
    national = _without_prefix(digits, plan)
    return None if national is None else _typed(plan.code, national)


def _without_prefix(national: str, plan: "Plan") -> str | None:
    """The digits without what is dialled before them inside the country; None where the library must say."""
    prefix = plan.prefix(national)
    if not prefix or not prefix.end():
        return national
    rest = national[prefix.end() :]
    return rest if prefix.lastindex is None and len(rest) in plan.lengths and plan.general(rest) else None


def _typed(code: str, national: str) -> Number | None:
    if not _SHORTEST <= len(national) <= _LONGEST:
        return None
    for name in _REGIONS[code]:
        plan = plan_of(name)
        if plan is None or (plan.leading and not plan.leading(national)):
            continue
        kind = plan.kind_of(national)
        if kind != Kind.UNKNOWN:
            return Number(code, national, kind, plan.name)
        if plan.leading:
            break
    return Number(code, national, Kind.UNKNOWN, "")


@cache
def plan_of(region: str) -> "Plan | None":
    """Numbering plan of a region; None when there is no such region."""
    if region.startswith("+"):
        metadata = PhoneMetadata.metadata_for_nongeo_region(int(region[1:]))
    else:
        metadata = PhoneMetadata.metadata_for_region(region)
    return Plan(metadata) if metadata else None


class Plan:
    """Numbering plan of a region: its patterns and its trunk prefixes."""

    def __init__(self, metadata: PhoneMetadata) -> None:
        self.name, self.code = metadata.id, str(metadata.country_code)
        general = metadata.general_desc or PhoneNumberDesc()
        self.lengths = frozenset(general.possible_length)
        self.general = re.compile(general.national_number_pattern or _NEVER).fullmatch
        self.leading = re.compile(metadata.leading_digits).match if metadata.leading_digits else None
        self.prefix = re.compile(metadata.national_prefix_for_parsing or _NEVER).match
        self.dial_out = re.compile(metadata.international_prefix or _NEVER).match
        self.trunk = metadata.national_prefix
        examples = (desc.example_number for _, desc in _descs(metadata) if desc and desc.example_number)
        self.zero_counts = any(example.startswith("0") for example in examples)
        """Whether a number may begin with a 0 that is part of it."""
        self._metadata = metadata
        self._kinds: dict[int, _Kinds] = {}

    def kind_of(self, national: str) -> int:
        """A `PhoneNumberType`; UNKNOWN for what is no number here."""
        length = len(national)
        kinds = self._kinds.get(length) or self._kinds.setdefault(length, _Kinds(self._metadata, length))
        match = kinds.fits(national)
        if match is None:
            return Kind.UNKNOWN
        kind = kinds.of_group[match.lastindex or 0]
        return Kind.FIXED_LINE_OR_MOBILE if kind == Kind.FIXED_LINE and kinds.mobile(national) else kind


class _Kinds:
    """All kinds' patterns for one length in one, in the library's order; an empty group after each tells which."""

    def __init__(self, metadata: PhoneMetadata, length: int) -> None:
        general = pattern_of(metadata.general_desc, length)
        present = [(kind, pattern) for kind, desc in _descs(metadata) if (pattern := pattern_of(desc, length))]
        if metadata.same_mobile_and_fixed_line_pattern:
            alike = {Kind.FIXED_LINE: Kind.FIXED_LINE_OR_MOBILE}
            present = [(alike.get(kind, kind), pattern) for kind, pattern in present if kind != Kind.MOBILE]
        groups = "|".join(f"{pattern}()" for _, pattern in present)
        self.fits = re.compile(rf"(?={general}\Z)(?:{groups})" if general and groups else _NEVER).fullmatch
        self.of_group = (Kind.UNKNOWN, *(kind for kind, _ in present))
        self.mobile = re.compile(pattern_of(metadata.mobile, length) or _NEVER).fullmatch


def _descs(metadata: PhoneMetadata) -> list[tuple[int, PhoneNumberDesc | None]]:
    return [
        (Kind.PREMIUM_RATE, metadata.premium_rate),
        (Kind.TOLL_FREE, metadata.toll_free),
        (Kind.SHARED_COST, metadata.shared_cost),
        (Kind.VOIP, metadata.voip),
        (Kind.PERSONAL_NUMBER, metadata.personal_number),
        (Kind.PAGER, metadata.pager),
        (Kind.UAN, metadata.uan),
        (Kind.VOICEMAIL, metadata.voicemail),
        (Kind.FIXED_LINE, metadata.fixed_line),
        (Kind.MOBILE, metadata.mobile),
    ]


def pattern_of(desc: PhoneNumberDesc | None, length: int) -> str:
    """The pattern of a kind of number, for those with so many digits; empty when there are none."""
    if desc is None or not desc.national_number_pattern or length not in (desc.possible_length or (length,)):
        return ""
    return f"(?:{desc.national_number_pattern})"
