"""`init` writes a template that `check` accepts at once, says why, and decides nothing that only the owner knows."""

import csv
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st

from campaign.config.template_file import load_template
from campaign.domain.errors import SheetError, UsageError
from campaign.intake.files.read_options import Choices
from campaign.intake.proposal.template_text import commented, quoted
from campaign.usecases.init import Decided, SpokenColumn, draft_of, look_at, proposal_for, write_new
from tests.cli.conftest import ROOT, Desk
from tests.cli.sheets.test_choosing import Terminal

pytestmark = pytest.mark.usefixtures("workbooks_here")

SAMPLES = {
    "appointments.csv": ("US", 1, "14 rows: 12 to call, 1 invalid, 1 skipped"),
    "leads.xlsx": ("US", 1, "20 rows: 14 to call, 2 invalid, 4 skipped"),
    "payments.csv": ("US", 0, "1000 rows: 1000 to call, 0 invalid, 0 skipped"),
    "survey.xlsx": ("GB", 1, "15 rows: 12 to call, 1 invalid, 2 skipped"),
    "broken.csv": ("US", 1, "24 rows: 5 to call, 18 invalid, 1 skipped"),
}
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Somebody sits at the terminal, and types these lines."""
    return lambda *lines: monkeypatch.setattr("sys.stdin", Terminal("".join(f"{line}\n" for line in lines)))


def columns_of(path: Path) -> dict[str, object]:
    columns: dict[str, object] = tomllib.loads(path.read_text("utf-8"))["columns"]
    return columns


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize(
    "flag",
    [
        ("--all-variables",),
        pytest.param((), marks=pytest.mark.nightly),
        pytest.param(("--yes",), marks=pytest.mark.nightly),
    ],
)
def test_every_sample_gets_a_template_that_check_accepts(desk: Desk, sample: str, flag: tuple[str, ...]) -> None:
    """A newcomer's own sheet is the first thing that they try after the samples."""
    region, code, counts = SAMPLES[sample]
    sheet = ROOT / "sample_data" / sample
    ended = desk("init", sheet, "--region", region, *flag)
    assert ended.code == 0, ended
    template = Path(ended.out.strip())
    assert template == Path(sample).with_suffix(".toml")
    checked = desk("check", sheet, "-t", template)
    assert checked.out.splitlines()[0].startswith(counts.split(":")[0])
    if flag == ("--all-variables",):
        assert checked.code == code, checked
        assert checked.out.splitlines()[0] == counts
    spoken = load_template(desk.folder / template).variables
    assert bool(spoken) == (flag == ("--all-variables",))


def test_each_choice_is_told_with_its_reason_on_stderr_and_in_the_template(desk: Desk) -> None:
    sheet = desk.sheet("Ada Example,212 555 0101,", "Bo Example,212 555 0102,Monday", "Cy Example,212 555,")
    ended = desk("init", sheet, "--region", "US", "-t", "made.toml")
    written = (desk.folder / "made.toml").read_text("utf-8")
    for reason in (
        "it is called a name",
        "called so; 2 of 3 filled cells are phone numbers",
        "said by you; 2 of 2 numbers without a country are valid in it",
    ):
        assert reason in ended.err
        assert reason in written
    assert '# day = { column = "Day", optional = true }  # 2 of 3 rows have none' in written
    assert "left in the template as comments: 'Day'" in ended.err
    assert "campaign check" in ended.err
    assert "Ada" not in written


def test_the_template_is_named_after_the_sheet_in_the_current_folder(desk: Desk) -> None:
    (desk.folder / "elsewhere").mkdir()
    sheet = desk.people(3).rename(desk.folder / "elsewhere" / "März 2026.csv")
    assert desk("init", sheet).out == "März 2026.toml\n"
    assert load_template(desk.folder / "März 2026.toml").title == "März 2026"
    assert sorted(path.name for path in desk.folder.iterdir()) == ["März 2026.toml", "elsewhere"]


