"""A date is spoken in the template's words and language, or is a problem of its row."""

import locale

import pytest

from campaign.domain.cures.notes import NoteKind
from campaign.intake.contacts.spoken_text import CellFault, DoubtfulText
from campaign.intake.dates.spoken import DateReader


def reader(form: str, *, language: str | None = "en", optional: bool = False) -> DateReader:
    return DateReader("visit", form, optional=optional, language=language, order=None)


@pytest.mark.parametrize(
    ("language", "form", "said"),
    [
        ("en", "%A, %B %-d at %-I:%M %p", "Tuesday, December 1 at 2:05 PM"),
        ("en-GB", "%a %-d %b %Y", "Tue 1 Dec 2026"),
        ("de", "%A, %-d. %B um %-H:%M Uhr", "Dienstag, 1. Dezember um 14:05 Uhr"),
        ("fr", "%A %-d %B à %-Hh%M", "mardi 1 décembre à 14h05"),
        ("es", "%A %-d de %B", "martes 1 de diciembre"),
        ("it", "%A %-d %B", "martedì 1 dicembre"),
        ("pt", "%A, %-d de %B", "terça-feira, 1 de dezembro"),
        ("nl", "%A %-d %B", "dinsdag 1 december"),
        ("pl", "%A, %-d %B", "wtorek, 1 grudnia"),
        ("tr", "%-d %B %A", "1 Aralık Salı"),  # noqa: RUF001 - Turkish is meant
        ("uk", "%A, %-d %B", "вівторок, 1 грудня"),
        ("ja", "%-m月%-d日 %A", "12月1日 火曜日"),
        ("zh", "%-m月%-d日%A", "12月1日星期二"),
        ("ko", "%-m월 %-d일 %A", "12월 1일 화요일"),
        ("ar", "%A، %-d %B", "الثلاثاء، 1 ديسمبر"),
        ("he", "%A, %-d ב%B", "יום שלישי, 1 בדצמבר"),
        ("hi", "%A, %-d %B", "मंगलवार, 1 दिसंबर"),
        (None, "%d.%m.%y %H:%M:%S, 100 %%", "01.12.26 14:05:09, 100 %"),
    ],
)
def test_a_date_is_spoken_in_the_words_of_its_language(language: str | None, form: str, said: str) -> None:
    assert reader(form, language=language).read("2026-12-01T14:05:09") == said


def test_a_month_alone_has_its_own_form() -> None:
    """Russian says декабря beside a day, and декабрь without one."""
    assert reader("%-d %B", language="ru").read("2026-12-01") == "1 декабря"
    assert reader("%B %Y", language="ru").read("2026-12-01") == "декабрь 2026"


def test_the_language_of_the_machine_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    assert locale.setlocale(locale.LC_TIME)
    assert reader("%B", language="de").read("2026-03-01") == "März"


@pytest.mark.parametrize(
    ("form", "cell", "reason"),
    [
        ("%A", "14:30", "a time of day without a date"),
        ("%-H:%M", "2026-12-01", "a date without a time of day"),
        ("%A at %-H:%M", "03/04/2026", "a date without a time of day"),
        ("%A", "", "no value for the variable 'visit'"),
        ("%A", "n/a", "not a date or time"),
    ],
)
def test_what_the_format_speaks_and_the_cell_lacks_is_a_problem(form: str, cell: str, reason: str) -> None:
    found = reader(form).read(cell)
    assert isinstance(found, CellFault)
    assert reason in found.reason


def test_an_optional_date_may_be_blank_and_nothing_else() -> None:
    optional = reader("%A", optional=True)
    assert optional.read(" ") == ""
    assert isinstance(optional.read("soon"), CellFault)


def test_a_date_that_may_be_two_days_is_shown_as_both_would_be_spoken() -> None:
    found = reader("%B %-d").read("03/04/2026")
    assert isinstance(found, DoubtfulText)
    assert found.kind is NoteKind.DATE_ORDER
    assert found.doubts == ("'April 3' with the day first, 'March 4' with the month first",)
