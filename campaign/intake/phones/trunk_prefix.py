"""Trunk prefixes: whether a country writes its numbers with a 0 before them, and how long they usually are."""

import re
from collections.abc import Callable
from functools import cache

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, NumberFormat, PhoneMetadata

from campaign.intake.phones.numbering_plan import Number

_NEVER = "(?!)"
_GROUP = re.compile(r"\((?!\?)")


def is_zero_missing(number: Number) -> bool:
    """Whether the country writes this number with a 0 before it: 020 7946 0018, but never 0 415 555 0132.

    Where both ways are usual, as in India, nothing is missing.
    """
    fits, zeros = _ways(number.code)
    match = fits(number.national)
    return match is not None and zeros[match.lastindex or 0]


@cache
def _ways(code: str) -> tuple[Callable[[str], re.Match[str] | None], tuple[bool, ...]]:
    """The ways in which a country groups its numbers, in one pattern; and of each, whether it begins with a 0."""
    main = COUNTRY_CODE_TO_REGION_CODE[int(code)][0]
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(int(code), main)
    ways = metadata.number_format if metadata is not None and metadata.national_prefix == "0" else []
    # Each ends in an empty group of its own, and has no other: the group that matched is the way's number.
    grouped = "|".join(f"(?={_beginning(way)}){_GROUP.sub('(?:', way.pattern or _NEVER)}()" for way in ways)
    return re.compile(grouped or _NEVER).fullmatch, (False, *map(_has_zero, ways))


def _beginning(way: NumberFormat) -> str:
    return way.leading_digits_pattern[-1] if way.leading_digits_pattern else ""


def _has_zero(way: NumberFormat) -> bool:
    rule = way.national_prefix_formatting_rule or ""
    # Argentine mobiles are written with other digits at home, 011 15 2345 6789 for 9 11 2345 6789.
    changed = "\\1" not in (way.format or "")
    return rule.startswith(("0", "(0")) and not changed and not way.national_prefix_optional_when_formatting


def is_usual_length(number: Number) -> bool:
    """Whether it has the length of the library's example for its kind of number."""
    return len(number.national) == _usual_length(number.region, number.kind)


@cache
def _usual_length(region: str, kind: int) -> int:
    example = phonenumbers.example_number_for_type(region, kind)
    return len(phonenumbers.national_significant_number(example)) if example else 0
