"""Workbooks that no spreadsheet program wrote (B1, B2, B12 to B22): the zip and its XML, bent by hand."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from random import Random
from xml.sax.saxutils import escape

import xlsxwriter  # type: ignore[import-untyped]  # it has no stubs

from tests.intake.pollution.books import workbook
from tests.intake.pollution.people import NAME, PHONE, Truths, neighbours, people, table, truths
from tests.intake.pollution.polluted import Ending, Polluted, Pollution, text

_LOADS, _SOME, _REFUSES = Ending.LOADS, Ending.SOME, Ending.REFUSES
_NOBODY: Truths = frozenset()
_SHEET, _STRINGS, _BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
_RELATIONS, _STYLES = "xl/_rels/workbook.xml.rels", "xl/styles.xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_NAME_CELL, _PHONE_CELL = chr(ord("A") + NAME), chr(ord("A") + PHONE)

Parts = dict[str, bytes]


@cache
def clean(*, inline: bool = False) -> bytes:
    """The clean sheet as a workbook, its texts in a part of their own, or inline."""

    def draw(_book: object, page: object) -> None:
        for number, line in enumerate(table()):
            for place, cell in enumerate(line):
                if cell:
                    page.write_string(number, place, cell)  # type: ignore[attr-defined]  # xlsxwriter has no stubs

    return workbook(draw, constant_memory=inline, in_memory=not inline).content


def parts_of(content: bytes) -> Parts:
    """Part -> its bytes, inflated."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: Parts, *, stored: bool = False) -> bytes:
    """The parts as a zip file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return made.getvalue()


def _bent(
    part: str, change: Callable[[str], str], *, truth: Truths | None = None, inline: bool = False
) -> Callable[[Random], Polluted]:
    """One part of the clean workbook is changed so."""

    def make(_rng: Random) -> Polluted:
        parts = parts_of(clean(inline=inline))
        before = parts[part].decode()
        after = change(before)
        assert after != before, "nothing was bent"
        return _book(packed(parts | {part: after.encode()}), truth=truth)

    return make


def _replaced(part: str, before: str, after: str, **how: bool) -> Callable[[Random], Polluted]:
    return _bent(part, lambda xml: xml.replace(before, after), **how)  # type: ignore[arg-type]  # inline alone


def _matched(
    part: str, pattern: str, after: str | Callable[[re.Match[str]], str], *, count: int = 0, **how: object
) -> Callable[[Random], Polluted]:
    return _bent(part, lambda xml: re.sub(pattern, after, xml, count=count), **how)  # type: ignore[arg-type]  # likewise


def _raw(change: Callable[[bytes, Random], bytes], *, truth: Truths | None = None) -> Callable[[Random], Polluted]:
    return lambda rng: _book(change(clean(), rng), truth=truth)


def _with_parts(more: Parts, *without: str) -> Callable[[Random], Polluted]:
    def make(_rng: Random) -> Polluted:
        parts = {name: content for name, content in parts_of(clean()).items() if name not in without}
        return _book(packed(parts | more))

    return make


def _book(content: bytes, *, truth: Truths | None = None, suffix: str = ".xlsx") -> Polluted:
    return Polluted(content, truths() if truth is None else truth, suffix)


def _phones_as(cell: str, *, truth: Truths | None = None) -> Callable[[Random], Polluted]:
    """Every number's cell is written so: {r} is where it stands, {e164} its text, {digits} its digits."""

    def change(xml: str) -> str:
        for row, person in enumerate(people(), start=2):
            made = cell.format(r=f"{_PHONE_CELL}{row}", e164=person.phone, digits=person.phone[1:])
            xml = re.sub(rf'<c r="{_PHONE_CELL}{row}"[^>]*>.*?</c>', made, xml)
        return xml

    return _bent(_SHEET, change, truth=truth)


def _names_as(cell: str, *, truth: Truths | None = None) -> Callable[[Random], Polluted]:
    def change(xml: str) -> str:
        for row, person in enumerate(people(), start=2):
            made = cell.replace("{r}", f"{_NAME_CELL}{row}").replace("{name}", escape(person.name))
            xml = re.sub(rf'<c r="{_NAME_CELL}{row}"[^>]*>.*?</c>', lambda _match, made=made: made, xml)  # type: ignore[misc]  # bound at once
        return xml

    return _bent(_SHEET, change, truth=truth)


