"""What spreadsheet programs call damaged is refused, in one line that names the part; what they write is read."""

import io
from random import Random

import pytest
from hypothesis import given, settings, strategies as st

from campaign.domain.errors import SheetError
from campaign.intake.formats import xlsx_strict
from campaign.intake.formats.xlsx_fast_rows import TEXTS, letters, row_expression
from campaign.intake.formats.xlsx_strict import Vetted, vet
from campaign.intake.formats.xlsx_tree import Damage
from tests.intake.fuzzing import books
from tests.intake.pollution.packages import parts_of
from tests.intake.workbook.files import MAIN

SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
DAMAGED = {
    "a cell of the row above": '<row r="2"><c r="A2"><v>1</v></c><c r="B1"><v>2</v></c></row>',
    "a cell of a row below": '<row r="2"><c r="A3"><v>1</v></c></row>',
    "a cell of no row": '<row r="2"><c r="A0"><v>1</v></c></row>',
    "a cell of no column": '<row r="2"><c r="2"><v>1</v></c></row>',
    "a place in small letters": '<row r="2"><c r="a2"><v>1</v></c></row>',
    "a place said twice": '<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>',
    "a place taken by a cell without one": '<row r="2"><c><v>1</v></c><c r="A2"><v>2</v></c></row>',
    "cells that go back": '<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>2</v></c></row>',
    "a row said twice": '<row r="2"/><row r="2"/>',
    "rows that go back": '<row r="3"/><row r="2"/>',
    "a row taken by one without a number": '<row r="2"/><row/><row r="3"/>',
    "a row of no number": '<row r="x"/>',
    "a row below the last": '<row r="1048577"/>',
    "a row inside of a row": '<row r="2"><row r="3"/></row>',
    "a row inside of a value": '<row r="2"><c r="A2"><v><row r="3"><c r="A3"/></row></v></c></row>',
    "a row inside of an attribute": '<row r="2"><c r="A2" t="<row r="3"><c r="A3"/></row>"/></row>',
    "a cell without a row": '<c r="A2"><v>1</v></c>',
    "two values": '<row r="2"><c r="A2"><v>1</v><v>2</v></c></row>',
    "a value and a text": '<row r="2"><c r="A2" t="inlineStr"><v>1</v><is><t>2</t></is></c></row>',
    "two texts": '<row r="2"><c r="A2" t="inlineStr"><is><t>1</t><t>2</t></is></c></row>',
    "a value in a text": '<row r="2"><c r="A2" t="inlineStr"><is><v>1</v></is></c></row>',
    "a text's number below nothing": '<row r="2"><c r="A2" t="s"><v>-1</v></c></row>',
    "a text's number that is none": '<row r="2"><c r="A2" t="s"><v>1x</v></c></row>',
    "a text's number with a space": '<row r="2"><c r="A2" t="s"><v> 1</v></c></row>',
    "an end tag that is none": '<row r="2"><c r="A2"><v>1</ v></c></row>',
    "tags that cross": '<row r="2"><c r="A2"><v>1</c></v></row>',
    "an attribute said twice": '<row r="2"><c r="A2" r="B2"><v>1</v></c></row>',
    "a reference to nothing": '<row r="2"><c r="A2" t="str"><v>&who;</v></c></row>',
    "a letter that XML has not": '<row r="2"><c r="A2" t="str"><v>\x01</v></c></row>',
    "rows in two places": '<row r="2"/></sheetData><sheetData><row r="3"/>',
    "rows behind the end": '<row r="2"/></sheetData></worksheet><worksheet><sheetData>',
}
SOUND = {
    "rows and cells without places": "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>",
    "cells without places": '<row r="2"><c><v>1</v></c><c><v>2</v></c></row><row r="9"><c><v>3</v></c></row>',
    "rows without places": '<row><c r="A1"><v>1</v></c></row><row><c r="A2"><v>3</v></c></row>',
    "rows left out": '<row r="2"><c r="A2"/></row><row r="70"><c r="D70"><v>3</v></c></row>',
    "cells left out": '<row r="2"><c r="B2"/><c r="AA2"/></row><row r="3"><c r="A3"/><c r="C3"/><c r="AB3"/></row>',
    "attributes in another order": "<row spans='1:2' r='2'><c t='str' r='A2' s='1'><v>x</v></c></row>",
    "a comment around a row": '<row r="2"/><!-- <row r="3"><c r="A9"/></row> --><row r="3"/><row r="4"/>',
    "text that looks like a row": '<row r="2"><c r="A2" t="str"><v><![CDATA[<row r="1"/>]]></v></c></row><row r="3"/>',
    "runs, and how they are read": '<row r="2"><c r="A2" t="inlineStr"><is><r><rPr><b/></rPr><t>A</t></r>'
    '<r><t>B</t></r><rPh sb="0" eb="1"><t>a</t></rPh><phoneticPr fontId="1"/></is></c></row>',
    "what programs of later years add": '<row r="2"><c r="A2"><v>1</v><extLst><x:c r="Z9"/></extLst></c></row>',
    "lines between all tags": '\n<row r="2">\n <c r="A2">\n  <v>1</v>\n </c>\n</row>\n<row r="3">\n</row>\n',
}


def _sheet(rows: str) -> bytes:
    return f'<worksheet xmlns="{MAIN}" xmlns:x="x"><sheetData>{rows}</sheetData></worksheet>'.encode()


def _vetted(content: bytes, root: str = "worksheet") -> Vetted:
    return vet(io.BytesIO(content), name="part.xml", root=root)  # type: ignore[arg-type]  # one of the two


