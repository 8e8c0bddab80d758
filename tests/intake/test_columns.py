"""The template's columns are found in the header, or the sheet is refused with all that is wrong at once."""

from typing import Any

import pytest

from campaign.errors import SheetError
from campaign.intake.columns import Columns, Variable, match_columns
from campaign.template import Template


def template(**parts: Any) -> Template:
    columns = {"name": "Name", "phone": "Phone"} | parts.pop("columns", {})
    return Template.model_validate({"columns": columns, **parts})


@pytest.mark.parametrize(
    "header",
    ["Phone", "PHONE", " phone ", "\u00a0Phone\u00a0", "\u200bPhone", "Ｐｈｏｎｅ", "Phone\n", "\u202aPhone\u202c"],  # noqa: RUF001 - full-width is meant
)
def test_case_width_spacing_and_invisible_characters_make_no_difference(header: str) -> None:
    """Headers are typed by people and pasted from web pages."""
    assert match_columns(("Name", header), template()).phones == (1,)


def test_inner_spacing_is_collapsed() -> None:
    assert match_columns(("Name", "Cell\n  phone"), template(columns={"phone": "cell phone"})).phones == (1,)


def test_a_look_alike_from_another_script_is_another_column() -> None:
    """A Cyrillic letter may mean another column; the user decides."""
    with pytest.raises(SheetError, match="nearest in the sheet"):
        match_columns(("Name", "Рhone"), template())  # noqa: RUF001 - Cyrillic is meant


def test_every_use_gets_its_column() -> None:
    """One table of all that a template can ask for."""
    made = template(
        columns={"phone": ["Mobile", "Phone", "phone"], "email": "Mail", "consent": ["OK", "Agreed"]},
        variables={
            "day": ["Date", "Day"],
            "clinic": {"value": "Lakeside"},
            "notes": {"column": "Notes", "optional": True},
        },
    )
    header = ("Phone", "Name", "Notes", "Day", "Agreed", "Mail", "Mobile")
    variables = (Variable("day", 3), Variable("clinic", None, "Lakeside"), Variable("notes", 2, optional=True))
    assert match_columns(header, made) == Columns(header, 1, (6, 0), 5, 4, variables)


def test_all_missing_columns_are_named_at_once_with_the_nearest() -> None:
    """Nobody should mend a template five times."""
    made = template(columns={"phone": ["Mobile", "Cell"], "email": "E-mail"}, variables={"day": "Appointment"})
    with pytest.raises(SheetError) as caught:
        match_columns(("Nam", "Mobil", "Apointment", "zzz"), made)
    message = str(caught.value)
    assert "no column 'Name' (name), nearest in the sheet: 'Nam'" in message
    assert "no column 'Mobile' or 'Cell' (phone), nearest in the sheet: 'Mobil'" in message
    assert "no column 'Appointment' (variable day), nearest in the sheet: 'Apointment'" in message
    assert "no column 'E-mail' (email), the sheet has: 'Nam', 'Mobil', 'Apointment', 'zzz'" in message


@pytest.mark.parametrize("twin", ["Phone", "phone ", "ＰＨＯＮＥ"])  # noqa: RUF001 - full-width is meant
def test_a_column_that_stands_there_twice_is_refused(twin: str) -> None:
    """Either could hold the number."""
    with pytest.raises(SheetError, match=r"'Phone' \(phone\) stands in the header 2 times, as columns 2 and 3"):
        match_columns(("Name", "Phone", twin), template())
    assert match_columns(("Name", "Phone", "x", "x"), template()).phones == (1,)


def test_a_blank_header_is_never_matched() -> None:
    """A column without a name is nobody's."""
    with pytest.raises(SheetError, match="no column ' '"):
        match_columns(("Name", " "), template(columns={"phone": " "}))
