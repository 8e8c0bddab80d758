"""A row that lacks only what its end left out is read; one that may lack a cell elsewhere never is."""

from pathlib import Path

import pytest

from campaign.config.template import Template
from campaign.domain.model import Contact, Invalid, Row
from campaign.intake.contacts.columns import match_columns
from campaign.intake.contacts.screen import screen
from campaign.intake.text.delimited import read_delimited
from campaign.intake.text.short_rows import Lacking, short_rows_of

ADA, BO = "+14155550111", "+16505550112"
TEMPLATE = Template.model_validate(
    {
        "columns": {"name": "Name", "phone": "Phone"},
        "variables": {"note": {"column": "Note", "optional": True}},
        "phone": {"region": "US"},
    }
)


def rows(folder: Path, *lines: str) -> list[Row]:
    path = folder / "sheet.csv"
    path.write_text("".join(f"{line}\r\n" for line in lines), encoding="utf-8", newline="")
    return list(read_delimited(path).rows)


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Name,Phone,Note", f"Bo,{BO}"),
        ("Name,Phone,Note,City", f"Bo,{BO}"),
        ("Note,Name,Phone,City", f"x,Bo,{BO}"),
    ],
)
def test_a_row_whose_kinds_stand_nowhere_else_lacks_its_end(header: str, cells: str) -> None:
    assert short_rows_of(header.split(","))(cells.split(",")) is Lacking.END


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Name,Phone,City,Note", f"Bo,{BO},Albany"),  # Albany, or a note: which of them is lacking?
        ("Name,Mobile Phone,Home Phone,Note", f"Bo,{BO}"),  # whose number is it?
        ("Name,Guardian,Phone,Note", f"Bo,{BO}"),
        ("Phone,Name,Note", f"{BO},Bo"),  # Bo may be the note
        ("Name,Phone,Email,Note", f"Bo,{BO},bo@example.org"),
        ("Name,Emergency,Phone,Note", f"Bo,{BO}"),
        ("A,B,C", f"Bo,{BO}"),
        ("Name,Phone,Note", "Bo"),
    ],
)
def test_a_row_that_may_lack_a_cell_elsewhere_is_not_read(header: str, cells: str) -> None:
    """One cell deleted within a row moves the others by one: another's number would be called."""
    assert short_rows_of(header.split(","))(cells.split(",")) is not Lacking.END


def test_excels_rows_without_their_empty_cells_are_called(tmp_path: Path) -> None:
    read = rows(tmp_path, "Name,Phone,Note", f"Ada,{ADA},x", f"Bo,{BO}")
    verdicts = [one.verdict for one in screen(read, match_columns(("Name", "Phone", "Note"), TEMPLATE), TEMPLATE)]
    assert [one.variables for one in verdicts if isinstance(one, Contact)] == [(("note", "x"),), ()]


def test_a_row_that_lacks_what_is_needed_is_a_problem(tmp_path: Path) -> None:
    made = TEMPLATE.model_copy(update={"variables": Template.model_validate(
        {"columns": {"name": "Name", "phone": "Phone"}, "variables": {"note": {"column": "Note"}}}
    ).variables})  # fmt: skip
    read = rows(tmp_path, "Name,Phone,Note", f"Ada,{ADA},x", f"Bo,{BO}")
    verdicts = [one.verdict for one in screen(read, match_columns(("Name", "Phone", "Note"), made), made)]
    assert isinstance(verdicts[1], Invalid)


def test_what_a_row_has_too_much_stays_in_the_file_of_its_problem(tmp_path: Path) -> None:
    [row, _] = rows(tmp_path, "Name,Phone,City", f"Smith, John,{BO},New York", f"Ada,{ADA},Albany")
    assert row.damage is not None
    assert row.cells == ("Smith", " John", f"{BO},New York")