def _twice(first: bytes, second: bytes) -> Callable[[Random], Polluted]:
    """A part that is in the zip twice: which of them is meant?"""

    def make(_rng: Random) -> Polluted:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as package:
            for name, content in parts_of(clean()).items():
                if name != _SHEET:
                    package.writestr(name, content)
            package.writestr(_SHEET, first)
            # Under another name while it is written, or the writer would warn.
            package.writestr(_SHEET.replace("1", "@"), second)
        return _book(made.getvalue().replace(_SHEET.replace("1", "@").encode(), _SHEET.encode()), truth=_NOBODY)

    return make


def _moved_up() -> bytes:
    """The sheet with every name one row above its own."""
    xml = parts_of(clean())[_SHEET].decode()
    return re.sub(rf'r="{_NAME_CELL}(\d+)"', lambda found: f'r="{_NAME_CELL}{int(found[1]) - 1}"', xml).encode()


def _names_moved(xml: str) -> str:
    """Cells that say another row than the one that they stand in."""
    return re.sub(rf'r="{_NAME_CELL}(\d+)"', lambda found: f'r="{_NAME_CELL}{max(int(found[1]) - 1, 1)}"', xml)


def _one_moved_up(xml: str) -> str:
    """The appointment of row 10 says that it is that of row 9."""
    return xml.replace('r="L10"', 'r="L9"')


def _one_unended(xml: str) -> str:
    """The reader that does not mind goes on to the next cell, and says both."""
    return re.sub(r'(<c r="L10".*?)</t>', r"\1</ t>", xml)


def _texts_moved(xml: str) -> str:
    """One text is there twice, and one of the next swallows the one behind it: between them all are another's."""
    names = ["<si><t>Ann Lee</t></si>", "<si><t>Łukasz Żak</t></si>"]
    return xml.replace(names[0], names[0] * 2).replace(names[1], names[1].replace("</t>", "<x t>"))


def _but(*rows: int) -> Truths:
    """All but the people of these rows, counted from 0 below the header."""
    return truths(tuple(person for place, person in enumerate(people()) if place not in rows))


def _cells_backwards(xml: str) -> str:
    def turned(row: re.Match[str]) -> str:
        return row[1] + "".join(reversed(re.findall(r"<c .*?</c>", row[2]))) + "</row>"

    return re.sub(r"(<row [^>]*>)(.*?)</row>", turned, xml)


def _rows_backwards(xml: str) -> str:
    rows = re.findall(r"<row .*?</row>", xml)
    return xml.replace("".join(rows), "".join(reversed(rows)))


def _hidden_by_a_word(rng: Random) -> Polluted:
    seen = tuple(person for place, person in enumerate(people(), start=2) if place % 5)
    made = _matched(_SHEET, '<row r="([0-9]*[05])"', r'<row r="\1" hidden="true"', truth=truths(seen))(rng)
    return replace(made, under=lambda choices: truths() if choices.hidden == "include" else truths(seen))


