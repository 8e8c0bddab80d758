"""Of a workbook, what its owner sees is read; what the owner does not see is asked for, or said."""

import io
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it has no stubs

from campaign.domain.cures import Cure, CureCode
from campaign.domain.cures.sheets import choose_sheet
from campaign.domain.errors import SheetError, UndecidedError
from campaign.domain.model import Mark, Row
from campaign.domain.sheet import Sheet
from campaign.intake.files.read_options import UNDECIDED, Choices
from campaign.intake.workbook.child import Limits, Task, messages
from campaign.intake.workbook.reader_process import sheet_of
from tests.intake.workbook.files import (
    biff_error,
    biff_label,
    biff_number,
    biff_row,
    ods,
    ods_row,
    packed,
    people,
    text,
    xls,
    xlsb,
    xlsx,
    xlsx_parts,
)

ANN = '<row r="2">' + text("A2", "Ann") + text("B2", "+14155550100") + "</row>"
HIDDEN_BOB = '<row r="3" hidden="1">' + text("A3", "Bob") + text("B3", "+14155550101") + "</row>"
CY = '<row r="4">' + text("A4", "Cy") + text("B4", "+14155550102") + "</row>"


def open_sheet(path: Path, *, choices: Choices = UNDECIDED) -> Sheet:
    """In this process: what another process would do is the same, and takes longer to start."""
    task = Task(choices, Limits(), parent=0)
    return sheet_of(json.loads(message) for message in messages(task, io.BytesIO(path.read_bytes())))


def read(path: Path, choices: Choices = UNDECIDED) -> tuple[list[Row], list[str]]:
    sheet = open_sheet(path, choices=choices)
    return list(sheet.rows), sheet.notices


def cell(folder: Path, xml: str, **more: str) -> tuple[str, tuple[tuple[int, Mark], ...]]:
    """What becomes of one cell, B2, beside a name."""
    rows, _ = read(xlsx(folder, people('<row r="2">' + text("A2", "Ann") + xml + "</row>"), **more))
    return rows[0].cells[1], rows[0].marks


def one(path: Path, *, name: str = "Ann") -> Row:
    rows, _ = read(path)
    return next(row for row in rows if row.cells[0] == name)


# --- sheets


def test_b03_the_only_visible_sheet_with_cells_is_used(tmp_path: Path) -> None:
    sheets = {"Empty": "", "People": people(ANN), "Old": people(CY)}
    path = xlsx(tmp_path, sheets=sheets, states={"Old": "hidden"})
    assert [row.cells[0] for row in read(path)[0]] == ["Ann"]


def test_b03_one_of_several_sheets_is_asked_for_with_what_each_holds(tmp_path: Path) -> None:
    """The names alone (Sheet1, Sheet2) tell nobody which is this month's."""
    path = xlsx(tmp_path, sheets={"Old": people(ANN, CY), "New": people(ANN), "Empty": ""})
    with pytest.raises(UndecidedError, match=r"it holds 2 sheets$") as caught:
        open_sheet(path)
    assert caught.value.cures == (choose_sheet(sheets="'Old', 'New'"),)
    assert caught.value.choice == "sheet"
    assert caught.value.options == (("Old", "2 rows: Name, Phone"), ("New", "1 row: Name, Phone"))


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_b04_a_hidden_sheet_is_never_used_unasked(tmp_path: Path, state: str) -> None:
    """It is often the list before someone took people out of it."""
    path = xlsx(tmp_path, sheets={"Old": people(CY), "New": people(ANN)}, states={"Old": state})
    assert read(path) == ([Row(2, ("Ann", "+14155550100"))], [])
    rows, notices = read(path, Choices(sheet="Old"))
    assert [row.cells[0] for row in rows] == ["Cy"]
    assert notices == ["the sheet 'Old' is hidden, and is read as asked"]


def test_b04_a_workbook_with_nothing_but_hidden_sheets_is_refused(tmp_path: Path) -> None:
    path = xlsx(tmp_path, sheets={"Shown": "", "Old": people(ANN)}, states={"Old": "hidden"})
    with pytest.raises(SheetError, match=r"only hidden sheets hold anything$") as caught:
        open_sheet(path)
    assert caught.value.cures == (choose_sheet(sheets="'Old'"),)


