"""Regions: parses the country that a phone number is written in."""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, SUPPORTED_REGIONS

_ASCII_CODE = re.compile(r"[a-z]{2,3}|(?:[a-z]\.){2,3}")
_CALLING_CODE = re.compile(r"(\+|00|)([1-9][0-9]{0,2})")
# Programs write NA where nothing is known. Namibians have NAM, and their country's name.
_NOTHING_KNOWN = "na"
_REMEMBERED = 4096  # cells; a column says the same few over and over
_LONGEST_NAME = 80


def region_of(text: str) -> str | None:
    """Parses a country cell to the two letters of its region; None when it is unclear, never a guess."""
    return _named(text) if len(text) <= _LONGEST_NAME else None


@lru_cache(_REMEMBERED)
def _named(text: str) -> str | None:
    said = unicodedata.normalize("NFKC", text).strip().casefold()
    if _ASCII_CODE.fullmatch(said):
        code = said.replace(".", "")
        return None if code == _NOTHING_KNOWN else _codes().get(code) or _names().get(code)
    return _names().get(_folded(said)) or _by_calling_code(re.sub(r"[\s()\-]", "", said))


def is_nothing_or_namibia(text: str) -> bool:
    """Whether a country cell says NA: two letters of Namibia, and what programs write where nothing is known."""
    return unicodedata.normalize("NFKC", text).strip().casefold().replace(".", "") == _NOTHING_KNOWN


def _by_calling_code(squeezed: str) -> str | None:
    """+44 or 0044, or 44.

    Without a sign, 1 and 7 may be any number of anything, and three digits may be the ISO's number of another country.
    """
    match = _CALLING_CODE.fullmatch(squeezed)
    if match is None:
        return None
    sign, digits = match.groups()
    if sign != "+" and (len(digits) == 1 or (not sign and len(digits) > len("44"))):
        return None
    # Where several regions share a code, they share its numbers as well, and the first stands for them.
    region = COUNTRY_CODE_TO_REGION_CODE.get(int(digits), ("",))[0]
    return region if region in SUPPORTED_REGIONS else None


def _folded(name: str) -> str:
    """The letters of a name, without case, accents, spaces or signs; the Turkish dotless i is an i in capitals."""
    letters = unicodedata.normalize("NFKD", name.casefold()).casefold().replace("\N{LATIN SMALL LETTER DOTLESS I}", "i")
    return "".join(letter for letter in letters if letter.isalnum())


def named_regions() -> tuple[tuple[str, str], ...]:
    """(two letters, name) of all regions that have phone numbers, by their names."""
    named = ((region, names.partition("|")[0]) for region, _, names in _lines() if region in SUPPORTED_REGIONS)
    return tuple(sorted(named, key=lambda one: _folded(one[1])))


@cache
def _lines() -> tuple[tuple[str, str, str], ...]:
    lines = Path(__file__).with_name("countries.txt").read_text("utf-8").splitlines()
    parted = (line.split(" ", 2) for line in lines)
    return tuple((region, three_letters, names) for region, three_letters, names in parted)


@cache
def _codes() -> dict[str, str]:
    two = {region.casefold(): region for region, _, _ in _lines()}
    return two | {three.casefold(): region for region, three, _ in _lines() if three != "-"}


@cache
def _names() -> dict[str, str]:
    return {_folded(name): region for region, _, names in _lines() for name in names.split("|")}


def known_region(region: str) -> bool:
    """Whether these two letters name a region that has phone numbers."""
    return region in SUPPORTED_REGIONS