def _two_sheets_crossed(_rng: Random) -> Polluted:
    """Which part is which sheet, only the relations say: the first part is the second sheet."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        for name, lines in (("Old", table(neighbours("US"))), ("New", table())):
            page = book.add_worksheet(name)
            for number, line in enumerate(lines):
                page.write_row(number, 0, line)
    parts = parts_of(made.getvalue())
    parts[_RELATIONS] = parts[_RELATIONS].replace(b"sheet1.xml", b"sheet@.xml").replace(b"sheet2.xml", b"sheet1.xml")
    parts[_RELATIONS] = parts[_RELATIONS].replace(b"sheet@.xml", b"sheet2.xml")
    of = {"Old": truths(), "New": truths(neighbours("US"))}
    return replace(_book(packed(parts), truth=_NOBODY), under=lambda choices: of.get(choices.sheet or "", _NOBODY))


def _cut(content: bytes, rng: Random) -> bytes:
    return content[: rng.randrange(4, len(content))]


def _flipped(content: bytes, rng: Random) -> bytes:
    """A byte of the deflated sheet: its checksum is wrong."""
    start = content.index(_SHEET.encode()) + len(_SHEET)
    place = rng.randrange(start + 10, start + 1_500)
    return content[:place] + bytes([content[place] ^ (1 << rng.randrange(8))]) + content[place + 1 :]


def _encrypted(content: bytes, _rng: Random) -> bytes:
    """The flag that says so, in every entry."""
    marked = bytearray(content)
    for magic, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(magic)
        while at >= 0:
            marked[at + place] |= 1
            at = content.find(magic, at + 4)
    return bytes(marked)


def _padded_strings(xml: str) -> str:
    """32 MB of spaces in 32 KB."""
    return xml.replace("</sst>", "<si><t>" + " " * 32_000_000 + "</t></si></sst>")


def _long_string(xml: str) -> str:
    return xml.replace("<t>Ann Lee</t>", f"<t>{'Ann Lee ' * 5_000}</t>")


def _another(content: str | bytes, suffix: str = ".xlsx") -> Callable[[Random], Polluted]:
    raw = content if isinstance(content, bytes) else content.encode()
    return lambda _: _book(raw, suffix=suffix)


def _as_html() -> str:
    rows = ("".join(f"<td>{escape(cell)}</td>" for cell in line) for line in table())
    return "<html><table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table></html>"


def _prefixed(xml: str) -> str:
    return re.sub(r"<(/?)(?=[a-z])", r"<\1x:", xml).replace("<x:?", "<?").replace(' xmlns="', ' xmlns:x="')


_INLINE = '<c r="{r}" t="inlineStr"><is>{more}</is></c>'
_DOCTYPE = '<!DOCTYPE worksheet [<!ENTITY who "Ann Lee"><!ENTITY x SYSTEM "file:///etc/hostname">]>'

POLLUTIONS = [
    Pollution("B1", "a zip that holds a CSV file", _REFUSES, _another(packed({"people.csv": text(table()).encode()}))),
    Pollution("B1", "a CSV file called .xlsx", _SOME, _another(text(table()))),
    Pollution("B1", "HTML called .xls", _REFUSES, _another(_as_html(), ".xls")),
    Pollution("B1", "a zip of nothing", _REFUSES, _another(packed({}))),
    Pollution("B1", "JSON", _REFUSES, _another('[{"Patient": "Ann Lee", "Mobile": "+14155550100"}]', ".json")),
    Pollution("B1", "a PDF file", _REFUSES, _another(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n", ".pdf")),
    Pollution("B2", "an encrypted workbook", _REFUSES, _another(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2_000)),
    Pollution("B2", "entries that say they are encrypted", _REFUSES, _raw(_encrypted)),
    Pollution("B12", "number cells as exact powers", _REFUSES, _phones_as('<c r="{r}"><v>{digits}E0</v></c>')),
    Pollution(
        "B12", "number cells with a zero behind the point", _REFUSES, _phones_as('<c r="{r}"><v>{digits}.0</v></c>')
    ),
    Pollution("B12", "number cells with a plus", _REFUSES, _phones_as('<c r="{r}"><v>+{digits}</v></c>')),
    Pollution("B12", "number cells with a space", _REFUSES, _phones_as('<c r="{r}"><v> {digits} </v></c>')),
    Pollution("B15", "inline strings", _LOADS, lambda _: _book(clean(inline=True))),
    Pollution("B15", "numbers inline", _LOADS, _phones_as('<c r="{r}" t="inlineStr"><is><t>{e164}</t></is></c>')),
    Pollution(
        "B15", "numbers as results of formulas", _SOME, _phones_as('<c r="{r}" t="str"><f>A1</f><v>{e164}</v></c>')
    ),
    Pollution("B15", "numbers as text of no kind", _REFUSES, _phones_as('<c r="{r}" t="x"><v>{e164}</v></c>')),
    Pollution("B15", "numbers in CDATA", _REFUSES, _phones_as('<c r="{r}" t="str"><v><![CDATA[{e164}]]></v></c>')),
    Pollution(
        "B15", "numbers with a comment inside", _REFUSES, _phones_as('<c r="{r}" t="str"><v><!-- +1 -->{e164}</v></c>')
    ),
    Pollution("B15", "digits as references", _REFUSES, _phones_as('<c r="{r}" t="str"><v>&#43;{digits}</v></c>')),
    Pollution(
        "B15",
        "a return as an escape behind numbers",
        _REFUSES,
        _phones_as('<c r="{r}" t="str"><v>{e164}_x000D_</v></c>'),
    ),
    Pollution("B15", "a plus as an escape", _REFUSES, _phones_as('<c r="{r}" t="str"><v>_x002B_{digits}</v></c>')),
    Pollution("B15", "names in runs", _LOADS, _names_as(_INLINE.replace("{more}", "<r><t>{name}</t></r>"))),
    Pollution(
        "B15",
        "names with how they are read",
        _REFUSES,
        _names_as(_INLINE.replace("{more}", '<t>{name}</t><rPh sb="0" eb="1"><t>Somebody Else</t></rPh>')),
    ),
    Pollution(
        "B15",
        "names with spaces kept",
        _LOADS,
        _names_as(_INLINE.replace("{more}", '<t xml:space="preserve"> {name} </t>')),
    ),
    Pollution(
        "B15",
        "an index of a text that is not there",
        _REFUSES,
        _phones_as('<c r="{r}" t="s"><v>99999</v></c>', truth=_NOBODY),
    ),
    Pollution("B15", "an index below nothing", _REFUSES, _phones_as('<c r="{r}" t="s"><v>-1</v></c>', truth=_NOBODY)),
    Pollution("B15", "an index that is text", _REFUSES, _phones_as('<c r="{r}" t="s"><v>x</v></c>', truth=_NOBODY)),
    Pollution("B15", "no texts' part", _REFUSES, _with_parts({}, _STRINGS)),
    Pollution("B15", "a count of texts that lies", _REFUSES, _matched(_STRINGS, r'ount="\d+"', 'ount="3"')),
    Pollution(
        "B15",
        "an empty text in front of all",
        _REFUSES,
        _matched(_STRINGS, "(<sst [^>]*>)", r"\1<si><t/></si>", truth=_NOBODY),
    ),
    Pollution("B16", "a dimension too small", _SOME, _matched(_SHEET, 'ref="A1:[A-Z0-9]+"', 'ref="A1:B3"')),
    Pollution("B16", "a dimension of everything", _SOME, _matched(_SHEET, 'ref="A1:[A-Z0-9]+"', 'ref="A1:XFD1048576"')),
    Pollution("B16", "a dimension elsewhere", _SOME, _matched(_SHEET, 'ref="A1:[A-Z0-9]+"', 'ref="D9:F12"')),
    Pollution("B16", "a dimension that is none", _REFUSES, _matched(_SHEET, 'ref="A1:[A-Z0-9]+"', 'ref="people"')),
    Pollution("B16", "no dimension", _SOME, _matched(_SHEET, "<dimension [^>]*>", "")),
    Pollution("B16", "cells without places", _REFUSES, _matched(_SHEET, '<c r="[A-Z0-9]+"', "<c")),
    Pollution("B16", "rows without numbers", _REFUSES, _matched(_SHEET, '<row r="[0-9]+"', "<row")),
    Pollution("B16", "names' cells without places", _REFUSES, _matched(_SHEET, f'<c r="{_NAME_CELL}[0-9]+"', "<c")),
    Pollution("B16", "cells in another order", _REFUSES, _bent(_SHEET, _cells_backwards)),
    Pollution("B16", "rows in another order", _REFUSES, _bent(_SHEET, _rows_backwards)),
    Pollution("B16", "names' cells that say the row above", _REFUSES, _bent(_SHEET, _names_moved, truth=_NOBODY)),
    Pollution(
        "B16",
        "numbers' cells that say the column beside",
        _REFUSES,
        _matched(_SHEET, f'r="{_PHONE_CELL}([0-9]+)"', rf'r="{chr(ord(_PHONE_CELL) + 1)}\1"', truth=_NOBODY),
    ),
    Pollution(
        "B16",
        "home's cells that say the number's column",
        _REFUSES,
        _matched(_SHEET, f'r="{chr(ord(_PHONE_CELL) - 1)}([0-9]+)"', rf'r="{_PHONE_CELL}\1"'),
    ),
    Pollution("B16", "a cell that says the row above", _REFUSES, _bent(_SHEET, _one_moved_up, truth=_but(8, 9))),
    Pollution("B16", "two rows of one number", _REFUSES, _replaced(_SHEET, '<row r="5"', '<row r="4"')),
    Pollution("B16", "a row number that leaps back", _REFUSES, _replaced(_SHEET, '<row r="20"', '<row r="3"')),
    Pollution(
        "B16",
        "places in small letters",
        _REFUSES,
        _bent(_SHEET, lambda xml: re.sub(r'<c r="([A-Z]+)', lambda found: f'<c r="{found[1].lower()}', xml)),
    ),
    Pollution(
        "B16",
        "row 0",
        _REFUSES,
        _matched(_SHEET, r'<row r="1" (.*?)</row>', lambda found: found[0].replace('1"', '0"'), count=1),
    ),
    Pollution("B17", "32 MB of spaces", _REFUSES, _bent(_STRINGS, _padded_strings), heavy=True),
    Pollution(
        "B18", "a cell longer than a cell can be", _SOME, _bent(_STRINGS, _long_string, truth=truths(people()[1:]))
    ),
    Pollution("B19", "a DOCTYPE", _REFUSES, _replaced(_SHEET, "<worksheet ", f"{_DOCTYPE}<worksheet ")),
    Pollution(
        "B19",
        "names by an entity",
        _REFUSES,
        _bent(_STRINGS, lambda xml: xml.replace("<sst ", f"{_DOCTYPE}<sst ", 1).replace("<t>Null<", "<t>&who;<")),
    ),
    Pollution(
        "B19",
        "names by a file",
        _REFUSES,
        _bent(_STRINGS, lambda xml: xml.replace("<sst ", f"{_DOCTYPE}<sst ", 1).replace("<t>Null<", "<t>&x;<")),
    ),
    Pollution("B20", "a zip that is cut", _REFUSES, _raw(_cut), varied=True),
    Pollution("B20", "a byte of the sheet flipped", _REFUSES, _raw(_flipped), varied=True),
    Pollution("B20", "bytes in front", _REFUSES, _raw(lambda content, _rng: b"junk" + content)),
    Pollution("B20", "bytes behind", _REFUSES, _raw(lambda content, _rng: content + b"junk")),
    Pollution("B20", "a sheet twice", _REFUSES, _twice(parts_of(clean())[_SHEET], _moved_up())),
    Pollution("B20", "a sheet twice, the other way", _REFUSES, _twice(_moved_up(), parts_of(clean())[_SHEET])),
    Pollution("B20", "an entry that climbs", _REFUSES, _with_parts({"../../evil.txt": b"x"})),
    Pollution("B20", "an entry with backslashes", _REFUSES, _with_parts({"xl\\worksheets\\sheet1.xml": b"<x/>"})),
    Pollution("B20", "names in other letters", _REFUSES, _with_parts({_SHEET.upper(): _moved_up()})),
    Pollution("B20", "3,000 entries", _REFUSES, _with_parts({f"xl/media/{number}": b"" for number in range(3_000)})),
    Pollution("B20", "nothing deflated", _LOADS, lambda _: _book(packed(parts_of(clean()), stored=True))),
    Pollution("B21", "no styles", _SOME, _with_parts({}, _STYLES)),
    Pollution("B21", "no relations", _REFUSES, _with_parts({}, _RELATIONS)),
    Pollution("B21", "no sheet", _REFUSES, _with_parts({}, _SHEET)),
    Pollution("B21", "an empty sheet part", _REFUSES, _with_parts({_SHEET: b""})),
    Pollution("B21", "XML that stops", _REFUSES, _bent(_SHEET, lambda xml: xml[: len(xml) * 2 // 3])),
    Pollution(
        "B21", "XML that stops behind a row", _REFUSES, _bent(_SHEET, lambda xml: xml[: xml.index('<row r="20"')])
    ),
    Pollution("B21", "an end tag that is none", _REFUSES, _bent(_SHEET, _one_unended, truth=_but(8), inline=True)),
    Pollution(
        "B21", "an end tag that is none, among the texts", _REFUSES, _bent(_STRINGS, _texts_moved, truth=_NOBODY)
    ),
    Pollution("B21", "tags that cross", _REFUSES, _replaced(_SHEET, "</row>", "</c>")),
    Pollution(
        "B21",
        "XML in UTF-16",
        _REFUSES,
        _with_parts({_SHEET: parts_of(clean())[_SHEET].decode().replace("UTF-8", "UTF-16").encode("utf-16")}),
    ),
    Pollution(
        "B21", "texts that say Latin-1", _REFUSES, _replaced(_STRINGS, 'encoding="UTF-8"', 'encoding="ISO-8859-1"')
    ),
    Pollution(
        "B22", "strict OOXML", _REFUSES, _replaced(_SHEET, _MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
    ),
    Pollution("B22", "tags with a prefix", _REFUSES, _bent(_SHEET, _prefixed)),
    Pollution("B3", "sheets and parts crossed", _REFUSES, _two_sheets_crossed),
    Pollution(
        "B5",
        "rows hidden by a word",
        _REFUSES,
        _hidden_by_a_word,
    ),
    Pollution(
        "B5",
        "rows hidden by default, but those that are written",
        _REFUSES,
        _matched(_SHEET, "<sheetFormatPr ", '<sheetFormatPr zeroHeight="1" '),
    ),
]