def test_a_file_is_never_written_over(desk: Desk) -> None:
    (desk.folder / "sheet.toml").write_text("mine\n")
    ended = desk("init", desk.people(3))
    assert ended.code == 2
    assert "sheet.toml exists" in ended.err
    assert len(ended.err.strip().splitlines()) == 1
    assert (desk.folder / "sheet.toml").read_text() == "mine\n"
    (desk.folder / "link.toml").symlink_to(desk.folder / "nowhere.toml")
    assert desk("init", desk.people(3), "-t", "link.toml").code == 2
    assert not (desk.folder / "nowhere.toml").exists()


def test_a_file_that_comes_to_be_while_questions_are_answered_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "sheet.toml"
    write_new(path, "first\n")
    with pytest.raises(UsageError, match=r"sheet\.toml"):
        write_new(path, "second\n")
    assert path.read_text() == "first\n"


def test_a_place_that_cannot_be_written_is_one_line(desk: Desk) -> None:
    ended = desk("init", desk.people(3), "-t", "no/such/folder.toml")
    assert (ended.code, len(ended.err.strip().splitlines())) == (2, 1)
    assert "folder.toml" in ended.err


@pytest.mark.parametrize("flag", [(), ("--yes",)])
def test_a_country_is_never_chosen_for_its_owner(desk: Desk, flag: tuple[str, ...]) -> None:
    """The same digits ring different people in different countries; --yes must not choose whom."""
    ended = desk("init", desk.sheet("Ada Example,(212) 555-0101,", "Bo Example,(212) 555-0102,"), *flag)
    assert ended.code == 2
    assert "2 phone numbers in its 2 rows without a country" in ended.err
    assert "--region" in ended.err
    assert "US (2 of 2 are valid there)" in ended.err
    assert not (desk.folder / "sheet.toml").exists()


def test_numbers_with_their_country_need_no_region(desk: Desk) -> None:
    sheet = desk.people(3)
    assert desk("init", sheet).code == 0
    assert load_template(desk.folder / "sheet.toml").phone.region is None
    assert desk("check", sheet, "-t", "sheet.toml").code == 0


def test_a_country_in_a_column_needs_no_region_where_every_row_says_it(desk: Desk) -> None:
    rows = ["Ada Example,(212) 555-0101,US", "Bo Example,020 7946 0101,GB", "Cy Example,+44 20 7946 0102,"]
    sheet = desk.sheet(*rows, header="Name,Phone,Country")
    assert desk("init", sheet).code == 0
    assert columns_of(desk.folder / "sheet.toml")["country"] == "Country"
    assert desk("check", sheet, "-t", "sheet.toml").out.startswith("3 rows: 3 to call")
    sheet = desk.sheet(*rows, "Di Example,(212) 555-0104,", header="Name,Phone,Country")
    ended = desk("init", sheet, "-t", "two.toml")
    assert ended.code == 2
    assert "1 phone number in its 4 rows without a country" in ended.err


def test_a_region_that_is_none_is_refused(desk: Desk) -> None:
    ended = desk("init", desk.people(3), "--region", "UK")
    assert ended.code == 2
    assert "'UK'" in ended.err


def test_what_is_not_certain_is_refused_with_the_flag_that_decides(desk: Desk) -> None:
    sheet = desk.sheet("Blue Heron,Ada Example,+12125550101,+12125550111", header="Name,Customer,A,B")
    ended = desk("init", sheet)
    assert ended.code == 2
    assert "--column name=COLUMN; it may be 'Name', 'Customer'" in ended.err
    ended = desk("init", sheet, "--column", "name=customer")
    assert "--column phone=COLUMN; it may be 'A', 'B'" in ended.err
    assert desk("init", sheet, "--column", "name=customer", "--column", "phone=#4").code == 0
    assert columns_of(desk.folder / "sheet.toml") == {"name": "Customer", "phone": "B"}


