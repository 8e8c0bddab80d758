"""Edits of a sheet: what its owner typed counts as the cell, and belongs to no other cell."""

import pytest

from campaign.domain.errors import SheetError
from campaign.domain.model import Mark, Row
from campaign.domain.sheet import Sheet
from campaign.intake.edits import CellEdit, Edits, edited

HEADER = ("name", "phone")
EDIT = CellEdit(3, 1, "phone", before="12", value="+1 202 555 0110")


def sheet(*rows: Row) -> Sheet:
    """A sheet of these rows."""
    return Sheet(HEADER, iter(rows))


def test_the_cell_is_replaced_and_loses_the_type_that_it_had() -> None:
    """A number that a person typed is text: nothing of it was lost in a number cell."""
    row = Row(3, ("Ada", "12"), marks=((0, Mark.MERGED), (1, Mark.NUMBER)))
    [before, after] = edited(sheet(Row(2, ("Ben", "12")), row), Edits((EDIT,))).rows
    assert before.cells == ("Ben", "12")
    assert after.cells == ("Ada", "+1 202 555 0110")
    assert after.marks == ((0, Mark.MERGED),)


@pytest.mark.parametrize(
    "row",
    [
        Row(3, ("Ada", "13")),
        Row(3, ("Ada",)),
        Row(3, ("Ada", "12"), damage="a field too many"),
        Row(4, ("Ada", "12")),
    ],
    ids=["another cell", "no such cell", "a damaged row", "no such row"],
)
def test_a_cell_that_is_not_as_it_was_is_refused(row: Row) -> None:
    """Another reading of the file, another person: the number would be called under a wrong name."""
    with pytest.raises(SheetError, match="row 3, column 'phone'"):
        list(edited(sheet(row), Edits((EDIT,))).rows)


def test_a_column_of_another_name_is_refused() -> None:
    other = Sheet(("phone", "fax"), iter([Row(3, ("Ada", "12"))]))
    with pytest.raises(SheetError, match="not there any more"):
        list(edited(other, Edits((EDIT,))).rows)


def test_a_row_that_its_owner_lets_be_read_can_be_edited() -> None:
    row = Row(3, ("Ada", "12"), damage="a field too few", short=1, readable="short_rows")
    [after] = edited(sheet(row), Edits((EDIT,))).rows
    assert after.cells[1] == EDIT.value


def test_the_text_of_the_file_takes_an_edit_back() -> None:
    edits = Edits().with_cell(EDIT).with_cell(CellEdit(3, 0, "name", "Ada", "Eve"))
    assert [one.place for one in edits.of_row(3)] == [0, 1]
    back = edits.with_cell(CellEdit(3, 1, "phone", "12", "12"))
    assert [one.value for one in back.cells] == ["Eve"]
    assert Edits().with_row(3, left_out=True).with_row(3, left_out=False) == Edits()
