"""Nobody is called against their word, nor twice: which rows of one number are let through."""

import pytest

from campaign.domain.errors import SheetError
from campaign.domain.model import Contact, Mark, Row, Skip
from campaign.intake.contacts.columns import match_columns
from campaign.intake.contacts.screen import screen
from tests.intake.appointments import HEADER, changed, contact, read_twice, reasons, template, verdicts


@pytest.mark.parametrize(
    "said",
    [
        "yes",
        "y",
        "true",
        "1",
        "x",
        "ja",
        "oui",
        "si",
        "sí",
        "YES",
        " Yes ",
        "TRUE",
        "\N{FULLWIDTH LATIN CAPITAL LETTER Y}",
        "Si\u0301",
    ],
)
def test_a_clear_yes_is_consent(said: str) -> None:
    assert contact(Agreed=said).phone


@pytest.mark.parametrize("said", ["", "no", "0", "false", "maybe", "yes?", "not yes", "2", "nein", "-", "unknown"])
def test_anything_but_a_clear_yes_is_no_consent(said: str) -> None:
    """Calling someone who said no may be against the law."""
    [verdict] = verdicts(changed(Agreed=said))
    assert isinstance(verdict, Skip)
    assert verdict.reason == f"no consent (column 'Agreed': {said!r})"
    assert verdict.contact.phone == "+14155550100"


def test_d01_a_number_is_called_for_its_first_good_row_only() -> None:
    """Nobody is called twice, however their number is written, and nobody is lost to a row that is not called."""
    assert reasons(
        changed(Agreed=""),
        changed(Name=""),
        changed(),
        changed(Mobile="+1 415-555-0100"),
        changed(Mobile="", Phone="1 415 555 0100", Agreed=""),
        changed(Mobile="4155550101"),
        changed(Name="ann  lee"),
    ) == ["no consent (column 'Agreed': '')", "Invalid", "Contact", "duplicate of row 4",
          "no consent (column 'Agreed': '')", "Contact", "duplicate of row 4"]  # fmt: skip


def test_d01_a_duplicate_under_another_name_says_so() -> None:
    """Two people at one telephone, or one number pasted down a column."""
    assert reasons(changed(), changed(Name="Bob Lee")) == ["Contact", "duplicate of row 2, there under another name"]


@pytest.mark.parametrize("no", ["no", "0", "opted out", "Do not call"])
def test_a_no_in_any_row_keeps_its_number_from_being_called(no: str) -> None:
    """Above or below the yes: whoever took it back once does not want to be called."""
    assert reasons(changed(), changed(Agreed=no), changed()) == [
        "no consent (row 3 says no for the same number)",
        f"no consent (column 'Agreed': {no!r})",
        "no consent (row 3 says no for the same number)",
    ]


def test_a_no_holds_for_all_numbers_of_its_row_even_if_the_row_is_invalid() -> None:
    """It was the person who said no, not one of their telephones."""
    no = changed(Name="", Mobile="12", Phone="+14155550102", Agreed="no")
    also = changed(Mobile="+14155550101", Phone="+14155550103", Agreed="no")
    assert reasons(changed(Mobile="+14155550102"), changed(Mobile="+14155550103"), no, also) == [
        "no consent (row 4 says no for the same number)",
        "no consent (row 5 says no for the same number)",
        "Invalid",
        "no consent (column 'Agreed': 'no')",
    ]


def test_a_formula_that_was_never_worked_out_is_no_yes() -> None:
    """It may say no."""
    index = HEADER.index("Agreed")
    rows = Row(2, changed()), Row(3, changed(Agreed=""), marks=((index, Mark.UNCALCULATED),))
    assert [type(each.verdict) for each in read_twice(*rows)] == [Skip, Skip]


def test_a_no_that_the_first_reading_did_not_find_stops_the_reading() -> None:
    """The sheet is being written to, and its yes has gone out already."""
    made = template()
    rows = [Row(2, changed()), Row(3, changed(Agreed="no"))]
    screened = screen(rows, match_columns(HEADER, made), made)
    assert isinstance(next(screened).verdict, Contact)
    with pytest.raises(SheetError, match="row 3 says no for a number that an earlier row says yes for"):
        next(screened)


def test_a_no_above_its_yes_needs_no_first_reading() -> None:
    made = template()
    rows = [Row(2, changed(Agreed="no")), Row(3, changed())]
    assert all(isinstance(each.verdict, Skip) for each in screen(rows, match_columns(HEADER, made), made))


def test_rows_that_are_not_called_have_no_doubts() -> None:
    """Their own reason is enough to look through."""
    for cells in (changed(Name="ANN LEE", Day=""), changed(Name="ANN LEE", Agreed="no")):
        [screened] = read_twice(Row(2, cells))
        assert screened.notes == ()
