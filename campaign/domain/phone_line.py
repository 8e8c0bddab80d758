"""Phone lines: numbers that ring the same line in two spellings are one person.

    +54 9 11 2345 6789   from abroad to a mobile  --.
                                                     +--> the line +54 11 2345 6789
    +54 11 2345 6789     the same number at home  --'

A request keeps the number as the sheet has it; lines are what is compared: duplicates, limits, opt-outs, earlier calls.
Two subscribers must never be one, so a pair stands here only where one numbering plan assigns the digits once:

    Argentina    the 9 says "mobile" to callers from abroad; area code and number, ten digits, are assigned once
    Mexico       the 1 said so until 2019; the ten digits are assigned once
    Gabon        the 0 of the eight digits is how the seven digits are written at home
    San Marino   0549 is its area code in Italy's plan as well
    N. Ireland   048 in Ireland's plan is what 028 is in Britain's, with the same eight digits
    Palestine    the networks 56 and 59 are reached under 972 as under 970
    France       0263 and 0269, 0596, .. are overseas departments, with codes of their own, in the one French plan

Left out since two people may have them: Brazil's ninth digit (radio numbers with eight digits never got it), Italy's
zero (+39 03.. is a landline and +39 3.. a mobile), old codes of Kosovo, whose numbers have gone to others.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spelling:
    """A second spelling of lines: `before` and the rest of the digits, where the line is `after` and the same rest.

    Attributes:
        starts: how the rest begins; any of these.
        digits: how many digits it has.
    """

    before: str
    after: str
    starts: tuple[str, ...]
    digits: int

    def is_rest(self, rest: str) -> bool:
        """Whether these digits have both spellings."""
        return len(rest) == self.digits and rest.startswith(self.starts)


SPELLINGS: tuple[Spelling, ...] = (
    Spelling("+549", "+54", ("1", "2", "3"), 10),
    Spelling("+521", "+52", ("2", "3", "4", "5", "6", "7", "8", "9"), 10),
    Spelling("+2410", "+241", ("2", "3", "4", "5", "6", "7"), 7),
    Spelling("+39", "+378", ("0549",), 10),
    Spelling("+35348", "+4428", ("",), 8),
    Spelling("+972", "+970", ("56", "59"), 9),
    Spelling("+33", "+262", ("263", "2688", "2689", "269"), 9),
    Spelling("+33", "+590", ("5987",), 9),
    Spelling("+33", "+594", ("5988",), 9),
    Spelling("+33", "+596", ("596", "5989"), 9),
)
"""All second spellings. The ledger's schema states the same in SQL."""

_BEGINNING = 3  # characters: the + and the digits that no two of most countries share
_SECOND = {one.before[:_BEGINNING]: tuple(o for o in SPELLINGS if o.before[:3] == one.before[:3]) for one in SPELLINGS}
_FIRST = {one.after[:_BEGINNING]: tuple(o for o in SPELLINGS if o.after[:3] == one.after[:3]) for one in SPELLINGS}


BEGINNINGS = frozenset(_SECOND)
"""The first three characters of all numbers that may be a second spelling: any other number is its own line."""


def line_of(phone: str) -> str:
    """The line that a number rings (E.164), in its first spelling; most numbers are their own."""
    for one in _SECOND.get(phone[:_BEGINNING], ()):
        if phone.startswith(one.before) and one.is_rest(rest := phone[len(one.before) :]):
            return one.after + rest
    return phone


def other_spelling(phone: str) -> str | None:
    """The other number that rings the same line; None for most numbers."""
    if (line := line_of(phone)) != phone:
        return line
    for one in _FIRST.get(phone[:_BEGINNING], ()):
        if phone.startswith(one.after) and one.is_rest(rest := phone[len(one.after) :]):
            return one.before + rest
    return None


def spellings_of(phone: str) -> tuple[str, ...]:
    """The number, and the other one that rings the same line if there is one."""
    other = other_spelling(phone)
    return (phone,) if other is None else (phone, other)
