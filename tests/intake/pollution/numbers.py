"""What people and programs do to phone numbers (C1 to C17, B10 to B13): a digit more or less is another person's phone."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from random import Random

from tests.intake.pollution.people import (
    NAME,
    PHONE,
    REGIONS,
    Person,
    Truths,
    neighbours,
    people,
    table,
    template,
    truths,
)
from tests.intake.pollution.polluted import Ending, Polluted, Pollution, sheet

_LOADS, _SOME, _REFUSES = Ending.LOADS, Ending.SOME, Ending.REFUSES
_NOBODY: Truths = frozenset()
_ARABIC = {ord(str(digit)): chr(0x660 + digit) for digit in range(10)}
_WIDE = {code: chr(code + 0xFEE0) for code in range(0x21, 0x7F)}
_ROUND = {ord(str(digit)): chr(0x245F + digit) for digit in range(1, 10)}

Change = Callable[[str, Random], str]


def _abroad(change: Change, *, true: Truths | None = None) -> Callable[[Random], Polluted]:
    """Every number, first as + and digits, is changed so."""

    def make(rng: Random) -> Polluted:
        lines = table()
        for person, line in zip(people(), lines[1:], strict=True):
            line[PHONE] = change(person.phone, rng)
        return sheet(lines, truth=true)

    return make


def _at_home(region: str, change: Change, *, true: bool = True) -> Callable[[Random], Polluted]:
    """Every number of a country's own sheet, first as it is dialled there, is changed so."""

    def make(rng: Random) -> Polluted:
        persons = neighbours(region)
        lines = table(persons)
        for line in lines[1:]:
            line[PHONE] = change(line[PHONE], rng)
        made = sheet(lines, truth=truths(persons) if true else _NOBODY)
        return replace(made, template=template(region))

    return make


def _digits(number: str) -> str:
    return "".join(filter(str.isdigit, number))


def _as_written(number: str, _rng: Random) -> str:
    return number


def _bare(number: str, _rng: Random) -> str:
    return _digits(number)


def _lost_zero(number: str, _rng: Random) -> str:
    return _digits(number).lstrip("0")


def _float(number: str, _rng: Random) -> str:
    return f"{_digits(number)}.0"


def _short_float(number: str, _rng: Random) -> str:
    return f"{float(_digits(number)):.5E}"


def _long_float(number: str, _rng: Random) -> str:
    return f"{float(_digits(number)):e}".upper()


def _other(number: str, rng: Random) -> str:
    return rng.choice([person.phone for person in people() if person.phone != number])


def _second(between: str) -> Change:
    return lambda number, rng: f"{number}{between}{_other(number, rng)}"


def _second_bare(between: str) -> Change:
    return lambda number, rng: f"{number}{between}{_digits(_other(number, rng))[-7:]}"


def _behind(more: str) -> Change:
    return lambda number, _rng: f"{number}{more}"


def _before(more: str) -> Change:
    return lambda number, _rng: f"{more}{number}"


def _spread(between: str, *, every: int = 3) -> Change:
    def change(number: str, _rng: Random) -> str:
        digits = number.removeprefix("+")
        return "+" + between.join(digits[at : at + every] for at in range(0, len(digits), every))

    return change


def _lettered(number: str, rng: Random) -> str:
    """One digit became the letter that looks like it."""
    looks = {"0": "Oo", "1": "lI|", "5": "S", "8": "B", "6": "b", "2": "Z"}
    places = [place for place, digit in enumerate(number) if digit in looks]
    place = rng.choice(places)
    return number[:place] + rng.choice(looks[number[place]]) + number[place + 1 :]


def _strewn(letters: str) -> Change:
    """A character that nobody dials, somewhere among the digits."""

    def change(number: str, rng: Random) -> str:
        place = rng.randrange(1, len(number))
        return number[:place] + rng.choice(letters) + number[place:]

    return change


def _translated(table_of: dict[int, str]) -> Change:
    return lambda number, _rng: number.translate(table_of)


def _masked(number: str, _rng: Random) -> str:
    return number[:-4] + "****"


def _cut(number: str, rng: Random) -> str:
    return number[: rng.randrange(3, len(number))]


def _is_no_other(number: str) -> bool:
    return all(person.phone != number for person in people())


def _half_and_half(number: str, rng: Random) -> str:
    """A second number typed behind the first, without anything between."""
    return number + _digits(_other(number, rng))


def _zero_in_brackets(number: str, _rng: Random) -> str:
    return f"{number[:3]}(0){number[3:]}"


def _moved(to: str) -> Callable[[Random], Polluted]:
    """The number stands in the name's cell as well, or instead."""

    def make(_rng: Random) -> Polluted:
        lines = table()
        for line in lines[1:]:
            line[NAME], line[PHONE] = to.format(name=line[NAME], phone=line[PHONE]), line[NAME]
        return sheet(lines, truth=_NOBODY)

    return make


def _constant(*written: str) -> Callable[[Random], Polluted]:
    def make(_rng: Random) -> Polluted:
        lines = table()
        for place, line in enumerate(lines[1:]):
            line[PHONE] = written[place % len(written)]
        return sheet(lines, truth=_NOBODY)

    return make


_NOTHING = ("n/a", "-", "unknown", "none", "0", "00000000000", "x", "?", "TBD", "see notes", "same as above", ".", "'")
_SHORT = ("112", "911", "999", "110", "+1911", "+44999", "000", "119", "*31#", "*100#", "##21#", "08", "12345")
_DEAR = ("+19005550100", "+449098790000", "+4990012345678", "+33899123456", "+390899123456", "+881612345678")
_FAR = ("+870773110123", "+8816123456789", "+979123456789", "+999123456789", "+0123456789", "+1", "++", "+")
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212"


def _lists() -> list[Pollution]:
    return [
        *(Pollution("C8", f"two numbers, {between!r} between", _REFUSES, _abroad(_second(between), true=_NOBODY)) for between in
          (";", ",", "/", " / ", " or ", "\n", " ", "  ", " and ", "|", "\t", " (", "\\", " - ", "...", " & ", "_", "=", "·")),
        *(Pollution("C8", f"a number and seven digits, {between!r} between", _REFUSES,
                    _abroad(_second_bare(between), true=_NOBODY)) for between in ("/", " / ", ";", " ", "-", " - ", ".")),
        *(Pollution("C7", f"an extension {more!r}", _REFUSES, _abroad(_behind(more), true=_NOBODY)) for more in
          (" x123", " ext. 4", ";ext=12", ",,123#", "#5", " Durchwahl 7", " -12 ext", "p123", "w9", " (123)", "/12")),
    ]  # fmt: skip
