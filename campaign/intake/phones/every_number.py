"""Every number that a cell may mean, in every reading: for lists of people who must not be called.

    "+12125550114 / +12125550115"  ->  both
    "+3235550142", region US       ->  Antwerp as it is written, and Los Angeles, if the 1 was left out

Who calls needs one number, and refuses what may be another; here one too many is harmless, and one too few is a call.
"""

import re
from collections.abc import Iterator
from typing import get_args

from phonenumbers import PhoneNumberType as Kind

from campaign.config.template import AllowedKind
from campaign.intake.phones.lookup import lookup_in_use
from campaign.intake.phones.parse import PhoneFault, RepairedPhone, read_phone
from campaign.intake.phones.plus_twin import twin_after_plus

_BETWEEN = re.compile(
    r"[/,;|&\r\n\t]+|:{2,}|(?<=\d)\s+-\s+(?=[+(\d])|(?<!^)(?=\+)|(?<!\d)[^\W\d_]{2,}[.:]?|\s{3,}|[()\[\]<>]{1,2}(?=\+)",
    re.UNICODE,
)
_EXTENSION = re.compile(r"(?:\s*(?:,+|;|#|x|ext\.?|extension|durchwahl|dw|poste|int\.?)\s*\d{1,6})\s*$", re.IGNORECASE)
_AROUND = "'\"\u201c\u201d\u2018\u2019 \t"
# What a spreadsheet program has cut: 1.21255E+10 holds a few of the digits, and any in place of the others are a guess.
_EXPONENT = re.compile(r"\d[.,]\d+[eE][+]?\d+")
_DIALLED_OUT = re.compile(r"(?:00|011)(?=[1-9])")
_FEWEST, _MOST = 7, 17  # digits, those that are dialled before a country code among them
_LONGEST = 2_000  # characters; a cell of a book's length is no list of numbers


def every_number(text: str, *, region: str | None) -> tuple[str, ...]:
    """All numbers, E.164, that a cell may mean; empty when it holds none.

    Args:
        text: a cell as it stands in the sheet.
        region: two letters of the country of numbers without one.
    """
    found = dict.fromkeys(_readings(text, region))
    if not found:
        cell = text[:_LONGEST]
        pieces = [cell, *_BETWEEN.split(cell)]
        pieces += [_EXTENSION.sub("", piece) for piece in pieces]
        found = dict.fromkeys(number for piece in dict.fromkeys(pieces) for number in _leniently(piece, region))
    return tuple(found)


def _readings(text: str, region: str | None) -> Iterator[str]:
    """What the cell means as one number; more where it was restored, or its + leaves a doubt."""
    # A kind that some template allows can be unwanted as well.
    read = read_phone(text, region=region, allow=get_args(AllowedKind))
    if isinstance(read, PhoneFault):
        return
    phone = read.phone if isinstance(read, RepairedPhone) else read
    yield phone
    if isinstance(read, RepairedPhone):
        yield from _leniently(text, region)
    if region is not None and (twin := twin_after_plus(text, phone, region=region)) is not None:
        yield twin


def _leniently(piece: str, region: str | None) -> Iterator[str]:
    yield from () if piece.strip(_AROUND) == "" or _EXPONENT.search(piece) else _of_digits(piece.strip(_AROUND), region)
    if "(0)" in piece:
        yield from _of_digits(piece.replace("(0)", ""), region)


def _of_digits(piece: str, region: str | None) -> Iterator[str]:
    piece = re.sub(r"(?<=\d)\.0{1,2}$", "", piece)
    digits = "".join(str(int(character)) for character in piece if character.isdecimal())
    if not _FEWEST <= len(digits) <= _MOST:
        return
    number_of = lookup_in_use().lookup.number_of
    abroad = _DIALLED_OUT.sub("", digits, count=1) if "+" not in piece else digits
    read = [number_of(abroad, region=None)] if "+" in piece or abroad != digits or region is not None else []
    # +11 41 ... may be 011 41 ..., as it is dialled abroad, without its 0.
    read += [number_of(digits[2:], region=None)] if "+" in piece and digits.startswith("11") else []
    if region is not None:
        read += [number_of(digits, region=region), number_of("0" + digits, region=region)]
    yield from (number.e164 for number in read if number.kind != Kind.UNKNOWN)
