"""Workbooks made byte by byte, for what no spreadsheet program and no library would write."""

import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def text(place: str, value: str) -> str:
    """A cell of text, escaped by the caller."""
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'


def people(*rows: str) -> str:
    """The header Name, Phone, and rows of raw XML below it."""
    return f'<row r="1">{text("A1", "Name")}{text("B1", "Phone")}</row>' + "".join(rows)


def xlsx_parts(  # noqa: PLR0913 - each is another part of the file
    rows: str = "",
    *,
    before: str = "",
    after: str = "",
    styles: str = "",
    workbook: str = "",
    sheets: Mapping[str, str] | None = None,
    states: Mapping[str, str] | None = None,
    shared: str = "",
    strict: bool = False,
) -> dict[str, str]:
    """The parts of an .xlsx: `rows` are the content of its one sheet, or `sheets` that of several by name."""
    main, relations = (STRICT, STRICT_RELATIONS) if strict else (MAIN, RELATIONS)
    contents = sheets or {"People": rows}
    listed = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="s{number}" state="{(states or {}).get(name, "visible")}"/>'
        for number, name in enumerate(contents, 1)
    )
    related = "".join(
        f'<Relationship Id="s{number}" Type="{relations}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(contents) + 1)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="w" '
        f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}">'
        f"{workbook}<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{related}'
        f'<Relationship Id="t" Type="{relations}/styles" Target="styles.xml"/>'
        f'<Relationship Id="u" Type="{relations}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}">{styles}</styleSheet>',
    }
    if shared:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{main}">{shared}</sst>'
    for number, content in enumerate(contents.values(), 1):
        sheet = f"{before}<sheetData>{content}</sheetData>{after}"
        parts[f"xl/worksheets/sheet{number}.xml"] = f'<worksheet xmlns="{main}">{sheet}</worksheet>'
    return parts