def test_a_phone_column_without_phones_is_told_in_the_refusal(desk: Desk) -> None:
    ended = desk("init", desk.sheet("Ada Example,iPhone,x", "Bo Example,Pixel,y"))
    assert ended.code == 2
    assert "'Phone' is called a phone, but 0 of its 2 filled cells are phone numbers" in ended.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--column", "fax=Day"), "no such use"),
        (("--column", "name"), "USE=COLUMN"),
        (("--column", "name=Nobody"), "no single column 'Nobody'"),
        (("--variable", "=Day"), "KEY=COLUMN"),
        (("--variable", "day=#9"), "no single column '#9'"),
        (("--variable", "day=Day", "--variable", "day=Name"), "one key twice"),
    ],
)
def test_a_flag_that_names_nothing_is_refused(desk: Desk, words: tuple[str, ...], says: str) -> None:
    ended = desk("init", desk.people(3), *words)
    assert (ended.code, len(ended.err.strip().splitlines())) == (2, 1)
    assert says in ended.err


def test_variables_are_spoken_as_the_flags_say(desk: Desk) -> None:
    sheet = desk.sheet("Ada Example,+12125550101,Monday,9", header="Name,Phone,Day,Hour")
    assert desk("init", sheet, "--variable", "who=Name", "--variable", "when=Day").code == 0
    made = load_template(desk.folder / "sheet.toml")
    assert {key: variable.column for key, variable in made.variables.items()} == {"who": ("Name",), "when": ("Day",)}
    assert '# hour = "Hour"' in (desk.folder / "sheet.toml").read_text("utf-8")


def test_a_parted_name_is_joined(desk: Desk) -> None:
    sheet = desk.sheet("Example,Ada,+12125550101", header="Last name,First name,Phone")
    assert desk("init", sheet).code == 0
    assert columns_of(desk.folder / "sheet.toml")["name"] == {"join": ["First name", "Last name"]}
    assert "Ada Example" in desk("run", sheet, "-t", "sheet.toml", "--sandbox", "--dry-run").out


def test_a_person_answers_what_is_asked(desk: Desk, answer: Callable[..., None]) -> None:
    rows = ["Blue Heron,Ada Example,(212) 555-0101,yes,no,Monday,x", "Cinder Oak,Bo Example,(212) 555-0102,yes,yes,,y"]
    sheet = desk.sheet(*rows, header="Name,Customer,Phone,Consent,Opt in,Day,Ref")
    answer("2", "1", "UK", "us", "-", "-", "when", "when", "ref")
    ended = desk("init", sheet)
    assert ended.code == 0, ended
    made = load_template(desk.folder / "sheet.toml")
    assert (made.columns.name, made.columns.consent, made.phone.region) == (("Customer",), ("Consent",), "US")
    assert {key: variable.column for key, variable in made.variables.items()} == {"when": ("Day",), "ref": ("Ref",)}
    assert not made.variables["when"].optional
    assert "US (2 of 2 are valid there)" in ended.err
    assert "'UK' is not one" in ended.err
    assert "'when' is taken" in ended.err
    assert ended.out == "sheet.toml\n"


def test_nothing_is_written_when_the_questions_are_not_answered(desk: Desk, answer: Callable[..., None]) -> None:
    sheet = desk.sheet("Ada Example,(212) 555-0101,Monday")
    answer("US")
    assert desk("init", sheet).code == 130
    assert not (desk.folder / "sheet.toml").exists()


def test_the_choices_of_the_sheet_are_kept_so_that_no_command_repeats_them(desk: Desk) -> None:
    sheet = desk.sheet("Name,Phone,Day", "Ada Example,+12125550101,Monday", header="Visits,,")
    refused = desk("init", sheet)
    assert refused.code == 2
    assert "--header-row 2" in refused.err
    ended = desk("init", sheet, "--header-row", "2")
    assert ended.code == 0
    assert f"campaign check {sheet} -t sheet.toml\n" in ended.err
    assert desk("check", sheet, "-t", "sheet.toml").out.startswith("1 row: 1 to call")


