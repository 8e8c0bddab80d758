"""A sheet is what is in it: neither its name, nor the order of its rows or columns."""

import hashlib
import json

import pytest
from hypothesis import given, strategies as st

from campaign.domain.model import Contact, Invalid, Problem, Row, Screened, Skip
from campaign.domain.skip_reason import Duplicate
from campaign.intake.contacts.content_hash import ContentKeys

HEADER = ("Patient", "Mobile", "Note")
CELLS = st.text(alphabet="ab1,|\"'é\n ", max_size=3)
SHEETS = st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=8)
Lines = list[tuple[str, ...]]


def screened(number: int, cells: tuple[str, ...], *, repeated: bool) -> Screened:
    contact = Contact(row=number, name=cells[0], phone="+12025550100")
    verdict = Skip(contact, Duplicate(2)) if repeated else contact
    return Screened(row=Row(number=number, cells=cells), verdict=verdict)


def named(lines: Lines, *, header: tuple[str, ...] = HEADER) -> tuple[list[str], str]:
    """(the rows' keys, the sheet's fingerprint); of equal rows the first is a contact, as screening has it."""
    keys, seen = ContentKeys(header), set[tuple[str, ...]]()
    rows = list[str]()
    for number, cells in enumerate(lines, 2):
        rows.append(keys.key(screened(number, cells, repeated=cells in seen)))
        seen.add(cells)
    return rows, keys.fingerprint()


@given(lines=SHEETS, data=st.data())
def test_the_order_of_rows_does_not_matter(lines: Lines, data: st.DataObject) -> None:
    """A sheet that was sorted and run again is the same sheet: its people must not be called again."""
    keys, fingerprint = named(lines)
    moved_keys, moved = named(data.draw(st.permutations(lines)))
    assert moved == fingerprint
    assert sorted(moved_keys) == sorted(keys)


@given(lines=SHEETS, order=st.permutations(range(3)))
def test_the_order_of_columns_does_not_matter(lines: Lines, order: list[int]) -> None:
    """A column that was dragged elsewhere changes nothing of what is said to whom."""
    turned = [tuple(cells[index] for index in order) for cells in lines]
    assert named(turned, header=tuple(HEADER[index] for index in order)) == named(lines)


@given(lines=SHEETS)
def test_every_row_has_a_key_of_its_own_even_among_equals(lines: Lines) -> None:
    """The ledger keeps one row for each key: none may fall out."""
    keys, _ = named(lines + lines)
    assert len(set(keys)) == len(keys)


@given(lines=SHEETS.filter(bool), data=st.data())
def test_a_changed_cell_makes_another_sheet_and_leaves_the_other_rows_what_they_were(
    lines: Lines, data: st.DataObject
) -> None:
    """An edited sheet asks; its unchanged rows are still known."""
    at, column = data.draw(st.integers(0, len(lines) - 1)), data.draw(st.integers(0, 2))
    changed = [list(cells) for cells in lines]
    changed[at][column] += "!"
    keys, fingerprint = named(lines)
    new_keys, new = named([tuple(cells) for cells in changed])
    assert new != fingerprint
    assert new_keys[at] != keys[at]
    assert new_keys[at] not in keys


@given(lines=SHEETS.filter(bool))
def test_a_row_more_or_less_makes_another_sheet(lines: Lines) -> None:
    """Also when the row is one that is there already, or empty."""
    fingerprint = named(lines)[1]
    assert named([*lines, ("", "", "")])[1] != fingerprint
    assert named(lines + lines[:1])[1] != fingerprint


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([("ab", "c", "")], [("a", "bc", "")]),
        ([("a,b", "", "")], [("a", "b", "")]),
        ([("a", "b", "")], [("b", "a", "")]),
        ([("a", "b", "c"), ("d", "e", "f")], [("a", "b", "f"), ("d", "e", "c")]),
        ([("a", "b", "c")], [("a", "b", "c ")]),
    ],
    ids=["shifted border", "a separator in a cell", "swapped cells", "cells swapped between rows", "a space"],
)
def test_what_merely_looks_alike_is_not_the_same(one: Lines, other: Lines) -> None:
    """Taking a new sheet for an old one would leave its people without their call."""
    assert named(one)[1] != named(other)[1]
    assert set(named(one)[0]).isdisjoint(named(other)[0])


def test_a_renamed_column_makes_another_sheet() -> None:
    """What is said may depend on it."""
    lines: Lines = [("Ada", "+12025550101", "x")]
    assert named(lines, header=("Patient", "Mobile", "Remark"))[1] != named(lines)[1]


def test_two_columns_of_one_name_are_told_apart_by_their_order() -> None:
    """Two columns "Phone" are two different numbers."""
    header = ("Name", "Phone", "Phone")
    assert named([("Ada", "1", "2")], header=header)[1] != named([("Ada", "2", "1")], header=header)[1]


def test_cells_beyond_the_header_count_and_missing_ones_are_empty() -> None:
    """A short line is the same as one that is filled up; a long one holds something that the other does not."""
    assert named([("Ada", "1")]) == named([("Ada", "1", "")])
    assert named([("Ada", "1", "", "more")])[1] != named([("Ada", "1", "")])[1]


def test_the_sheets_row_numbers_and_verdicts_do_not_make_another_sheet() -> None:
    """An empty line that was taken out above moves every row; a rule that was added turns contacts away."""
    problem = Problem(row=9, column="Mobile", value="1", reason="not a number", cure="correct it")
    one, other = ContentKeys(HEADER), ContentKeys(HEADER)
    row = Row(number=9, cells=("Ada", "1", ""))
    good = one.key(screened(2, row.cells, repeated=False))
    bad = other.key(Screened(row=row, verdict=Invalid((problem,))))
    assert one.fingerprint() == other.fingerprint()
    assert bad.startswith(good)


@given(
    header=st.lists(st.text('ab%s"\\é\ud800', max_size=3), max_size=4),
    cells=st.lists(st.text('ab%s"\\é\ud800\n', max_size=4), max_size=6),
)
def test_keys_are_what_they_were_when_the_first_ledgers_were_written(header: list[str], cells: list[str]) -> None:
    """A sheet that was run before must be known again by every later version, or its people are called anew."""
    order = sorted(range(len(header)), key=lambda index: (header[index], index))
    content = [[header[index], cells[index] if index < len(cells) else ""] for index in order]
    digest = hashlib.sha256(json.dumps([content, cells[len(header) :]]).encode())
    keys = ContentKeys(header)
    assert keys.key(Screened(Row(2, tuple(cells)), Contact(2, "Ada", "+12025550100"))) == digest.hexdigest()[:32]
    names = json.dumps([header[index] for index in order])
    assert keys.fingerprint() == hashlib.sha256(f"{names}|1|{int(digest.hexdigest(), 16):x}".encode()).hexdigest()


def test_a_sheet_without_rows_has_a_name_too() -> None:
    assert named([])[1] != named([], header=("Patient",))[1]
