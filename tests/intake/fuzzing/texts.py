"""Damage to CSV files, most of it at delimiters, quotation marks and line ends; and a plain second reading."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from random import Random

from tests.intake.fuzzing import tokens
from tests.intake.fuzzing.tokens import HEADER, Evidence

_TELLING = b'",;\t|\r\n'
_WRITTEN = (
    b'"',
    b'""',
    b",",
    b";",
    b"\t",
    b"|",
    b"\n",
    b"\r",
    b"\r\n",
    b'\n"',
    b'",',
    b',"',
    b",,",
    b"\\",
    b"'",
    b" ",
    b"\0",
)
_RARELY = (
    b"\x1a",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xc2\xa0",
    b"\xe2\x80\xa8",
    b"\xff",
    b"\xe2\x80\x9c",
    b"sep=;\n",
    b"0",
    b"+",
)
_LONGEST = 200
_BLANK = re.compile(r"\s+")
# A name of two lines is never read; another cell may have two, and its row goes on below.
_OPEN = re.compile(r'("[^"]*"|[^",;\t|]*)[,;\t|]"[^",;\t|]*')


def seed_files() -> list[bytes]:
    """The sheet as several programs would write it."""
    plain, quoted = _written(), _written(csv.QUOTE_ALL)
    two_lines = [
        [cell.replace(" ", "\n") if place == 1 else cell for place, cell in enumerate(line)] for line in tokens.lines()
    ]
    return [
        plain.encode(),
        quoted.replace("\n", "\r\n").encode(),
        codecs.BOM_UTF8 + _written(delimiter=";").replace("\n", "\r\n").encode(),
        codecs.BOM_UTF16_LE + _written(delimiter="\t").encode("utf-16-le"),
        plain.replace("\n", "\r").encode(),
        plain.replace("\n", ",\n").encode(),
        ("sep=|\n" + _written(csv.QUOTE_ALL, delimiter="|")).encode(),
        _written(csv.QUOTE_ALL, lines=two_lines).encode(),
        _written(lines=two_lines).encode(),
        plain.replace("Ann", "Zoë").encode(),
        plain.replace("Ann", "Zoë").encode("cp1252"),
        codecs.BOM_UTF16_BE + quoted.encode("utf-16-be"),
    ]


def damaged(content: bytes, rng: Random) -> bytes:
    """The file after one to four accidents."""
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 4))):
        content = rng.choices(_ACCIDENTS, _WEIGHTS)[0](content, rng)
    return content


def rows_of(content: bytes, *encodings: str) -> Iterator[Evidence]:
    """Every line of the file that is a row by itself: as many cells as the line with the names has."""
    for text in _decoded(content, encodings):
        found = _joined(re.split(r"\r\n|\r|\n", text)) + [
            line for line in text.split("\n") if "\r" in line.rstrip("\r")
        ]
        for delimiter in ",;\t|":
            table = [cells for line in found for cells in _cells(line, delimiter)]
            for header in [cells for cells in map(_names, table) if {"Patient", "Mobile"} <= set(cells)]:
                yield from (tokens.of_row(cells, header) for cells in table if len(cells) == len(header))
                yield from _with_surplus(text, header, delimiter)


def _with_surplus(text: str, header: list[str], delimiter: str) -> Iterator[Evidence]:
    """Rows that all end in as many empty fields too many: nothing can tell them from rows that a program ends so."""
    while header and not header[-1].strip():
        header = header[:-1]
    try:
        found = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        return
    whole = [cells for cells in found if len(cells) >= len(header) and _names(cells)[: len(header)] != header]
    if len({len(cells) for cells in whole}) == 1 and not any("".join(cells[len(header) :]).strip() for cells in whole):
        yield from (tokens.of_row(cells[: len(header)], header) for cells in whole)


def _written(quoting: int = csv.QUOTE_MINIMAL, *, delimiter: str = ",", lines: list[list[str]] | None = None) -> str:
    made = io.StringIO()
    dialect = csv.unix_dialect if quoting == csv.QUOTE_ALL else csv.excel
    csv.writer(made, dialect, delimiter=delimiter, lineterminator="\n").writerows(lines or tokens.lines())
    return made.getvalue()


def _decoded(content: bytes, encodings: tuple[str, ...]) -> Iterator[str]:
    for encoding in ("utf-8-sig", *encodings, *(("utf-16-le", "utf-16-be") if b"\0" in content else ())):
        yield content.decode(encoding, "replace")


def _joined(lines: list[str]) -> list[str]:
    return lines + [f"{line} {more}" for line, more in pairwise(lines) if _OPEN.fullmatch(line)]


def _cells(line: str, delimiter: str) -> Iterator[list[str]]:
    try:
        # A cell of two lines is one cell, unless it holds what looks like cells itself.
        yield from (
            cells
            for cells in csv.reader([line], delimiter=delimiter)
            if not any("\r" in cell and delimiter in cell for cell in cells)
        )
    except csv.Error:
        return
    yield line.split(delimiter)


def _names(cells: list[str]) -> list[str]:
    """Names as they are compared, as far as it matters here: each of ours whatever its case and spacing."""
    known = {name.casefold(): name for name in HEADER}
    return [known.get(_BLANK.sub(" ", cell.strip('\ufeff \t"')).casefold(), cell) for cell in cells]


def _place(content: bytes, rng: Random) -> int:
    if rng.random() < 0.7 and (found := [place for place, byte in enumerate(content) if byte in _TELLING]):
        return min(max(rng.choice(found) + rng.choice((0, 0, 0, 1, -1)), 0), len(content))
    return rng.randrange(len(content) + 1)


def _block(content: bytes, rng: Random) -> tuple[int, int]:
    start = _place(content, rng)
    return start, min(start + rng.randrange(1, _LONGEST), len(content))


def _flip(content: bytes, rng: Random) -> bytes:
    place = min(_place(content, rng), len(content) - 1)
    return content[:place] + bytes([content[place] ^ (1 << rng.randrange(8))]) + content[place + 1 :]


def _write(content: bytes, rng: Random) -> bytes:
    place = _place(content, rng)
    return content[:place] + rng.choice(_WRITTEN) + content[place:]


def _write_rare(content: bytes, rng: Random) -> bytes:
    place = rng.choice((0, _place(content, rng), len(content)))
    return content[:place] + rng.choice(_RARELY) + content[place:]


def _overwrite(content: bytes, rng: Random) -> bytes:
    place = _place(content, rng)
    return content[:place] + rng.choice(_WRITTEN) + content[place + 1 :]


def _drop(content: bytes, rng: Random) -> bytes:
    place = _place(content, rng)
    return content[:place] + content[place + 1 :]


def _drop_block(content: bytes, rng: Random) -> bytes:
    start, end = _block(content, rng)
    return content[:start] + content[end:]


def _double_block(content: bytes, rng: Random) -> bytes:
    start, end = _block(content, rng)
    return content[:end] + content[start:end] + content[end:]


def _paste_block(content: bytes, rng: Random) -> bytes:
    (start, end), place = _block(content, rng), _place(content, rng)
    return content[:place] + content[start:end] + content[place + (end - start if rng.random() < 0.5 else 0) :]


def _swap_blocks(content: bytes, rng: Random) -> bytes:
    (first, middle), (second, end) = sorted((_block(content, rng), _block(content, rng)))
    if middle > second:
        return content
    return content[:first] + content[second:end] + content[middle:second] + content[first:middle] + content[end:]


def _swap_lines(content: bytes, rng: Random) -> bytes:
    found = content.splitlines(keepends=True)
    one, two = rng.randrange(len(found)), rng.randrange(len(found))
    found[one], found[two] = found[two], found[one]
    return b"".join(found)


def _cut(content: bytes, rng: Random) -> bytes:
    return content[: _place(content, rng)]


def _shift_line(content: bytes, rng: Random) -> bytes:
    """A cell too many, or too few, at the beginning of one line."""
    found = content.splitlines(keepends=True)
    place = rng.randrange(len(found))
    line = found[place]
    mark = next((bytes([byte]) for byte in line if byte in b",;\t|"), b",")
    found[place] = mark + line if rng.random() < 0.5 else line[line.find(mark) + 1 :]
    return b"".join(found)


def _strip_marks(content: bytes, rng: Random) -> bytes:
    """A program that drops one kind of character from here on."""
    place, mark = _place(content, rng), rng.choice((b'"', b"\r", b"\n", b","))
    return content[:place] + content[place:].replace(mark, b"", rng.choice((1, 2, -1)))


_Accident = Callable[[bytes, Random], bytes]
_WEIGHED: dict[_Accident, int] = {
    _flip: 3,
    _write: 8,
    _write_rare: 1,
    _overwrite: 6,
    _drop: 6,
    _drop_block: 3,
    _double_block: 2,
    _paste_block: 2,
    _swap_blocks: 2,
    _swap_lines: 1,
    _cut: 1,
    _shift_line: 3,
    _strip_marks: 1,
}


def _unless_empty(accident: _Accident) -> _Accident:
    return lambda content, rng: accident(content, rng) if content else content


_ACCIDENTS, _WEIGHTS = [_unless_empty(accident) for accident in _WEIGHED], list(_WEIGHED.values())
