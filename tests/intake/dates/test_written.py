"""A date is read only where it can be one alone; what may be two is both, and what is none says what to write."""

from datetime import date, time
from itertools import product

import pytest
from hypothesis import given, strategies as st

from campaign.intake.contacts.spoken_text import CellFault
from campaign.intake.dates.calendar_names import names_in
from campaign.intake.dates.written import DateOrder, DayAndClock, TwoDays, read_date

DAY, CLOCK = date(2026, 12, 1), time(14, 30)


def read(cell: str, language: str = "en", order: DateOrder | None = None) -> DayAndClock | TwoDays | CellFault:
    return read_date(cell, names=names_in(language), order=order)


@pytest.mark.parametrize(
    ("cell", "language"),
    [
        ("2026-12-01", "en"),
        ("2026/12/1", "en"),
        ("1 Dec 2026", "en"),
        ("December 1st, 2026", "en"),
        ("Dec. 1 2026", "de"),
        ("Tue 1 Dec 2026", "en"),
        ("Tuesday, December 1, 2026", "en"),
        ("1. Dezember 2026", "de"),
        ("Di., 1. Dez. 2026", "de"),
        ("mardi 1er décembre 2026", "fr"),
        ("1 de diciembre de 2026", "es"),
        ("mar 1 dic 2026", "it"),
        ("1 декабря 2026", "ru"),
        ("1 grudnia 2026", "pl"),
        ("2026年12月1日", "ja"),
        ("2026년 12월 1일", "ko"),
    ],
)
def test_a_date_of_one_reading_is_read(cell: str, language: str) -> None:
    assert read(cell, language) == DayAndClock(DAY, None)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-12-01T14:30:00",
        "2026-12-01 14:30",
        "Dec 1, 2026 at 2:30 p.m.",
        "1 Dec 2026, 2:30PM",
        "1. Dezember 2026 um 14:30 Uhr",
        "1 Dec 2026 14h30",
    ],
)
def test_a_date_with_its_time_is_read(cell: str) -> None:
    assert read(cell, "de") == DayAndClock(DAY, CLOCK)


@pytest.mark.parametrize("cell", ["14:30", "14:30:00", "2:30 pm", "2:30 P.M.", "14.30 Uhr", "14h30"])
def test_a_time_alone_is_read(cell: str) -> None:
    assert read(cell) == DayAndClock(None, CLOCK)


@pytest.mark.parametrize("cell", ["03/04/2026", "3.4.2026", "3-4-2026", "03/04/2026 9:00"])
def test_a_date_that_may_be_two_days_is_both_until_its_owner_says_which(cell: str) -> None:
    found = read(cell)
    assert isinstance(found, TwoDays)
    assert (found.day_first.day, found.month_first.day) == (date(2026, 4, 3), date(2026, 3, 4))
    assert read(cell, order="day_first") == found.day_first
    assert read(cell, order="month_first") == found.month_first


def test_a_day_behind_the_twelfth_and_a_weekday_leave_one_reading() -> None:
    assert read("13/12/2026") == read("12/13/2026") == DayAndClock(date(2026, 12, 13), None)
    assert read("Fri 03/04/2026") == DayAndClock(date(2026, 4, 3), None)
    assert read("05/05/2026") == DayAndClock(date(2026, 5, 5), None)


def test_an_order_that_was_said_is_held_to() -> None:
    """A column in which the order is right for some rows alone was answered wrongly, or is of two hands."""
    found = read("12/13/2026", order="day_first")
    assert isinstance(found, CellFault)
    assert "with the day first" in found.reason


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("12/1/26", "a year of two digits"),
        ("46357", "a number, as a spreadsheet program keeps a date"),
        ("14.30", "a number"),
        ("December 1", "a date without a year"),
        ("2026-02-30", "a day that is not in the calendar"),
        ("Monday, December 1, 2026", "the weekday is not that of the date"),
        ("2026-12-01T10:00:00Z", "offset from UTC"),
        ("2026-12-01 25:00", "a time of day that cannot be read"),
        ("2026-12-01 2", "a time of day that cannot be read"),
        ("0202-12-01", "the year 202"),
        ("1 Floreal 2026", "not a date or time"),
        ("TBD", "not a date or time"),
        ("next Tuesday", "not a date or time"),
    ],
)
def test_what_is_no_date_says_why_and_what_to_write(cell: str, reason: str) -> None:
    found = read(cell)
    assert isinstance(found, CellFault), found
    assert reason in found.reason
    assert found.cure


READ = ["en", "en-GB", "de", "fr", "es", "it", "nl", "pl", "tr", "ru", "uk", "sv", "da", "nb", "cs", "ro", "pt"]
READ_IN_PART = ["ja", "zh", "ko", "ar", "he", "hi", "fi", "hu", "el", "id", "vi", "th"]
"""Their names are of several words, or stand in another order; what is not read is refused."""


@pytest.mark.parametrize("language", [*READ, *READ_IN_PART])
def test_no_name_of_a_day_or_month_is_ever_read_as_another(language: str) -> None:
    """In no language, beside English: `mar` is March, and Tuesday in French; what is not read is refused."""
    names, refused = names_in(language), 0
    for month, width, beside in product(range(1, 13), ("wide", "abbreviated"), (True, False)):
        day = date(2026, month, 7 + month)
        name, weekday = names.months[width, beside][month - 1], names.days[width][day.weekday()]
        for cell in (
            f"{day.day} {name} 2026",
            f"{day.day}. {name} 2026",
            f"{name} {day.day}, 2026",
            f"{weekday}, {day.day} {name} 2026",
            f"{weekday} {name} {day.day} 2026",
        ):
            found = read(cell, language)
            refused += isinstance(found, CellFault)
            assert found == DayAndClock(day, None) or isinstance(found, CellFault), (cell, found)
    assert not refused or language in READ_IN_PART


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.times(), st.sampled_from(["day_first", "month_first", None]))
def test_a_date_in_digits_is_never_read_as_a_day_that_it_cannot_be(
    day: date, clock: time, order: DateOrder | None
) -> None:
    moment = clock.replace(second=0, microsecond=0)
    for sign, form in product("/-.", ("%d{0}%m{0}%Y", "%m{0}%d{0}%Y", "%Y{0}%m{0}%d")):
        cell = f"{day.strftime(form.format(sign)):0>10} {moment:%H:%M}"
        found = read(cell, order=order)
        said = {"%d{0}%m{0}%Y": "day_first", "%m{0}%d{0}%Y": "month_first"}.get(form)
        if isinstance(found, TwoDays):
            assert order is None
            assert DayAndClock(day, moment) in (found.day_first, found.month_first)
        elif order in (None, said) or said is None:
            assert found == DayAndClock(day, moment), cell
