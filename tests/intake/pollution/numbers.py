"""What people and programs do to phone numbers (C1 to C17, B10 to B13): a digit more or less is another person's phone.

Two digits that changed places make a number as good as the first: nothing can see that, so nothing here asks for it.
"""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import phonenumbers

from tests.intake.pollution.people import NAME, PHONE, REGIONS, Truths, neighbours, people, table, template, truths
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


def _lost_zero_and_decimals(number: str, _rng: Random) -> str:
    return f"{_digits(number).lstrip('0')}.0"


def _two_in(region: str, between: str) -> Callable[[Random], Polluted]:
    written = [person.cells[PHONE] for person in neighbours(region)]

    def change(number: str, rng: Random) -> str:
        return number + between + rng.choice([other for other in written if other != number])

    return _at_home(region, change, true=False)


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


def _half_and_half(number: str, rng: Random) -> str:
    """A second number typed behind the first, without anything between."""
    return number + _digits(_other(number, rng))


def _zero_in_brackets(number: str, _rng: Random) -> str:
    code = len(str(phonenumbers.parse(number).country_code)) + 1
    return f"{number[:code]} (0){number[code:]}"


def _grouped(between: str, *, more: str = "") -> Change:
    """As a spreadsheet program shows a number with thousands."""
    return lambda number, _rng: f"{int(_digits(number)):,}".replace(",", between) + more


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
_DEAR = ("+19005550100", "+449098790000", "+4990012345678", "+33899123456", "+39899123456", "+881612345678")
_FAR = ("+870773110123", "+8816123456789", "+979123456789", "+999123456789", "+0123456789", "+1", "++", "+")
_DASHES = {"hyphens": "\u2010", "no-break hyphens": "\u2011", "en dashes": "\u2013", "minus signs": "\u2212"}
_SPACES = {"no-break spaces": "\u00a0", "thin spaces": "\u2009", "wide spaces": "\u3000", "dots": ".", "slashes": "/"}
_UNSEEN = {
    "zero-width spaces": "\u200b",
    "soft hyphens": "\u00ad",
    "byte order marks": "\ufeff",
    "word joiners": "\u2060",
}
_AMONG = {name: (_SOME, mark) for name, mark in (_DASHES | _SPACES).items() if mark != "/"} | {
    name: (_REFUSES, mark) for name, mark in (_UNSEEN | {"slashes": "/"}).items()
}
_BETWEEN = (*";,/|\n\t\\_=·", " ", "  ", " / ", " or ", " and ", " & ", " - ", "...", " (", " u. ", "\u2028")
_PARTS = ("/", " / ", ";", " ", "-", " - ", ".")
_EXTENSIONS = (
    " x123",
    " ext. 4",
    ";ext=12",
    ",,123#",
    "#5",
    " Durchwahl 7",
    "p123",
    "w9",
    " (123)",
    "/12",
    " доб. 5",
    "~9",
)
_BEFORE = (
    "'",
    "=",
    "tel:",
    "++",
    "+ ",
    "(+",
    "☎ ",
    "p:",
    "Mobile: ",
    '"',
    "~",
    "-",
    "\u202d",
    "\x00",
    "00",
    "011",
    "0",
)
_BEHIND = (
    "'",
    ".",
    ".0",
    ".00",
    ",0",
    ",00",
    ". 0",
    " . 0",
    ".000",
    ",000",
    "..0",
    "-.0",
    " .0",
    "E0",
    "\x00",
    " (home)",
    " *",
    "!",
    "²",
    "\u202c",
    "-",
    " h",
    "\n",
)


def _in_each_region(
    rule: str, what: str, change: Change, *, true: bool = True, least: Ending = _REFUSES
) -> list[Pollution]:
    return [Pollution(rule, f"{what} in {region}", least, _at_home(region, change, true=true)) for region in REGIONS]


