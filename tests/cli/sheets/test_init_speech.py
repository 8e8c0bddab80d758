"""`init` proposes what is said to whom, asks for what matters, explains each question, and ends with what will be."""

import json
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # it has no stubs
import pytest

from campaign.config.template import OrderedNameSection
from campaign.config.template_file import load_template
from tests.cli.conftest import Desk
from tests.cli.sheets.test_choosing import Terminal

pytestmark = pytest.mark.usefixtures("workbooks_here")

VISITS = (
    '"Lindqvist, Ada",(415) 555-0111,2026-12-01 09:00,Dr. Wu,CA,94110',
    '"Marek, Bo",(650) 555-0112,2026-12-02 14:30,Dr. Wu,CA,94025',
    '"Novak, Cy",(212) 555-0113,,Dr. Orr,NY,10001',
    '"Orr, Di",(212) 555-0114,2026-12-15 10:00,Dr. Orr,NY,10002',
)
HEADER = "Patient,Mobile,Appointment,Doctor,State,Zip"


@pytest.fixture(autouse=True)
def november(desk: Desk) -> None:
    """A day is said without its year only near today."""
    desk.now = lambda: datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Somebody sits at the terminal, and types these lines."""
    return lambda *lines: monkeypatch.setattr("sys.stdin", Terminal("".join(f"{line}\n" for line in lines)))


def made(desk: Desk) -> dict[str, Any]:
    return tomllib.loads((desk.folder / "sheet.toml").read_text("utf-8"))


def test_one_blank_appointment_of_four_does_not_make_the_appointment_optional(desk: Desk) -> None:
    """A reminder that names no time is a wasted call, and nobody would know why."""
    sheet = desk.sheet(*VISITS, header=HEADER)
    assert desk("init", sheet, "--region", "US", "--all-variables").code == 0
    assert "optional" not in made(desk)["variables"]["appointment"]
    checked = desk("check", sheet, "-t", "sheet.toml", "--sandbox")
    assert checked.out.startswith("4 rows: 3 to call, 1 invalid")
    assert "row 4, column 'Appointment': no value for the variable 'appointment'" in checked.out


@pytest.mark.parametrize(
    ("blank", "rows", "optional"),
    [(1, 2, False), (1, 4, False), (2, 4, True), (2, 10, False), (3, 15, True), (3, 16, False), (250, 1000, True)],
)
def test_a_variable_is_optional_where_a_good_share_of_its_cells_is_empty(
    desk: Desk, blank: int, rows: int, *, optional: bool
) -> None:
    people = [f"Ada Example,+1415555{100 + place % 100:04},{'' if place < blank else 'x'}" for place in range(rows)]
    assert desk("init", desk.sheet(*people, header="Name,Phone,Note"), "--all-variables").code == 0
    assert (made(desk)["variables"]["note"] != "Note") is optional


def test_dates_get_a_format_with_three_samples_of_what_will_be_said(desk: Desk) -> None:
    sheet = desk.sheet(*VISITS, header=HEADER)
    ended = desk("init", sheet, "--region", "US", "--all-variables")
    assert made(desk)["language"] == "en"
    assert made(desk)["variables"]["appointment"]["format"] == "%A, %B %-d at %-I:%M %p"
    samples = "'Tuesday, December 1 at 9:00 AM', 'Wednesday, December 2 at 2:30 PM', 'Tuesday, December 15 at 10:00 AM'"
    assert f"'Appointment' will be said as {samples}" in ended.err
    assert "'Tuesday, December 1 at 9:00 AM'" in desk("check", sheet, "-t", "sheet.toml", "--sandbox").out


# Where the people are: an English header beside numbers of Germany leaves the language open.
NUMBERS = {
    "Termin": "+493012345678",
    "Vorname": "+493012345678",
    "Rendez": "+33123456789",
    "Phone number": "+442079460101",
    "Cell": "+493012345678",
}


@pytest.mark.parametrize(
    ("header", "cell", "flags", "form"),
    [
        ("Name,Telefon,Termin", "01.12.2026 9:00", (), "%A, %-d. %B um %-H:%M Uhr"),
        ("Name,Telefon,Termin", "2026-12-13", (), "%A, %-d. %B"),
        ("Name,Phone,Date of birth", "1953-04-13", (), "%B %-d, %Y"),
        ("Vorname,Nachname,Telefon,Geburtsdatum", "1953-04-13", (), "%-d. %B %Y"),
        ("Name,Phone,Time", "14:30", (), "%-I:%M %p"),
        ("Name,Téléphone,Rendez-vous", "13/12/2026", (), "%A %-d %B"),
        ("Name,Phone,Visit", "2026-12-01", ("--language", "es"), "%A %-d de %B"),
        ("Name,Phone number,Visit", "2026-12-01", (), "%A %-d %B"),
        ("First Name,Cell,Visit", "2026-12-01", (), None),
        ("Name,Phone,Length", "1:30", (), None),
        ("Name,Phone,Room", "204", (), None),
        ("Name,#,Besonderes", "2026-12-01", ("--column", "phone=#2"), None),
    ],
)
def test_the_format_is_that_of_the_language_of_the_column_names(  # noqa: PLR0917 - a case of the table
    desk: Desk, header: str, cell: str, flags: tuple[str, ...], form: str | None
) -> None:
    number = next((number for words, number in NUMBERS.items() if words in header), "+14155550101")
    name = "Ada,Example" if "Vorname" in header else "Ada Example"
    sheet = desk.sheet(f"{name},{number},{cell}", header=header)
    assert desk("init", sheet, "--all-variables", *flags).code == 0
    (variable,) = load_template(desk.folder / "sheet.toml").variables.values()
    assert variable.format == form


def test_a_column_in_which_some_cells_are_dates_is_spoken_as_it_stands_and_a_few_others_are_told(desk: Desk) -> None:
    """`1/2` and `soon` among dates would each cost a row; among four dates one is a slip."""
    people = [f"Ada Example,+1415555010{place}," for place in range(5)]
    cells = ("2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04", "soon")
    sheet = desk.sheet(*(f"{one}{cell}" for one, cell in zip(people, cells, strict=True)), header="Name,Phone,Visit")
    ended = desk("init", sheet, "--all-variables")
    assert "1 of 5 cells are no such date, and their rows are not called" in ended.err
    assert "of 5 rows, 1 row would not be called" in ended.err
    sheet = desk.sheet(
        f"{people[0]}2026-12-01", f"{people[1]}soon", f"{people[2]}2026-12-02", header="Name,Phone,Visit"
    )
    assert desk("init", sheet, "--all-variables", "-t", "mixed.toml").code == 0
    assert tomllib.loads((desk.folder / "mixed.toml").read_text("utf-8"))["variables"] == {"visit": "Visit"}


def test_dates_of_several_years_are_said_with_their_year(desk: Desk) -> None:
    rows = ("Ada Example,+14155550101,1953-04-13", "Bo Example,+14155550102,1990-01-02")
    assert desk("init", desk.sheet(*rows, header="Name,Phone,Birthday"), "--all-variables").code == 0
    assert made(desk)["variables"]["birthday"]["format"] == "%B %-d, %Y"


def days(desk: Desk, *cells: str, footer: tuple[str, ...] = ()) -> str:
    """What init says of a sheet with these appointments, one a row."""
    people = [f"Ada Example,+1415555{100 + place:04},{cell}" for place, cell in enumerate(cells)]
    ended = desk("init", desk.sheet(*people, *footer, header="Name,Phone,Appointment"), "--all-variables")
    assert ended.code == 0, ended
    return ended.err


def test_one_cell_without_a_time_does_not_take_the_time_from_all_others(desk: Desk) -> None:
    """Four people would hear a day and no time; the fifth is the one to ask about."""
    said = days(desk, *(f"2026-12-0{day} 14:30" for day in range(1, 5)), "2026-12-05")
    assert made(desk)["variables"]["appointment"]["format"] == "%A, %B %-d at %-I:%M %p"
    assert "1 of 5 cells are no such date, and their rows are not called" in said
    assert (
        "row 6, column 'Appointment': '2026-12-05': a date without a time of day"
        in desk("check", desk.folder / "sheet.csv", "-t", "sheet.toml", "--sandbox").out
    )


def test_times_that_are_not_said_are_told(desk: Desk) -> None:
    """Where most cells are days alone, the few times are lost in the call: by init, and by each check after it."""
    said = days(desk, "2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04 14:30")
    assert made(desk)["variables"]["appointment"]["format"] == "%A, %B %-d"
    assert "1 of 4 cells have a time of day, which is not said" in said
    checked = desk("check", desk.folder / "sheet.csv", "-t", "sheet.toml", "--sandbox").out
    assert "'Appointment' has times of day ('2026-12-04 14:30' for one), and the format of 'appointment'" in checked


def test_midnight_is_how_programs_write_a_day_alone(desk: Desk) -> None:
    assert "no such date" not in days(desk, "2026-12-01 00:00:00", "2026-12-02 00:00:00")
    assert made(desk)["variables"]["appointment"]["format"] == "%A, %B %-d"
    assert "has times of day" not in desk("check", desk.folder / "sheet.csv", "-t", "sheet.toml", "--sandbox").out


def test_a_midnight_that_is_said_is_worth_a_look(desk: Desk) -> None:
    days(desk, "2026-12-01 14:30", "2026-12-02 09:00", "2026-12-03 00:00")
    checked = desk("check", desk.folder / "sheet.csv", "-t", "sheet.toml", "--sandbox").out
    assert "'2026-12-03 00:00': midnight, as programs write a day without a time" in checked


@pytest.mark.parametrize("vague", ["TBD", "n/a", "-", "unknown"])
def test_people_without_a_date_yet_do_not_keep_the_others_from_hearing_theirs_in_words(desk: Desk, vague: str) -> None:
    said = days(desk, *["2026-12-01 14:30", "2026-12-02 9:00"] * 3, *[vague] * 4)
    assert made(desk)["variables"]["appointment"]["format"] == "%A, %B %-d at %-I:%M %p"
    assert "4 of 10 cells are no such date" in said


FOOTERS = (("Total,,", "Count: 4,,", "Average,,"), ("Contacts report,,", "Copyright (c) 2026,,", "Blue Heron Inc,,"))


@pytest.mark.parametrize("footer", FOOTERS)
def test_lines_of_a_footer_make_no_column_optional(desk: Desk, footer: tuple[str, ...]) -> None:
    """They have no appointment, and are nobody: a person without one would be called with nothing to hear."""
    said = days(desk, *["2026-12-01 14:30"] * 4, footer=footer)
    assert "optional" not in made(desk)["variables"]["appointment"]
    assert "of 4 rows" not in said
    assert "its 4 rows, beside 3 lines of totals or of a footer" in (desk.folder / "sheet.toml").read_text("utf-8")


def test_dates_in_a_footer_do_not_keep_a_format_from_being_proposed(desk: Desk) -> None:
    days(desk, "2026-12-01", "2026-12-02", footer=("Total,,2", "Summe,,2 visits", "Average,,1.0"))
    assert made(desk)["variables"]["appointment"]["format"] == "%A, %B %-d"


def test_dates_that_lie_close_together_in_one_of_two_orders_are_said_without_their_year(desk: Desk) -> None:
    """12 November and 1 December; the other way round they would be most of a year apart."""
    rows = ("Ada Example,+14155550101,12/01/2026", "Bo Example,+14155550102,11/12/2026")
    assert desk("init", desk.sheet(*rows, header="Name,Phone,Visit"), "--all-variables").code == 0
    assert made(desk)["variables"]["visit"]["format"] == "%A, %B %-d"


def test_dates_that_may_be_two_days_are_told_and_the_answer_is_kept(desk: Desk) -> None:
    rows = ("Ada Example,+14155550101,03/04/2027", "Bo Example,+14155550102,13/04/2027")
    sheet = desk.sheet(*rows, header="Name,Phone,Visit")
    ended = desk("init", sheet, "--all-variables")
    assert "'Saturday, April 3 or Thursday, March 4'" in ended.err
    assert "1 may be two days: check asks (--day-first, --month-first)" in ended.err
    assert "--day-first or --month-first" in desk("check", sheet, "-t", "sheet.toml", "--sandbox").out
    assert desk("init", sheet, "--all-variables", "--day-first", "-t", "said.toml").code == 0
    checked = desk("check", sheet, "-t", "said.toml", "--sandbox")
    assert "visit = 'Saturday, April 3'" in checked.out
    assert checked.code == 0


def test_names_that_are_written_last_name_first_are_proposed_to_be_turned(desk: Desk) -> None:
    sheet = desk.sheet(*VISITS, header=HEADER)
    assert desk("init", sheet, "--region", "US").code == 0
    assert isinstance(load_template(desk.folder / "sheet.toml").columns.name, OrderedNameSection)
    checked = desk("check", sheet, "-t", "sheet.toml", "--sandbox")
    assert "'Ada Lindqvist'" in checked.out
    assert checked.code == 0


@pytest.mark.parametrize("second", ['"Marek, Bo, Lee"', "Bo Marek", '"Bo Marek, Jr."'])
def test_names_of_two_orders_are_asked_about_and_not_turned(desk: Desk, second: str) -> None:
    sheet = desk.sheet('"Lindqvist, Ada",+14155550101', f"{second},+14155550102", header="Name,Phone")
    assert desk("init", sheet).code == 0
    assert made(desk)["columns"]["name"] == "Name"
    assert "--turn-names" in desk("check", sheet, "-t", "sheet.toml", "--sandbox").out


def test_state_and_zip_are_proposed_where_they_say_where_people_are(desk: Desk) -> None:
    assert desk("init", desk.sheet(*VISITS, header=HEADER), "--region", "US").code == 0
    assert (made(desk)["columns"]["state"], made(desk)["columns"]["zip"]) == ("State", "Zip")
    for rows, header in (
        (("Ada Example,+493012345678,94110",), "Name,Phone,Zip"),
        (("Ada Example,+14155550101,open",), "Name,Phone,State"),
        (("Ada Example,+14155550101,SW1A 1AA",), "Name,Phone,Postcode"),
    ):
        (desk.folder / "sheet.toml").unlink(missing_ok=True)
        assert desk("init", desk.sheet(*rows, header=header)).code == 0
        assert not made(desk)["columns"].keys() & {"state", "zip"}, header


def test_how_the_sheet_was_read_is_kept_in_the_template(desk: Desk) -> None:
    path, book = desk.folder / "people.xlsx", openpyxl.Workbook()
    book.remove(book.active)
    for name in ("Old", "New"):
        page = book.create_sheet(name)
        for row in (["Visits"], [], ["Name", "Phone", "Day"], ["Ada Example", "+14155550101", "Monday"]):
            page.append(row)
        page.append(["Bo Example", "+14155550102", "Tuesday"])
        page.row_dimensions[5].hidden = True
    book.save(path)
    flags = ("--sheet", "New", "--header-row", "3", "--skip-hidden")
    ended = desk("init", path, *flags)
    assert ended.code == 0, ended
    kept = tomllib.loads((desk.folder / "people.toml").read_text("utf-8"))["sheet"]
    assert kept == {"name": "New", "header_row": 3, "hidden": "skip"}
    assert "next: campaign check" in ended.err
    assert "--sheet" not in ended.err.split("next: ")[1]
    assert desk("check", path, "-t", "people.toml", "--sandbox").out.startswith("1 row: 1 to call")


def test_the_encoding_and_the_delimiter_are_kept_too(desk: Desk) -> None:
    path = desk.folder / "people.csv"
    path.write_bytes("Name;Phone;Note\nZoë Example;+14155550101;a,b\n".encode("cp1252"))
    assert desk("init", path, "--encoding", "cp1252", "--delimiter", ";").code == 0
    text = (desk.folder / "people.toml").read_text("utf-8")
    assert tomllib.loads(text)["sheet"] == {"encoding": "cp1252", "delimiter": ";"}
    assert "'Zoë Example'" in desk("check", path, "-t", "people.toml", "--sandbox").out


def test_the_end_says_what_is_said_to_whom_and_which_lines_decide_on_it(desk: Desk) -> None:
    ended = desk("init", desk.sheet(*VISITS, header=HEADER), "--region", "US", "--all-variables")
    heard = "appointment 'Tuesday, December 1 at 9:00 AM', doctor 'Dr. Wu'"
    assert f"row 2: 'Ada Lindqvist' is called at …0111, and hears {heard}" in ended.err
    assert "of 4 rows, 1 row would not be called" in ended.err
    assert "555-0111" not in ended.err
    lines = (desk.folder / "sheet.toml").read_text("utf-8").splitlines()
    shown = dict(
        line.strip().removeprefix("line ").split(": ", 1) for line in ended.err.splitlines() if "  line " in line
    )
    assert {line.split(" = ")[0] for line in shown.values()} == {"language", "name", "appointment", "region"}
    assert all(lines[int(number) - 1].startswith(line) for number, line in shown.items())


def test_the_language_is_no_line_to_look_at_where_no_date_is_spoken(desk: Desk) -> None:
    ended = desk("init", desk.sheet(*VISITS, header=HEADER), "--region", "US")
    assert made(desk)["language"] == "en"
    assert 'line 4: language = "en"' not in ended.err


def test_a_key_is_an_identifier(desk: Desk, answer: Callable[..., None]) -> None:
    """`yes please` is no key: no prompt could name it."""
    sheet = desk.sheet("Ada Example,+14155550101,Monday", header="Name,Phone,Day")
    ended = desk("init", sheet, "--variable", "the day=Day")
    assert (ended.code, "'the day' is no key" in ended.err) == (2, True)
    answer("yes please", "2day", "day")
    ended = desk("init", sheet)
    assert ended.code == 0
    assert "'yes please' is no key: letters, digits and _, as day" in ended.err
    assert list(made(desk)["variables"]) == ["day"]


def test_each_question_is_explained_by_a_question_mark(desk: Desk, answer: Callable[..., None]) -> None:
    rows = (
        "Blue Heron,Ada Example,(212) 555-0101,yes,no,03/04/2026",
        "Cinder,Bo Example,(212) 555-0102,yes,yes,05/06/2026",
    )
    sheet = desk.sheet(*rows, header="Name,Customer,Phone,Consent,Opt in,Visit")
    answer("?", "2", "?", "0", "?", "US", "?", "-", "-", "-", "visit", "?", "de", "?", "day", "?", "%A, %-d. %B")
    ended = desk("init", sheet)
    assert ended.code == 0, ended
    for explained in (
        "The call asks for this person by name",
        "Only rows that say yes in it are called",
        "The same digits ring different people in different countries",
        "The key is the name under which the prompt",
        "The names of days and months are said in it",
        "03/04/2026 is 3 April with the day first",
        "%A and %B are the names of day and month",
    ):
        assert explained in ended.err
    assert made(desk)["language"] == "de"
    assert made(desk)["answers"] == {"date_order": "day_first"}
    assert made(desk)["variables"] == {"visit": {"column": "Visit", "format": "%A, %-d. %B"}}
    shown = desk("run", sheet, "-t", "sheet.toml", "--sandbox", "--dry-run").out.splitlines()
    assert "Freitag, 3. April" in json.dumps(json.loads(shown[0]), ensure_ascii=False)


def test_a_person_may_say_the_cell_as_it_stands(desk: Desk, answer: Callable[..., None]) -> None:
    sheet = desk.sheet("Ada Example,+14155550101,2026-12-01", header="Name,Phone,Visit")
    answer("visit", "Klingon", "en", "%Q", "-")
    ended = desk("init", sheet)
    assert ended.code == 0, ended
    assert "language 'Klingon': no language that is known here" in ended.err
    assert "'%Q' is no part of a date that is known" in ended.err
    assert made(desk)["variables"] == {"visit": "Visit"}


def test_dates_without_a_language_are_told_and_spoken_as_they_stand(desk: Desk) -> None:
    """No default: the names of days in a wrong language are wrong words."""
    sheet = desk.sheet("Ada Example,+14155550101,2026-12-01", header="Name,Mobil,Besonderes")
    ended = desk("init", sheet, "--all-variables")
    assert "note: 'Besonderes' holds dates, spoken as they stand; --language says in which words" in ended.err
    assert "language" not in made(desk)


@pytest.mark.parametrize("flags", [("--language", "Klingon"), ("--language", "")])
def test_a_language_that_is_none_is_refused_before_any_question(desk: Desk, flags: tuple[str, ...]) -> None:
    ended = desk("init", desk.people(2), *flags)
    assert (ended.code, len(ended.err.strip().splitlines())) == (2, 1)
    assert "no language that is known here" in ended.err
    assert not Path(desk.folder / "sheet.toml").exists()