def packed(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    """A zip file with these entries."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def xlsx(folder: Path, rows: str = "", **more: object) -> Path:
    """An .xlsx of `xlsx_parts`."""
    return packed(folder / "sheet.xlsx", xlsx_parts(rows, **more))  # type: ignore[arg-type]  # handed on as they are


def ods(folder: Path, tables: str, *, styles: str = "", manifest: str = "") -> Path:
    """An .ods with these tables."""
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = " ".join(f'xmlns:{name}="{urn}:{name}:1.0"' for name in ("office", "table", "text", "style"))
    calc = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} {calc}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}">{manifest}</manifest:file-entry>'
    listed = f'<manifest:manifest xmlns:manifest="{urn}:manifest:1.0">{entry}</manifest:manifest>'
    return packed(folder / "sheet.ods", {"mimetype": kind, "META-INF/manifest.xml": listed, "content.xml": content})


def ods_row(*texts: str, said: str = "") -> str:
    """A row of texts."""
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{one}</text:p></table:table-cell>' for one in texts
    )
    return f"<table:table-row {said}>{cells}</table:table-row>"


def xls(folder: Path, records: bytes, *, globals_: bytes = b"") -> Path:
    """An .xls of one sheet, People, with these records."""
    start = _record(0x809, struct.pack("<HHHHII", 0x600, 0x05, 0, 0, 0, 0)) + globals_
    name = b"People"
    place = len(start) + 4 + 8 + len(name) + 4
    bound = _record(0x85, struct.pack("<IBBBB", place, 0, 0, len(name), 0) + name)
    sheet = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + records + _record(0x0A, b"")
    path = folder / "sheet.xls"
    path.write_bytes(ole({"Workbook": start + bound + _record(0x0A, b"") + sheet}))
    return path


def biff_label(row: int, column: int, value: str) -> bytes:
    """A cell of text."""
    return _record(0x204, struct.pack("<HHHHB", row, column, 0, len(value), 0) + value.encode("latin-1"))


def biff_number(row: int, column: int, value: float) -> bytes:
    """A cell with a number."""
    return _record(0x203, struct.pack("<HHHd", row, column, 0, value))


def biff_formats(*codes: str) -> bytes:
    """Formats and styles of a workbook: the styles 1, 2, ... have these formats, and the style 0 has none."""
    formats = b"".join(
        _record(0x41E, struct.pack("<HHB", 164 + place, len(code), 1) + code.encode("utf-16-le"))
        for place, code in enumerate(codes)
    )
    numbers = (0, *range(164, 164 + len(codes)))
    return formats + b"".join(_record(0xE0, struct.pack("<HH", 0, number) + bytes(16)) for number in numbers)


def biff_styled(row: int, column: int, value: float, *, style: int, as_rk: bool = False) -> bytes:
    """A number with a style; `as_rk` as the upper half of its double, once alone and once among several."""
    if not as_rk:
        return _record(0x203, struct.pack("<HHHd", row, column, style, value))
    raw = struct.unpack("<Q", struct.pack("<d", value))[0] >> 32 & 0xFFFFFFFC
    if row % 2:
        return _record(0x27E, struct.pack("<HHHI", row, column, style, raw))
    return _record(0xBD, struct.pack("<HHHIHIH", row, column, style, raw, style, raw, column + 1))


def biff_formula(row: int, column: int, result: float | str, *, record: int = 0x06) -> bytes:
    """A formula with the result that was saved with it, in a record of this number."""
    text = b"" if isinstance(result, float) else struct.pack("<HB", len(result), 0) + result.encode("latin-1")
    saved = struct.pack("<d", result) if isinstance(result, float) else bytes(6) + b"\xff\xff"
    formula = _record(record, struct.pack("<HHH", row, column, 0) + saved + struct.pack("<HIHBH", 0, 0, 3, 0x1E, 1))
    return formula + (_record(0x207, text) if text else b"")


def biff_error(row: int, column: int, code: int) -> bytes:
    """A cell with an error."""
    return _record(0x205, struct.pack("<HHHBB", row, column, 0, code, 1))


def biff_row(row: int, *, hidden: bool) -> bytes:
    """What is said of a row."""
    return _record(0x208, struct.pack("<HHHHHHI", row, 0, 2, 255, 0, 0, 0x100 | (0x20 if hidden else 0)))


def biff_password() -> bytes:
    """What stands at the beginning of an encrypted workbook."""
    return _record(0x2F, struct.pack("<HHHI", 1, 1, 1, 0) + bytes(44))


def _record(number: int, body: bytes) -> bytes:
    return struct.pack("<HH", number, len(body)) + body


def ole(streams: Mapping[str, bytes], *, circle: bool = False) -> bytes:
    """An OLE file: header, one table of chains, one sector of names, then the streams, padded to whole sectors."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    fat, names, content = [0xFFFFFFFD, end], [_ole_name("Root Entry", 5, end, 0)], b""
    for name, data in streams.items():
        padded = data.ljust(max(4096, -(-len(data) // 512) * 512), b"\0")
        first, count = len(fat), len(padded) // 512
        fat += [*range(first + 1, first + count), first if circle else end]
        names.append(_ole_name(name, 2, first, len(padded)))
        content += padded
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<6xIIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[free] * 108)
    table = struct.pack("<128I", *fat, *[free] * (128 - len(fat)))
    return header + table + b"".join(names).ljust(512, b"\0") + content


def _ole_name(name: str, kind: int, first: int, size: int) -> bytes:  # noqa: PLR0917 - the format's order
    encoded = (name + "\0").encode("utf-16-le")
    none = 0xFFFFFFFF
    head = encoded.ljust(64, b"\0") + struct.pack(
        "<HBBIII", len(encoded), kind, 1, none, none, 1 if kind == 5 else none
    )
    return head + bytes(36) + struct.pack("<II4x", first, size)


def xlsb(folder: Path, *rows: tuple[str | float | None, ...], hidden: int = -1, formats: tuple[str, ...] = ()) -> Path:
    """An .xlsb of one sheet; None is an error cell, and the row with the index `hidden` is hidden.

    With `formats`, the numbers of row 1, 2, ... have the first, the second, ... of these formats.
    """
    book = (
        _brt(131)
        + _brt(143)
        + _brt(156, struct.pack("<II", 0, 1) + _wide("s1") + _wide("People"))
        + _brt(144)
        + _brt(132)
    )
    sheet = _brt(129) + _brt(148, struct.pack("<IIII", 0, len(rows) - 1, 0, 1)) + _brt(145)
    for number, row in enumerate(rows):
        sheet += _brt(0, struct.pack("<IIHHBI", number, 0, 300, 0x1000 if number == hidden else 0, 0, 0))
        for column, value in enumerate(row):
            place = struct.pack("<II", column, number if formats else 0)
            sheet += _xlsb_cell(place, value)
    related = f'<Relationship Id="s1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.bin"/>'
    return packed(
        folder / "sheet.xlsb",
        {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"/>',
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{related}</Relationships>',
            "xl/worksheets/sheet1.bin": sheet + _brt(146) + _brt(130),
            **({"xl/styles.bin": _xlsb_styles(formats)} if formats else {}),
        },
    )


def _xlsb_styles(formats: tuple[str, ...]) -> bytes:
    listed = b"".join(_brt(44, struct.pack("<H", 164 + place) + _wide(code)) for place, code in enumerate(formats))
    numbers = (0, *range(164, 164 + len(formats)))
    styles = b"".join(_brt(47, struct.pack("<HH", 0xFFFF, number) + bytes(12)) for number in numbers)
    # What named styles have is no cell's.
    named = _brt(626) + _brt(47, struct.pack("<HH", 0xFFFF, 9) + bytes(12)) + _brt(627)
    known = _brt(615, struct.pack("<I", len(formats))) + listed + _brt(616)
    return _brt(278) + known + named + _brt(617, struct.pack("<I", len(numbers))) + styles + _brt(618) + _brt(279)


def _xlsb_cell(place: bytes, value: str | float | None) -> bytes:
    if value is None:
        return _brt(3, place + b"\x2a")
    return _brt(6, place + _wide(value)) if isinstance(value, str) else _brt(5, place + struct.pack("<d", value))


def _brt(number: int, body: bytes = b"") -> bytes:
    head = bytes([number]) if number < 128 else bytes([number & 0x7F | 0x80, number >> 7])
    size, length = len(body), b""
    while True:
        length += bytes([size & 0x7F | (0x80 if size > 0x7F else 0)])
        size >>= 7
        if not size:
            return head + length + body


def _wide(value: str) -> bytes:
    return struct.pack("<I", len(value)) + value.encode("utf-16-le")
