"""Numbers in doubt that nobody accepted: the row's next one counts, and what is said of them still does."""

import pytest

from campaign.config.template import Template
from campaign.domain.cures.notes import NoteKind
from campaign.domain.model import Contact, Invalid, Row, Screened, Skip
from campaign.intake.contacts.columns import match_columns
from campaign.intake.contacts.consent import refusals
from campaign.intake.contacts.findings import ALL_ACCEPTED, Accepted
from campaign.intake.contacts.screen import screen

HEADER = ("Name", "Phone", "Other", "Country", "Agreed")
RESTORED, WHOLE, REAL = "2079460018", "+442079460018", "+447400123456"


def screened(*rows: tuple[str, ...], accepted: Accepted = ALL_ACCEPTED) -> list[Screened]:
    template = Template.model_validate(
        {
            "columns": {"name": "Name", "phone": ["Phone", "Other"], "country": "Country", "consent": "Agreed"},
            "phone": {"region": "GB"},
        }
    )
    columns, numbered = match_columns(HEADER, template), [Row(2 + place, cells) for place, cells in enumerate(rows)]
    refused = refusals(numbered, columns, template)
    return list(screen(numbered, columns, template, refused=refused, accepted=accepted))


def row(phone: str, *, other: str = "", country: str = "", agreed: str = "yes") -> tuple[str, ...]:
    return ("Ann Lee", phone, other, country, agreed)


@pytest.mark.parametrize(
    ("phone", "accepted", "reason"),
    [
        (RESTORED, Accepted(repaired=False), "the 0 before it is missing; read as +442079460018"),
        (WHOLE, Accepted(fictitious=False), "a number kept for examples, which nobody answers"),
        (RESTORED, Accepted(fictitious=False), "a number kept for examples, which nobody answers"),
    ],
)
def test_c02_c17_what_is_not_accepted_is_no_number_and_the_next_one_counts(
    phone: str, accepted: Accepted, reason: str
) -> None:
    refused, called = screened(row(phone), row(phone, other=REAL), accepted=accepted)
    assert isinstance(refused.verdict, Invalid)
    [problem] = refused.verdict.problems
    assert (problem.column, problem.value, problem.reason) == ("Phone", phone, reason)
    assert problem.cure
    assert isinstance(called.verdict, Contact)
    assert called.verdict.phone == REAL
    assert isinstance(screened(row(phone))[0].verdict, Contact)


def test_c02_a_number_that_is_left_out_makes_no_duplicate_of_the_right_one() -> None:
    """The person would be called by neither row."""
    left_out, called = screened(row(RESTORED), row(WHOLE), accepted=Accepted(repaired=False))
    assert isinstance(left_out.verdict, Invalid)
    assert isinstance(called.verdict, Contact)


def test_a_no_that_is_said_for_a_restored_number_holds_all_the_same() -> None:
    """It is surely theirs who said it, or nobody's."""
    yes, _no = screened(row(WHOLE), row(RESTORED, agreed="no"), accepted=Accepted(repaired=False))
    assert isinstance(yes.verdict, Skip)
    assert yes.verdict.reason == "no consent (row 3 says no for the same number)"


@pytest.mark.parametrize(
    ("phone", "country", "noted"),
    [
        (REAL, "US", "the number belongs to GB; called as written"),
        ("00447400123456", "Germany", "the number belongs to GB; called as written"),
        ("+80012345678", "GB", "the number belongs to no country; called as written"),
        (REAL, "GB", None),
        (REAL, "Jersey", None),
        (REAL, "", None),
        ("07400 123456", "GB", None),
        ("+14165550132", "US", None),
    ],
)
def test_a_country_that_the_number_is_not_of_is_noted(phone: str, country: str, noted: str | None) -> None:
    """One of the two is wrong, or the person has moved: only their own list can tell."""
    [one] = screened(row(phone, country=country))
    assert isinstance(one.verdict, Contact)
    found = [note for note in one.notes if note.kind is NoteKind.WARNING]
    assert [(note.column, note.value, note.text) for note in found] == ([("Country", country, noted)] if noted else [])


def test_a_country_that_is_blank_is_compared_with_nothing() -> None:
    """The template's region is of numbers written without a country, and no word on any row."""
    [one] = screened(row("+14165550132"))
    assert not [note for note in one.notes if note.kind is NoteKind.WARNING]
