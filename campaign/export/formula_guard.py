"""Formula guard: keeps text cells of a CSV file text, so that no spreadsheet program takes one for a formula.

guard("=1+1")          '=1+1
guard("'tis")          ''tis            so that taking one ' away is always right
guard("+14155550123")  +14155550123     a bare phone number computes nothing, and is read by other programs
"""

import re
import unicodedata

_MARK = "'"
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_TRIGGERS = frozenset("=+-@")
# Most texts begin with one of these, or are empty.
_PLAIN = frozenset((*"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", ""))
# A leading tab or line end makes some programs look at what follows it; U+2212 is the minus sign of typography.
_MORE_TRIGGERS = frozenset("\t\r\n\N{MINUS SIGN}")
# Separators, controls and marks draw nothing by themselves; nor do these, though Unicode calls them letters or symbols.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def guard(text: str) -> str:
    """The text, with a leading apostrophe if a spreadsheet program could take it for a formula."""
    if text[:1] in _PLAIN:
        return text
    if text.startswith(_MARK) or (_is_formula(text) and not _E164.fullmatch(text)):
        return _MARK + text
    return text


def _is_formula(text: str) -> bool:
    # Some programs trim before they look: what counts is the first character that a person would see.
    for char in text:
        if _is_trigger(char):
            return True
        if not _is_unseen(char):
            return False
    return False


def _is_trigger(char: str) -> bool:
    # Compatibility normalisation knows the full-width, small and superscript forms of the four.
    return char in _MORE_TRIGGERS or unicodedata.normalize("NFKC", char) in _TRIGGERS


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char)[0] in "ZCM" or char in _BLANK
