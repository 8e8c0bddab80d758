"""A workbook that was made to harm its reader is refused before it is parsed, or costs no more than any other."""

import io
import json
import re
import socket
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from campaign.domain.errors import SheetError
from campaign.domain.model import Row
from campaign.intake.files.read_options import UNDECIDED
from campaign.intake.formats import xlsx_metadata
from campaign.intake.formats.metadata import Unseen
from campaign.intake.formats.xlsx_strict import vet
from campaign.intake.workbook.child import Limits, Task, messages
from campaign.intake.workbook.reader_process import sheet_of
from tests.intake.workbook.files import MAIN, ods, ods_row, ole, packed, people, text, xlsx, xlsx_parts

ANN = '<row r="2">' + text("A2", "Ann") + text("B2", "+14155550100") + "</row>"
ANN_ROW = Row(2, ("Ann", "+14155550100"))


def read(file: Path | bytes, *, limits: Limits | None = None) -> list[Row]:
    content = file if isinstance(file, bytes) else file.read_bytes()
    task = Task(UNDECIDED, limits or Limits(), parent=0)
    return list(sheet_of(json.loads(message) for message in messages(task, io.BytesIO(content))).rows)


def zipped(entries: list[tuple[str, bytes]], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file, for names and doubles that the writer would refuse, or change."""
    file = io.BytesIO()
    stand_ins = [f"{number:04}".ljust(len(name), "~") for number, (name, _) in enumerate(entries)]
    with zipfile.ZipFile(file, "w", method) as archive:
        for stand_in, (_, content) in zip(stand_ins, entries, strict=True):
            archive.writestr(stand_in, content)
    content = file.getvalue()
    for stand_in, (name, _) in zip(stand_ins, entries, strict=True):
        content = content.replace(stand_in.encode(), name.encode())
    return content


def entries_of(**more: bytes) -> list[tuple[str, bytes]]:
    return [(name, content.encode()) for name, content in xlsx_parts(people(ANN)).items()] + list(more.items())


# --- size


ODS_ONE = '<table:table-cell office:value-type="float" office:value="1"/>'
ODS_ONES = ODS_ONE.replace("/>", ' table:number-columns-repeated="16384"/>')


@pytest.mark.parametrize("dimension", ["A1:XFD1048576", "A1:AMJ2", "A1", "C7"])
def test_b16_a_sheet_that_lies_about_its_size_is_read_as_it_is(tmp_path: Path, dimension: str) -> None:
    path = xlsx(tmp_path, people(ANN), before=f'<dimension ref="{dimension}"/>')
    assert read(path) == [ANN_ROW]


def test_b16_formatting_to_the_last_row_and_column_is_nothing(tmp_path: Path) -> None:
    """Read as cells, it would be seventeen thousand million."""
    far = '<row r="1048576" s="1" customFormat="1"><c r="XFD1048576" s="1"/></row>'
    assert read(xlsx(tmp_path, people(ANN, far))) == [ANN_ROW]


def test_b16_a_stray_value_in_the_last_row_is_a_row_of_its_own(tmp_path: Path) -> None:
    """The blank rows before it cost nothing, and it is not dropped unsaid."""
    far = f'<row r="1048576">{text("A1048576", "Total")}</row>'
    assert read(xlsx(tmp_path, people(ANN, far))) == [ANN_ROW, Row(1048576, ("Total", ""))]


def test_b17_a_file_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = xlsx(tmp_path, people(ANN))
    with pytest.raises(SheetError, match=r"bytes when unpacked, and the limit is 1,000; split it"):
        read(path, limits=Limits(unpacked=1_000))


def test_b17_a_part_that_grows_too_well_is_refused(tmp_path: Path) -> None:
    """616 KB that become 629 MB of spaces."""
    path = xlsx(tmp_path, people(ANN), after=" " * (2 << 20))
    with pytest.raises(SheetError, match=r"sheet1\.xml' grows over 100 times when unpacked"):
        read(path)


def test_b17_a_part_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    """What is declared may be small: what comes out is counted."""
    content = bytearray(xlsx(tmp_path, people(ANN)).read_bytes())
    place = content.index(b"xl/worksheets/sheet1.xml", content.index(b"PK\x01\x02")) - 46
    (size,) = struct.unpack_from("<I", content, place + 24)
    struct.pack_into("<I", content, place + 24, size - 20)
    with pytest.raises(SheetError, match="a damaged workbook"):
        read(bytes(content))


def test_b17_thousands_of_parts_are_refused() -> None:
    many = {f"xl/part{number}": b"" for number in range(2_001)}
    with pytest.raises(SheetError, match="parts in one workbook, where 2,000 are many"):
        read(zipped(entries_of(**many), method=zipfile.ZIP_STORED))


def test_b18_the_text_of_all_cells_together_is_limited(tmp_path: Path) -> None:
    """One string, shared by many cells, is small in the file and large in each of them."""
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(2, 1_500))
    path = xlsx(tmp_path, people(rows), shared=f"<si><t>{'x' * 1_000}</t></si>")
    with pytest.raises(SheetError, match="over 100,000 bytes of text in its cells; split it"):
        read(path, limits=Limits(text=100_000))


def test_b18_a_cell_that_no_program_could_have_written_damages_its_row(tmp_path: Path) -> None:
    long = '<row r="3">' + text("A3", "x" * 32_768) + text("B3", "1") + "</row>"
    fits = '<row r="4">' + text("A4", "x" * 32_767) + text("B4", "1") + "</row>"
    rows = read(xlsx(tmp_path, people(ANN, long, fits)))
    assert [row.damage for row in rows] == [
        None,
        "a cell with 32,768 characters, and a sheet's cell holds 32,767",
        None,
    ]


def test_a31_more_columns_than_a_sheet_can_have_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="16,385 columns, where a sheet has at most 16,384"):
        read(xlsx(tmp_path, people(f'<row r="2">{text("A2", "Ann")}{text("XFE2", "x")}</row>')))


@pytest.mark.parametrize("area", ["A1:XFD1048576", "A1:B2000000"])
def test_b06_merging_the_whole_sheet_costs_nothing(tmp_path: Path, area: str) -> None:
    path = xlsx(tmp_path, people(ANN), after=f'<mergeCells><mergeCell ref="{area}"/></mergeCells>')
    assert read(path) == [ANN_ROW]


@pytest.mark.parametrize(
    "row",
    [
        f'<table:table-row table:number-rows-repeated="1048575">{ODS_ONES}</table:table-row>',
        f'<table:table-row table:number-rows-repeated="2147483647">{ODS_ONE}</table:table-row>',
        '<table:table-row table:number-rows-repeated="2147483647"/>' + ods_row("far", "away"),
    ],
)
def test_b27_repeats_beyond_all_measure_are_refused(tmp_path: Path, row: str) -> None:
    table = f'<table:table table:name="S">{ods_row("Name", "Phone")}{row}</table:table>'
    with pytest.raises(SheetError, match=r"by repeating a few|beyond the last row"):
        read(ods(tmp_path, table))


def test_b27_blank_repeats_to_the_end_are_what_every_program_writes(tmp_path: Path) -> None:
    blank = (
        '<table:table-row table:number-rows-repeated="1048574">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    rows = ods_row("Name", "Phone") + ods_row("Ann", "+14155550100") + blank
    assert read(ods(tmp_path, f'<table:table table:name="S">{rows}</table:table>')) == [ANN_ROW]


# --- XML


ENTITY = '<!DOCTYPE a [<!ENTITY x SYSTEM "{url}">]>'
LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "_rels/.rels", "docProps/app.xml"]
)
def test_b19_entities_are_refused_in_any_part_and_nothing_is_fetched(tmp_path: Path, part: str) -> None:
    canary = tmp_path / "canary"
    canary.write_text("the canary's name")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        for url in (f"http://127.0.0.1:{server.getsockname()[1]}/x", canary.as_uri(), LAUGHS):
            parts = {"docProps/app.xml": "<a/>"} | xlsx_parts(people(ANN))
            parts[part] = (url if url is LAUGHS else ENTITY.format(url=url)) + parts[part].replace("Ann", "&x;")
            with pytest.raises(SheetError, match="a document type in its part") as caught:
                read(packed(tmp_path / "sheet.xlsx", parts))
            assert "canary's" not in str(caught.value)
        with pytest.raises(BlockingIOError):
            server.accept()


def test_b19_a_document_type_across_two_blocks_is_seen(tmp_path: Path) -> None:
    parts = xlsx_parts(people(ANN))
    comment = "<!--" + "".join(f"{number:08x}" for number in range(131_070))  # hardly to be packed
    padding = comment + "x" * ((1 << 20) - len(comment) - 3 - 4) + "-->"
    parts["xl/worksheets/sheet1.xml"] = padding + "<!DOCTYPE a>" + parts["xl/worksheets/sheet1.xml"]
    with pytest.raises(SheetError, match="a document type"):
        read(packed(tmp_path / "sheet.xlsx", parts))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-7", "cp037", "utf-32"])
def test_b19_xml_in_another_encoding_is_refused(tmp_path: Path, encoding: str) -> None:
    """In it no word would be found that is looked for, and so no document type."""
    parts: dict[str, str | bytes] = {**xlsx_parts(people(ANN))}
    sheet = f'<?xml version="1.0" encoding="{encoding}"?>{parts["xl/worksheets/sheet1.xml"]!s}'
    parts["xl/worksheets/sheet1.xml"] = sheet.encode(encoding)
    with pytest.raises(SheetError, match="is not XML in UTF-8"):
        read(packed(tmp_path / "sheet.xlsx", parts))


@pytest.mark.parametrize(
    "declaration", ["", "\ufeff", '<?xml version="1.0"?>', "<?xml version='1.0' encoding='UTF-8'?>"]
)
def test_b19_every_usual_declaration_is_read(tmp_path: Path, declaration: str) -> None:
    parts = xlsx_parts(people(ANN))
    parts["xl/worksheets/sheet1.xml"] = declaration + parts["xl/worksheets/sheet1.xml"]
    assert read(packed(tmp_path / "sheet.xlsx", parts)) == [ANN_ROW]


# --- the archive


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("xl/workbook.xml", "occurs twice"),
        ("XL/Workbook.xml", "occurs twice"),
        ("/etc/passwd", "leaves the archive"),
        ("xl/../../x", "leaves the archive"),
        ("xl\\worksheets\\sheet1.xml", "leaves the archive"),
        ("C:/x", "leaves the archive"),
    ],
)
def test_b20_an_archive_that_two_readers_may_read_differently_is_refused(*, name: str, reason: str) -> None:
    with pytest.raises(SheetError, match=reason):
        read(zipped([*entries_of(), (name, b"<a/>")]))


def test_b20_an_encrypted_part_is_refused(tmp_path: Path) -> None:
    content = bytearray(xlsx(tmp_path, people(ANN)).read_bytes())
    for magic, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(magic) + place] |= 1
    with pytest.raises(SheetError, match="is encrypted"):
        read(bytes(content))


def test_b20_an_unusual_packing_is_refused() -> None:
    with pytest.raises(SheetError, match="packed in an unusual way"):
        read(zipped(entries_of(), method=zipfile.ZIP_LZMA))


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/styles.xml", "_rels/.rels"])
def test_b20_a_wrong_checksum_in_any_part_is_refused(tmp_path: Path, part: str) -> None:
    """One flipped bit may be one digit of a number."""
    content = bytearray(xlsx(tmp_path, people(ANN)).read_bytes())
    for magic, back, place in ((b"PK\x03\x04", 30, 14), (b"PK\x01\x02", 46, 16)):
        entry = content.index(part.encode(), content.index(magic)) - back
        content[entry + place] ^= 1
    with pytest.raises(SheetError, match=r"a damaged workbook \(Bad CRC-32"):
        read(bytes(content))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_b20_a_truncated_file_is_refused(tmp_path: Path, share: float) -> None:
    content = xlsx(tmp_path, people(ANN)).read_bytes()
    with pytest.raises(SheetError, match="a damaged workbook"):
        read(content[: int(len(content) * share)])


def test_b21_chains_that_bite_their_own_tail_are_refused() -> None:
    """1 KB of this made a reader run for over a minute, and grow all the while."""
    with pytest.raises(SheetError, match="leads in a circle"):
        read(ole({"Workbook": b"x"}, circle=True))


def _patched(content: bytes, place: int, *values: int) -> bytes:
    packed = struct.pack(f"<{len(values)}I", *values)
    return content[:place] + packed + content[place + len(packed) :]


# Sector 0 holds the table of chains, sector 1 the names, the second of which is the workbook's.
_OLE = ole({"Workbook": bytes(40_000)})
_ROUND = ole({"Workbook": bytes(40_000)}, circle=True)
_TABLE, _NAMES, _SIZE = 512, 1024, 1024 + 128 + 120
CIRCLES = {
    "stream that says 4 GB": _patched(_ROUND, _SIZE, 0xFFFFFFF0),
    "directory": _patched(_OLE, _TABLE + 4, 1),
    "lists of tables": _patched(_patched(_OLE, 68, 1, 1), _NAMES, *[0] * 127, 1),
    "empty lists of tables": _patched(_patched(_OLE, 68, 1, 1), _NAMES, *[0xFFFFFFFF] * 127, 1),
    "small table": _patched(_patched(_OLE, 60, 1, 1), _TABLE + 4, 1),
}


@pytest.mark.parametrize("content", CIRCLES.values(), ids=CIRCLES)
def test_b21_any_circle_is_refused_at_a_cost_of_the_files_own_size(content: bytes) -> None:
    """Calamine follows some of them until memory ends, and olefile takes gigabytes for others: they come to neither."""
    tracemalloc.start()
    try:
        with pytest.raises(SheetError, match="in a circle"):
            read(content)
        assert tracemalloc.get_traced_memory()[1] < 40 * len(content)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("length", [8, 511, 512, 600, 1024])
def test_b21_an_old_workbook_that_is_cut_off_is_refused(length: int) -> None:
    with pytest.raises(SheetError, match=r"a damaged workbook|an OLE file"):
        read(ole({"Workbook": b"x"})[:length])


# --- what is skipped to save time


CELLS = st.sampled_from(
    [
        '<c r="A2"><v>1</v></c>',
        '<c r="A2" t="s"><v>0</v></c>',
        '<c r="A2" t="e"><v>#N/A</v></c>',
        "<c r='A2' t='e'><v>#N/A</v></c>",
        '<c r="A2"><f>1</f></c>',
        '<c r="A2" t="str"><f>1</f><v>x</v></c>',
        '<c r="A2" t="inlineStr"><is><t>hid den</t></is></c>',
    ]
)
ROWS = st.sampled_from(
    ['<row r="2">', '<row r="2" hidden="1">', '<row r="2" ht="0">', '<row r="2" ht="0.75">', "<row>"]
)
PREFIX = st.sampled_from(["", "x:"])


@given(cells=st.lists(CELLS, max_size=3), row=ROWS, prefix=PREFIX)
def test_a_sheet_without_a_telling_word_has_nothing_to_tell(cells: list[str], row: str, prefix: str) -> None:
    """Such a sheet is not looked through: it must be one in which nothing would be found."""
    placed = "".join(cell.replace("A2", f"{letter}2") for letter, cell in zip("ABC", cells, strict=False))
    first = '<row r="1"><c r="A1"/><c r="B1"/><c r="C1"/></row>'
    body = f"<worksheet><sheetData>{first}{row}{placed}</row></sheetData></worksheet>"
    spaced = re.sub(r"<(/?)(?=\w)", rf"<\g<1>{prefix}", body).replace(
        f"<{prefix}worksheet>", f'<{prefix}worksheet xmlns{":x" if prefix else ""}="{MAIN}">'
    )
    found = xlsx_metadata.scan_sheet(
        io.BytesIO(spaced.encode()), xlsx_metadata.WorkbookMetadata(("x",), uncalculated=False, digits={})
    )
    if found != Unseen():
        assert _is_looked_through(spaced.encode())


def _is_looked_through(part: bytes) -> bool:
    try:
        return bool(vet(io.BytesIO(part), name="sheet", root="worksheet", words=xlsx_metadata.TELLING).telling)
    except SheetError:
        return True  # nobody will read it
