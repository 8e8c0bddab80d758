"""Which row holds the columns' names is found or asked, and a person in its place is never passed over."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from campaign.config.template import Template
from campaign.domain.cures import CureCode
from campaign.domain.cures.sheets import say_whether_a_person
from campaign.domain.errors import SheetError, UndecidedError
from campaign.intake.contacts.header import matched, open_with_header
from campaign.intake.files.read_options import Choices

GOOD = ("Name,Phone,Day", "Ada Example,(212) 555-0101,Monday", "Bo Example,(212) 555-0102,Tuesday")


def template(*, region: str | None = "US", **columns: Any) -> Template:
    return Template.model_validate(
        {"columns": {"name": "Name", "phone": "Phone"} | columns, "phone": {"region": region} if region else {}}
    )


def sheet(folder: Path, *lines: str) -> Path:
    path = folder / "sheet.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def undecided(path: Path, made: Template, *, choices: Choices = Choices()) -> UndecidedError:  # noqa: B008 - frozen
    with pytest.raises(UndecidedError) as caught:
        matched(path, made, choices=choices)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    return caught.value


def test_a_sheet_whose_header_fits_is_opened_with_its_columns(tmp_path: Path) -> None:
    opened, columns = matched(sheet(tmp_path, *GOOD), template())
    assert (opened.header_row, columns.name, columns.phones) == (1, 0, (1,))
    assert [row.number for row in opened.rows] == [2, 3]


@pytest.mark.parametrize(
    ("above", "row"),
    [
        (("Visits of December,,",), 2),
        (("Visits,,", "as of Monday,,", "call 2125550100 for questions,,"), 4),
        (("Person,,Visit",), 2),  # two lines of header, the first one merged
        (("+1 212 555 0199,,",), 2),  # a number in a title makes nobody of it
        (("Nom,Téléphone,Jour",), 2),
    ],
)
def test_a26_names_below_the_first_row_are_asked_for_by_their_row(
    tmp_path: Path, above: tuple[str, ...], row: int
) -> None:
    """Titles, and headers of two lines, are for people; the names may also be the first person of another table."""
    path = sheet(tmp_path, *above, *GOOD)
    error = undecided(path, template())
    assert error.choice == "header_row"
    assert error.options[0] == (str(row), "Name | Phone | Day")
    assert [value for value, _ in error.options] == [str(row), "1"]
    [cure] = error.cures
    assert (cure.code, dict(cure.values)["row"]) == (CureCode.NAME_THE_HEADER_ROW, row)
    assert above[0].split(",")[0] in str(dict(cure.values)["shown"])
    opened, columns = matched(path, template(), choices=Choices(header_row=row))
    assert (opened.header_row, columns.phones) == (row, (1,))
    assert [line.cells[0] for line in opened.rows] == ["Ada Example", "Bo Example"]


def test_a_header_that_stands_there_twice_is_asked_for(tmp_path: Path) -> None:
    error = undecided(sheet(tmp_path, "x,,", *GOOD, "Name,Phone,Day", "Cy Example,(212) 555-0103,"), template())
    assert [value for value, _ in error.options] == ["2", "5", "1"]


def test_a_later_row_that_would_fit_does_not_matter_when_the_header_fits(tmp_path: Path) -> None:
    """A sheet that was glued together of two keeps its first header; the second one is an invalid row."""
    assert matched(sheet(tmp_path, *GOOD, "Name,Phone,Day"), template())[0].header_row == 1


def test_only_the_first_twenty_rows_are_looked_at(tmp_path: Path) -> None:
    titles = [f"line {number},," for number in range(1, 20)]
    assert undecided(sheet(tmp_path, *titles, *GOOD), template()).options[0][0] == "20"
    with pytest.raises(SheetError, match="no column 'Name'"):
        matched(sheet(tmp_path, "one more,,", *titles, *GOOD), template())


def test_a_title_above_names_that_do_not_fit_either_is_told_with_its_first_lines(tmp_path: Path) -> None:
    """Else the user reads that the sheet has one column, and its name is the title."""
    error = undecided(sheet(tmp_path, "Visits,,", "Patient,Mobile,Day", *GOOD[1:]), template())
    assert error.choice == "header_row"
    [cure] = error.cures
    assert cure.code is CureCode.FIND_THE_HEADER_ROW
    assert "row 2: Patient | Mobile | Day" in str(dict(cure.values)["shown"])


def test_columns_that_are_nowhere_are_named_as_ever(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="no column 'Name'") as caught:
        matched(sheet(tmp_path, "Patient,Phone,Day", *GOOD[1:]), template())
    assert not isinstance(caught.value, UndecidedError)


@pytest.mark.parametrize("made", [template(), template(region=None), template(name="#1", phone="#2")])
@pytest.mark.parametrize("number", ["(212) 555-0101", "+1 212 555 0101", "2125550101"])
def test_a27_a_person_in_the_headers_place_is_asked_about(tmp_path: Path, made: Template, number: str) -> None:
    """The first person would never be called, and nothing would say so."""
    path = sheet(tmp_path, f"Ada Example,{number},Monday", "Bo Example,(212) 555-0102,Tuesday")
    error = undecided(path, made)
    assert error.choice == "no_header"
    assert error.cures == (say_whether_a_person(row=1),)
    assert [value for value, _ in error.options] == ["no_header", "1"]


def test_a27_a_person_in_a_header_that_fits_is_asked_about_too(tmp_path: Path) -> None:
    path = sheet(tmp_path, "Name,Phone,+1 212 555 0199", *GOOD[1:])
    assert undecided(path, template()).choice == "no_header"
    assert matched(path, template(), choices=Choices(header_row=1))[1].phones == (1,)


def test_without_a_header_the_columns_are_named_by_number(tmp_path: Path) -> None:
    path = sheet(tmp_path, "Ada Example,(212) 555-0101", "Bo Example,(212) 555-0102")
    opened, columns = matched(path, template(name="#1", phone="#2"), choices=Choices(no_header=True))
    assert (opened.header_row, columns.name, columns.phones) == (0, 0, (1,))
    assert [row.number for row in opened.rows] == [1, 2]


@pytest.mark.parametrize("name", ["2026-11-30", "30.11.2026", "20261130", "12345", "Phone 2", "1 of 2", "555", ""])
@pytest.mark.parametrize("region", ["US", "DE", None])
def test_a_header_of_dates_and_counts_is_no_person(tmp_path: Path, name: str, region: str | None) -> None:
    assert matched(sheet(tmp_path, f"Name,Phone,{name}", *GOOD[1:]), template(region=region))[1].name == 0


def test_what_a_cell_would_do_to_a_terminal_is_not_shown(tmp_path: Path) -> None:
    assert "\x1b" not in str(undecided(sheet(tmp_path, "\x1b]0;x,,", *GOOD), template()))


def test_a_header_without_rows_is_no_question_of_the_header(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="no contacts") as caught:
        matched(sheet(tmp_path, "Name,Phone,Day"), template())
    assert not isinstance(caught.value, UndecidedError)


@pytest.mark.parametrize(
    "person", ["Customer,Mobile,+12125550102", "Name,Phone,cy@example.org", "Guest,Cell,2125550102"]
)
def test_a_row_with_a_number_or_an_address_is_never_a_header(tmp_path: Path, person: str) -> None:
    """People are called Customer, and their phones Mobile: with such a row as header, those above are not called."""
    path = sheet(tmp_path, "Who,Kind,Number", "Owner,Home,+12125550101", person, "Owner,Home,+12125550103")
    opened = open_with_header(path, choices=Choices(), region=None, fits=_names_somebody)
    assert (opened.header_row, len(list(opened.rows))) == (1, 3)


def _names_somebody(header: Sequence[str]) -> bool:
    return not {"Customer", "Name", "Guest"}.isdisjoint(header)


def test_the_first_row_is_always_among_the_rows_to_choose_from(tmp_path: Path) -> None:
    error = undecided(sheet(tmp_path, "Nom,Numéro,Jour", *GOOD), template())
    assert error.options[-1] == ("1", "Nom | Numéro | Jour")
