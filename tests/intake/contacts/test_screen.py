"""A row is called, skipped or invalid, each for a reason that names the row, the column and the cure."""

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings, strategies as st

from campaign.config.template import Template
from campaign.domain.cures.notes import NoteKind
from campaign.domain.errors import SheetError
from campaign.domain.model import Contact, Invalid, Mark, Problem, Row, Skip
from campaign.intake.contacts.columns import match_columns
from campaign.intake.contacts.screen import screen
from campaign.intake.open_sheet import open_sheet
from tests.intake.appointments import (
    GOOD,
    HEADER,
    changed,
    contact,
    in_columns,
    problems,
    read_twice,
    template,
    verdicts,
)


def test_a_good_row_becomes_a_contact() -> None:
    """Optional variables without text are left out; fixed values are the same for all."""
    variables = (("day", "Monday"), ("clinic", "Lakeside"))
    assert contact() == Contact(2, "Ann Lee", "+14155550100", "ann@example.com", variables)
    assert contact(Notes=" see door ", Mail=" ").variables == (*variables, ("notes", "see door"))
    assert contact(Mail=" ").email is None


def test_all_problems_of_a_row_come_at_once() -> None:
    """Nobody should correct a sheet five times; the value and the cure stand beside the reason."""
    [verdict] = verdicts(changed(Name=" ", Mobile="call", Mail="ann at home", Day="", Notes="a\x07b"))
    assert isinstance(verdict, Invalid)
    assert [problem.column for problem in verdict.problems] == ["Name", "Mobile", "Day", "Notes"]
    assert verdict.problems[1] == Problem(2, "Mobile", "call", "no phone number", "fill it in, or take the row out")
    assert all(problem.cure and problem.row == 2 for problem in verdict.problems)


def test_a_damaged_row_is_not_looked_into() -> None:
    """Its cells may be another column's."""
    made = template()
    [screened] = screen([Row(7, GOOD, "too few fields: 3")], match_columns(HEADER, made), made)
    assert isinstance(screened.verdict, Invalid)
    assert str(screened.verdict).startswith("row 7: too few fields: 3; correct the row")


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("  Ann   Lee ", "Ann Lee"),
        ("Ann\tLee\u00a0", "Ann Lee"),
        ("\u202eAnn\u202c\u200b\x07", "Ann"),
        ("Zoe\u0308", "Zoë"),
        ("نیک\u200cنام", "نیک\u200cنام"),  # noqa: RUF001 - a Persian name is meant
        ("Null", "Null"),
        ("👩\u200d🚀", "👩\u200d🚀"),
    ],
)
def test_names_lose_what_nobody_says(written: str, spoken: str) -> None:
    """They are spoken aloud, and shown in terminals, where a control character can do harm."""
    assert contact(Name=written).name == spoken


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"Name": "\u200b\u202e"}, "Name", "no name"),
        ({"Name": "Ann\nBob"}, "Name", "a line break in the name"),
        ({"Name": "Ann\u2028Bob"}, "Name", "a line break in the name"),
        ({"Name": "A" * 201}, "Name", "a name of 201 characters"),
        ({"Name": "Ann\ud800"}, "Name", "half a character, which cannot be sent"),
        ({"Day": "\u200b"}, "Day", "no value for the variable 'day'"),
        ({"Day": "Mon\x1bday"}, "Day", "a control character"),
        ({"Notes": "\udc00"}, "Notes", "half a character, which cannot be sent"),
        ({"Mobile": "+1 415 555 0100 x5"}, "Mobile", "an extension cannot be dialled"),
        ({"Mobile": "+14155550100\n+14155550101"}, "Mobile", "more than one phone number in the cell"),
        ({"Mobile": " ", "Phone": "12"}, "Phone", "an emergency or short number is never called"),
        ({"Mobile": "", "Phone": ""}, "Mobile", "no phone number"),
    ],
)
def test_what_cannot_be_called_is_invalid(cells: dict[str, str], column: str, reason: str) -> None:
    """The user finds the cell by row and column."""
    assert problems(**cells) == [(column, reason)]


@pytest.mark.parametrize(
    "mail",
    ["n/a", "ann@x", "a@example.com, b@example.com", "a@example.org.", "a@" + "x" * 250 + ".com", "\udfff@example.com"],
)
def test_an_address_that_is_none_is_left_out_with_a_note_and_its_person_is_called(mail: str) -> None:
    """The call needs no address: who is not called for the want of one is forgotten."""
    [screened] = read_twice(Row(2, changed(Mail=mail)))
    assert isinstance(screened.verdict, Contact)
    assert screened.verdict.email is None
    assert ("Mail", "not an email address; it is left out") in [(note.column, note.text) for note in screened.notes]


