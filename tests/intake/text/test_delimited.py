"""Text sheets: every field counted, every row its own, and what cannot be told refused or asked, never guessed."""

from pathlib import Path

import pytest

from campaign.domain.cures import CureCode
from campaign.domain.errors import SheetError, UndecidedError
from campaign.domain.model import Row
from campaign.domain.sheet import Sheet
from campaign.intake.files.read_options import UNDECIDED, Choices
from campaign.intake.text.delimited import read_delimited


def saved(folder: Path, content: str | bytes) -> Path:
    path = folder / "sheet.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def sheet_of(folder: Path, content: str | bytes, *, choices: Choices = UNDECIDED) -> Sheet:
    return read_delimited(saved(folder, content), choices=choices)


def rows_of(folder: Path, content: str | bytes, *, choices: Choices = UNDECIDED) -> list[Row]:
    return list(sheet_of(folder, content, choices=choices).rows)


def cells_of(folder: Path, content: str | bytes, *, choices: Choices = UNDECIDED) -> list[tuple[str, ...]]:
    return [row.cells for row in rows_of(folder, content, choices=choices) if row.damage is None]


@pytest.mark.parametrize(("before", "after"), [("Ann", "Bob"), ("Ann", ""), ("x,Ann", "y,Bob"), ('""', "Bob")])
def test_a12_a_delimiter_or_a_doubled_quote_within_quotes_is_text(tmp_path: Path, *, before: str, after: str) -> None:
    line = f'"{before}, {after}","a ""b"" c",1\n'
    rows = rows_of(tmp_path, "Name,Note,Phone\n" + line * 3)
    assert rows[0] == Row(2, (f"{before}, {after}".replace('""', '"'), 'a "b" c', "1"))


def test_a12_a_quote_within_an_unquoted_field_is_text(tmp_path: Path) -> None:
    assert cells_of(tmp_path, 'Name,Phone\n6\'2" Ann,1\nBob "Bo" B,2\n5"",3\n') == [
        ("6'2\" Ann", "1"),
        ('Bob "Bo" B', "2"),
        ('5""', "3"),
    ]


SWALLOWING = [
    "{q}Ann,1{n}Bob,2{q}",
    "Ann,{q}1{n}Bob,2{q}",
    "{q}Ann,1{n}Bob{q},2",
    "Ann,{q}1{n}Bob,2{n}Cy,3{q}",
    "{q}Ann,1{n}Bob,2{n}Cy{q},3",
    "{q}x,Ann,1{n}y{q},Bob,2",
    "x,{q}Ann,1{n}y,Bob{q},2",
    "x,Ann,{q}1{n}y,Bob,2{q}",
    "x,Ann,{q}1{n}y,Bob,2{n}{q}",
    "x,Ann,{q}1{n}y,{q}{q}Bob{q}{q},2{q}",
    "{q}x,Ann,1{n}y,Bob,2{n}z{q},Cy,3",
]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("lines", SWALLOWING)
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a13_a_quote_that_a_later_row_closes_never_makes_one_person_of_several(
    tmp_path: Path, *, lines: str, ending: str, delimiter: str
) -> None:
    """One person would be called by another's name, and the other never."""
    width = 3 if "x," in lines else 2
    header = ",".join(["Note", "Name", "Phone"][3 - width :])
    good = ",".join(["z", "Zed", "9"][3 - width :])
    text = "\n".join([header, good, lines.format(q='"', n="\n"), good, ""])
    rows = rows_of(tmp_path, text.replace(",", delimiter).replace("\n", ending))
    broken = rows[1]
    assert broken.damage is not None
    assert "lines 3 to" in broken.damage or "fields" in broken.damage
    assert rows[2].damage is None
    assert rows[2].line == 4 + lines.count("{n}")


@pytest.mark.parametrize(
    "text",
    [
        'Name,Phone\n"Ann,1\nBob,2\n"Cy,3\n',
        'Name,Phone\nAnn,"1\nBob,"2"\nCy,3\n',
        'Name,Phone\nAnn,"1\n"Doe, Bob",2\nCy,3\n',
        'Name,Phone,Note\n"Ann",1,"x\n"Bob",2,"y"\n',
    ],
)
def test_a13_where_a_stray_quote_leaves_the_end_of_a_row_open_the_sheet_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SheetError, match=r"a stray quotation mark after the one that opens in line \d; correct that"):
        rows_of(tmp_path, text)


