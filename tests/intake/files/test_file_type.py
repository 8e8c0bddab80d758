"""What a file is, its content says; whatever cannot be read is called by its real name, with the cure."""

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from campaign.domain.cures import Cure, Setting
from campaign.domain.cures.sheets import leave_out
from campaign.domain.errors import SheetError
from campaign.domain.model import Row
from campaign.intake.files.read_options import Choices
from campaign.intake.open_sheet import open_sheet
from tests.intake.workbook.files import (
    biff_label,
    biff_password,
    ods,
    ods_row,
    ole,
    packed,
    people,
    text,
    xls,
    xlsb,
    xlsx,
)

pytestmark = pytest.mark.usefixtures("workbooks_here")

ANN = '<row r="2">' + text("A2", "Ann") + text("B2", "+14155550100") + "</row>"


def _xls(folder: Path) -> Path:
    cells = [("Name", "Phone"), ("Ann", "+14155550100")]
    return xls(folder, b"".join(biff_label(r, c, value) for r, row in enumerate(cells) for c, value in enumerate(row)))


def _ods(folder: Path) -> Path:
    rows = ods_row("Name", "Phone") + ods_row("Ann", "+14155550100")
    return ods(folder, f'<table:table table:name="S">{rows}</table:table>')


MAKERS: list[Callable[[Path], Path]] = [
    lambda folder: xlsx(folder, people(ANN)),
    lambda folder: xlsb(folder, ("Name", "Phone"), ("Ann", "+14155550100")),
    _xls,
    _ods,
]


