"""A number is spoken as its owner sees it: in the decimals and with the signs of its format, without noise."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign.intake.formats.numbers.number_format import read_format
from campaign.intake.open_sheet import open_sheet
from tests.intake.fuzzing.here import workbooks_read_here
from tests.intake.workbook.files import text, xlsx

SEEN = [
    ('"$"#,##0.00', "7.0000000000000009", "$7.00"),
    ('"$"#,##0.00', "29.690499999999997", "$29.69"),
    ('"$"#,##0.00', "129.9", "$129.90"),
    ('"$"#,##0.00', "-1234.5", "-$1,234.50"),
    ('"$"#,##0.00_);("$"#,##0.00)', "-1234.5", "($1,234.50)"),
    ('"$"#,##0.00_);[Red]\\("$"#,##0.00\\)', "-3", "($3.00)"),
    ('_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)', "3", "$3.00"),
    ("[$€-2]\\ #,##0.00", "1234.5", "€ 1,234.50"),
    ("#,##0.00\\ [$€-407]", "129.9", "129.90 €"),
    ("#,##0.00\\ [$€-407]", "1234.5", "1,234.50 €"),
    ("0.00", "2.675", "2.68"),
    ("0.00", "-0.001", "0.00"),
    ("0.0#", "2.5", "2.5"),
    ("#.##", "0.25", ".25"),
    ("0", "7.4", "7"),
    ("0%", "0.25", "25%"),
    ("0.00%", "0.0725", "7.25%"),
    ('0.0" km"', "12.34", "12.3 km"),
    ('#,##0.0,,"M"', "2500000", "2.5M"),
]


@pytest.fixture(autouse=True)
def read_here() -> Iterator[None]:
    with workbooks_read_here():
        yield


@pytest.mark.parametrize(("code", "value", "seen"), SEEN)
def test_a_number_is_shown_as_its_format_says(code: str, value: str, seen: str) -> None:
    found = read_format(code)
    assert found is not None
    assert found.shown(value) == seen


@pytest.mark.parametrize("value", ["4155550111", "14155550111", "4915555011", "1234567", "12"])
@pytest.mark.parametrize("code", ["0", "#,##0", "#,##0.00", "0.00"])
def test_a_whole_number_as_long_as_a_phone_number_keeps_its_digits(code: str, value: str) -> None:
    """A column of phone numbers that somebody formatted as an amount is one of phone numbers all the same."""
    found = read_format(code)
    assert found is not None
    assert found.shown(value) in (None, f"{int(value):.2f}" if int(value) < 100 else None)


@pytest.mark.parametrize("code", ["# ?/?", "0.00E+00", "[>100]0.0;0", "0.0 0", "[DBNum1]0"])
def test_a_format_that_is_not_understood_is_named_and_not_guessed(tmp_path: Path, code: str) -> None:
    assert read_format(code) is None
    sheet = open_sheet(_sheet(tmp_path, code, "0.1000000000000001"))
    assert [row.cells[2] for row in sheet.rows] == ["0.1"]
    assert any("format that is not known here" in notice for notice in sheet.notices)


@pytest.mark.parametrize("code", ["General", "@", "#,##0", "yyyy\\-mm\\-dd", "[h]:mm", 'd" of "mmmm'])
def test_a_format_that_changes_nothing_that_is_spoken_or_makes_a_time_is_not_remarked_on(
    tmp_path: Path, code: str
) -> None:
    sheet = open_sheet(_sheet(tmp_path, code, "12"))
    list(sheet.rows)
    assert not any("format" in notice for notice in sheet.notices)


@pytest.mark.parametrize(("code", "value", "seen"), SEEN)
def test_the_cell_of_a_workbook_is_read_as_it_is_seen(tmp_path: Path, *, code: str, value: str, seen: str) -> None:
    assert [row.cells for row in open_sheet(_sheet(tmp_path, code, value)).rows] == [("Ada", "+14155550111", seen)]


def test_a_double_without_a_format_is_read_without_the_noise_of_calculating(tmp_path: Path) -> None:
    sheet = open_sheet(_sheet(tmp_path, "General", "29.690499999999997"))
    assert [row.cells[2] for row in sheet.rows] == ["29.6905"]


PLAIN = '<c r="C2" s="1"><v>0.5</v></c>'


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        (PLAIN, "50%"),
        ('<c r="C2" s="1" t="n"><v>0.5</v></c>', "50%"),
        ('<c s="1" r="C2"><v>0.5</v></c>', "50%"),
        ("<c r='C2' s='1'><v>0.5</v></c>", "50%"),
        ('<c r="C2" s = "1"><v>0.5</v></c>', "50%"),
        ('<c r="C2" s="1"><v> 0.5 </v></c>', "50%"),
        (f'<!-- <c r="C2" s="1"><v>0.7</v></c> -->{PLAIN}', "50%"),
        (f'{PLAIN}<!-- <c r="C2" s="1"><v>0.7</v></c> -->', "50%"),
        (text("C2", "0.5"), "0.5"),
        ('<c r="C2" s="1"/>', ""),
        ('<c r="C2" s="0"><v>0.5</v></c>', "0.5"),
        ('<c r="C2" s="11"><v>0.5</v></c>', "0.5"),
    ],
)
def test_a_formatted_cell_is_found_in_whatever_form_it_is_written(tmp_path: Path, cell: str, seen: str) -> None:
    """Most programs write one form, which is read fast; another must not be passed over, nor a comment believed."""
    beside = '<c r="D2" s="1"><v>0.25</v></c>'
    path = _sheet(tmp_path, "0%", "0.5")
    book = path.rename(tmp_path / "plain.xlsx")
    with zipfile.ZipFile(book) as before, zipfile.ZipFile(path, "w") as after:
        for name in before.namelist():
            content = before.read(name).decode().replace(PLAIN, cell + beside)
            after.writestr(name, content.replace("</row>", f"{text('D1', 'Part')}</row>", 1))
    assert [row.cells for row in open_sheet(path).rows] == [("Ada", "+14155550111", seen, "25%")]


def _sheet(folder: Path, code: str, value: str) -> Path:
    escaped = code.replace("&", "&amp;").replace('"', "&quot;").replace(">", "&gt;").replace("<", "&lt;")
    styles = (
        f'<numFmts count="1"><numFmt numFmtId="164" formatCode="{escaped}"/></numFmts>'
        '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>'
    )
    head = f'<row r="1">{text("A1", "Name")}{text("B1", "Phone")}{text("C1", "Amount")}</row>'
    row = f'<row r="2">{text("A2", "Ada")}{text("B2", "+14155550111")}<c r="C2" s="1"><v>{value}</v></c></row>'
    return xlsx(folder, head + row, styles=styles)