REGULAR = "".join(f'<row r="{n}"><c r="A{n}"/><c r="B{n}" t="s"><v>3</v></c></row>' for n in range(10, 40))


@pytest.mark.parametrize("rows", DAMAGED.values(), ids=DAMAGED)
@pytest.mark.parametrize("around", [("", ""), ('<row r="1"><c r="A1"/><c r="B1"/></row>', ""), ("", REGULAR)])
def test_b21_a_damaged_part_is_refused_in_one_line(rows: str, around: tuple[str, str]) -> None:
    """Among regular rows as well, which no parser sees."""
    with pytest.raises(SheetError) as refused:
        _vetted(_sheet(around[0] + rows + around[1]))
    message = str(refused.value)
    assert message.startswith("a damaged workbook (its part 'part.xml' ")
    assert "save it as .xlsx" in message
    assert "\n" not in message


@pytest.mark.parametrize("rows", SOUND.values(), ids=SOUND)
def test_b21_a_sound_part_is_not(rows: str) -> None:
    _vetted(_sheet(rows))
    if 'r="7' not in rows:
        _vetted(_sheet(rows + REGULAR))


def test_b21_a_part_that_stops_is_refused() -> None:
    whole = _sheet(REGULAR)
    for end in range(len(whole)):
        with pytest.raises(SheetError):
            _vetted(whole[:end])


@pytest.mark.parametrize(
    "content", [b"", b"<sst/>", b"<worksheets/>", b"PK", _sheet("") + b"<x/>", b"\xff" + _sheet("")]
)
def test_b21_what_is_no_sheet_is_none(content: bytes) -> None:
    with pytest.raises(SheetError, match="a damaged workbook"):
        _vetted(content)


@pytest.mark.parametrize("letter", [b"\xff", b"\xc3", b"\xed\xa0\x80"])
def test_b21_letters_that_are_none_are_refused_in_regular_rows_too(letter: bytes) -> None:
    """No parser sees those rows: half a character would be somebody else's name."""
    row = b'<row r="40"><c r="A40" t="str"><v>Zo' + letter + b"</v></c></row>"
    with pytest.raises(SheetError, match="not UTF-8"):
        _vetted(_sheet(REGULAR + "@").replace(b"@", row))


def test_b19_a_document_type_is_refused() -> None:
    with pytest.raises(SheetError, match="document type"):
        _vetted(b'<!DOCTYPE worksheet [<!ENTITY who "Ann">]>' + _sheet(REGULAR))


@pytest.mark.parametrize(
    ("texts", "count"),
    [("<si><t>A</t></si>" * 5, 5), ('<si><r><t>A</t></r></si><si><t xml:space="preserve"> </t></si>', 2), ("", 0)],
)
def test_b15_texts_are_counted(texts: str, count: int) -> None:
    assert _vetted(f'<sst uniqueCount="7">{texts}</sst>'.encode(), "sst") == Vetted(frozenset(), count, 7)


@pytest.mark.parametrize(
    "texts", ["<si><si><t>A</t></si></si>", "<t>A</t>", "<si><t>A</x></si>", "<si><t>A<x t></si><si><t>B</t></si>"]
)
def test_b21_texts_inside_of_texts_are_refused(texts: str) -> None:
    with pytest.raises(SheetError, match="a damaged workbook"):
        _vetted(f"<sst>{'<si><t>A</t></si>' * 5}{texts}{'<si><t>A</t></si>' * 5}</sst>".encode(), "sst")


class _Parsed(xlsx_strict._Part):
    """Leaves nothing to the expressions."""

    _skips = property(lambda _: False, lambda _, __: None)


def _outcome(part: xlsx_strict._Part, content: bytes, size: int) -> object:
    try:
        for start in range(0, len(content), size):
            part.feed(content[start : start + size])
        vetted = part.finished()
    except Damage:
        return None
    return vetted.texts, vetted.declared, part._tree.row


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(0, 1 << 30), inline=st.booleans(), texts=st.booleans(), size=st.sampled_from([97, 1_000, 1 << 20])
)
def test_what_no_parser_sees_is_what_a_parser_would_pass(seed: int, *, inline: bool, texts: bool, size: int) -> None:
    """The expressions are for speed: they may never pass what the rules refuse, nor hide it from them."""
    name, root = (STRINGS, "sst") if texts and not inline else (SHEET, "worksheet")
    whole = parts_of(books.seed_books()[inline])[name].decode()
    content = books.damaged_xml(whole, Random(seed)).encode("utf-8", "surrogatepass")
    fast, slow = xlsx_strict._Part(root, ()), _Parsed(root, ())  # type: ignore[arg-type]  # one of the two
    assert _outcome(fast, content, size) == _outcome(slow, content, 1 << 20)


def test_regular_rows_are_left_to_the_expressions() -> None:
    """Else the test above would compare the parser with itself."""
    row = (
        b'<row r="2" spans="1:3" ht="15"><c r="A2" s="4" t="s"><v>17</v></c><c r="C2"><f>A1&amp;2</f><v>1</v></c></row>'
    )
    match = row_expression({0, 1, 2}).fullmatch(row)
    assert match is not None
    assert (match[1], match.lastindex) == (b"2", 1 + 2 * 3)
    assert row_expression({0, 1}).match(row) is None
    assert TEXTS.fullmatch(b'<si><t>A</t></si><si><t xml:space="preserve"> \xc3\xa4&lt;</t></si><si><t/></si>')
    assert [letters(column) for column in (0, 25, 26, 701, 702, 16_383)] == [b"A", b"Z", b"AA", b"ZZ", b"AAA", b"XFD"]
