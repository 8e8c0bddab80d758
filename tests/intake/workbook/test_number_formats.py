"""A number is spoken as its owner sees it: in the decimals and with the signs of its format, without noise."""

import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it has no types

from campaign.intake.formats.numbers.number_format import read_format
from campaign.intake.open_sheet import open_sheet
from tests.intake.workbook.files import biff_formats, biff_label, biff_styled, ods, ods_row, text, xls, xlsb, xlsx
from tests.workbooks_here import workbooks_read_here

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


ROWS = tuple(enumerate(SEEN, start=1))
CODES = tuple(code for code, _, _ in SEEN)
READ = [("Ada", "+14155550111", seen) for _, _, seen in SEEN]


def test_the_cells_of_an_xls_are_read_as_they_are_seen(tmp_path: Path) -> None:
    head = b"".join(biff_label(0, place, name) for place, name in enumerate(("Name", "Phone", "Amount")))
    rows = (
        biff_label(row, 0, "Ada") + biff_label(row, 1, "+14155550111") + biff_styled(row, 2, float(value), style=row)
        for row, (_, value, _) in ROWS
    )
    sheet = open_sheet(xls(tmp_path, head + b"".join(rows), globals_=biff_formats(*CODES)))
    assert [row.cells for row in sheet.rows] == READ


@pytest.mark.parametrize(("value", "seen"), [(0.25, "25%"), (2.0, "200%"), (-0.5, "-50%")])
def test_the_short_numbers_of_an_xls_are_read_as_they_are_seen(tmp_path: Path, value: float, seen: str) -> None:
    head = b"".join(biff_label(0, place, name) for place, name in enumerate(("Name", "Phone", "Part", "Other")))
    rows = (biff_label(row, 0, "Ada") + biff_styled(row, 2, value, style=1, as_rk=True) for row in (1, 2))
    sheet = open_sheet(xls(tmp_path, head + b"".join(rows), globals_=biff_formats("0%")))
    assert [row.cells[2:] for row in sheet.rows] == [(seen, ""), (seen, seen)]


def test_the_cells_of_an_xlsb_are_read_as_they_are_seen(tmp_path: Path) -> None:
    rows = (("Ada", "+14155550111", float(value)) for _, value, _ in SEEN)
    sheet = open_sheet(xlsb(tmp_path, ("Name", "Phone", "Amount"), *rows, formats=CODES))
    assert [row.cells for row in sheet.rows] == READ


@pytest.mark.parametrize(
    ("value", "shown", "read"),
    [
        ("7.0000000000000009", "$7.00", "$7.00"),
        ("0.25", "25%", "25%"),
        ("129.9", "129,90 €", "129,90 €"),
        ("7", "7.00", "7.00"),
        ("7", "7 km", "7 km"),
        ("1234", "1,234", "1234"),
        ("-1234.5", "(1,234.50)", "(1,234.50)"),
        ("14155550111", "14155550111", "14155550111"),
        ("14155550111", "14,155,550,111", "14155550111"),
        ("14155550111", "14155550111.00", "14155550111"),
        ("14155550111", "1.41555501E+10", "14155550111"),
        ("4155550111", "(415) 555-0111", "4155550111"),
        ("211234567", "0211234567", "0211234567"),
        ("14155550111", "+14155550111", "+14155550111"),
        ("29.690499999999997", "29.6905", "29.6905"),
        ("12345.678", "1.23E+04", "1.23E+04"),
        ("12", "", "12"),
    ],
)
def test_the_cells_of_an_ods_are_read_as_they_are_seen(tmp_path: Path, *, value: str, shown: str, read: str) -> None:
    """The file holds what is shown, beside the number: in the signs and the language of its owner."""
    said = f'office:value-type="float" office:value="{value}"'
    amount = f"<table:table-cell {said}><text:p>{shown}</text:p></table:table-cell>"
    row = ods_row("Ada", "+14155550111").replace("</table:table-row>", f"{amount}</table:table-row>")
    table = f'<table:table table:name="S">{ods_row("Name", "Phone", "Amount")}{row}</table:table>'
    assert [row.cells for row in open_sheet(ods(tmp_path, table)).rows] == [("Ada", "+14155550111", read)]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_what_libreoffice_saves_otherwise_is_read_the_same(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "seen.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ("Name", "Phone", "Amount"))
        for row, (code, value, _) in ROWS:
            page.write_row(row, 0, ("Ada", "+14155550111"))
            page.write_number(row, 2, float(value), book.add_format({"num_format": code}))
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    asked = ["soffice", home, "--headless", "--convert-to", kind, "--outdir", str(tmp_path), str(path)]
    subprocess.run(asked, check=True, capture_output=True, timeout=100)
    assert [row.cells for row in open_sheet(path.with_suffix(f".{kind}")).rows] == READ


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


@pytest.mark.parametrize(
    ("said", "inside", "seen"),
    [
        ('office:value-type="currency" office:value="3"', "<text:p>$3.00</text:p>", "$3.00"),
        (
            'office:value-type="currency" office:value="3"',
            "<office:annotation><text:p>call him 7</text:p></office:annotation><text:p>$3.00</text:p>",
            "$3.00",
        ),
        ('office:value-type="float" office:value="4155550111"', "<text:p>(415) 555-0111</text:p>", "4155550111"),
        ('office:value-type="float" office:value="4155550111"', "<text:p>4,155,550,111.00</text:p>", "4155550111"),
        ('office:value-type="float" office:value="1234"', "<text:p>1.234</text:p>", "1234"),
        ('office:value-type="float" office:value="1234"', "<text:p>1.234,00 €</text:p>", "1.234,00 €"),
        ('office:value-type="float" office:value="29.690499999999997"', "<text:p>29.69</text:p>", "29.69"),
        ('office:value-type="float" office:value="7"', "", "7"),
        ('office:value-type="time" office:time-value="PT14H30M00S"', "<text:p>02:30 PM</text:p>", "02:30 PM"),
        ('office:value-type="time" office:time-value="PT14H30M00S"', "", "14:30:00"),
    ],
)
def test_a_number_of_an_ods_is_read_as_the_file_says_that_it_is_shown(
    tmp_path: Path, *, said: str, inside: str, seen: str
) -> None:
    """A comment in the cell is shown beside it, and is not spoken."""
    cell = f"<table:table-cell {said}>{inside}</table:table-cell>"
    row = ods_row("Ada", "+14155550111").replace("</table:table-row>", f"{cell}</table:table-row>")
    head = ods_row("Name", "Phone", "Amount")
    path = ods(tmp_path, f'<table:table table:name="S">{head}{row}</table:table>')
    assert [row.cells for row in open_sheet(path).rows] == [("Ada", "+14155550111", seen)]
