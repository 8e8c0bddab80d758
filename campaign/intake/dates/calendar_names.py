"""Calendar names: what a language calls days, months and the halves of a day, from the tables of Unicode (CLDR)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_WIDTHS = ("wide", "abbreviated")
_CONTEXTS = ("format", "stand-alone")


@dataclass(frozen=True, slots=True)
class CalendarNames:
    """Names in one language.

    Attributes:
        days: width -> names, Monday first.
        months: (width, whether it stands beside a day) -> names, January first; Russian, say, has two forms of each.
        halves: `am`, `pm` -> as spoken.
        days_read: name as it may be written, in small letters -> 0 for Monday; English names among them.
        months_read: likewise, 1 for January.
    """

    days: Mapping[str, tuple[str, ...]]
    months: Mapping[tuple[str, bool], tuple[str, ...]]
    halves: Mapping[str, str]
    days_read: Mapping[str, int]
    months_read: Mapping[str, int]


@lru_cache(maxsize=8)
def names_in(language: str | None) -> CalendarNames:
    """The names in a language that the template may name; None for English, which is read everywhere."""
    from babel import Locale  # noqa: PLC0415 - start-up: a template without dates need not pay for it

    locale, english = Locale.parse((language or "en").replace("_", "-"), sep="-"), Locale("en")
    return CalendarNames(
        days={width: _days(locale, width, "format") for width in _WIDTHS},
        months={
            (width, beside): _months(locale, width, "format" if beside else "stand-alone")
            for width in _WIDTHS
            for beside in (True, False)
        },
        halves={half: " ".join(locale.day_periods["format"]["abbreviated"][half].split()) for half in ("am", "pm")},
        days_read=_read(_days, english, first=0) | _read(_days, locale, first=0),
        months_read=_read(_months, english, first=1) | {"sept": 9} | _read(_months, locale, first=1),
    )


def bare(name: str) -> str:
    """A name in small letters, without the point of a short form."""
    return name.casefold().rstrip(".")


def _days(locale: Any, width: str, context: str) -> tuple[str, ...]:
    names = locale.days[context][width]
    return tuple(names[place] for place in range(7))


def _months(locale: Any, width: str, context: str) -> tuple[str, ...]:
    names = locale.months[context][width]
    return tuple(names[place] for place in range(1, 13))


def _read(names: Callable[[Any, str, str], Sequence[str]], locale: Any, *, first: int) -> dict[str, int]:
    return {
        bare(name): place
        for width in _WIDTHS
        for context in _CONTEXTS
        for place, name in enumerate(names(locale, width, context), start=first)
    }
