"""Spoken formats: how a date or a time is said, in the directives of `strftime`, and the language of its names.

"%A, %B %-d"  ->  (%A) (, ) (%B) ( ) (%-d)     a dash leaves the leading zero out
"""

import re
from typing import Annotated

from pydantic import AfterValidator

OF_DAY = frozenset("AaBbdmYy")
"""Directives that need a date; with a dash before the letter likewise."""
OF_CLOCK = frozenset("HIMSp")
"""Directives that need a time of day."""
IN_WORDS = frozenset("AaBbp")
"""Directives whose text depends on the language."""
_NUMBERS = frozenset("dmyHIMS")
_PIECE = re.compile(r"%(-?)(.)|[^%]+|%", re.DOTALL)
_LONGEST = 200
_KNOWN = "%A %B are names of day and month (%a %b short), %d %m %Y numbers, %H:%M or %I:%M %p a time; %-d has no zero"


def pieces_of(written: str) -> tuple[tuple[str, str], ...]:
    """(directive, text) of each part: a letter, maybe after a dash, or empty for text that is said as it stands.

    Raises:
        ValueError: one of the directives is unknown.
    """
    return tuple(_piece(found) for found in _PIECE.finditer(written))


def letters_of(written: str) -> frozenset[str]:
    """The letters of the directives in a valid format."""
    return frozenset(directive[-1] for directive, _ in pieces_of(written) if directive)


def _piece(found: re.Match[str]) -> tuple[str, str]:
    if not found[0].startswith("%"):
        return "", found[0]
    dash, letter = found[1] or "", found[2] or ""
    if letter == "%" and not dash:
        return "", "%"
    if letter not in (_NUMBERS if dash else OF_DAY | OF_CLOCK):
        raise ValueError(f"{found[0]!r} is no part of a date that is known: {_KNOWN}")
    return dash + letter, ""


def _format(written: str) -> str:
    if not letters_of(written):
        raise ValueError(f"it has no part of a date or time in it: {_KNOWN}")
    if len(written) > _LONGEST or not written.isprintable():
        raise ValueError(f"write it on one line of at most {_LONGEST} characters")
    return written


def _language(written: str) -> str:
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - start-up: a template without dates need not pay for it

    try:
        Locale.parse(written.replace("_", "-"), sep="-")
    except (ValueError, UnknownLocaleError):
        raise ValueError('no language that is known here; write its code: "en", "en-GB", "de"') from None
    return written


SpokenFormat = Annotated[str, AfterValidator(_format)]
Language = Annotated[str, AfterValidator(_language)]