def test_b23_a_chart_sheet_is_no_sheet_with_cells(tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    with xlsxwriter.Workbook(path) as book:
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=People!$A$1:$A$2"})
        book.add_chartsheet("Chart").set_chart(chart)
        book.add_worksheet("People").write_row(0, 0, ["Name", "Phone"])
        book.get_worksheet_by_name("People").write_row(1, 0, ["Ann", "+14155550100"])
    assert one(path).cells == ("Ann", "+14155550100")
    with pytest.raises(SheetError, match="no sheet 'Chart' in it; sheet must be one of 'People'"):
        open_sheet(path, choices=Choices(sheet="Chart"))


# --- rows and columns that nobody sees


def _xlsx_hidden(folder: Path) -> Path:
    return xlsx(folder, people(ANN, HIDDEN_BOB, CY))


def _xls_hidden(folder: Path) -> Path:
    cells = [("Name", "Phone"), ("Ann", "+14155550100"), ("Bob", "+14155550101"), ("Cy", "+14155550102")]
    rows = b"".join(biff_row(number, hidden=number == 2) for number in range(4))
    return xls(folder, rows + b"".join(biff_label(r, c, x) for r, row in enumerate(cells) for c, x in enumerate(row)))


def _ods_hidden(folder: Path) -> Path:
    rows = ods_row("Name", "Phone") + ods_row("Ann", "+14155550100")
    rows += ods_row("Bob", "+14155550101", said='table:visibility="filter"') + ods_row("Cy", "+14155550102")
    return ods(folder, f'<table:table table:name="S">{rows}</table:table>')


def _xlsb_hidden(folder: Path) -> Path:
    cells = [("Name", "Phone"), ("Ann", "+14155550100"), ("Bob", "+14155550101"), ("Cy", "+14155550102")]
    return xlsb(folder, *cells, hidden=2)


WITH_HIDDEN_ROW = pytest.mark.parametrize(
    "make", [_xlsx_hidden, _xls_hidden, _ods_hidden, _xlsb_hidden], ids=["xlsx", "xls", "ods", "xlsb"]
)


@WITH_HIDDEN_ROW
def test_b05_hidden_rows_are_asked_for(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    """Someone filtered people out; nobody but them knows whether these are to be called."""
    with pytest.raises(UndecidedError, match=r"1 hidden row \(hidden, filtered or folded away\)$") as caught:
        open_sheet(make(tmp_path))
    assert caught.value.cures == (Cure(CureCode.SAY_HIDDEN_ROWS),)
    assert caught.value.choice == "hidden"
    assert [value for value, _ in caught.value.options] == ["skip", "include"]


@WITH_HIDDEN_ROW
def test_b05_hidden_rows_are_left_out_or_read_as_said(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    path = make(tmp_path)
    rows, notices = read(path, Choices(hidden="skip"))
    assert [(row.number, row.cells[0]) for row in rows] == [(2, "Ann"), (4, "Cy")]
    assert notices == ["1 hidden row left out, as asked"]
    rows, notices = read(path, Choices(hidden="include"))
    assert [row.cells[0] for row in rows] == ["Ann", "Bob", "Cy"]
    assert notices == ["1 hidden row read like all others, as asked"]


@pytest.mark.parametrize(
    "row",
    ['<row r="3" hidden="true">', '<row hidden="1" r="3">', '<row r="3" ht="0" customHeight="1">', "<row hidden='1'>"],
)
def test_b05_every_way_to_hide_a_row_is_seen(tmp_path: Path, row: str) -> None:
    path = xlsx(tmp_path, people(ANN, row + "<c t='inlineStr'><is><t>Bob</t></is></c></row>", CY))
    assert [row.cells[0] for row in read(path, Choices(hidden="skip"))[0]] == ["Ann", "Cy"]


def test_b05_a_sheet_with_prefixed_names_hides_rows_as_well(tmp_path: Path) -> None:
    """Some programs write every element with a prefix."""
    parts = xlsx_parts(people(ANN, HIDDEN_BOB, CY))
    sheet = parts["xl/worksheets/sheet1.xml"].replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
    parts["xl/worksheets/sheet1.xml"] = sheet.replace("xmlns=", "xmlns:x=")
    path = packed(tmp_path / "sheet.xlsx", parts)
    assert [row.cells[0] for row in read(path, Choices(hidden="skip"))[0]] == ["Ann", "Cy"]


def test_b05_blank_hidden_rows_and_those_above_the_header_are_no_question(tmp_path: Path) -> None:
    rows = people(ANN, '<row r="3" hidden="1"/>') + '<row r="9" hidden="1">' + text("A9", " ") + "</row>"
    assert len(read(xlsx(tmp_path, rows))[0]) == 1
    above = '<row r="1" hidden="1">' + text("A1", "Export of May") + "</row>"
    below = '<row r="2">' + text("A2", "Name") + "</row>" + '<row r="3">' + text("A3", "Ann") + "</row>"
    assert len(read(xlsx(tmp_path, above + below), Choices(header_row=2))[0]) == 1


def test_b05_hidden_columns_are_read_and_said(tmp_path: Path) -> None:
    cols = '<cols><col min="2" max="16384" hidden="1"/></cols>'
    rows, notices = read(xlsx(tmp_path, people(ANN), before=cols))
    assert rows == [Row(2, ("Ann", "+14155550100"))]
    assert notices == ["1 hidden column read like all others: 'Phone'"]


# --- cells that are not what they seem


def test_b06_cells_under_a_merged_one_are_marked(tmp_path: Path) -> None:
    """Two people under one merged name: the second has none, and must not look merely forgotten."""
    bob = '<row r="3">' + text("B3", "+14155550101") + "</row>"
    rows, notices = read(xlsx(tmp_path, people(ANN, bob), after='<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'))
    assert rows == [Row(2, ("Ann", "+14155550100")), Row(3, ("", "+14155550101"), marks=((0, Mark.MERGED),))]
    assert notices == ["1 merged cell: only the first of the cells that each covers has its value"]


def test_b06_covered_cells_of_an_ods_are_marked(tmp_path: Path) -> None:
    row = (
        '<table:table-row><table:table-cell table:number-columns-spanned="2" office:value-type="string">'
        "<text:p>Ann</text:p></table:table-cell><table:covered-table-cell/></table:table-row>"
    )
    rows, notices = read(ods(tmp_path, f'<table:table table:name="S">{ods_row("Name", "Phone")}{row}</table:table>'))
    assert rows == [Row(2, ("Ann", ""), marks=((1, Mark.MERGED),))]
    assert len(notices) == 1


@pytest.mark.parametrize("value", ["", "<v></v>", "<v/>"])
def test_b07_a_formula_without_a_result_is_marked(tmp_path: Path, value: str) -> None:
    """A program wrote it and left the calculating to Excel: there is no number yet, not an empty one."""
    assert cell(tmp_path, f'<c r="B2"><f>C2&amp;D2</f>{value}</c>') == ("", ((1, Mark.UNCALCULATED),))


def test_b07_a_zero_that_only_stands_for_a_result_is_none(tmp_path: Path) -> None:
    """xlsxwriter writes 0 for every formula, and tells Excel to calculate when it opens the file."""
    path = tmp_path / "sheet.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Name", "Phone"])
        page.write_row(1, 0, ["Ann", "=C2&D2"])
    assert one(path) == Row(2, ("Ann", ""), marks=((1, Mark.UNCALCULATED),))


def test_b08_a_formula_with_its_result_is_that_result(tmp_path: Path) -> None:
    rows = people(
        '<row r="2"><c r="A2" t="str"><f>WEBSERVICE("http://127.0.0.1:9/")</f><v>Ann</v></c>'
        '<c r="B2"><f>1+1</f><v>14155550100</v></c></row>'
        '<row r="3"><c r="A3" t="str"><f>""</f><v></v></c><c r="B3" t="str"><f>cmd|\'/c calc\'!A1</f><v>x</v></c></row>'
    )
    read_rows, notices = read(xlsx(tmp_path, rows))
    assert read_rows == [Row(2, ("Ann", "14155550100"), marks=((1, Mark.NUMBER),)), Row(3, ("", "x"))]
    assert notices == ["4 formulas: the results that were saved with the file are used"]


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#NAME?", "#VALUE!"])
def test_b09_an_error_is_marked_and_shown(tmp_path: Path, error: str) -> None:
    """The reader hands over an empty cell: an optional value left out, or the next phone column tried."""
    expected = (error, ((1, Mark.ERROR),))
    assert cell(tmp_path, f'<c r="B2" t="e"><v>{error}</v></c>') == expected
    assert cell(tmp_path, f'<c r="B2" t="e"><f>VLOOKUP(1,C:D,2)</f><v>{error}</v></c>') == expected


def test_b09_errors_of_other_kinds_of_workbook_are_marked(tmp_path: Path) -> None:
    cells = biff_label(0, 0, "Name") + biff_label(0, 1, "Phone") + biff_label(1, 0, "Ann") + biff_error(1, 1, 0x17)
    assert one(xls(tmp_path, cells)) == Row(2, ("Ann", "#REF!"), marks=((1, Mark.ERROR),))
    assert one(xlsb(tmp_path, ("Name", "Phone"), ("Ann", None))) == Row(2, ("Ann", "#N/A"), marks=((1, Mark.ERROR),))
    said = 'office:value-type="string" calcext:value-type="error"'
    failed = f"<table:table-cell {said}><text:p>#N/A</text:p></table:table-cell>"
    row = ods_row("Ann").replace("</table:table-row>", f"{failed}</table:table-row>")
    table = f'<table:table table:name="S">{ods_row("Name", "Phone")}{row}</table:table>'
    assert one(ods(tmp_path, table)) == Row(2, ("Ann", "#N/A"), marks=((1, Mark.ERROR),))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("15551234567", "15551234567"),
        ("15551234567.0", "15551234567"),
        ("1.5551234567E10", "15551234567"),
        ("447911123456789012", "4.47911123456789e+17"),
        ("15551234567.5", "15551234567.5"),
        ("-15551234567", "-15551234567"),
    ],
)
def test_b10_a_number_cell_keeps_its_digits_and_is_marked(tmp_path: Path, *, value: str, shown: str) -> None:
    """A leading zero or plus cannot have survived in it, whatever the digits look like."""
    assert cell(tmp_path, f'<c r="B2"><v>{value}</v></c>') == (shown, ((1, Mark.NUMBER),))