def test_an_address_loses_what_nobody_sees() -> None:
    assert contact(Mail=" a@example.com\u200b").email == "a@example.com"


@pytest.mark.parametrize("mark", [Mark.ERROR, Mark.UNCALCULATED])
def test_an_address_that_could_not_be_worked_out_is_left_out_with_a_note(mark: Mark) -> None:
    [screened] = read_twice(Row(2, changed(Mail="#N/A"), marks=((HEADER.index("Mail"), mark),)))
    assert isinstance(screened.verdict, Contact)
    assert screened.verdict.email is None
    assert "Mail" in [note.column for note in screened.notes]


@pytest.mark.parametrize(
    ("here", "refused"),
    [
        ({"Name": "Phone", "Phone": "Name", "Mobile": "Mobile"}, True),
        ({"Name": "Mobile", "Mobile": "Name"}, True),
        ({"Day": "Notes", "Notes": "Day", "Mobile": "none"}, False),
        ({"Name": "Day", "Day": "Name", "Mobile": "none"}, False),
    ],
)
def test_a_row_is_another_header_only_if_most_of_it_are_names_of_columns_and_the_phones_too(
    *, here: dict[str, str], refused: bool
) -> None:
    """A column called 1, and a 1 in another, say nothing of a second table, and must not refuse the sheet."""
    cells = tuple(here.get(name, "") for name in HEADER)
    if refused:
        with pytest.raises(SheetError, match="another table"):
            verdicts(cells)
    else:
        assert isinstance(verdicts(cells)[0], Invalid)


def test_a_shown_value_is_short_and_printable() -> None:
    """A message fits a line, a log and a ledger."""
    [verdict] = verdicts(changed(Mobile="\ud800" + "x" * 500))
    assert isinstance(verdict, Invalid)
    assert len(verdict.problems[0].value) == 80
    verdict.problems[0].value.encode()


def test_doubts_stand_beside_the_contact() -> None:
    """The row is called all the same, so whoever starts the run should have seen them."""
    [screened] = read_twice(Row(2, changed(Name="ANN LEE", Day="03/04/2026")))
    assert isinstance(screened.verdict, Contact)
    assert [str(note) for note in screened.notes] == [
        "row 2, column 'Name': 'ANN LEE': written in capitals, and may be spelled out when it is spoken",
        "row 2, column 'Mobile': '(415) 555-0100': +14155550100 is kept for examples, and nobody answers it",
        "row 2, column 'Day': '03/04/2026': 03/04/2026 may be 3 April 2026 or 4 March 2026: write the month as a word",
    ]


@pytest.mark.parametrize(
    ("column", "mark", "reason"),
    [
        ("Name", Mark.ERROR, "an error of the spreadsheet program"),
        ("Name", Mark.UNCALCULATED, "a formula without a stored value"),
        ("Name", Mark.MERGED, "covered by a merged cell, so its value may be another row's"),
        ("Mobile", Mark.ERROR, "an error of the spreadsheet program"),
        ("Mobile", Mark.UNCALCULATED, "a formula without a stored value"),
        ("Mobile", Mark.MERGED, "covered by a merged cell, so its value may be another row's"),
        ("Day", Mark.ERROR, "an error of the spreadsheet program"),
        ("Day", Mark.UNCALCULATED, "a formula without a stored value"),
        ("Day", Mark.MERGED, "covered by a merged cell, so its value may be another row's"),
        ("Notes", Mark.ERROR, "an error of the spreadsheet program"),
        ("Notes", Mark.UNCALCULATED, "a formula without a stored value"),
    ],
)
def test_b06_b07_b09_a_cell_without_a_value_of_its_own_is_a_problem(column: str, mark: Mark, reason: str) -> None:
    """Left out, it would be a guess: something was to stand there."""
    cells = changed(**{column: "#N/A" if mark is Mark.ERROR else ""})
    [screened] = read_twice(Row(2, cells, marks=((HEADER.index(column), mark),)))
    assert isinstance(screened.verdict, Invalid)
    assert [(problem.column, problem.reason) for problem in screened.verdict.problems] == [(column, reason)]