@pytest.mark.parametrize("trailing", ["", ",", ",,"])
def test_a13_rows_with_empty_fields_at_their_end_are_told_too(tmp_path: Path, trailing: str) -> None:
    good = f"Zed,9{trailing}\n"
    rows = rows_of(tmp_path, f'Name,Phone\n{good * 3}"Ann,1{trailing}\nBob",2{trailing}\n{good}')
    assert [row.damage is None for row in rows] == [True, True, True, False, True]


@pytest.mark.parametrize("lines", [2, 3, 4, 40])
def test_a_cell_of_several_lines_is_read_however_many(tmp_path: Path, lines: int) -> None:
    note = "\n".join("x" * lines)
    rows = rows_of(tmp_path, f'Name,Phone,Note\nZed,9,z\nAnn,1,"{note}"\nBob,2,y\n')
    assert rows[1] == Row(3, ("Ann", "1", note), line=None)
    assert rows[2] == Row(4, ("Bob", "2", "y"), line=3 + lines)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('Name,Phone\nAnn,1\nBob,"2\nCy,3\n', 3),
        ('Name,Phone\n"A\nB","1\nCy,""3\n', 3),
        ('Name,Phone\n"A ""x""\nB"",1\nCy,3\n', 2),
        ('"Name,Phone\nAnn,1\n', 1),
        ("sep=,\nName,Phone\n" + "Ann,1\n" * 5_000 + '"Bob,2\nCy,3\n', 5_003),
    ],
)
@pytest.mark.parametrize("no_header", [False, True])
def test_a14_a_quote_that_is_never_closed_is_named_by_the_line_where_it_opens(
    tmp_path: Path, *, text: str, line: int, no_header: bool
) -> None:
    with pytest.raises(SheetError, match=rf"quotation mark that opens in line {line} is never closed"):
        rows_of(tmp_path, text, choices=Choices(no_header=no_header))


def test_a15_line_breaks_in_quotes_load_and_rows_know_their_lines(tmp_path: Path) -> None:
    """The user finds a row by its number in a spreadsheet program, and by its line in an editor."""
    text = 'Name,Phone,Note\r\nAnn,1,"a\r\nb"\r\n\r\nBob,2,"c\nd\re"\r\nCy,3,f\r\n'
    assert rows_of(tmp_path, text) == [
        Row(2, ("Ann", "1", "a\r\nb")),
        Row(4, ("Bob", "2", "c\nd\re"), line=5),
        Row(5, ("Cy", "3", "f"), line=8),
    ]


def test_a15_a_header_may_go_over_lines_and_rows_below_count_on(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, '\n"Full\nname",Phone\nAnn,1\n')
    assert (sheet.header, sheet.header_row) == (("Full\nname", "Phone"), 2)
    assert list(sheet.rows) == [Row(3, ("Ann", "1"), line=4)]


def test_a16_a_backslash_is_text(tmp_path: Path) -> None:
    """As an escape it would swallow a delimiter."""
    assert cells_of(tmp_path, "Name,Phone\nAnn\\,1\n\\\\Bob,2\n") == [("Ann\\", "1"), ("\\\\Bob", "2")]
    with pytest.raises(SheetError, match="a stray quotation mark"):
        rows_of(tmp_path, 'Name,Note,Phone\nA,"\\"a\\" \\"\nB, c","1"\n')


@pytest.mark.parametrize("ending", ["\r", "\n", "\r\n"])
def test_a17_each_line_end_ends_a_line_in_one_file_too(tmp_path: Path, ending: str) -> None:
    text = f"Name,Phone{ending}Ann,1\rBob,2\nCy,3\r\nDi,4{ending}"
    assert rows_of(tmp_path, text) == [
        Row(number, cells)
        for number, cells in enumerate([("Ann", "1"), ("Bob", "2"), ("Cy", "3"), ("Di", "4")], start=2)
    ]


def test_a17_line_ends_at_the_borders_of_blocks_make_no_rows(tmp_path: Path) -> None:
    """A CR at the end of one block, and its LF at the start of the next, are one line end."""
    for width in range(8_180, 8_196):
        content = f"N,P\r\n{'x' * width},1\r\n" * 9
        assert len(rows_of(tmp_path, content)) == 17


