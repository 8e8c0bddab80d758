"""Notation of a phone number: whether a cell is written as one number, and its digits; no country is considered.

The library that knows the countries reads much more than it should: it drops extensions, turns letters into digits, and
joins two numbers into one. So whatever is not plainly one number is found here, and never shown to it.
"""

import re
import unicodedata
from typing import Literal, NamedTuple

FormFault = Literal["empty", "short form", "decimal", "extension", "several", "letters", "form", "long"]


class Written(NamedTuple):
    """A number as it is written.

    Attributes:
        international: whether a + stands before the digits.
        digits: ASCII.
        before_word: the digits before a word, when the others are its letters on a telephone's keys; else empty.
    """

    international: bool
    digits: str
    before_word: str = ""


SHORTEST = 4
"""Digits; fewer, on either side of a separator, make no second number."""

_LONGEST = 250  # characters; more were never one number
# The commonest writings, each of which `_FORM` and `_doubtful_form` below let through as well.
_PLAIN = re.compile(
    r"\+?[0-9]{1,20}|\+?(?:[0-9]{1,4}[ -]?)?(?:\([0-9]{1,5}\)[ -]?)?[0-9]{1,20}(?:[ -][0-9]{1,20}){0,9}"
)
_DIGITS = re.compile(r"[0-9]+")
# 044.123.45.67 begins as a Swiss number does, and no part of an address.
_QUAD = re.compile(r"([1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})")
_BYTE = 256
_PAIRS = re.compile(r"\d\d(?:\.\d\d){3}")
_SHORT_FORM = re.compile(r"[+-]?\d+([.,]\d*)?e[+-]?\d+", re.IGNORECASE)
# What a number cell with a fraction looks like, and text that ends like one. 0171.2345678 was never a number.
_DECIMAL = re.compile(r"-?(?:[1-9]\d*|0)\.\d+|[^.]*\d[ \-.]*\.[ \-.]*(?:\d{0,2}|0*)")
_EXTENSION = re.compile(
    r"\d[\s.)]*(,,+|;?\s*ext\b|;?\s*ext\.?\s*[=:]?\s*\d|#|[x~]\s*\d|extension|durchwahl)", re.IGNORECASE
)
_SEPARATOR = re.compile(r"[;,|&\n\r\t\v\f\u2028\u2029]|\b(?:or|and|oder|und|ou|y|o)\b|[/\\]{2,}| [/\\] ", re.IGNORECASE)
_FORM = re.compile(r"[( ]*\+?[( ]*\d[\d().\-/ ]*")
# Germans and Belgians part the area code off with one slash; any other slash may part two numbers.
_SLASH = re.compile(r"(?:(?=[+0])\+?\d{2,7}|\d{2,3})/\d{5,}")
# 1-800-FLOWERS, 0800 CALL 4 ME: words at the end. Letters that look like digits, as in 555 OlO2, were meant as those.
_WORD = re.compile(
    r"([( ]*\+?[( ]*\d[\d().\- ]*)((?=.*[A-HJKMNP-Z])(?:[A-Z][ -]?){2}[A-Z0-9]+(?:[ -][A-Z0-9]+)*)", re.IGNORECASE
)
_KEYS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")


def read_form(text: str, *, vanity: bool = False) -> Written | FormFault:
    """The digits of a text that is written as one number, or what is wrong with its writing.

    Args:
        text: a cell as it stands in the sheet.
        vanity: whether a word at the end is read as digits, by the letters on a telephone's keys.
    """
    if _PLAIN.fullmatch(text):
        international = text[0] == "+"
        digits = text[international:]
        return Written(international, digits if digits.isdecimal() else "".join(_DIGITS.findall(digits)))
    written = _ascii_text(text)
    fault = _fault(written)
    if fault == "letters" and vanity and (word := _WORD.fullmatch(written)):
        return _by_keys(word)
    return fault or Written(written.lstrip("( ").startswith("+"), "".join(_DIGITS.findall(written)))


def _ascii_text(text: str) -> str:
    """The text in ASCII as far as it is a number; what has no place in a number is left for `_fault` to find."""
    if text.isascii():
        return text.strip()
    return "".join(_ascii(character) for character in text).strip()


def _ascii(character: str) -> str:
    match unicodedata.category(character):
        case "Nd":
            return str(unicodedata.decimal(character))
        case "Cf":  # zero-width and direction marks
            return ""
        case "Pd":
            return "-"
        case "Zs":
            return " "
        case "No":
            return character  # NFKC would make a footnote mark, as in 555-0100², a digit
        case _:
            return "-" if character == "\N{MINUS SIGN}" else unicodedata.normalize("NFKC", character)


def _fault(written: str) -> FormFault | None:
    """Which fault the mere writing has, the most telling first."""
    if len(written) > _LONGEST:
        # Some of the patterns below would take minutes over a whole cell of spaces.
        return _fault(written[:_LONGEST]) or "long"
    if not any(character.isdigit() for character in written):
        return "empty"
    if _FORM.fullmatch(written) and written[-1] not in "-/.":
        return _doubtful_form(written)
    telling: dict[FormFault, object] = {
        "short form": _SHORT_FORM.fullmatch(written),
        "decimal": _DECIMAL.fullmatch(written),
        "extension": _EXTENSION.search(written),
        "several": _is_several(written),
        "letters": any(character.isalpha() for character in written),
    }
    return next((fault for fault, found in telling.items() if found), "form")


def _doubtful_form(written: str) -> FormFault | None:
    if "." in written and _DECIMAL.fullmatch(written):
        return "decimal"
    if is_dotted_quad(written):
        return "form"
    if "/" in written and not _SLASH.fullmatch(re.sub(r"[^\d+/]", "", written)):
        return "several"
    # A bracket holds an area code or a trunk 0. Further on it may hold anything: an extension, a second number.
    before = written.rpartition("(")[0]
    return "form" if sum(map(str.isdigit, before)) > SHORTEST else None


def is_dotted_quad(written: str) -> bool:
    """Whether it is the address of a computer, 212.67.45.199; 20.12.34.56 may well be a Danish number."""
    quad = _QUAD.fullmatch(written)
    return quad is not None and all(int(part) < _BYTE for part in quad.groups()) and not _PAIRS.fullmatch(written)


def _is_several(written: str) -> bool:
    splits = _SEPARATOR.split(written), written.split("+")
    return any(sum(sum(map(str.isdigit, part)) >= SHORTEST for part in parts) > 1 for parts in splits)


def _by_keys(word: re.Match[str]) -> Written | FormFault:
    if fault := _fault(word[1].rstrip("-. ")):
        return fault
    before, keyed = ("".join(_DIGITS.findall(part.upper().translate(_KEYS))) for part in word.groups())
    return Written(word[1].lstrip("( ").startswith("+"), before + keyed, before)