@pytest.mark.parametrize("column", ["Notes", "Mail", "Phone"])
def test_b06_a_merged_cell_is_nothing_where_nothing_is_needed(column: str) -> None:
    [screened] = read_twice(Row(2, changed(**{column: ""}), marks=((HEADER.index(column), Mark.MERGED),)))
    assert isinstance(screened.verdict, Contact)


def test_a15_a_problem_names_the_line_of_the_file() -> None:
    """Where a cell holds line breaks, the row's number is not where the editor shows it."""
    [screened] = read_twice(Row(2, changed(Name=""), line=5))
    assert str(screened.verdict).startswith("row 2 (line 5 of the file), column 'Name': no name")
    [damaged] = read_twice(Row(2, changed(), "too few fields: 3", line=5))
    assert str(damaged.verdict).startswith("row 2 (line 5 of the file): too few fields")


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [("Ann", "Lee", "Ann Lee"), ("", "Lee", "Lee"), ("Ann", "\u200b", "Ann"), (" Ann ", " Lee", "Ann Lee")],
)
def test_a_name_is_joined_of_its_parts(first: str, last: str, name: str) -> None:
    verdict = in_columns((*changed(Name=first), last, "")).verdict
    assert isinstance(verdict, Contact)
    assert verdict.name == name


@pytest.mark.parametrize(
    ("first", "last", "column", "reason"),
    [
        ("", "", "Name", "no name"),
        ("Ann", "#N/A", "Last", "the error #N/A of a spreadsheet program"),
        ("{{first}}", "Lee", "Name", "a placeholder that was never filled in ('{{first}}')"),
        ("A" * 150, "B" * 150, "Name", "a name of 301 characters"),
    ],
)
def test_a_joined_name_is_refused_as_a_whole(first: str, last: str, *, column: str, reason: str) -> None:
    verdict = in_columns((*changed(Name=first), last, "")).verdict
    assert isinstance(verdict, Invalid)
    assert [(problem.column, problem.reason[:50]) for problem in verdict.problems] == [(column, reason[:50])]


def test_a_part_of_a_name_that_could_not_be_worked_out_is_a_problem() -> None:
    """Half a name is somebody else's."""
    verdict = in_columns((*changed(), "", ""), marks=((7, Mark.UNCALCULATED),)).verdict
    assert isinstance(verdict, Invalid)
    assert [problem.column for problem in verdict.problems] == ["Last"]


def test_one_cell_that_is_used_twice_is_doubted_once() -> None:
    made = Template.model_validate(
        {"columns": {"name": "Name", "phone": "Phone"}, "variables": {"a": "Day", "b": {"column": "Day"}}}
    )
    row = Row(2, ("Ann Lee", "", "+442079460018", "", "03/04/2026", "", ""))
    [screened] = screen([row], match_columns(HEADER, made), made)
    assert [note.column for note in screened.notes if note.kind is NoteKind.WARNING] == ["Day"]


PHONES = [f"+1415555{line:04}" for line in range(100, 200)]


names = st.text("Ab é,;|\t\"'\n\r=\\", min_size=1, max_size=8)


lines = st.lists(st.tuples(names, st.sampled_from(PHONES), names), min_size=1, max_size=8, unique_by=lambda row: row[1])


