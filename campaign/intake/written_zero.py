"""How a country writes its own numbers: with a 0 before them or without, and how long."""

import re
from functools import cache

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

from campaign.intake.e164 import Number


def is_zero_missing(number: Number) -> bool:
    """Whether the country writes this number with a 0 before it: 020 7946 0018, but never 0 415 555 0132.

    Where both ways are usual, as in India, nothing is missing.
    """
    return next((zero for fits, zero in _ways(number.code) if fits(number.national)), False)


@cache
def _ways(code: str) -> tuple[tuple["_Fits", bool], ...]:
    """The ways in which a country groups its numbers, and which of them begin with a 0."""
    main = COUNTRY_CODE_TO_REGION_CODE[int(code)][0]
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(int(code), main)
    if metadata is None or metadata.national_prefix != "0":
        return ()
    return tuple(
        (
            _Fits(way.leading_digits_pattern[-1] if way.leading_digits_pattern else "", way.pattern or ""),
            (way.national_prefix_formatting_rule or "").startswith(("0", "(0"))
            and not way.national_prefix_optional_when_formatting,
        )
        for way in metadata.number_format
    )


class _Fits:
    def __init__(self, beginning: str, whole: str) -> None:
        self._beginning, self._whole = re.compile(beginning).match, re.compile(whole).fullmatch

    def __call__(self, national: str) -> bool:
        return bool(self._beginning(national) and self._whole(national))


def is_usual_length(number: Number) -> bool:
    """Whether it is as long as the example that the library gives for its kind of number."""
    return len(number.national) == _usual_length(number.region, number.kind)


@cache
def _usual_length(region: str, kind: int) -> int:
    example = phonenumbers.example_number_for_type(region, kind)
    return len(phonenumbers.national_significant_number(example)) if example else 0