def test_b10_numbers_of_xls_and_ods_are_marked(tmp_path: Path) -> None:
    cells = biff_label(0, 0, "Name") + biff_label(0, 1, "Phone") + biff_label(1, 0, "Ann")
    expected = Row(2, ("Ann", "15551234567"), marks=((1, Mark.NUMBER),))
    assert one(xls(tmp_path, cells + biff_number(1, 1, 15551234567.0))) == expected
    assert one(xlsb(tmp_path, ("Name", "Phone"), ("Ann", 15551234567.0))) == expected


@pytest.mark.parametrize("value", ["15551234567.0", "1.5551E+10", "007"])
def test_b11_text_that_looks_like_a_number_stays_text(tmp_path: Path, value: str) -> None:
    """Text is never read as a number: 146 of 2,258 phone numbers become another valid one that way."""
    assert cell(tmp_path, text("B2", value)) == (value, ())


def styled(code: str) -> str:
    """Styles of which number 1 has this format."""
    return (
        f'<numFmts count="1"><numFmt numFmtId="164" formatCode="{code}"/></numFmts>'
        '<cellStyleXfs><xf numFmtId="164"/></cellStyleXfs>'
        '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs>'
    )


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("00000000000", "7700900123", "07700900123"),
        ("&quot;+&quot;0", "447700900123", "+447700900123"),
        (r"\+0", "447700900123", "+447700900123"),
        ("+00000000000", "4.47700900123E11", "+447700900123"),
        ("000", "1234", "1234"),
    ],
)
def test_b12_zeros_and_plus_of_the_format_are_read_as_shown(
    tmp_path: Path, *, code: str, value: str, shown: str
) -> None:
    """The owner sees them, and they make it another number: so it is one that can be trusted."""
    assert cell(tmp_path, f'<c r="B2" s="1"><v>{value}</v></c>', styles=styled(code)) == (shown, ())