@settings(max_examples=400)
@example(lines=[('=";"', PHONES[0], ";")], delimiter=",", ragged={}, quotes=[])
@given(
    lines=lines,
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    ragged=st.dictionaries(st.integers(0, 7), st.integers(-2, 2)),
    quotes=st.lists(st.floats(0, 1), max_size=2),
)
def test_a_contacts_name_and_number_always_stand_in_one_row_of_the_sheet(
    tmp_path_factory: pytest.TempPathFactory,
    *,
    lines: list[tuple[str, str, str]],
    delimiter: str,
    ragged: dict[int, int],
    quotes: list[float],
) -> None:
    """One person's number under another's name is the worst that reading can do, whatever the file has been through."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(["Name", "Phone", "Notes"])
    for index, line in enumerate(lines):
        more = ragged.get(index, 0)
        writer.writerow((*line, "x", "y")[: 3 + more])
    path = tmp_path_factory.mktemp("any") / "sheet.csv"
    path.write_bytes(_with_quotes(text.getvalue(), quotes).encode())
    source = {phone: name for name, phone, _note in lines}
    try:
        called = _called(path)
    except SheetError:
        return
    assert len({one.phone for one in called}) == len(called)
    for one in called:
        name, written = _letters(one.name).lstrip("'"), source[one.phone]
        # A stray quote inside a name of several lines can leave its last line: the same person's, and no one else's.
        cut = bool(quotes) and bool(set(written) & set("\r\n"))
        forms = _forms(written)
        assert any(form.endswith(name) if cut else form.lstrip("'") == name for form in forms), forms
    if not quotes and not ragged:
        assert {one.phone for one in called} >= {phone for name, phone, note in lines if _is_plain(name, note)}


def _called(path: Path) -> list[Contact]:
    made = Template.model_validate({"columns": {"name": "Name", "phone": "Phone"}})
    sheet = open_sheet(path)
    screened = list(screen(sheet.rows, match_columns(sheet.header, made), made))
    return [each.verdict for each in screened if isinstance(each.verdict, Contact)]


def _with_quotes(text: str, places: list[float]) -> str:
    for place in places:
        at = int(place * len(text))
        text = text[:at] + '"' + text[at:]
    return text


def _letters(name: str) -> str:
    return "".join(name.replace('"', "").split())


def _forms(written: str) -> set[str]:
    """The letters of a name as it was written, and without what looks like a guard of an exporting program: ="Ada"."""
    return {_letters(written), _letters(re.sub(r'^\s*="(.*)"\s*$', r"\1", written, flags=re.DOTALL))}


def _is_plain(name: str, note: str) -> bool:
    return "A" in name and not set(name + note) & set("\n\r")


def joined(first: str, last: str) -> Contact | Invalid | Skip:
    template = Template.model_validate(
        {"columns": {"name": {"join": ["First", "Last"]}, "phone": "Phone"}, "phone": {"region": "US"}}
    )
    header = ("Last", "Phone", "First")
    rows = [Row(2, (last, "+1 415 555 0101", first))]
    return next(screen(rows, match_columns(header, template), template)).verdict


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("Ann", "Lee", "Ann Lee"),
        (" Ann ", "", "Ann"),
        ("\u200b", "Lee", "Lee"),
        ("Mary  Ann", "O'Lee", "Mary Ann O'Lee"),
    ],
)
def test_the_parts_of_a_name_are_joined_by_one_space_and_blank_ones_left_out(first: str, last: str, name: str) -> None:
    verdict = joined(first, last)
    assert isinstance(verdict, Contact)
    assert verdict.name == name


@pytest.mark.parametrize(
    ("first", "last", "problem"),
    [
        ("", " ", "row 2, column 'First': no name"),
        ("Ann", "Lee\nBo", "row 2, column 'Last': 'Lee\\nBo': a line break"),
        ("A" * 150, "B" * 150, "a name of 301 characters"),
    ],
)
def test_a_joined_name_is_held_to_the_rules_of_a_name(first: str, last: str, problem: str) -> None:
    """Two halves that are each short enough can make a name that is not."""
    verdict = joined(first, last)
    assert isinstance(verdict, Invalid)
    assert problem in str(verdict)


@pytest.mark.parametrize(
    ("country", "phone", "called"),
    [
        ("GB", "020 7946 0100", "+442079460100"),
        ("gb ", "020 7946 0100", "+442079460100"),
        ("", "(415) 555-0101", "+14155550101"),
        ("Atlantis", "+44 20 7946 0100", None),
        ("Atlantis", "(415) 555-0101", None),
        ("GB", "(415) 555-0101", None),
    ],
)
def test_a_rows_own_country_wins_over_the_templates(country: str, phone: str, called: str | None) -> None:
    """A country that is not known must not become the template's: the number would ring a stranger there."""
    template = Template.model_validate(
        {"columns": {"name": "Name", "phone": "Phone", "country": "Country"}, "phone": {"region": "US"}}
    )
    columns = match_columns(("Name", "Phone", "Country"), template)
    verdict = next(screen([Row(2, ("Ann Lee", phone, country))], columns, template)).verdict
    assert (verdict.phone if isinstance(verdict, Contact) else None) == called


@pytest.mark.parametrize(
    ("cell", "called"),
    [
        ("+1 650-555-0112 ::: +1 650-555-0116", "+16505550112"),
        ("12 ::: +1 650-555-0116", "+16505550116"),
    ],
)
def test_numbers_of_one_cell_that_a_program_has_joined_are_tried_in_order(cell: str, called: str) -> None:
    assert contact(Mobile=cell).phone == called
