"""Date formats: proposes for a column of dates or times how it is spoken, with samples of what will be said.

2026-12-01 14:30 | 2026-12-02 09:00  ->  "%A, %B %-d at %-I:%M %p": 'Tuesday, December 1 at 2:30 PM', ...
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from campaign.intake.contacts.spoken_text import may_be_none
from campaign.intake.dates.calendar_names import names_in
from campaign.intake.dates.spoken import SpokenDates
from campaign.intake.dates.written import DateOrder, DayAndClock, TwoDays, read_date

SAMPLES = 3
_TRIED = 20
_READ = (DayAndClock, TwoDays)
_READABLE, _OF_ALL = 4, 5


@dataclass(frozen=True, slots=True)
class DateProposal:
    """Proposed format of a column.

    Attributes:
        format: as the template writes it.
        samples: what will be said, of the first cells that differ; a date that may be two days in both readings.
        filled: how many cells are not blank.
        unread: how many of them are no date or time that this format can say.
        unsaid: how many have a time of day that this format does not say.
        two_days: how many may be two days.
    """

    format: str
    samples: tuple[str, ...]
    filled: int
    unread: int
    unsaid: int
    two_days: int


@dataclass(frozen=True, slots=True)
class _Forms:
    """How a language says a day soon, a day of another year, a time of day, and what joins the two."""

    near: str
    far: str
    clock: str
    joint: str


_FORMS: Mapping[str, _Forms] = {
    "en": _Forms("%A, %B %-d", "%B %-d, %Y", "%-I:%M %p", " at "),
    "en-GB": _Forms("%A %-d %B", "%-d %B %Y", "%-I:%M %p", " at "),
    "de": _Forms("%A, %-d. %B", "%-d. %B %Y", "%-H:%M Uhr", " um "),
    "fr": _Forms("%A %-d %B", "%-d %B %Y", "%-H h %M", " à "),
    "es": _Forms("%A %-d de %B", "%-d de %B de %Y", "%-H:%M", " a las "),
    "it": _Forms("%A %-d %B", "%-d %B %Y", "%-H:%M", " alle "),
    "pt": _Forms("%A, %-d de %B", "%-d de %B de %Y", "%-H:%M", " às "),
    "nl": _Forms("%A %-d %B", "%-d %B %Y", "%-H:%M uur", " om "),
    "pl": _Forms("%A, %-d %B", "%-d %B %Y", "%-H:%M", ", godzina "),
    "tr": _Forms("%-d %B %A", "%-d %B %Y", "%-H:%M", ", saat "),
    "ru": _Forms("%A, %-d %B", "%-d %B %Y года", "%-H:%M", " в "),
    "uk": _Forms("%A, %-d %B", "%-d %B %Y року", "%-H:%M", ", "),
    "ja": _Forms("%-m月%-d日%A", "%Y年%-m月%-d日", "%-H時%M分", " "),
    "zh": _Forms("%-m月%-d日%A", "%Y年%-m月%-d日", "%-H点%M分", " "),
    "ko": _Forms("%-m월 %-d일 %A", "%Y년 %-m월 %-d일", "%-H시 %M분", " "),
    "ar": _Forms("%A، %-d %B", "%-d %B %Y", "%-H:%M", "، "),
    "he": _Forms("%A, %-d ב%B", "%-d ב%B %Y", "%-H:%M", " בשעה "),
    "hi": _Forms("%A, %-d %B", "%-d %B %Y", "%-H:%M", ", "),
}
_PLAIN = _Forms("%A, %-d %B", "%-d %B %Y", "%-H:%M", ", ")
_BRITISH = ("GB", "IE", "AU", "NZ", "ZA", "IN")
# Of a time alone the column must say that it is one: 1:30 may be a duration, and 3:1 a score.
_CLOCK_WORD = re.compile(
    r"time|hour|\bat\b|uhr|zeit|heure|hora|\bora\b|orario|tijd|uur|godz|saat|врем|час|時|时|시간|وقت|שעה|समय",
    re.IGNORECASE,
)
_LONGEST_NEAR = timedelta(days=300)
"""Within this span each day of the year stands once, and no year need be said."""


def propose_format(
    cells: Sequence[str],
    *,
    column: str,
    language: str,
    region: str | None,
    order: DateOrder | None = None,
    today: date | None = None,
) -> DateProposal | None:
    """Proposes a format where four in five of the cells that say something are dates or times; else None.

    Args:
        cells: of the column.
        column: its name.
        language: in which it is spoken.
        region: where most of the numbers are: British English says the day first.
        order: of days and months in digits, where the owner has said it.
        today: a day near it is said without its year.
    """
    filled = [cell for cell in cells if cell.strip()]
    names = names_in(language)
    # Most columns hold none, and their first cells show it.
    if not any(isinstance(read_date(cell, names=names, order=order), _READ) for cell in filled[:_TRIED]):
        return None
    read = [found for cell in filled if isinstance(found := read_date(cell, names=names, order=order), _READ)]
    # Who has no date yet is no reason to read out the dates of all others as a program writes them.
    telling = len(filled) - sum(map(may_be_none, map(str.strip, filled)))
    if _OF_ALL * len(read) < _READABLE * telling:
        return None
    form = _form_of(read, column=column, forms=_forms_of(language, region), today=today)
    if form is None:
        return None
    spoken = SpokenDates(form, language=language)
    sayable = [found for found in read if _can_say(spoken, found)]
    return DateProposal(
        form,
        tuple(list(dict.fromkeys(_said(spoken, found) for found in sayable))[:SAMPLES]),
        filled=len(filled),
        unread=len(filled) - len(sayable),
        unsaid=0 if spoken.says_clock else sum(map(_is_timed, read)),
        two_days=sum(isinstance(found, TwoDays) for found in sayable),
    )


def _form_of(read: Sequence[DayAndClock | TwoDays], *, column: str, forms: _Forms, today: date | None) -> str | None:
    day_first = [each.day_first if isinstance(each, TwoDays) else each for each in read]
    month_first = [each.month_first if isinstance(each, TwoDays) else each for each in read]
    if all(each.day is None for each in day_first):
        return forms.clock if _CLOCK_WORD.search(column) else None
    # The right order of days and months is, as a rule, the one in which the dates lie closer together.
    near = min(_span(day_first, today), _span(month_first, today)) <= _LONGEST_NEAR
    day = forms.near if near else forms.far
    # Where most have a time, it is what the call is about: a row without one is a problem, as one without a day is.
    timed = 2 * sum(map(_is_timed, day_first)) > len(day_first)
    return f"{day}{forms.joint}{forms.clock}" if timed else day


def _is_timed(found: DayAndClock | TwoDays) -> bool:
    """Whether the cell has a time of day; midnight is how programs write a day alone."""
    clock = (found.day_first if isinstance(found, TwoDays) else found).clock
    return clock not in (None, time.min)


def _span(read: Sequence[DayAndClock], today: date | None) -> timedelta:
    days = [each.day for each in read if each.day is not None]
    days += [today] if today is not None else []
    return max(days) - min(days)


def _forms_of(language: str, region: str | None) -> _Forms:
    code = language.replace("_", "-")
    if code == "en" and region in _BRITISH:
        return _FORMS["en-GB"]
    return _FORMS.get(code) or _FORMS.get(code.partition("-")[0], _PLAIN)


def _can_say(spoken: SpokenDates, found: DayAndClock | TwoDays) -> bool:
    return spoken.lacks(found.day_first if isinstance(found, TwoDays) else found) is None


def _said(spoken: SpokenDates, found: DayAndClock | TwoDays) -> str:
    if isinstance(found, TwoDays):
        return f"{spoken.said(found.day_first)} or {spoken.said(found.month_first)}"
    return spoken.said(found)