@pytest.mark.parametrize(
    ("code", "value", "text_"),
    [
        ("(000) 000-0000", "4155550100", "4155550100"),
        ("0;-0", "4155550100", "4155550100"),
        ("00000000000", "-5", "-5"),
        ("00000000000", "77.5", "77.5"),
        ("00000000000", "1e15", "1000000000000000.0"),
    ],
)
def test_b12_other_formats_leave_a_number_a_number(tmp_path: Path, *, code: str, value: str, text_: str) -> None:
    found = cell(tmp_path, f'<c r="B2" s="1"><v>{value}</v></c>', styles=styled(code))
    assert found == (text_, ((1, Mark.NUMBER),))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("'+14155550100", "+14155550100"),
        ("''x", "'x"),
        ("'=1+1", "=1+1"),
        ("'s-Hertogenbosch", "'s-Hertogenbosch"),
        ("O'Hara", "O'Hara"),
        ("'", ""),
    ],
)
def test_b13_one_leading_apostrophe_is_taken_off(tmp_path: Path, *, written: str, expected: str) -> None:
    """It keeps Excel from reading a number; before a small letter it is part of the word."""
    quoted = '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="0" quotePrefix="1"/></cellXfs>'
    xml = text("B2", written).replace("<c ", '<c s="1" ') + text("C2", "more")
    assert cell(tmp_path, xml, styles=quoted)[0] == expected


