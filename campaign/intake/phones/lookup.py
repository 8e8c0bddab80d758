"""Lookup of numbers: by our own patterns where they agree with the installed phonenumbers, else by the library alone.

    release as checked -> BY_PATTERNS
    another release    -> a sample is read both ways: alike -> BY_PATTERNS, else BY_LIBRARY and a warning

A new release may change what its tables mean. The sample takes about a tenth of a second, once in a process.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import phonenumbers
from phonenumbers import PhoneNumberType as Kind

from campaign.intake.phones.fast_path import ORDINARY_KINDS, is_ordinary
from campaign.intake.phones.numbering_plan import Number, ask_library, number_of

CHECKED_RELEASE = "9.0.43"
"""The release of phonenumbers on whose every example number the patterns were compared."""

# Countries that are called often, and those with the oddest prefixes.
_SAMPLE = ("US", "CA", "GB", "DE", "FR", "ES", "IT", "MX", "NL", "PL", "BR", "AR", "AU")
_KINDS = range(11)


class NumberOf(Protocol):
    """Interprets ASCII digits as a number."""

    def __call__(self, digits: str, *, region: str | None) -> Number:
        """The number that they are after a +, or, with a region, when written there without one."""
        ...


@dataclass(frozen=True, slots=True)
class Lookup:
    """Lookup functions for numbers.

    Attributes:
        is_ordinary: whether a text is a number in E.164 that anybody may call.
        number_of: the number of these digits.
    """

    is_ordinary: Callable[[str], bool]
    number_of: NumberOf


@dataclass(frozen=True, slots=True)
class Chosen:
    """Lookup in use, with one line of warning where it is not the usual one."""

    lookup: Lookup
    warning: str | None = None


def _never(_text: str) -> bool:
    return False


BY_PATTERNS = Lookup(is_ordinary, number_of)
BY_LIBRARY = Lookup(_never, ask_library)


@cache
def lookup_in_use() -> Chosen:
    """Chooses the lookup for the installed release of phonenumbers, once in a process."""
    return chosen(phonenumbers.__version__)


def chosen(release: str, *, patterns: Lookup = BY_PATTERNS) -> Chosen:
    """Chooses the lookup for a release of phonenumbers.

    Args:
        release: the one that is installed.
        patterns: the fast lookup, used unless it differs from the library.
    """
    if release == CHECKED_RELEASE:
        return Chosen(patterns)
    digits = next(differences(patterns, _SAMPLE), None)
    if digits is None:
        return Chosen(patterns)
    return Chosen(
        BY_LIBRARY,
        f"phonenumbers {release} reads {digits} otherwise than the fast patterns, which were checked with "
        f"{CHECKED_RELEASE}: every number is read by phonenumbers alone, which is right and slower",
    )


def differences(patterns: Lookup, regions: Iterable[str]) -> Iterator[str]:
    """Digits, with a + or a region before them, that these patterns read otherwise than the library does."""
    for region in regions:
        for code, national in _examples(region):
            for digits in _varied(national):
                found = ask_library(code + digits, region=None)
                if not _agree(patterns.number_of(code + digits, region=None), found):
                    yield f"+{code}{digits}"
                if patterns.is_ordinary(f"+{code}{digits}") and not _is_as_written(found, code + digits):
                    yield f"+{code}{digits}"
            for digits in (national, f"0{national}"):
                if not _agree(patterns.number_of(digits, region=region), ask_library(digits, region=region)):
                    yield f"{region} {digits}"


def _examples(region: str) -> Iterator[tuple[str, str]]:
    """Calling code and national digits of the library's example of each kind of number."""
    for kind in _KINDS:
        if example := phonenumbers.example_number_for_type(region, kind):
            yield str(example.country_code), phonenumbers.national_significant_number(example)


def _varied(national: str) -> Iterator[str]:
    """The number, and others that are close to its kind's borders."""
    yield national
    yield national[:-1] + str((int(national[-1]) + 1) % 10)
    yield str((int(national[0]) + 1) % 10) + national[1:]
    yield national[:-1]
    yield national + "0"


def _agree(one: Number, other: Number) -> bool:
    # What is no number at all is read alike, whichever digits are kept of it.
    return one == other or one.kind == other.kind == Kind.UNKNOWN


def _is_as_written(number: Number, digits: str) -> bool:
    return number.e164 == f"+{digits}" and number.kind in ORDINARY_KINDS
