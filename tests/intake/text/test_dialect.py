"""What stands between the columns is proved on whole records, or asked: a guess cuts names and numbers in two."""

from pathlib import Path

import pytest

from campaign.domain.cures.sheets import choose_delimiter, say_delimiter
from campaign.domain.errors import SheetError, UndecidedError
from campaign.domain.model import Row
from campaign.domain.sheet import Sheet
from campaign.intake.files.read_options import UNDECIDED, Choices
from campaign.intake.text.delimited import read_delimited


def sheet_of(folder: Path, text: str, *, choices: Choices = UNDECIDED) -> Sheet:
    path = folder / "sheet.csv"
    path.write_bytes(text.encode())
    return read_delimited(path, choices=choices)


def asked(folder: Path, text: str) -> UndecidedError:
    with pytest.raises(UndecidedError) as caught:
        sheet_of(folder, text)
    assert caught.value.choice == "delimiter"
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("rows", [0, 1, 49, 5_000])
def test_a10_the_delimiter_that_makes_a_table_of_every_record_is_taken(
    tmp_path: Path, *, delimiter: str, rows: int
) -> None:
    lines = ['Name|Phone|"Note, with; all\tof | them\nin it"', *["Ann, Dr.;x|1|a b"] * rows]
    if delimiter in ",;":
        lines = [line.replace("Ann, Dr.;x", '"Ann, Dr.;x"') for line in lines]
    text = "\n".join(line.replace("|", delimiter) for line in lines) + "\n"
    sheet = sheet_of(tmp_path, text.replace(f"of {delimiter} them", "of | them"))
    assert sheet.header == ("Name", "Phone", "Note, with; all\tof | them\nin it")
    assert [row.cells for row in sheet.rows] == [("Ann, Dr.;x", "1", "a b")] * rows


@pytest.mark.parametrize(
    "text", ["Phone\n+14155550100\n", "Name\nPipp\nPepp\n", "Shipping p\nsp p\n", "Name Phone\nAnn 1\n"]
)
def test_a10_a_list_of_one_column_is_no_table(tmp_path: Path, text: str) -> None:
    """Other readers split such a list on the letter p, or on the blank."""
    cure = "a name and a number need a column each, between commas, semicolons, tabs or vertical bars"
    with pytest.raises(SheetError, match=f"row 1 is not the header of a table: {cure}"):
        sheet_of(tmp_path, text)
    for choices in (Choices(delimiter=","), Choices(no_header=True)):
        assert len(sheet_of(tmp_path, text, choices=choices).header) == 1


def test_a10_two_delimiters_that_explain_alike_are_asked_for(tmp_path: Path) -> None:
    error = asked(tmp_path, "Last, First;Phone\nDoe, Ann;1\nRoe, Bob;2\n")
    assert error.options == ((",", "2 columns: Last | First;Phone"), (";", "2 columns: Last, First | Phone"))
    assert error.cures == (choose_delimiter(error.options),)
    sheet = sheet_of(tmp_path, "Last, First;Phone\nDoe, Ann;1\n", choices=Choices(delimiter=";"))
    assert list(sheet.rows) == [Row(2, ("Doe, Ann", "1"))]


@pytest.mark.parametrize("faults", [0, 1, 20])
def test_a10_decimal_commas_do_not_make_columns(tmp_path: Path, faults: int) -> None:
    """Some rows with a fault fit no delimiter; the true one explains all that the other does, and the header too."""
    text = "Contacts\n" * (faults > 0) + "Name;Phone;Paid\n" + "Ann;1;3,50\n" * 60 + "Bob;2;4,50;x\n" * faults
    sheet = sheet_of(tmp_path, text, choices=Choices(header_row=1 + (faults > 0)))
    assert sheet.header == ("Name", "Phone", "Paid")
    assert sum(row.damage is None for row in sheet.rows) == 60


def test_a10_where_neither_explains_all_that_the_other_does_it_is_asked_for(tmp_path: Path) -> None:
    text = "Name;Phone\n" + "Doe, Ann;1\n" * 50 + "Roe, Bob\n" + "Sue;3\n"
    error = asked(tmp_path, text)
    assert {value for value, _ in error.options} == {",", ";"}
    assert error.options[0][0] == ";"


def test_a10_the_only_delimiter_there_is_needs_no_majority(tmp_path: Path) -> None:
    """Fields are counted all the same."""
    sheet = sheet_of(tmp_path, "Name,Phone\nAnn,1,x\nBob\nCy,3\nDi,4,y,z\n")
    assert [row.damage is None for row in sheet.rows] == [False, False, True, False]


