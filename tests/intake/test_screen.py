"""A row is called, skipped or invalid, each for a reason that names the row, the column and the cure."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from campaign.errors import SheetError
from campaign.intake.columns import match_columns
from campaign.intake.screen import CONSENT, screen
from campaign.intake.sheet import open_sheet
from campaign.model import Contact, Invalid, Problem, Row, Skip
from campaign.template import Template

HEADER = ("Name", "Mobile", "Phone", "Mail", "Day", "Notes", "Agreed")
GOOD = ("Ann Lee", "(415) 555-0100", "", "ann@example.com", "Monday", "", "yes")
Verdict = Contact | Invalid | Skip


def template(**columns: Any) -> Template:
    variables = {"day": "Day", "clinic": {"value": "Lakeside"}, "notes": {"column": "Notes", "optional": True}}
    wanted = {"name": "Name", "phone": ["Mobile", "Phone"], "email": "Mail", "consent": "Agreed"} | columns
    return Template.model_validate({"columns": wanted, "variables": variables, "phone": {"region": "US"}})


def verdicts(*rows: tuple[str, ...]) -> list[Verdict]:
    made = template()
    numbered = [Row(number, cells) for number, cells in enumerate(rows, start=2)]
    screened = list(screen(numbered, match_columns(HEADER, made), made))
    assert [each.row for each in screened] == numbered
    return [each.verdict for each in screened]


def changed(**cells: str) -> tuple[str, ...]:
    return tuple(cells.get(name, cell) for name, cell in zip(HEADER, GOOD, strict=True))


def problems(**cells: str) -> list[tuple[str, str]]:
    [verdict] = verdicts(changed(**cells))
    assert isinstance(verdict, Invalid)
    return [(problem.column, problem.reason) for problem in verdict.problems]


def contact(**cells: str) -> Contact:
    [verdict] = verdicts(changed(**cells))
    assert isinstance(verdict, Contact)
    return verdict


def test_a_good_row_becomes_a_contact() -> None:
    """Optional variables without text are left out; fixed values are the same for all."""
    variables = (("day", "Monday"), ("clinic", "Lakeside"))
    assert contact() == Contact(2, "Ann Lee", "+14155550100", "ann@example.com", variables)
    assert contact(Notes=" see door ", Mail=" ").variables == (*variables, ("notes", "see door"))
    assert contact(Mail=" ").email is None


def test_all_problems_of_a_row_come_at_once() -> None:
    """Nobody should mend a sheet five times; the value and the cure stand beside the reason."""
    [verdict] = verdicts(changed(Name=" ", Mobile="call", Mail="ann at home", Day="", Notes="a\nb"))
    assert isinstance(verdict, Invalid)
    assert [problem.column for problem in verdict.problems] == ["Name", "Mobile", "Mail", "Day", "Notes"]
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
        ({"Mail": "ann@x"}, "Mail", "not an email address"),
        ({"Mail": "a@example.com, b@example.com"}, "Mail", "not an email address"),
        ({"Mail": "a@example.com\u200b"}, "Mail", "not an email address"),
        ({"Mail": "a@" + "x" * 250 + ".com"}, "Mail", "not an email address"),
        ({"Mail": "\udfff@example.com"}, "Mail", "half a character, which cannot be sent"),
        ({"Day": "\u200b"}, "Day", "no value for the variable 'day'"),
        ({"Day": "Mon\x1bday"}, "Day", "a line break or another control character"),
        ({"Notes": "\udc00"}, "Notes", "half a character, which cannot be sent"),
        ({"Mobile": "+1 415 555 0100 x5"}, "Mobile", "an extension cannot be dialled"),
        ({"Mobile": "+14155550100\n+14155550101"}, "Mobile", "more than one phone number in the cell"),
        ({"Mobile": " ", "Phone": "12"}, "Phone", "an emergency or short number is never called"),
        ({"Mobile": "12", "Phone": "+14155550100"}, "Mobile", "an emergency or short number is never called"),
        ({"Mobile": "", "Phone": ""}, "Mobile", "no phone number"),
    ],
)
def test_what_cannot_be_called_is_invalid(cells: dict[str, str], column: str, reason: str) -> None:
    """The user finds the cell by row and column."""
    assert problems(**cells) == [(column, reason)]


def test_a_shown_value_is_short_and_printable() -> None:
    """A message fits a line, a log and a ledger."""
    [verdict] = verdicts(changed(Mobile="\ud800" + "x" * 500))
    assert isinstance(verdict, Invalid)
    assert len(verdict.problems[0].value) == 80
    verdict.problems[0].value.encode()


def test_the_first_filled_phone_column_is_called() -> None:
    """A template's order is a wish of the user."""
    assert contact(Mobile="+14155550101", Phone="+14155550102").phone == "+14155550101"
    assert contact(Mobile="\u200b ", Phone="+14155550102").phone == "+14155550102"


@pytest.mark.parametrize("said", [*sorted(CONSENT), "YES", " Yes ", "TRUE", "Ｙ", "Si\u0301"])  # noqa: RUF001 - full-width is meant
def test_a_clear_yes_is_consent(said: str) -> None:
    assert contact(Agreed=said).phone


@pytest.mark.parametrize("said", ["", "no", "0", "false", "maybe", "yes?", "not yes", "2", "nein", "-", "unknown"])
def test_anything_but_a_clear_yes_is_no_consent(said: str) -> None:
    """Calling someone who said no may be against the law."""
    [verdict] = verdicts(changed(Agreed=said))
    assert isinstance(verdict, Skip)
    assert verdict.reason == f"no consent (column 'Agreed': {said!r})"
    assert verdict.contact.phone == "+14155550100"


def test_a_number_is_called_for_its_first_good_row_only() -> None:
    """Nobody is called twice, however their number is written, and nobody is lost to a row that is not called."""
    found = verdicts(
        changed(Agreed="no"),
        changed(Name=""),
        changed(),
        changed(Mobile="+1 415-555-0100"),
        changed(Mobile="", Phone="1 415 555 0100", Agreed="no"),
        changed(Mobile="4155550101"),
        changed(),
    )
    reasons = [verdict.reason if isinstance(verdict, Skip) else type(verdict).__name__ for verdict in found]
    no = "no consent (column 'Agreed': 'no')"
    assert reasons == [no, "Invalid", "Contact", "duplicate of row 4", no, "Contact", "duplicate of row 4"]


PHONES = [f"+1415555{line:04}" for line in range(100, 200)]
names = st.text("Ab é,;|\t\"'\n\r=\\", min_size=1, max_size=8)
lines = st.lists(st.tuples(names, st.sampled_from(PHONES), names), min_size=1, max_size=8, unique_by=lambda row: row[1])


@settings(max_examples=400)
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
        name, written = _letters(one.name), source[one.phone]
        # A stray quote inside a name of several lines can leave its last line: the same person's, and no one else's.
        cut = bool(quotes) and bool(set(written) & set("\r\n"))
        assert _letters(written).endswith(name) if cut else _letters(written) == name
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
        ("Atlantis", "+44 20 7946 0100", "+442079460100"),
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
