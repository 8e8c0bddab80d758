"""Damage to workbooks, in the XML of a part or in the zip around them; and a plain second reading."""

import html
import re
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from random import Random

from tests.intake.fuzzing import tokens
from tests.intake.fuzzing.tokens import Evidence
from tests.intake.pollution.books import workbook
from tests.intake.pollution.packages import packed, parts_of

_SHEET, _STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
_PARTS = (
    _SHEET,
    _SHEET,
    _SHEET,
    _STRINGS,
    _STRINGS,
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "[Content_Types].xml",
)
_PIECE = re.compile(
    r'<c [^>]*?/>|<c .*?</c>|<row [^>]*>|</row>|<si>.*?</si>|<[^>]*>|\b[a-zA-Z:]+="[^"]*"|\d+', re.DOTALL
)
_ATTRIBUTES = (
    ' t="s"',
    ' t="str"',
    ' t="e"',
    ' t="b"',
    ' t="n"',
    ' t="inlineStr"',
    ' hidden="1"',
    ' s="1"',
    ' r="F4"',
    ' r="C3"',
)
_WRITTEN = (
    "<",
    ">",
    "/",
    '"',
    "</row>",
    "</c>",
    "<c>",
    "</v>",
    "<v>7</v>",
    "<row>",
    "&lt;",
    "&#0;",
    "<!--",
    "-->",
    "]]>",
    "\0",
    "<t/>",
    "<f>A1</f>",
)
_ROW = re.compile(r"<row\b([^>]*)>(.*?)(?=<row\b|</sheetData|\Z)", re.DOTALL)
_CELL = re.compile(r"<c\b([^>]*?)(?:/>|>(.*?)(?:</c>|(?=<c\b)|\Z))", re.DOTALL)
_PLACE = re.compile(r'\br="([A-Za-z]{1,3})(\d+)"')


@cache
def seed_books() -> tuple[bytes, ...]:
    """The sheet with its texts in a part of their own, and inline."""
    return _drawn(inline=False), _drawn(inline=True)


def damaged(content: bytes, rng: Random) -> bytes:
    """The workbook after one to three accidents in one of its parts."""
    parts = parts_of(content)
    part = rng.choice([name for name in _PARTS if name in parts])
    return packed(parts | {part: damaged_xml(parts[part].decode(), rng).encode("utf-8", "surrogatepass")})


def damaged_xml(xml: str, rng: Random) -> str:
    """The part after one to three accidents."""
    for _ in range(rng.choice((1, 1, 2, 3))):
        xml = rng.choice(_ACCIDENTS)(xml, rng)
    return xml


def damaged_zip(content: bytes, rng: Random) -> bytes:
    """The workbook after one to three accidents to its zip file."""
    for _ in range(rng.choice((1, 1, 2, 3))):
        place, length = rng.randrange(len(content)), rng.randrange(1, 64)
        match rng.randrange(5):
            case 0 | 1:
                content = content[:place] + bytes([content[place] ^ (1 << rng.randrange(8))]) + content[place + 1 :]
            case 2:
                content = content[:place] + content[place + length :]
            case 3:
                content = content[:place] + rng.randbytes(length) + content[place:]
            case _:
                content = content[: max(place, 5)]
    return content


def rows_of(content: bytes) -> Iterator[Evidence]:
    """Every row of the damaged sheet as it says itself: cells by their letters, texts by their numbers."""
    try:
        parts = parts_of(content)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError, zipfile.LargeZipFile):
        return
    strings = [
        _text(found)
        for found in re.findall(
            r"<si\b[^>]*>(.*?)</si>", parts.get(_STRINGS, b"").decode("utf-8", "replace"), re.DOTALL
        )
    ]
    table = [_cells(found[2], strings) for found in _ROW.finditer(parts.get(_SHEET, b"").decode("utf-8", "replace"))]
    for header in [cells for cells in table if {"Patient", "Mobile"} <= set(cells.values())]:
        width = max(header) + 1
        for cells in table:
            names = [header.get(place, f"#{place}") for place in range(width)]
            yield tokens.of_row([cells.get(place, "") for place in range(width)], names)


