"""One cell's text becomes one E.164 number, or a reason why it does not: a wrong number rung is the worst ending.

The library behind this reads much more than it should for that: it drops extensions, turns letters into digits, and
joins two numbers into one. So whatever is not plainly one number is refused before it is asked.
"""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType


@dataclass(frozen=True, slots=True)
class PhoneFault:
    """Why a text is not a number that may be called, and what to do about it."""

    reason: str
    cure: str


@dataclass(frozen=True, slots=True)
class RepairedPhone:
    """A number that was not written as it is called, and why it is read so."""

    phone: str
    why: str


_ONE_NUMBER = "write one phone number, with + and the country code"
_FAULTS = {
    "empty": PhoneFault("no phone number", "fill it in, or take the row out"),
    "short form": PhoneFault(
        "a spreadsheet program has cut the number's digits", "format the column as text and enter the number again"
    ),
    "decimal": PhoneFault(
        "a decimal number, so a digit may be lost or added", "format the column as text, no decimals"
    ),
    "extension": PhoneFault("an extension cannot be dialled", "give a number that rings the person directly"),
    "several": PhoneFault("more than one phone number in the cell", "keep one, or give the other a column of its own"),
    "letters": PhoneFault("letters in the phone number", "write it in digits only"),
    "form": PhoneFault("not written as one phone number", _ONE_NUMBER),
    "no country": PhoneFault(
        "written without a country", "add + and the country code, or set [phone] region in the template"
    ),
    "short": PhoneFault("an emergency or short number is never called", _ONE_NUMBER),
    "satellite": PhoneFault("a satellite number is never called", "give a number on land or a mobile number"),
}
_TYPES = {
    PhoneNumberType.PREMIUM_RATE: "premium rate",
    PhoneNumberType.SHARED_COST: "shared cost",
    PhoneNumberType.PAGER: "pager",
    PhoneNumberType.VOICEMAIL: "voicemail",
    PhoneNumberType.UAN: "universal access (UAN)",
}
_SATELLITE = frozenset({870, 881})
_SHORTEST = 4  # digits; fewer, on either side of a separator, make no second number

_SHORT_FORM = re.compile(r"[+-]?\d+([.,]\d*)?e[+-]?\d+", re.IGNORECASE)
# What a number cell with a fraction looks like, and text that ends like one. 0171.2345678 was never a number.
_DECIMAL = re.compile(r"-?(?:[1-9]\d*|0)\.\d+|[^.]*\d\.(?:\d{0,2}|0*)")
_EXTENSION = re.compile(
    r"\d[\s.)]*(,,+|;?\s*ext\b|;?\s*ext\.?\s*[=:]?\s*\d|#|[x~]\s*\d|extension|durchwahl)", re.IGNORECASE
)
_SEPARATOR = re.compile(r"[;,|&\n\r\t\v\f\u2028\u2029]|\b(?:or|and|oder|und|ou|y|o)\b|[/\\]{2,}| [/\\] ", re.IGNORECASE)
_FORM = re.compile(r"[( ]*\+?[( ]*\d[\d().\-/ ]*")
# Germans and Belgians part the area code off with one slash; any other slash may part two numbers.
_SLASH = re.compile(r"(?:(?=[+0])\+?\d{2,7}|\d{2,3})/\d{5,}")


def is_fictitious(e164: str) -> bool:
    """Whether it is a number that is kept for examples."""
    return e164.startswith("+1") and e164[5:10] == "55501"


def read_phone(text: str, *, region: str | None, number_cell: bool = False) -> str | RepairedPhone | PhoneFault:
    """The text's number in E.164, or the fault that keeps it from being called.

    Args:
        text: a cell as it stands in the sheet.
        region: two letters of the country of numbers without one, or None to refuse them.
        number_cell: whether it was a number, in which no leading zero or plus can have survived.
    """
    del number_cell
    written = _written(text)
    if fault := _form_fault(written):
        return _FAULTS[fault]
    international = written.lstrip("( ").startswith("+")
    if not international and region is None:
        return _FAULTS["no country"]
    try:
        # Handed over without its own country, a number with a + is read alike in every region.
        number = phonenumbers.parse(written, None if international else region)
    except NumberParseException:
        return _not_valid(written, region)
    return _number_fault(number, written, region) or phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _written(text: str) -> str:
    """The text in ASCII as far as it is a number; what has no place in a number is left for `_form_fault` to find."""
    if text.isascii():
        return text.strip(" ")
    return "".join(_ascii(character) for character in text).strip(" ")


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


def _form_fault(written: str) -> str | None:
    """Which fault the mere writing has, the most telling first."""
    if not any(character.isdigit() for character in written):
        return "empty"
    if _FORM.fullmatch(written) and written[-1] not in "-/.":
        return _doubtful_form(written)
    telling = {
        "short form": _SHORT_FORM.fullmatch(written),
        "decimal": _DECIMAL.fullmatch(written),
        "extension": _EXTENSION.search(written),
        "several": _is_several(written),
        "letters": any(character.isalpha() for character in written),
    }
    return next((fault for fault, found in telling.items() if found), "form")


def _doubtful_form(written: str) -> str | None:
    if written.count(".") == 1 and _DECIMAL.fullmatch(written):
        return "decimal"
    if "/" in written and not _SLASH.fullmatch(re.sub(r"[^\d+/]", "", written)):
        return "several"
    # A bracket holds an area code or a trunk 0. Further on it may hold anything: an extension, a second number.
    before = written.rpartition("(")[0]
    return "form" if sum(map(str.isdigit, before)) > _SHORTEST else None


def _is_several(written: str) -> bool:
    splits = _SEPARATOR.split(written), written.split("+")
    return any(sum(sum(map(str.isdigit, part)) >= _SHORTEST for part in parts) > 1 for parts in splits)


def _number_fault(number: PhoneNumber, written: str, region: str | None) -> PhoneFault | None:
    # A number is valid exactly if it has a type; asking once for the type halves the time.
    kind = phonenumbers.number_type(number)
    if kind == PhoneNumberType.UNKNOWN:
        return _not_valid(written, region)
    if number.extension:
        return _FAULTS["extension"]
    if kind in _TYPES:
        return PhoneFault(f"a {_TYPES[kind]} number is never called", "give the person's own number")
    if number.country_code in _SATELLITE:
        return _FAULTS["satellite"]
    return _other_reading(number, written)


def _other_reading(number: PhoneNumber, written: str) -> PhoneFault | None:
    """Without a +, digits that begin with the country's own code may be meant with it, or without."""
    digits = re.sub(r"\D", "", written)
    if "+" in written or not digits.startswith(str(number.country_code)):
        return None
    try:
        other = phonenumbers.parse("+" + digits, None)  # only to see the doubt: this reading is never called
    except NumberParseException:
        return None
    if other == number or not phonenumbers.is_valid_number(other):
        return None
    first, second = (phonenumbers.format_number(each, PhoneNumberFormat.E164) for each in (number, other))
    return PhoneFault(f"it may mean {first} or {second}", "add + and the country code")


def _not_valid(written: str, region: str | None) -> PhoneFault:
    digits = re.sub(r"\D", "", written)
    if region is not None and phonenumbers.connects_to_emergency_number(digits, region):
        return _FAULTS["short"]
    if len(digits) <= _SHORTEST:
        return _FAULTS["short"]
    where = f" in region {region}" if region is not None and "+" not in written else ""
    return PhoneFault(f"no such phone number{where}", "check its digits, and write it with + and the country code")
