"""Masking of personal data on screen: enough to tell rows apart, too little to call."""

import re
from collections.abc import Callable

Mask = Callable[[str], str]

_LAST = 4
_FEWEST = 7
"""Digits; fewer are no number that could be called."""

# What looks like a number and is none comes first, and is left as it is: days, instants, and words with digits in them.
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[/.][0-9]{1,2}[/.](?:[0-9]{4}|[0-9]{2})(?![/.]?[0-9])"
_KEPT = rf"\b(?:{_DAY})(?:[T ][0-9]{{1,2}}:[0-9:.]+Z?)?\b|\b(?=[0-9]*[A-Za-z_])\w+\b"
# Not inside a path or a run's name: a command to type must stay intact.
_NUMBER = r"(?<![\w/.\-])\+?\(?\d(?:[\d\s().\-/\u2010-\u2015]*\d)?"
_EMAIL = r"[^\s@'\"<>()]+@[^\s@'\"<>(),;]+"
_TEXT = re.compile(rf"(?P<email>{_EMAIL})|(?P<kept>{_KEPT})|(?P<number>{_NUMBER})")


def masked_phone(phone: str) -> str:
    """The number masked: `…0171` for +14155550171."""
    return f"…{phone[-_LAST:]}"


def masked_email(email: str) -> str:
    """The address masked: `a•••@example.org`."""
    user, at, host = email.partition("@")
    return f"{user[:1]}•••{at}{host}"


def mask_for(*, show_numbers: bool) -> Mask:
    """The masking to apply to a line that quotes a sheet or a server."""
    return _unmasked if show_numbers else masked_text


def masked_text(text: str) -> str:
    """A line that quotes a sheet or a server, with the numbers and addresses in it masked."""
    return _TEXT.sub(_masked, text)


def _unmasked(text: str) -> str:
    return text


def _masked(found: re.Match[str]) -> str:
    if found["email"]:
        return masked_email(found["email"])
    digits = [character for character in found[0] if character.isdigit()]
    if found["kept"] or len(digits) < _FEWEST:
        return found[0]
    return f"…{''.join(digits[-_LAST:])}"