def _drawn(*, inline: bool) -> bytes:
    def draw(_book: object, page: object) -> None:
        for number, line in enumerate(tokens.lines()):
            for place, cell in enumerate(line):
                if cell:
                    page.write_string(number, place, cell)  # type: ignore[attr-defined]  # xlsxwriter has no stubs

    return workbook(draw, constant_memory=inline, in_memory=not inline).content


def _cells(xml: str, strings: list[str]) -> dict[int, str]:
    found, at = {}, -1
    for cell in _CELL.finditer(xml):
        place = _PLACE.search(cell[1])
        at = _column(place[1]) if place else at + 1
        found[at] = _value(cell[1], cell[2] or "", strings)
    return found


def _column(letters: str) -> int:
    place = 0
    for letter in letters.upper():
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _value(attributes: str, xml: str, strings: list[str]) -> str:
    value = re.search(r"<v>(.*?)</v>", xml, re.DOTALL)
    if 't="s"' in attributes and value:
        number = int(value[1]) if value[1].strip().isdecimal() else len(strings)
        return strings[number] if number < len(strings) else ""
    return _text(xml)


def _text(xml: str) -> str:
    return html.unescape("".join(re.findall(r"<(?:t|v)\b[^>/]*>(.*?)</(?:t|v)>", xml, re.DOTALL)))


def _pieces(xml: str) -> list[tuple[int, int]]:
    return [found.span() for found in _PIECE.finditer(xml)]


def _drop(xml: str, rng: Random) -> str:
    start, end = rng.choice(_pieces(xml) or [(0, 0)])
    return xml[:start] + xml[end:]


def _double(xml: str, rng: Random) -> str:
    start, end = rng.choice(_pieces(xml) or [(0, 0)])
    return xml[:end] + xml[start:end] + xml[end:]


def _swap(xml: str, rng: Random) -> str:
    found = _pieces(xml)
    if len(found) < 2:
        return xml
    (one, one_end), (two, two_end) = sorted(rng.sample(found, 2))
    return xml[:one] + xml[two:two_end] + xml[one_end:two] + xml[one:one_end] + xml[two_end:]


def _copy(xml: str, rng: Random) -> str:
    """One piece over another of its kind: a place said twice, a text's number changed."""
    found = _pieces(xml) or [(0, 0)]
    start, end = rng.choice(found)
    alike = [span for span in found if xml[span[0] : span[0] + 2] == xml[start : start + 2]]
    other, other_end = rng.choice(alike or found)
    return xml[:start] + xml[other:other_end] + xml[end:]


def _write(xml: str, rng: Random) -> str:
    start, end = rng.choice(_pieces(xml) or [(0, 0)])
    place = rng.choice((start, end, rng.randrange(len(xml) + 1)))
    return xml[:place] + rng.choice(_WRITTEN) + xml[place:]


def _say(xml: str, rng: Random) -> str:
    """An attribute more in one tag."""
    found = [match.end(1) for match in re.finditer(r"<(c|row|si|v|t|sheet)\b", xml)]
    place = rng.choice(found or [0])
    return xml[:place] + rng.choice(_ATTRIBUTES) + xml[place:]


def _count(xml: str, rng: Random) -> str:
    """A number that is another one."""
    found = list(re.finditer(r"\d+", xml))
    if not found:
        return xml
    start, end = rng.choice(found).span()
    made = rng.choice(("0", "1", "5", "-1", "99999", "1048577", str(int(xml[start:end][:9]) + rng.choice((-1, 1)))))
    return xml[:start] + made + xml[end:]


def _flip(xml: str, rng: Random) -> str:
    place = rng.randrange(len(xml)) if xml else 0
    return xml[:place] + chr(rng.choice((rng.randrange(1, 128), rng.randrange(0x20, 0x3000)))) + xml[place + 1 :]


def _cut(xml: str, rng: Random) -> str:
    return xml[: rng.randrange(len(xml) + 1)]


_ACCIDENTS: list[Callable[[str, Random], str]] = [
    _drop,
    _double,
    _swap,
    _copy,
    _write,
    _say,
    _count,
    _flip,
    _drop,
    _copy,
    _count,
    _cut,
]
