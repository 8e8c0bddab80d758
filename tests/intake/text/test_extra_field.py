"""Rows with a field more than the header: a delimiter at their end, or in a cell; every cell moves with the answer."""

from pathlib import Path

import pytest

from campaign.domain.errors import SheetError, UndecidedError
from campaign.intake.files.read_options import Choices
from tests.intake.text.test_delimited import rows_of, sheet_of

SHIFTED = """Name,City,Emergency phone,Phone,Notes
Ada Lindqvist,Springfield, IL,+12125550113,+14155550111,
Bo Marek,Menlo Park, CA,+12125550114,+16505550112,
"""
SPOKEN = """Name,Phone,City,Amount,Due,Notes
Ada Lindqvist,+14155550111,Springfield, IL,10.00,2026-12-01,
Bo Marek,+16505550112,Menlo Park, CA,129.90,2026-12-01,
"""
OPEN = """Name,Phone,City,Notes
Ada Lindqvist,+14155550111,Springfield, IL,
Bo Marek,+16505550112,Menlo Park, CA,
"""


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(("text", "column"), [(SHIFTED, "2"), (SPOKEN, "3")])
def test_a_delimiter_in_a_cell_of_every_row_is_never_taken_for_one_at_their_ends(
    tmp_path: Path, *, text: str, column: str, delimiter: str
) -> None:
    """The emergency contact would be called, and `IL` be spoken as the amount."""
    written = text.replace(",", delimiter)
    with pytest.raises(UndecidedError) as asked:
        rows_of(tmp_path, written)
    assert asked.value.choice == "extra_field"
    assert [choice for choice, _ in asked.value.options] == [column]
    rows = rows_of(tmp_path, written, choices=Choices(extra_field=column))
    place = int(column) - 1
    assert [row.cells[place] for row in rows] == [f"Springfield{delimiter} IL", f"Menlo Park{delimiter} CA"]
    assert [row.cells[-1] for row in rows] == ["", ""]
    assert all(row.damage is None for row in rows)


def test_where_both_readings_are_possible_both_are_shown(tmp_path: Path) -> None:
    with pytest.raises(UndecidedError) as asked:
        rows_of(tmp_path, OPEN)
    assert asked.value.options == (
        ("3", "City: Springfield, IL | Notes:"),
        ("end", "City: Springfield | Notes: IL"),
    )
    assert rows_of(tmp_path, OPEN, choices=Choices(extra_field="end"))[0].cells[2:] == ("Springfield", " IL")


@pytest.mark.parametrize(
    "text",
    [
        "Name,Phone\nAnn,1,\nBob,2,\n",
        "Name,Phone,\nAnn,1,\nBob,2,\n",
        "Name,City,Phone\nAnn,Ohio,+12125550101,\nBob,Utah,+12125550102,\n",
        "Name, Phone, City\nAnn, +12125550101, Ohio,\nBob, +12125550102, Utah,\n",
    ],
)
def test_a_delimiter_at_the_ends_is_proved_by_the_header_or_by_what_the_cells_are(tmp_path: Path, text: str) -> None:
    assert [row.damage for row in rows_of(tmp_path, text)] == [None, None]


def test_where_no_reading_fits_none_is_offered(tmp_path: Path) -> None:
    """Whoever followed an offer to the letter would call a stranger."""
    text = "Name,Phone,Notes\nLee,Ann,+12125550101,\nRay,Bob,+12125550102,\n"
    with pytest.raises(SheetError, match="put it into them") as refused:
        sheet_of(tmp_path, text)
    assert type(refused.value) is SheetError


def test_a_column_that_is_not_there_cannot_be_chosen(tmp_path: Path) -> None:
    for chosen in ("9", "0", "last"):
        with pytest.raises(SheetError, match="no column"):
            sheet_of(tmp_path, OPEN, choices=Choices(extra_field=chosen))