DATES = '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs>'


@pytest.mark.parametrize(
    ("xml", "more", "shown"),
    [
        ('<c r="B2" s="1"><v>46357</v></c>', {}, "2026-12-01"),
        ('<c r="B2" s="1"><v>44895</v></c>', {"workbook": '<workbookPr date1904="1"/>'}, "2026-12-01"),
        ('<c r="B2" s="1"><v>46357.5</v></c>', {}, "2026-12-01T12:00:00"),
        ('<c r="B2" t="d"><v>2026-12-01T09:30:00</v></c>', {}, "2026-12-01T09:30:00"),
        ('<c r="B2" s="1"><v>59</v></c>', {}, "1900-02-28"),
        (text("B2", "03/04/2026"), {}, "03/04/2026"),
    ],
)
def test_b14_a_date_is_read_as_its_day(tmp_path: Path, *, xml: str, more: dict[str, str], shown: str) -> None:
    """Typed dates are exact; dates in text stay what was typed."""
    assert cell(tmp_path, xml, styles=DATES, **more) == (shown, ())


@pytest.mark.parametrize("value", ["60", "-5", "1e300", "3000000"])
def test_b14_no_serial_number_is_too_odd_to_be_read(tmp_path: Path, value: str) -> None:
    """60 is a day that never was, and before 0 there is none: odd, and no reason to fail."""
    shown, _ = cell(tmp_path, f'<c r="B2" s="1"><v>{value}</v></c>', styles=DATES)
    assert shown


@pytest.mark.parametrize(
    ("xml", "shown"),
    [
        ('<c r="B2" t="b"><v>1</v></c>', "TRUE"),
        ('<c r="B2" t="b"><v>0</v></c>', "FALSE"),
        ('<c r="B2" t="inlineStr"><is><r><t>Al</t></r><r><rPr><b/></rPr><t>ba</t></r></is></c>', "Alba"),
        ('<c r="B2" t="inlineStr"><is><t>x_x000D_y</t></is></c>', "x\ry"),
        ('<c r="B2" t="inlineStr"><is><t>_x005F_x000D_</t></is></c>', "_x000D_"),
        ('<c r="B2" t="inlineStr"><is><t><![CDATA[A & <B>]]></t></is></c>', "A & <B>"),
        ('<c r="B2" t="inlineStr"><is><t>Zo&#235;</t></is></c>', "Zoë"),
    ],
)
def test_b15_what_is_shown_is_read(tmp_path: Path, *, xml: str, shown: str) -> None:
    assert cell(tmp_path, xml) == (shown, ())


def test_b15_lengths_of_time_in_ods_are_read_as_shown(tmp_path: Path) -> None:
    length = '<table:table-cell office:value-type="time" office:time-value="PT36H05M00S"/>'
    row = f"<table:table-row>{length}</table:table-row>"
    assert read(ods(tmp_path, f'<table:table table:name="S">{ods_row("Length")}{row}</table:table>'))[0] == [
        Row(2, ("36:05:00",))
    ]


# --- where the table is