@pytest.mark.parametrize(
    ("line", "cells", "damage"),
    [
        ("Ann,1", ("Ann", "1", ""), "too few fields: 2, where the header has 3"),
        ("Ann", ("Ann", "", ""), "too few fields: 1, where the header has 3"),
        ("Ann,1,x,y", ("Ann", "1", "x,y"), "too many fields: 4, where the header has 3"),
        ("Ann,,1,x,,", ("Ann", "", "1,x"), "too many fields: 6, where the header has 3"),
        ("Ann,1,x,,", ("Ann", "1", "x"), "too many fields: 5, where the header has 3"),
        ("Ann,1,x, ,\t", ("Ann", "1", "x"), "too many fields: 5, where the header has 3"),
        ('"Ann" B,1,x', ("Ann B", "1", "x"), "a stray quotation mark: text follows the closing one"),
    ],
)
def test_a19_a20_a_row_with_other_fields_than_the_header_is_damaged_and_shifts_nothing(
    tmp_path: Path, *, line: str, cells: tuple[str, ...], damage: str | None
) -> None:
    rows = rows_of(tmp_path, f"Name,Phone,Note\nZed,9,z\n{line}\nZed,9,z\n")
    assert [row[:3] for row in rows[1:]] == [(3, cells, damage), (4, ("Zed", "9", "z"), None)]


@pytest.mark.parametrize("rows", [1, 2, 3_000])
@pytest.mark.parametrize("choices", [UNDECIDED, Choices(header_row=1), Choices(delimiter=",")])
def test_a21_a_field_more_than_the_header_in_every_row_refuses_the_sheet(
    tmp_path: Path, *, rows: int, choices: Choices
) -> None:
    """Elsewhere the first column becomes an index, and every cell moves by one."""
    with pytest.raises(SheetError, match=r"the header \(row 1\) has 2 columns, and every row below it has more fields"):
        sheet_of(tmp_path, "Name,Phone\n" + "7,Ann,+14155550100\n\n" * rows, choices=choices)


def test_a22_delimiters_at_the_end_of_rows_only_are_no_field(tmp_path: Path) -> None:
    assert cells_of(tmp_path, "Name,Phone\nAnn,1,\nBob,2,\n") == [("Ann", "1"), ("Bob", "2")]
    with pytest.raises(SheetError, match="row 4 has 3 fields, as most rows, where the header has 2"):
        rows_of(tmp_path, "Name,Phone\nAnn,1,\nBob,2,\nCy,3,x\n")


def test_a22_one_row_alone_does_not_show_where_its_field_too_many_came_in(tmp_path: Path) -> None:
    """A stray comma in its middle, and blank notes at its end: all behind it would be another column's."""
    [row] = rows_of(tmp_path, 'Name,Phone,Nurse,Doctor,Notes\nAnn,1,N",00,N01,\n')
    assert row.damage == "too many fields: 6, where the header has 5"


def test_a22_without_a_header_delimiters_at_the_end_of_some_rows_are_not_explained_away(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, "Name,Phone\nAnn,1,\nBob,2,\n", choices=Choices(no_header=True))
    assert sheet.header == ("#1", "#2")
    assert [(row.damage or "")[:8] for row in sheet.rows] == ["2 fields", "too many", "too many"]


@pytest.mark.parametrize("header", ["A,A,A.1", "A,,B", "A, ,Unnamed: 1", ",,A", "A,A\u00a0,\ufeffA"])
def test_a23_a24_headers_load_as_they_stand(tmp_path: Path, header: str) -> None:
    """Renaming them could hit the name of another column."""
    assert sheet_of(tmp_path, header + "\n1,2,3\n").header == tuple(header.split(","))


def test_a26_a_title_is_no_header_and_the_rows_that_may_be_are_shown(tmp_path: Path) -> None:
    text = "My contacts\n\nName;Phone;Paid\nAnn;1;3,50\nBob;2;4,50\n"
    with pytest.raises(UndecidedError, match=r"row 1 is not the header of a table") as caught:
        sheet_of(tmp_path, text)
    assert [cure.code for cure in caught.value.cures] == [CureCode.CHOOSE_HEADER_ROW]
    assert caught.value.choice == "header_row"
    assert caught.value.options == (
        ("3", "Name | Phone | Paid"),
        ("4", "Ann | 1 | 3,50"),
        ("5", "Bob | 2 | 4,50"),
    )
    sheet = sheet_of(tmp_path, text, choices=Choices(header_row=3))
    assert (sheet.header, sheet.header_row) == (("Name", "Phone", "Paid"), 3)
    assert list(sheet.rows) == [Row(4, ("Ann", "1", "3,50")), Row(5, ("Bob", "2", "4,50"))]


