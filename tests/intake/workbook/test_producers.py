"""Workbooks as the programs of this world write them are read, whatever each of them leaves out or miscounts."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]  # it has no stubs
import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it has no stubs

from campaign.domain.errors import SheetError
from campaign.intake.files.read_options import Choices
from campaign.intake.open_sheet import open_sheet
from tests.intake.workbook.files import biff_formula, biff_label, packed, xls, xlsx_parts
from tests.workbooks_here import workbooks_read_here

LINES = [["Name", "Phone"], ["Ann & Bob", "+14155550100"], ["", "+14155550101"], ["Zoë <x>", ""]]
TEXTS = ["Name", "Phone", "Ann &amp; Bob", "+14155550100", "+14155550101", "Zoë &lt;x&gt;"]
READ = [(number, tuple(line)) for number, line in enumerate(LINES[1:], start=2)]

# What stands around the values, as it was found in files of these programs.
_LIBRE = 'customFormat="false" ht="12.8" hidden="false" customHeight="false" outlineLevel="0" collapsed="false"'
FORMS = {
    "Excel": ('<row r="{n}" spans="1:2" x14ac:dyDescent="0.25">', '<c r="{place}" s="1" t="s"><v>{text}</v></c>'),
    "LibreOffice": (f'<row r="{{n}}" {_LIBRE}>', '<c r="{place}" s="0" t="s"><v>{text}</v></c>'),
    "Google Sheets": ('<row r="{n}">', '<c r="{place}" s="1" t="s"><v>{text}</v></c>'),
    "a program that gives rows no number": ("<row>", '<c r="{place}" t="s"><v>{text}</v></c>'),
    "a program that gives cells no place": ('<row r="{n}">', '<c t="s"><v>{text}</v></c>'),
    "a program that gives neither": ("<row>", '<c t="s"><v>{text}</v></c>'),
    "a program that writes lines": (
        '\n  <row r="{n}">',
        '\n    <c r="{place}" t="s">\n      <v>{text}</v>\n    </c>\n  ',
    ),
    "a program that orders attributes otherwise": (
        '<row spans="1:2" r="{n}">',
        '<c t="s" r="{place}"><v>{text}</v></c>',
    ),
}
# Those that were seen in the wild: right, none at all, the one for the other, and never updated.
COUNTS = ['count="6" uniqueCount="6"', "", 'count="17"', 'uniqueCount="6"', 'count="6" uniqueCount="1"']
COUNTS += ['count="4294749708" uniqueCount="6"', 'count="1" uniqueCount="6"', 'count="0" uniqueCount="0"']


@pytest.fixture(autouse=True)
def _here() -> Iterator[None]:
    with workbooks_read_here():
        yield


def _rows(form: tuple[str, str]) -> str:
    row, cell = form
    text, made = iter(range(len(TEXTS))), ""
    for number, line in enumerate(LINES, start=1):
        blank = cell.partition(' t="s"')[0].partition("<v>")[0] + "/>" if "{place}" not in cell else ""
        cells = [
            cell.format(place=f"{letter}{number}", text=next(text)) if value else blank
            for letter, value in zip("AB", line, strict=True)
        ]
        made += row.format(n=number) + "".join(cells) + "</row>"
    return made


def _read(path: Path) -> list[tuple[int, tuple[str, ...]]]:
    sheet = open_sheet(path)
    assert list(sheet.header) == LINES[0]
    return [(row.number, row.cells) for row in sheet.rows]


def _shared(folder: Path, rows: str, counts: str = "", *, texts: Sequence[str] = TEXTS) -> Path:
    parts = xlsx_parts(rows, shared="".join(f"<si><t>{text}</t></si>" for text in texts))
    parts["xl/sharedStrings.xml"] = parts["xl/sharedStrings.xml"].replace("<sst ", f"<sst {counts} ")
    return packed(folder / "sheet.xlsx", parts)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_b22_rows_and_cells_as_programs_write_them_are_read(tmp_path: Path, form: tuple[str, str]) -> None:
    assert _read(_shared(tmp_path, _rows(form))) == READ


@pytest.mark.parametrize("counts", COUNTS)
def test_b15_a_count_that_programs_write_is_no_damage(tmp_path: Path, counts: str) -> None:
    assert _read(_shared(tmp_path, _rows(FORMS["Excel"]), counts)) == READ


@pytest.mark.parametrize(
    "texts",
    [TEXTS[:2] + TEXTS[1:], TEXTS[:2] + TEXTS[3:], TEXTS[:-1], [*TEXTS, ""]],
    ids=["twice", "none", "cut", "more"],
)
def test_b15_a_text_too_many_or_too_few_is_damage(tmp_path: Path, texts: list[str]) -> None:
    """All cells that use the texts behind it would say another's: a name would stand beside the next one's number."""
    with pytest.raises(SheetError, match=r"texts, and says 6\); .* save it as \.xlsx"):
        _read(_shared(tmp_path, _rows(FORMS["Excel"]), 'count="6" uniqueCount="6"', texts=texts))


@pytest.mark.parametrize("count", ["7", "4294749708", "99999999999999999999"])
def test_b15_more_texts_than_there_are_is_damage(tmp_path: Path, count: str) -> None:
    """Whoever makes room for as many as are said to be there needs all of the memory."""
    with pytest.raises(SheetError, match="a damaged workbook"):
        _read(_shared(tmp_path, _rows(FORMS["Excel"]), f'uniqueCount="{count}"'))


def test_b22_openpyxl_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for line in LINES:
        book.active.append([value or None for value in line])
    book.save(tmp_path / "sheet.xlsx")
    assert _read(tmp_path / "sheet.xlsx") == READ


@pytest.mark.parametrize("how", [{}, {"constant_memory": True}, {"in_memory": True}])
def test_b22_xlsxwriter_is_read(tmp_path: Path, how: dict[str, bool]) -> None:
    with xlsxwriter.Workbook(tmp_path / "sheet.xlsx", how) as book:
        page = book.add_worksheet()
        for number, line in enumerate(LINES):
            page.write_row(number, 0, line)
    assert _read(tmp_path / "sheet.xlsx") == READ


def test_b22_tags_with_a_prefix_are_read(tmp_path: Path) -> None:
    """As the library for .NET writes them."""
    parts = xlsx_parts(_rows(FORMS["Excel"]), shared="".join(f"<si><t>{text}</t></si>" for text in TEXTS))
    for name in ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"):
        parts[name] = parts[name].replace("</", "</@").replace("<", "<x:").replace("<x:/@", "</x:")
        parts[name] = parts[name].replace('xmlns="', 'xmlns:x="')
    assert _read(packed(tmp_path / "sheet.xlsx", parts)) == READ


def test_b21_another_sheet_may_be_damaged(tmp_path: Path) -> None:
    """Only what is read must be sound; the other sheet may be what the owner never looks at."""
    rows = _rows(FORMS["Excel"])
    parts = xlsx_parts(
        sheets={"People": rows, "Old": rows + "<row>"}, shared="".join(f"<si><t>{t}</t></si>" for t in TEXTS)
    )
    path = packed(tmp_path / "sheet.xlsx", parts)
    assert len(list(open_sheet(path, choices=Choices(sheet="People")).rows)) == len(READ)
    with pytest.raises(SheetError, match=r"sheet2\.xml"):
        list(open_sheet(path, choices=Choices(sheet="Old")).rows)


@pytest.mark.parametrize("record", [0x06, 0x206, 0x406])
@pytest.mark.parametrize("rows", [3, 400])
def test_formulas_of_old_numbers_are_read_as_others_are(tmp_path: Path, record: int, rows: int) -> None:
    """Apple Numbers writes them so: a row that holds nothing else would vanish, and its person with it.

    With many rows the records lie across the borders of the container's sectors.
    """
    records = biff_label(0, 0, "Name") + biff_label(0, 1, "Phone")
    for number in range(1, rows):
        name = biff_formula(number, 0, f"Person {number}", record=record)
        records += name + biff_formula(number, 1, 14155550000.0 + number, record=record)
    sheet = open_sheet(xls(tmp_path, records))
    read = [(row.number, row.cells) for row in sheet.rows]
    assert read == [(number + 1, (f"Person {number}", str(14155550000 + number))) for number in range(1, rows)]
    assert f"{2 * (rows - 1)} formulas: the results that were saved with the file are used" in sheet.notices


def test_the_blanks_between_the_runs_of_a_text_are_read_as_they_are_shown(tmp_path: Path) -> None:
    """Some programs leave out what says that they are to be kept; LibreOffice shows them: AdaLindqvist is nobody."""
    runs = (
        "<si><r><t>Ada </t></r><r><rPr><b/></rPr><t>Lindqvist</t></r></si>"
        '<si><r><t>Bo</t></r><r><t xml:space="preserve"> </t></r><r><t>Marek</t></r></si>'
        "<si><r><t>Cy</t></r><r><t>\n Novak</t></r></si>"
    )
    shared = f"<si><t>Name</t></si><si><t>Phone</t></si><si><t> +14155550100 </t></si>{runs}"
    rows = "".join(
        f'<row r="{row}"><c r="A{row}" t="s"><v>{name}</v></c><c r="B{row}" t="s"><v>{phone}</v></c></row>'
        for row, (name, phone) in enumerate([(0, 1), (3, 2), (4, 2), (5, 2)], start=1)
    )
    path = packed(tmp_path / "runs.xlsx", xlsx_parts(rows, shared=shared))
    names = [row.cells[0] for row in open_sheet(path).rows]
    assert names == ["Ada Lindqvist", "Bo Marek", "Cy\n Novak"]