def test_b23_a_table_in_the_middle_keeps_the_row_numbers_that_people_see(tmp_path: Path) -> None:
    rows = '<row r="5">' + text("C5", "Name") + text("D5", "Phone") + "</row>"
    rows += '<row r="6">' + text("C6", "Ann") + '<c r="D6"><v>14155550100</v></c></row>'
    sheet = open_sheet(xlsx(tmp_path, rows))
    assert (sheet.header, sheet.header_row) == (("Name", "Phone"), 5)
    assert list(sheet.rows) == [Row(6, ("Ann", "14155550100"), marks=((1, Mark.NUMBER),))]


def test_b23_marks_keep_to_their_cells_in_a_table_in_the_middle(tmp_path: Path) -> None:
    rows = '<row r="5">' + text("C5", "Name") + text("D5", "Phone") + "</row>"
    rows += '<row r="6">' + text("C6", "Ann") + '<c r="D6" t="e"><v>#N/A</v></c></row>'
    assert read(xlsx(tmp_path, rows))[0] == [Row(6, ("Ann", "#N/A"), marks=((1, Mark.ERROR),))]


def test_the_header_can_be_named(tmp_path: Path) -> None:
    rows = '<row r="1">' + text("A1", "Contacts of May") + text("D1", "by Zed") + "</row>"
    rows += '<row r="3">' + text("A3", "Name") + text("B3", "Phone") + "</row>"
    path = xlsx(tmp_path, rows + CY)
    sheet = open_sheet(path, choices=Choices(header_row=3))
    assert (sheet.header, sheet.header_row) == (("Name", "Phone"), 3)
    assert list(sheet.rows) == [Row(4, ("Cy", "+14155550102"))]
    for wanted, reason in ((9, "no row 9 in it, it ends at row 4"), (0, "no row 0"), (2, "row 2 is blank")):
        with pytest.raises(SheetError, match=reason):
            open_sheet(path, choices=Choices(header_row=wanted))


def test_a_sheet_without_a_header_numbers_its_columns(tmp_path: Path) -> None:
    ann = '<row r="1">' + text("A1", "Ann") + text("B1", "+14155550100") + "</row>"
    bob = '<row r="2">' + text("A2", "Bob") + text("C2", "remark") + "</row>"
    sheet = open_sheet(xlsx(tmp_path, ann + bob), choices=Choices(no_header=True))
    assert (sheet.header, sheet.header_row) == (("#1", "#2", "#3"), 0)
    assert list(sheet.rows) == [Row(1, ("Ann", "+14155550100", "")), Row(2, ("Bob", "", "remark"))]


# --- kinds of workbook


def test_b22_strict_open_xml_is_read(tmp_path: Path) -> None:
    """openpyxl opens it with no sheets, and no error."""
    path = xlsx(tmp_path, people(ANN, HIDDEN_BOB), strict=True)
    assert [row.cells[0] for row in read(path, Choices(hidden="skip"))[0]] == ["Ann"]


def test_b22_a_workbook_without_sheets_is_refused(tmp_path: Path) -> None:
    parts = xlsx_parts(people(ANN))
    del parts["xl/worksheets/sheet1.xml"]
    with pytest.raises(SheetError, match="sheets are missing"):
        open_sheet(packed(tmp_path / "sheet.xlsx", parts))


def test_b24_macros_and_what_is_embedded_are_left_alone(tmp_path: Path) -> None:
    parts: dict[str, str | bytes] = {**xlsx_parts(people(ANN))}
    parts |= {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0macro", "xl/embeddings/oleObject1.bin": b"\x4d\x5a"}
    assert read(packed(tmp_path / "sheet.xlsm", parts)) == ([Row(2, ("Ann", "+14155550100"))], [])


def test_a_typed_date_in_any_row_keeps_the_row_whole(tmp_path: Path) -> None:
    """Rows of many types beside each other: each cell keeps its own place."""
    path = tmp_path / "sheet.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Name", "Phone", "Due"])
        page.write_row(1, 0, ["Ann", 14155550100, datetime(2026, 12, 1)])  # noqa: DTZ001 - a sheet's dates have no zone
        page.write_row(2, 0, ["Bob", "+14155550101", "soon"])
        page.write_row(3, 0, [True, 1.5, ""])
    assert [row.cells for row in read(path)[0]] == [
        ("Ann", "14155550100", "2026-12-01"),
        ("Bob", "+14155550101", "soon"),
        ("TRUE", "1.5", ""),
    ]
