"""Number formats: what a spreadsheet shows of a number under the code of its format.

    code -> sections: positive ; negative ; zero -> literals and one pattern of digits -> text

    "$"#,##0.00      29.690499999999997  ->  $29.69
    0%               0.25                ->  25%

Dates are not read here, nor whole numbers whose format adds nothing that is spoken. A code that is not understood,
with a condition, a fraction or an exponent, is named as such.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

BUILT_IN = {
    1: "0",
    3: "#,##0",
    2: "0.00",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    43: "#,##0.00;-#,##0.00",
}
"""Formats that every workbook has, as far as they mean the same everywhere: those of money depend on the country."""

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<currency>[^\]-]*)(?:-[0-9A-Fa-f]+)?\]'
    r"|(?P<colour>\[(?:Black|Blue|Cyan|Green|Magenta|Red|White|Yellow|Color ?\d+)\])"
    r"|(?P<pad>[_*].)|(?P<digits>[#0?][#0?,]*(?:\.[0#?]*)?,*|\.[0#?]+)|(?P<percent>%)|(?P<plain>[-+ $()£€¥/:'])",
    re.IGNORECASE,
)
_MOST_SECTIONS = 3  # a fourth is for text
_MOST_DECIMALS = 15
_EXACT = 10**15
# A whole number as long as a phone number is left as its digits.
_SHORTEST_LONG = 10**6


@dataclass(frozen=True, slots=True)
class _Section:
    before: str
    after: str
    digits: bool
    decimals: tuple[int, int]
    """At least, at the most."""
    zeros: int
    grouped: bool
    thousands: int
    percents: int

    def shown(self, number: Decimal) -> str:
        if not self.digits:
            return self.before
        number = number * 100**self.percents / 1000**self.thousands
        least, most = self.decimals
        rounded = number.quantize(Decimal(1).scaleb(-most), rounding=ROUND_HALF_UP)
        whole, _, rest = f"{rounded:f}".partition(".")
        rest = rest.rstrip("0").ljust(least, "0")
        whole = whole.lstrip("0").rjust(self.zeros, "0")
        if self.grouped:
            whole = f"{int(whole or 0):,}" if len(whole) <= len(str(int(whole or 0))) else whole
        return f"{self.before}{whole}{'.' if rest else ''}{rest}{self.after}"


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """Number format that is understood; its `shown` is what the sheet's owner sees."""

    sections: tuple[_Section, ...]

    def shown(self, value: str) -> str | None:
        """The text of a number, or None where its own digits are the better text."""
        try:
            number = float(value)
        except ValueError:
            return None
        if not abs(number) < _EXACT:
            return None
        section = self._section_of(number)
        # In thousands, a number is not that of its digits.
        plain = not section.before.strip() and not section.after.strip() and section.digits and not section.thousands
        if plain and number == int(number) and (abs(number) >= _SHORTEST_LONG or not section.decimals[0]):
            return None
        # Fifteen digits are shown of a double; the others are noise of calculating.
        text = section.shown(Decimal(f"{abs(number):.15g}")).strip()
        signed = number < 0 and section is self.sections[0] and any("1" <= each <= "9" for each in text)
        return f"-{text}" if signed else text

    def _section_of(self, number: float) -> _Section:
        if number < 0 and len(self.sections) > 1:
            return self.sections[1]
        if number == 0 and len(self.sections) == _MOST_SECTIONS:
            return self.sections[2]
        return self.sections[0]


def read_format(code: str) -> NumberFormat | None:
    """Parses a number format; None when it is not understood, or has no digits."""
    sections = [_section(part) for part in _split(code)[:_MOST_SECTIONS]]
    read = tuple(each for each in sections if each is not None)
    return NumberFormat(read) if read and len(read) == len(sections) and read[0].digits else None


def _split(code: str) -> list[str]:
    """The sections: a semicolon in a literal is none between them."""
    return re.findall(r'(?:"[^"]*"|\\.|[^;"\\])+', code)


def _section(code: str) -> _Section | None:
    before, after, digits, percents = "", "", "", 0
    position = 0
    while position < len(code):
        token = _TOKEN.match(code, position)
        if token is None or (token["digits"] and digits):
            return None
        position = token.end()
        text = token["quoted"] or token["escaped"] or token["currency"] or token["plain"] or token["percent"] or ""
        percents += token["percent"] is not None
        if token["digits"]:
            digits = token["digits"]
        elif digits:
            after += text
        else:
            before += text
    if not digits:
        return _Section(before, "", False, (0, 0), 0, False, 0, 0)  # noqa: FBT003 - private, beside its class
    scaled = digits.rstrip(",")
    whole, _, rest = scaled.partition(".")
    if len(rest) > _MOST_DECIMALS:
        return None
    least, most = len(rest.rstrip("#?")), len(rest)
    zeros, grouped = whole.count("0"), "," in whole
    return _Section(before, after, True, (least, most), zeros, grouped, len(digits) - len(scaled), percents)  # noqa: FBT003 - likewise