@pytest.mark.parametrize("make", MAKERS, ids=["xlsx", "xlsb", "xls", "ods"])
def test_b01_a_workbook_is_read_whatever_its_name_says(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    sheet = open_sheet(make(tmp_path).rename(tmp_path / "contacts.csv"))
    assert (sheet.header, sheet.header_row) == (("Name", "Phone"), 1)
    assert list(sheet.rows) == [Row(2, ("Ann", "+14155550100"))]


HTML = b"\r\n <HTML><body><table><tr><td>Name</td></tr></table></body></HTML>"
NOT_SHEETS: list[tuple[str, bytes, str]] = [
    ("html.xls", HTML, "an HTML page.*save it as .xlsx"),
    ("bom-html.xls", b"\xef\xbb\xbf<table><tr>", "an HTML page"),
    ("xhtml.xls", b'<?xml version="1.0"?><html xmlns="x">', "an HTML page"),
    ("utf16.xls", "\ufeff<html><table>".encode("utf-16-le"), "an HTML page"),
    (
        "old.xml",
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
        "of Excel 2003",
    ),
    (
        "flat.fods",
        b'<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:x">',
        r"\.fods",
    ),
    ("other.xml", b"<?xml version='1.0'?><people/>", "an XML file"),
    ("page.mht", b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n", "a web archive"),
    ("list.json", b'[{"name": "Ann", "phone": "1"}]', "a JSON file"),
    ("cards.vcf", b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann\r\n", "a vCard file .*export the contacts as CSV"),
    ("cards.csv", b"\xef\xbb\xbfbegin:vcard\nversion:2.1\n", "a vCard file"),
    ("cards.xlsx", "BEGIN:VCARD\n".encode("utf-16"), "a vCard file"),
    ("days.ics", b"BEGIN:VCALENDAR\r\n", "a calendar"),
    ("print.pdf", b"%PDF-1.7\n", "a PDF document"),
    ("data.parquet", b"PAR1\x15\x04", "a Parquet file"),
    ("data.feather", b"ARROW1\0\0", "an Arrow file"),
    ("data.sqlite", b"SQLite format 3\0", "an SQLite database"),
    ("scan.png", b"\x89PNG\r\n\x1a\n", "a picture"),
    ("letter.rtf", b"{\\rtf1\\ansi", "a rich text document"),
    ("a.7z", b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it"),
    ("a.xz", b"\xfd7zXZ\0", "compressed with xz; unpack it"),
    ("biff4.xls", b"\x09\x04\x06\x00\0\0\x10\0", "Excel 4.*save it as .xlsx"),
    ("b26-empty.xlsx", b"", "the file is empty"),
    ("b26-placeholder.xlsx", bytes(8192), "a placeholder.*download it first"),
    ("a34.csv.gz", gzip.compress(b"Name,Phone\nAnn,1\n"), "compressed with gzip; unpack it"),
    ("word.doc", ole({"WordDocument": b"x"}), "a Word document"),
    ("setup.msi", ole({"Setup": b"x"}), r"an OLE file, but not an \.xls"),
    ("b02.xlsx", ole({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}), "password-protected; .*save it as .xlsx"),
]


@pytest.mark.parametrize(("name", "content", "reason"), NOT_SHEETS, ids=[case[0] for case in NOT_SHEETS])
def test_b01_a_file_that_is_no_sheet_is_called_by_its_real_name(
    tmp_path: Path, *, name: str, content: bytes, reason: str
) -> None:
    """ "Corrupt" helps nobody: people save what a web page gave them under the name that it offered."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SheetError, match=reason) as caught:
        open_sheet(path)
    assert str(caught.value).startswith(f"sheet {path}: ")
    assert "\n" not in str(caught.value)


ZIPS: list[tuple[str, dict[str, str | bytes], str]] = [
    ("letter.docx", {"[Content_Types].xml": "<a/>", "word/document.xml": "<a/>"}, "a Word document"),
    ("slides.pptx", {"[Content_Types].xml": "<a/>", "ppt/presentation.xml": "<a/>"}, "a PowerPoint presentation"),
    ("list.numbers", {"Index/Document.iwa": b"x", "preview.jpg": b"x"}, "a Numbers, Pages or Keynote document"),
    ("text.odt", {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}, "OpenDocument text"),
    ("a34.zip", {"contacts.csv": "Name,Phone\nAnn,1\n"}, "a zip file, but not an .xlsx workbook; unpack it"),
    ("model.vsdx", {"[Content_Types].xml": "<a/>", "visio/document.xml": "<a/>"}, "an Office file, but not"),
]


@pytest.mark.parametrize(("name", "parts", "reason"), ZIPS, ids=[case[0] for case in ZIPS])
def test_b01_a_zip_that_is_no_workbook_is_called_by_its_real_name(
    tmp_path: Path, *, name: str, parts: dict[str, str | bytes], reason: str
) -> None:
    with pytest.raises(SheetError, match=reason):
        open_sheet(packed(tmp_path / name, parts))


@pytest.mark.parametrize(
    "make",
    [
        lambda folder: xls(folder, biff_label(0, 0, "Name"), globals_=biff_password()),
        lambda folder: ods(folder, "", manifest="<manifest:encryption-data/>"),
    ],
    ids=["xls", "ods"],
)
def test_b02_a_password_is_called_a_password(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    with pytest.raises(SheetError, match="password-protected; open it"):
        open_sheet(make(tmp_path))


@pytest.mark.parametrize("name", ["~$contacts.xlsx", ".~lock.contacts.xlsx#"])
def test_b26_the_sign_that_a_workbook_is_open_is_not_the_workbook(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"\x05Ann".ljust(165, b" "))
    with pytest.raises(SheetError, match=r"only the mark that 'contacts\.xlsx' is open"):
        open_sheet(path)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("-", "standard input is not read"),
        ("s3://bucket/contacts.csv", "an address, and nothing is fetched"),
        ("https://example.com/contacts.xlsx", "an address, and nothing is fetched"),
        ("file:///contacts.csv", "an address, and nothing is fetched"),
        ("a\0b.csv", "null"),
    ],
)
def test_a34_what_is_no_path_of_a_file_is_not_fetched(path: str, reason: str) -> None:
    """pandas would fetch it without a word."""
    with pytest.raises(SheetError, match=reason):
        open_sheet(Path(path))


def test_b25_a_file_that_may_not_be_opened_says_what_to_close(tmp_path: Path) -> None:
    """So Windows answers while Excel has the workbook."""

    class Held(type(tmp_path)):  # type: ignore[misc]  # the class of paths of this system
        def open(self, *_args: object, **_more: object) -> None:
            raise PermissionError(13, "Permission denied")

    with pytest.raises(SheetError, match="cannot be opened; close it in Excel"):
        open_sheet(Held(xlsx(tmp_path, people(ANN))))


@pytest.mark.parametrize(
    ("choices", "reason", "cures"),
    [
        (Choices(encoding="cp1252"), "encoding 'cp1252' is for text files$", (leave_out(Setting.ENCODING),)),
        (Choices(delimiter=";"), "delimiter ';' is for text files$", (leave_out(Setting.DELIMITER),)),
        (Choices(no_header=True, header_row=2), "exclude each other; give one of them", ()),
    ],
)
def test_a_setting_that_cannot_apply_is_refused(
    tmp_path: Path, *, choices: Choices, reason: str, cures: tuple[Cure, ...]
) -> None:
    """A setting that is silently ignored is believed to have worked."""
    with pytest.raises(SheetError, match=reason) as caught:
        open_sheet(xlsx(tmp_path, people(ANN)), choices=choices)
    assert caught.value.cures == cures


@pytest.mark.parametrize("header", ["<Name>,Phone", "Name,Phone", "[Name],{Phone}"])
def test_text_is_not_taken_for_what_a_cell_mentions(tmp_path: Path, header: str) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text(f'{header}\nAnn,1\nBob,"<html> MIME-Version: 1.0 <?xml"\n')
    assert [row.cells[0] for row in open_sheet(path).rows] == ["Ann", "Bob"]


def test_a_zip_file_with_a_csv_tail_is_still_a_zip(tmp_path: Path) -> None:
    """An archive may begin with anything; what begins as text is text."""
    path = tmp_path / "mixed.csv"
    path.write_bytes(b"Name,Phone\nAnn,1\n")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("x", "y")
    with pytest.raises(SheetError):
        list(open_sheet(path).rows)
