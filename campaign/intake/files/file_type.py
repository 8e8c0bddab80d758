"""File type detection, by content: a name may be wrong, and then noise would be read as people.

    first bytes -> TEXT | ZIP -> (names inside) -> XLSX, XLSB, ODS | OLE -> XLS

Any other type is refused by its name, with the cure.
"""

import re
from collections.abc import Collection
from enum import StrEnum

from campaign.domain.errors import SheetError

START = 4_096
"""Number of leading bytes that type detection needs."""


class Kind(StrEnum):
    """Kinds of file that can be read."""

    TEXT = "text"
    ZIP = "zip"
    OLE = "ole"
    XLSX = "xlsx"
    XLSB = "xlsb"
    ODS = "ods"
    XLS = "xls"


_SAVE = "open it in a spreadsheet program and save it as .xlsx"
_PLAIN = "save the contacts as .xlsx or .csv"
_UNPACK = "unpack it and give the path of the sheet inside"
_CARDS = "export the contacts as CSV instead: Google Contacts and Outlook offer it, and import the cards of iCloud"
_BINARY = (
    (b"PK\x03\x04", Kind.ZIP, ""),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind.OLE, ""),
    (b"PK\x05\x06", "an empty zip archive", _PLAIN),
    (b"PK\x07\x08", "a zip archive in several parts", _UNPACK),
    (b"\x1f\x8b", "compressed with gzip", _UNPACK),
    (b"BZh", "compressed with bzip2", _UNPACK),
    (b"\xfd7zXZ\0", "compressed with xz", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (b"Rar!\x1a\x07", "a rar archive", _UNPACK),
    (b"%PDF-", "a PDF document", _PLAIN),
    (b"PAR1", "a Parquet file", _PLAIN),
    (b"ARROW1\0\0", "an Arrow file", _PLAIN),
    (b"Obj\x01", "an Avro file", _PLAIN),
    (b"SQLite format 3\0", "an SQLite database", _PLAIN),
    (b"{\\rtf", "a rich text document", _PLAIN),
    (b"\x89PNG\r\n", "a picture", _PLAIN),
    (b"\xff\xd8\xff", "a picture", _PLAIN),
    (b"GIF8", "a picture", _PLAIN),
    (b"\x09\x00\x04\x00", "a workbook of Excel 2", _SAVE),
    (b"\x09\x02\x06\x00", "a workbook of Excel 3", _SAVE),
    (b"\x09\x04\x06\x00", "a workbook of Excel 4", _SAVE),
    (b"\x09\x08", "a workbook of Excel 5 without its envelope", _SAVE),
    (b"\0\0\0\0", "nothing but a placeholder, whose content is elsewhere", "download it first, or copy it here again"),
)
# At the beginning only: a contact's notes may hold anything.
_TEXTS = (
    (r"<(\?xml|workbook).*urn:schemas-microsoft-com:office:spreadsheet", "an XML spreadsheet of Excel 2003", _SAVE),
    (r"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(html|table|!doctype html|meta|head|body|div)\b", "an HTML page", _SAVE),
    (r"<(\?xml|office:).*urn:oasis:names:tc:opendocument", "a flat OpenDocument file (.fods)", _SAVE),
    (r"<\?xml", "an XML file", _PLAIN),
    (r"([a-z-]+:[^\n]*\n)*mime-version:", "a web archive", _SAVE),
    (r"begin:vcard\b", "a vCard file of contacts (.vcf), and no table", _CARDS),
    (r"begin:vcalendar\b", "a calendar (iCalendar)", _PLAIN),
    (r'\{\s*"|\[\s*[\[{]\s*"', "a JSON file", _PLAIN),
)
_ODF = "application/vnd.oasis.opendocument."


def kind_of(start: bytes) -> Kind:
    """Detects TEXT, ZIP or OLE by the file's first `START` bytes.

    Raises:
        SheetError: it is of another type; names the type and the cure.
    """
    if not start:
        raise SheetError("the file is empty; save the sheet again")
    for magic, kind, cure in _BINARY:
        if start.startswith(magic):
            return kind if isinstance(kind, Kind) else _refuse(kind, cure)
    plain = start.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip(b"\xff\xfe \t\r\n")
    text = plain.decode("latin-1").lower()
    for pattern, name, cure in _TEXTS:
        if re.match(pattern, text, re.DOTALL):
            return _refuse(name, cure)
    return Kind.TEXT


def kind_of_package(names: Collection[str], mimetype: str) -> Kind:
    """Detects XLSX, XLSB or ODS by the names inside a zip file and the content of its entry `mimetype`.

    Raises:
        SheetError: it is of another type; names the type and the cure.
    """
    for name, kind in (("xl/workbook.xml", Kind.XLSX), ("xl/workbook.bin", Kind.XLSB)):
        if name in names and "[Content_Types].xml" in names:
            return kind
    if mimetype.startswith(_ODF):
        kinds = {"spreadsheet": Kind.ODS, "spreadsheet-template": Kind.ODS}
        what = mimetype.removeprefix(_ODF)
        return kinds.get(what) or _refuse(f"an OpenDocument {what}, not a spreadsheet", _PLAIN)
    known = (
        ("word/", "a Word document"),
        ("ppt/", "a PowerPoint presentation"),
        ("Index/", "a Numbers, Pages or Keynote document"),
        ("Index.zip", "a Numbers, Pages or Keynote document"),
        ("[Content_Types].xml", "an Office file, but not an .xlsx workbook"),
    )
    for beginning, what in known:
        if any(name.startswith(beginning) for name in names):
            return _refuse(what, "export the contacts from it as .xlsx or .csv")
    return _refuse("a zip file, but not an .xlsx workbook", _UNPACK)


def kind_of_streams(names: Collection[str]) -> Kind:
    """Detects XLS by the names inside an OLE file.

    Raises:
        SheetError: it is of another type; names the type and the cure.
    """
    if "EncryptedPackage" in names:
        raise SheetError("password-protected; open it, take the password off (File, Info) and save it as .xlsx")
    if "Workbook" in names or "Book" in names:
        return Kind.XLS
    if "WordDocument" in names:
        return _refuse("a Word document", _PLAIN)
    if "PowerPoint Document" in names:
        return _refuse("a PowerPoint presentation", _PLAIN)
    return _refuse("an OLE file, but not an .xls workbook", _SAVE)


def _refuse(what: str, cure: str) -> Kind:
    raise SheetError(f"it is {what}; {cure}")