def test_a26_without_a_header_each_row_from_the_first_on_is_shown(tmp_path: Path) -> None:
    """So is the header looked for: by what stands in the first rows."""
    sheet = sheet_of(tmp_path, "Contacts\n\nName,Phone\nAnn,1\nBob,2,x\n", choices=Choices(no_header=True))
    assert (sheet.header, sheet.header_row) == (("#1", "#2"), 0)
    assert [row[:3] for row in sheet.rows] == [
        (1, ("Contacts", ""), "too few fields: 1, where the header has 2"),
        (3, ("Name", "Phone"), None),
        (4, ("Ann", "1"), None),
        (5, ("Bob", "2,x"), "too many fields: 3, where the header has 2"),
    ]


@pytest.mark.parametrize(
    ("choices", "reason"),
    [
        (Choices(header_row=2), "row 2 is blank"),
        (Choices(header_row=9), "header row 9: the sheet ends with row 4"),
        (Choices(header_row=0), "the first row is row 1"),
        (Choices(header_row=-1), "the first row is row 1"),
        (Choices(header_row=3), "row 3: a stray quotation mark"),
        (Choices(header_row=1, no_header=True), "cannot both be"),
    ],
)
def test_a26_a_header_row_that_is_none_is_refused(tmp_path: Path, *, choices: Choices, reason: str) -> None:
    with pytest.raises(SheetError, match=reason):
        sheet_of(tmp_path, 'Name,Phone\n\n"Name" x,Phone\nAnn,1\n', choices=choices)


@pytest.mark.parametrize("blank", ["\n", ",\n", " , \n", '"",""\n', "\u00a0,\t\n"])
def test_a28_a29_blank_rows_are_skipped_counted_and_keep_their_numbers(tmp_path: Path, blank: str) -> None:
    sheet = sheet_of(tmp_path, f"{blank}Name,Phone\nAnn,1\n{blank * 2}Bob,2\n{blank}Total: 2\n{blank * 3}")
    assert sheet.header_row == 2
    assert [(row.number, row.damage is None) for row in sheet.rows] == [(3, True), (6, True), (8, False)]
    assert sheet.notices == ["3 blank rows are left out (the first: row 4)"]


@pytest.mark.parametrize("text", ["\n", ",,\n\n", " \n\t\n", "\ufeff\n"])
def test_a28_nothing_but_blank_rows_makes_no_contact(tmp_path: Path, text: str) -> None:
    for choices in (UNDECIDED, Choices(delimiter=",")):
        with pytest.raises(SheetError, match="all of its rows are blank"):
            sheet_of(tmp_path, text, choices=choices)
    assert rows_of(tmp_path, text, choices=Choices(no_header=True)) == []


@pytest.mark.parametrize("text", ["NA", "N/A", "null", "None", "nan", "TRUE", "1E5", "007", "1.0", "-", " x ", "#N/A"])
def test_a30_text_stays_the_text_that_it_is(tmp_path: Path, text: str) -> None:
    """A person may be called Null, and a number without its zero is someone else's."""
    assert rows_of(tmp_path, f"A,B\n{text},y\n") == [Row(2, (text, "y"))]


@pytest.mark.parametrize(
    "cell",
    [
        "12 Main St\nSpringfield, IL 62704",
        "called 1 May\nleft a message\ncalled 2 May\nasked for Friday",
        "one, two\nthree, four\nfive",
        "\n",
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_lines_that_look_like_no_row_are_one_cell(tmp_path: Path, cell: str, place: int) -> None:
    """Addresses and notes have lines: a sheet of them must not be refused for what a stray mark might have done."""
    cells = ["Ann", "12125550101"]
    cells.insert(place, f'"{cell}"')
    rows = rows_of(tmp_path, f"A,B,C\n{','.join(cells)}\nx,y,12125550102\n")
    assert [row.damage for row in rows] == [None, None]
    assert rows[0].cells[place] == cell


@pytest.mark.parametrize("lines", [1, 2, 5])
def test_a_line_within_a_cell_that_is_a_row_with_a_number_was_swallowed(tmp_path: Path, lines: int) -> None:
    inner = "".join(f"Bo,+1212555010{number},y\n" for number in range(lines))
    rows = rows_of(tmp_path, f'Name,Phone,Note\nAnn,+12125550199,"x\n{inner}Cy,+12125550188,y"\nDi,+12125550177,z\n')
    assert [row.damage is None for row in rows] == [False, True]
