"""The template's columns are found in the header, or the sheet is refused with all that is wrong at once."""

from typing import Any

import pytest

from campaign.config.template import Template
from campaign.domain.errors import SheetError
from campaign.intake.contacts.columns import Columns, Variable, column_index, match_columns


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


@pytest.mark.parametrize(
    ("header", "wanted", "odd"),
    [
        ("Рhone", "Phone", "the sheet's 'рhone' is written with Cyrillic letters"),  # noqa: RUF001 - meant
        ("ΡHONE", "phone", "the sheet's 'ρhone' is written with Greek letters"),  # noqa: RUF001 - meant
        ("Phone", "Рhоne", "the template's 'рhоne' is written with Cyrillic letters"),  # noqa: RUF001 - meant
    ],
)
def test_a37_a_look_alike_from_another_script_is_another_column_and_says_so(header: str, wanted: str, odd: str) -> None:
    """A Cyrillic letter may mean another column; the user decides, and cannot see why without being told."""
    with pytest.raises(SheetError, match="column 2 only looks the same") as caught:
        match_columns(("Name", header), template(columns={"phone": wanted}))
    assert odd in str(caught.value)
    assert '"#2"' in str(caught.value)


def test_a_header_in_another_script_is_no_look_alike_of_itself() -> None:
    made = template(columns={"name": "Имя", "phone": "Телефон"})
    assert match_columns(("имя", "ТЕЛЕФОН"), made).phones == (1,)


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
    assert match_columns(header, made) == Columns(header, 1, (6, 0), 5, 4, variables, needed=7)


def test_all_missing_columns_are_named_at_once_with_the_nearest() -> None:
    """Nobody should correct a template five times."""
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
    with pytest.raises(SheetError, match='"#2" without a name'):
        match_columns(("Name", " "), template())


@pytest.mark.parametrize("header", [("Name", "", "x"), ("Name", "x", "X"), ("", "Telephone", "")])
def test_a24_a_number_sign_names_a_column_by_its_place(header: tuple[str, ...]) -> None:
    """The only way to name a column whose header is blank, or stands there twice."""
    assert match_columns(header, template(columns={"name": "#1", "phone": "#2"})).phones == (1,)


def test_a_header_that_is_really_called_number_three_wins_over_the_third_column() -> None:
    """What stands in the sheet is a name; a place is only what is left when no column has it."""
    assert match_columns(("#3", "Name", "Phone"), template(columns={"phone": "#3"})).phones == (0,)


@pytest.mark.parametrize("name", ["#0", "#4", "#-1", "# 1", "#1.0", "#01", "1", "#9999999"])
def test_a_place_that_the_sheet_does_not_have_is_no_column(name: str) -> None:
    with pytest.raises(SheetError, match="no column"):
        match_columns(("Name", "Phone", "Day"), template(columns={"phone": name}))


def test_a_place_and_a_name_of_one_column_are_one_phone_column() -> None:
    assert match_columns(("Name", "Phone"), template(columns={"phone": ["#2", "Phone"]})).phones == (1,)


def test_a23_a_column_that_stands_there_twice_can_be_named_by_its_place() -> None:
    """The cure in the message works."""
    header = ("Name", "Phone", "phone ")
    with pytest.raises(SheetError, match='write "#2" or "#3"'):
        match_columns(header, template())
    assert match_columns(header, template(columns={"phone": "#3"})).phones == (2,)


def test_the_parts_of_a_joined_name_are_found_in_the_templates_order() -> None:
    made = template(columns={"name": {"join": ["First name", "Last name"]}})
    found = match_columns(("last name", "Phone", "FIRST NAME"), made)
    assert (found.name, found.names) == (2, (2, 0))
    with pytest.raises(SheetError, match="no column 'Last name'"):
        match_columns(("First name", "Phone"), made)


def test_the_column_of_countries_is_found() -> None:
    assert match_columns(("Name", "Phone", "Land"), template(columns={"country": ["Country", "Land"]})).country == 2


def test_a_place_that_a_template_means_is_told_or_is_none() -> None:
    header = ("Name", "", "x", "X", "#2")
    assert [column_index(name, header) for name in ("NAME", "#1", "#2", "#4", "x", "", "#9")] == [
        0,
        0,
        4,
        3,
        None,
        None,
        None,
    ]