POLLUTIONS = [
    *(
        Pollution("C8", f"two numbers, {between!r} between", _REFUSES, _abroad(_second(between), true=_NOBODY))
        for between in _BETWEEN
    ),
    *(
        Pollution(
            "C8", f"seven digits more, {between!r} between", _REFUSES, _abroad(_second_bare(between), true=_NOBODY)
        )
        for between in _PARTS
    ),
    Pollution("C8", "two numbers, nothing between", _REFUSES, _abroad(_half_and_half, true=_NOBODY)),
    *(
        Pollution("C7", f"an extension, {more!r}", _REFUSES, _abroad(_behind(more), true=_NOBODY))
        for more in _EXTENSIONS
    ),
    *(Pollution("C12", f"{more!r} before the number", _REFUSES, _abroad(_before(more))) for more in _BEFORE),
    *(Pollution("C12", f"{more!r} behind the number", _REFUSES, _abroad(_behind(more))) for more in _BEHIND),
    *(
        Pollution("C11", f"{name} among the digits", least, _abroad(_spread(mark)))
        for name, (least, mark) in _AMONG.items()
    ),
    Pollution("C11", "full-width digits", _LOADS, _abroad(_translated(_WIDE))),
    Pollution("C11", "Arabic digits", _LOADS, _abroad(_translated(_ARABIC))),
    Pollution("C11", "digits in circles", _REFUSES, _abroad(_translated(_ROUND))),
    Pollution("C11", "marks of direction around", _SOME, _abroad(lambda number, _: f"\u202a{number}\u202c")),
    Pollution("C10", "a letter for a digit", _REFUSES, _abroad(_lettered), varied=True),
    Pollution("C10", "a letter among the digits", _REFUSES, _abroad(_strewn("aEexXkMO")), varied=True),
    Pollution("C10", "a mark among the digits", _REFUSES, _abroad(_strewn("#*?!<>@$%&:'=_^")), varied=True),
    Pollution("C10", "a delimiter among the digits", _REFUSES, _abroad(_strewn(",;|/\\")), varied=True),
    Pollution("C10", "words around", _REFUSES, _abroad(lambda number, _: f"call {number} after 5")),
    Pollution("C9", "letters for digits, wanted", _REFUSES, _constant("+1 800 FLOWERS", "+1-800-CALL-NOW")),
    Pollution("C12", "words for nothing", _REFUSES, _constant(*_NOTHING)),
    Pollution("C5", "emergency and service numbers", _REFUSES, _constant(*_SHORT)),
    Pollution("C6", "numbers that cost", _REFUSES, _constant(*_DEAR)),
    Pollution("C13", "numbers of nowhere", _REFUSES, _constant(*_FAR, "+" + "1" * 260)),
    Pollution("C13", "the last digits masked", _REFUSES, _abroad(_masked, true=_NOBODY)),
    Pollution("C3", "a zero in brackets", _SOME, _abroad(_zero_in_brackets)),
    Pollution("C1", "no plus, no country", _REFUSES, _abroad(_bare)),
    Pollution("B10", "as decimals", _REFUSES, _abroad(_float)),
    Pollution("B10", "as six digits and a power", _REFUSES, _abroad(_short_float)),
    Pollution("B10", "as seven digits and a power", _REFUSES, _abroad(_long_float)),
    *(
        Pollution("B10", f"thousands parted by {between!r}{kind}", _REFUSES, _abroad(_grouped(between, more=more)))
        for between in (",", ".", " ", "'", "\u202f")
        for kind, more in (("", ""), (" and decimals", ",00"))
    ),
    *_in_each_region("C1", "as dialled", _as_written, least=_LOADS),
    *_in_each_region("C2", "the zero lost", _lost_zero),
    *_in_each_region("B11", "as decimals", _float),
    *_in_each_region("B11", "as decimals without the zero", _lost_zero_and_decimals),
    *_in_each_region("B10", "a short form", _short_float),
    *_in_each_region("C10", "a letter for a digit", _lettered),
    *_in_each_region("C10", "a mark among the digits", _strewn("#*?!,;:/|x")),
    *(
        Pollution("C8", f"two numbers in {region}, {between!r} between", _REFUSES, _two_in(region, between))
        for region in REGIONS
        for between in ("/", " ", ";", " or ", "-", "\n", ", ")
    ),
    *(
        pollution
        for more in (" x5", "#5", " ext 12", ",5", ";12", " (12)")
        for pollution in _in_each_region("C7", f"an extension, {more!r},", _behind(more), true=False)
    ),
    Pollution("D4", "name and number in each other's place", _REFUSES, _moved("{phone}")),
    Pollution("D4", "name and number in one cell", _REFUSES, _moved("{name} {phone}")),
]