@pytest.mark.parametrize("declared", ["sep=;", '"sep=;"', "sep=;  "])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a11_the_declared_delimiter_is_honoured_and_its_line_is_no_row(
    tmp_path: Path, *, declared: str, ending: str
) -> None:
    sheet = sheet_of(tmp_path, ending.join([declared, "Na,me;Phone", "A,nn;1", "B,ob;2", ""]))
    assert (sheet.header, sheet.header_row) == (("Na,me", "Phone"), 1)
    assert list(sheet.rows) == [Row(2, ("A,nn", "1"), line=3), Row(3, ("B,ob", "2"), line=4)]


def test_a11_a_row_that_only_begins_so_is_a_row(tmp_path: Path) -> None:
    assert sheet_of(tmp_path, "sep=;,Phone\nAnn,1\n").header == ("sep=;", "Phone")


def test_a11_a_declared_delimiter_that_is_not_looked_for_must_be_named(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match=r"'sep=:' is not a delimiter known here$") as caught:
        sheet_of(tmp_path, "sep=:\nA:B\n1:2\n")
    assert caught.value.cures == (say_delimiter(delimiter=":"),)
    sheet = sheet_of(tmp_path, "sep=:\nA:B\n1:2\n", choices=Choices(delimiter=":"))
    assert (sheet.header, [row.cells for row in sheet.rows]) == (("A", "B"), [("1", "2")])


@pytest.mark.parametrize("delimiter", ["^", "~", ":", "\t", "¦", " ", "§", "'"])
def test_a_delimiter_that_is_named_is_taken(tmp_path: Path, delimiter: str) -> None:
    text = f'Name{delimiter}Phone\nAnn,;|x{delimiter}1\n"B{delimiter}b"{delimiter}2\n'
    sheet = sheet_of(tmp_path, text, choices=Choices(delimiter=delimiter))
    assert [row.cells for row in sheet.rows] == [("Ann,;|x", "1"), (f"B{delimiter}b", "2")]


def test_a_tab_may_be_named_as_people_type_it(tmp_path: Path) -> None:
    assert sheet_of(tmp_path, "A,B\tC\n1,2\t3\n", choices=Choices(delimiter=r"\t")).header == ("A,B", "C")


@pytest.mark.parametrize("delimiter", ["", ",,", "a", "Z", "7", "é", '"', "\n", "\r", "\0", "\x1f", "\u200b", "\ud800"])
def test_a_delimiter_that_cannot_be_one_is_refused(tmp_path: Path, delimiter: str) -> None:
    with pytest.raises(SheetError, match=r"delimiter .* cannot stand between columns; give one character"):
        sheet_of(tmp_path, "A,B\n1,2\n", choices=Choices(delimiter=delimiter))


def test_a26_a_title_padded_with_delimiters_does_not_hide_the_table(tmp_path: Path) -> None:
    """As spreadsheet programs write it."""
    text = "Contacts, all;;\n;;\nName;Phone;City\n" + "Ann;1;x\n" * 3
    sheet = sheet_of(tmp_path, text)
    assert sheet.header == ("Contacts, all", "", "")
    assert sheet_of(tmp_path, text, choices=Choices(header_row=3)).header == ("Name", "Phone", "City")


@pytest.mark.parametrize("comments", [1, 5])
def test_a26_comments_above_the_header_do_not_decide(tmp_path: Path, comments: int) -> None:
    text = "# made by: a, b, c; d\n" * comments + "Name\tPhone\n" + "Ann, x; y\t1\n" * 50
    sheet = sheet_of(tmp_path, text, choices=Choices(header_row=comments + 1))
    assert [row.cells for row in sheet.rows] == [("Ann, x; y", "1")] * 50


def test_a_sample_that_ends_within_a_record_is_no_evidence_against_it(tmp_path: Path) -> None:
    """The sample is a thousand lines."""
    for lines in range(997, 1_003):
        text = "Last, first;Phone\nRoe, Bob, Dr.;2\n" + "Doe, Ann;1\n" * lines + '"Poe,\nSue";2\n' * 3
        assert sheet_of(tmp_path, text).header == ("Last, first", "Phone")


def test_rows_with_stray_quotes_say_nothing_on_the_delimiter(tmp_path: Path) -> None:
    """Nor do many of them make the sheet none: each is told as what it is."""
    sheet = sheet_of(tmp_path, "Name,Phone\n" + '"Ann" A,1\n' * 50 + "Bob,2\n")
    assert [row.damage for row in sheet.rows][49:] == ["a stray quotation mark: text follows the closing one", None]
