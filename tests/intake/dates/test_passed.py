"""Nobody is reminded of a day that has passed without a word of the sheet's owner; a clock is that of the person."""

from datetime import UTC, datetime

import pytest

from campaign.config.template import Template
from campaign.domain.cures.notes import NoteKind
from campaign.domain.model import Contact, Row, Screened, Skip
from campaign.domain.skip_reason import Passed
from campaign.intake.contacts.columns import match_columns
from campaign.intake.contacts.findings import ALL_ACCEPTED, Accepted
from campaign.intake.contacts.screen import screen
from campaign.intake.dates.passed import may_pass

NEW_YORK, HONOLULU, BERLIN, TOKYO = (
    "+12125550143",
    "+18085550143",
    "+493023125000",
    "+81312345678",
)
NOON = datetime(2026, 11, 29, 17, tzinfo=UTC)  # noon in New York


def screened(
    *rows: tuple[str, str],
    accepted: Accepted = ALL_ACCEPTED,
    column: str = "Visit",
    form: str = "%A, %B %-d at %-I:%M %p",
) -> list[Screened]:
    template = Template.model_validate(
        {
            "language": "en",
            "columns": {"name": "Name", "phone": "Phone"},
            "variables": {"when": {"column": column, "format": form}},
        }
    )
    columns = match_columns(("Name", "Phone", column), template)
    given = [Row(number, ("Ada Lind", *cells)) for number, cells in enumerate(rows, start=2)]
    return list(screen(given, columns, template, accepted=accepted, now=NOON))


def passed(phone: str, cell: str, *, column: str = "Visit", form: str = "%A, %B %-d at %-I:%M %p") -> bool:
    """Whether the only row is called with a doubt about its day."""
    [one] = screened((phone, cell), column=column, form=form)
    assert isinstance(one.verdict, Contact)
    return NoteKind.PAST in {note.kind for note in one.notes}


@pytest.mark.parametrize(
    ("phone", "cell", "has"),
    [
        (NEW_YORK, "2026-11-20 09:00", True),
        (NEW_YORK, "2026-11-29 11:59", True),
        (NEW_YORK, "2026-11-29 12:01", False),
        (HONOLULU, "2026-11-29 11:59", False),
        (HONOLULU, "2026-11-29 06:59", True),
        (BERLIN, "2026-11-29 17:59", True),
        (BERLIN, "2026-11-29 18:01", False),
        (TOKYO, "2026-11-30 01:59", True),
        (TOKYO, "2026-11-30 02:01", False),
        (NEW_YORK, "2026-12-01 09:00", False),
    ],
)
def test_a_time_has_passed_by_the_clock_of_the_person(phone: str, cell: str, *, has: bool) -> None:
    """At noon in New York, eleven o'clock is still to come in Honolulu, and in Berlin it is long gone."""
    assert passed(phone, cell) is has


@pytest.mark.parametrize(
    ("cell", "has"), [("2026-11-28", True), ("2026-11-29", False), ("2026-11-29 09:00", False), ("2026-11-30", False)]
)
def test_a_day_without_its_time_has_passed_when_it_is_over(cell: str, *, has: bool) -> None:
    assert passed(NEW_YORK, cell, form="%A, %B %-d") is has


def test_rows_are_left_out_or_called_as_their_owner_says() -> None:
    rows = (NEW_YORK, "2026-11-20 09:00"), (NEW_YORK, "2026-12-04 09:00")
    old, coming = (one.verdict for one in screened(*rows, accepted=Accepted(past="skip")))
    assert isinstance(old, Skip)
    assert old.why == Passed("Visit", "2026-11-20 09:00")
    # What is left out takes the number from nobody.
    assert isinstance(coming, Contact)
    old, again = (one.verdict for one in screened(*rows, accepted=Accepted(past="call")))
    assert isinstance(old, Contact)
    assert isinstance(again, Skip)


def test_a_time_alone_has_no_day_to_pass() -> None:
    assert not passed(NEW_YORK, "9:00 AM", form="%-I:%M %p")


@pytest.mark.parametrize(
    "column",
    [
        "Visited on",
        "Due date",
        "Date of birth",
        "DOB",
        "Geburtsdatum",
        "Fällig am",
        "Last visit",
        "Letzter Besuch",
        "Customer since",
        "Kunde seit",
        "Order Date",
        "Invoice date",
        "Date de naissance",
        "Échéance",
        "Última visita",
        "Fecha de nacimiento",
        "Vencimiento",
        "生年月日",
        "Дата рождения",
        "Signed up",
        "Delivered on",
    ],
)
def test_days_that_have_passed_by_what_they_are_are_not_asked_about(column: str) -> None:
    """A survey of last week's visits, and a reminder of a bill that is due, are right as they stand."""
    assert not may_pass("day", column)
    assert not passed(NEW_YORK, "2026-11-20", column=column, form="%B %-d")


@pytest.mark.parametrize(
    "column",
    [
        "Appointment",
        "Termin",
        "Visit",
        "Rendez-vous",
        "Cita",
        "Date",
        "Datum",
        "Besuch am",
        "Next visit",
        "Season opening",
        "Personal training",
        "Reason",
        "Randevu",
        "予約日",
        "Приём",
        "Reminder date",
    ],
)
def test_other_days_are_asked_about(column: str) -> None:
    assert may_pass("day", column)


def test_nothing_is_noted_where_nobody_asks_what_day_it_is() -> None:
    """`init` shows what a sheet's calls will be, whenever they are made."""
    template = Template.model_validate(
        {
            "language": "en",
            "columns": {"name": "Name", "phone": "Phone"},
            "variables": {"when": {"column": "Visit", "format": "%B %-d"}},
        }
    )
    header = ("Name", "Phone", "Visit")
    [one] = screen([Row(2, ("Ada Lind", NEW_YORK, "2001-05-03"))], match_columns(header, template), template)
    assert NoteKind.PAST not in {note.kind for note in one.notes}