def test_a_sheet_without_a_header_is_named_by_place(desk: Desk) -> None:
    sheet = desk.sheet("Bo Example,+12125550102,Tuesday", header="Ada Example,+12125550101,Monday")
    assert "--no-header" in desk("init", sheet).err
    ended = desk("init", sheet, "--no-header", "--column", "name=#1", "--column", "phone=#2")
    assert ended.code == 0, ended
    assert columns_of(desk.folder / "sheet.toml") == {"name": "#1", "phone": "#2"}
    assert desk("check", sheet, "-t", "sheet.toml").out.startswith("2 rows: 2 to call")


def test_a_header_that_toml_would_trip_over_comes_through(desk: Desk) -> None:
    header = ["Name", "Phone", 'Say "hi"\n\\n', "= '''", "# no", "\t[x]", "naïve 🙂", "Ｗｉｄｅ", "", "Day", "day"]  # noqa: RUF001 - full-width is meant
    path = desk.folder / "odd.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, ["Ada Example", "+12125550101", *"abcdefghi"]])
    assert desk("init", path, "--all-variables").code == 0
    spoken = desk("run", path, "-t", "odd.toml", "--sandbox", "--dry-run").out
    assert [spoken.index(f'"value": "{letter}"') for letter in "abcdefghi"]


@given(TEXT)
def test_any_text_comes_back_from_a_quoted_string(text: str) -> None:
    assert tomllib.loads(f"x = {quoted(text)}\n") == {"x": text}
    assert tomllib.loads(f"{quoted(text)} = 1\n") == {text: 1}
    assert "\n" not in quoted(text)


@given(TEXT)
def test_any_text_can_stand_in_a_comment(text: str) -> None:
    assert tomllib.loads(f"{commented(text)}\nx = 1\n") == {"x": 1}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT), max_size=5))
def test_any_header_gives_a_template_that_loads_and_fits(tmp_path: Path, columns: list[tuple[str, str]]) -> None:
    """`draft_of` proves it itself: it raises when the text does not load, or does not find its columns."""
    # A cell that goes over four lines is refused: a quotation mark may have swallowed rows.
    path = tmp_path / "any.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        header = ["Name", "Phone", *(name.replace("\0", "") for name, _ in columns)]
        cells = ["Ada Example", "+12125550101", *(cell.replace("\0", "") for _, cell in columns)]
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([header, cells])
    try:
        look = look_at(path, Choices(header_row=1))
    except SheetError as refused:
        # A cell with the delimiters of a whole row on one of its lines is refused likewise, and rightly.
        assume("stray quotation mark" not in str(refused))
        raise
    proposal = proposal_for(look, region=None, said={"name": (0,), "phone": (1,)})
    spoken = [SpokenColumn(offer.key, offer.index, offer.format) for offer in proposal.offers]
    draft = draft_of(look, proposal, Decided("any", [], region=(None, ""), language=(None, ""), spoken=spoken))
    assert list(tomllib.loads(draft.text).get("variables", {})) == [one.key for one in spoken]


def test_half_a_character_is_refused_by_the_quoting() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        quoted("\ud800")


def test_a_missing_sheet_is_one_line(desk: Desk) -> None:
    ended = desk("init", "nowhere.csv")
    assert (ended.code, len(ended.err.strip().splitlines())) == (UsageError.exit_code, 1)


def test_a_wide_sheet_does_not_make_a_long_message(desk: Desk) -> None:
    header = ",".join(f"Column {number}" for number in range(200))
    ended = desk("init", desk.sheet(",".join(["some words"] * 200), header=header))
    assert ended.code == 2
    assert "'Column 11' or 188 more" in ended.err
    assert len(ended.err) < 500
