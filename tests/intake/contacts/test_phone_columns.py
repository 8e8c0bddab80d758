"""Which of a row's cells is called, and in which country it is read."""

import pytest

from campaign.config.template import Template
from campaign.domain.cures.notes import Note, NoteKind
from campaign.domain.model import Contact, Invalid, Mark, Row, Screened
from campaign.intake.contacts.columns import match_columns
from campaign.intake.contacts.screen import screen
from tests.intake.appointments import HEADER, changed, contact, in_columns, problems, read_twice, warnings


def test_the_first_phone_column_that_can_be_called_is() -> None:
    """A template's order is a wish of the user."""
    assert contact(Mobile="+14155550101", Phone="+14155550102").phone == "+14155550101"
    assert contact(Mobile="\u200b ", Phone="+14155550102").phone == "+14155550102"
    assert contact(Mobile="+14155550101", Phone="12").phone == "+14155550101"
    assert contact(Mobile="12", Phone="+14155550102").phone == "+14155550102"


def test_a_faulty_number_before_the_one_that_is_called_is_noted() -> None:
    """Someone meant it to be called first."""
    assert warnings(changed(Mobile="123", Phone="+14155550102")) == [
        ("Mobile", "123", "an emergency or short number is never called; 'Phone' is called instead")
    ]
    assert warnings(changed(Mobile="+14155550101", Phone="123")) == []


def test_each_filled_phone_cell_is_a_problem_when_none_can_be_called() -> None:
    """Whichever is corrected, the row can be called."""
    assert problems(Mobile="12", Phone="call") == [
        ("Mobile", "an emergency or short number is never called"),
        ("Phone", "no phone number"),
    ]


def test_c17_a_number_for_examples_is_noted() -> None:
    [screened] = read_twice(Row(2, changed()))
    text = "+14155550100 is kept for examples, and nobody answers it"
    assert screened.notes == (Note(NoteKind.FICTITIOUS, 2, "Mobile", "(415) 555-0100", text),)


def test_a_repaired_number_is_called_and_shows_before_and_after() -> None:
    """A person must see both before the first call."""
    screened = in_columns((*changed(Mobile="2079460018"), "", "GB"))
    assert isinstance(screened.verdict, Contact)
    assert screened.verdict.phone == "+442079460018"
    text = "called as +442079460018: the 0 before it is missing; read as +442079460018"
    assert screened.notes[0] == Note(NoteKind.REPAIRED, 2, "Mobile", "2079460018", text)


def test_b10_a_number_cell_is_read_as_one() -> None:
    """No zero or plus can have survived in it; the reader of numbers knows what that means."""
    cells = changed(Mobile="+14155550101")
    [first, second] = read_twice(Row(2, cells, marks=((HEADER.index("Mobile"), Mark.NUMBER),)), Row(3, cells))
    assert isinstance(first.verdict, Invalid)
    assert [problem.reason for problem in first.verdict.problems] == ["not written as one phone number"]
    assert isinstance(second.verdict, Contact)


@pytest.mark.parametrize(
    ("phone", "country", "called"),
    [
        ("020 7946 0018", "GB", "+442079460018"),
        ("020 7946 0018", " gb ", "+442079460018"),
        ("(415) 555-0100", "", "+14155550100"),
        ("+442079460018", "US", "+442079460018"),
    ],
)
def test_c01_a_rows_country_wins_over_the_templates(phone: str, country: str, called: str) -> None:
    verdict = in_columns((*changed(Mobile=phone), "", country)).verdict
    assert isinstance(verdict, Contact)
    assert verdict.phone == called


@pytest.mark.parametrize(
    ("phone", "found"), [("(415) 555-0100", ["Country"]), ("+12", ["Country", "Mobile"]), ("", ["Country", "Mobile"])]
)
def test_c01_a_country_that_is_not_known_is_a_problem_and_never_the_templates(phone: str, found: list[str]) -> None:
    """The same digits are another person's in another country."""
    verdict = in_columns((*changed(Mobile=phone), "", "Atlantis")).verdict
    assert isinstance(verdict, Invalid)
    assert [problem.column for problem in verdict.problems] == found


def test_b06_a_country_that_a_merged_cell_covers_is_not_the_templates() -> None:
    verdict = in_columns((*changed(), "", ""), marks=((8, Mark.MERGED),)).verdict
    assert isinstance(verdict, Invalid)
    assert [problem.column for problem in verdict.problems] == ["Country"]


@pytest.mark.parametrize("cell", ["NA", "na", "N.A.", " Na "])
def test_na_as_a_country_has_its_way_out(cell: str) -> None:
    """It is Namibia to some, and nothing to programs: nobody is called there by a guess, and no row is stuck."""
    template = Template.model_validate(
        {"columns": {"name": "Name", "phone": "Phone", "country": "Country"}, "phone": {}}
    )
    header = ("Name", "Phone", "Country")

    def screened(country: str) -> Screened:
        [one] = screen([Row(2, ("Ada", "0811234567", country))], match_columns(header, template), template)
        return one

    refused = screened(cell).verdict
    assert isinstance(refused, Invalid)
    assert [(one.column, one.cure) for one in refused.problems] == [
        ("Country", "write NAM for Namibia, or empty the cell where it is not known")
    ]
    called = screened("NAM").verdict
    assert isinstance(called, Contact)
    assert called.phone == "+264811234567"
