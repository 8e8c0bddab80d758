"""Clock formats: what a spreadsheet shows of a time of day, or of a duration, under the code of its format.

    h:mm AM/PM   0.604166666666667  ->  2:30 PM
    [h]:mm       1.5                ->  36:00

Only codes without a date are read here: a date is read as 2026-12-01, whatever its cell shows, since 12/1 is two days.
"""

import re
from dataclasses import dataclass

BUILT_IN_CLOCKS = {
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
}
"""Formats of times that every workbook has."""

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|(?P<tag>\[\$-[0-9A-Za-z-]*\])|\[(?P<elapsed>h+|m+|s+)\]|(?P<half>AM/PM|A/P)'
    r"|(?P<unit>h+|m+|s+)|(?P<part>\.0{1,3})|(?P<pad>[_*].)|(?P<plain>[-: .,/])",
    re.IGNORECASE,
)
# The long time of the machine that shows it: nobody else knows how that looks.
_OF_MACHINE = re.compile(r"\[\$-F[48]00\]", re.IGNORECASE)
_MS_A_DAY = 86_400_000
_MOST_DAYS = 10_000
_NOON = 12


@dataclass(frozen=True, slots=True)
class ClockFormat:
    """Format of times that is understood: (kind of token, its text) in order."""

    tokens: tuple[tuple[str, str], ...]

    @property
    def elapsed(self) -> bool:
        """Whether it shows a duration; else the time of a day."""
        return any(kind == "elapsed" for kind, _ in self.tokens)

    def shown(self, value: str) -> str | None:
        """The text of a stored number of days; None where it holds a date too, which must not be lost."""
        try:
            days = float(value)
        except ValueError:
            return None
        if not 0 <= days < (_MOST_DAYS if self.elapsed else 1):
            return None
        # A double holds 14:30 as 52199.99999 seconds now and then.
        ms = round(days * _MS_A_DAY)
        if not self.elapsed:
            ms %= _MS_A_DAY
        twelve = any(kind == "half" for kind, _ in self.tokens)
        return "".join(_shown(kind, text, ms, twelve=twelve) for kind, text in self.tokens).strip()


def read_clock(code: str) -> ClockFormat | None:
    """Parses the format of a time; None where it shows a date, or is not understood."""
    code = code.split(";", maxsplit=1)[0]
    if _OF_MACHINE.search(code):
        return None
    tokens: list[tuple[str, str]] = []
    position = 0
    while position < len(code):
        token = _TOKEN.match(code, position)
        if token is None:
            return None
        position = token.end()
        kind = token.lastgroup or ""
        if kind in ("quoted", "escaped", "plain"):
            tokens.append(("text", token[kind]))
        elif kind not in ("tag", "pad"):
            tokens.append((kind, token[kind]))
    units = [text.lower() for kind, text in tokens if kind in ("unit", "elapsed")]
    # Months are written as minutes are: without an hour or a second beside, they are months.
    clock = any(unit[0] in "hs" for unit in units)
    return ClockFormat(tuple(tokens)) if clock and all(len(unit) <= 2 for unit in units) else None  # noqa: PLR2004 - hh


def _shown(kind: str, text: str, ms: int, *, twelve: bool) -> str:
    second, minute, hour = ms // 1_000, ms // 60_000, ms // 3_600_000
    match kind:
        case "elapsed":
            amount = {"h": hour, "m": minute, "s": second}[text[0].lower()]
        case "unit":
            of_day = hour % 24
            amount = {"h": (of_day % _NOON or _NOON) if twelve else of_day, "m": minute % 60, "s": second % 60}[
                text[0].lower()
            ]
        case "half":
            half = "AM" if hour % 24 < _NOON else "PM"
            return half if len(text) > len("A/P") else half[0]
        case "part":
            return f".{ms % 1_000:03}"[: len(text)]
        case _:
            return text
    return f"{amount:0{len(text)}}"
