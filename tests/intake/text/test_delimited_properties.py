"""Whatever is written as a table reads back exactly or is refused; whatever is broken never pairs two people."""

import csv
import io
import random
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from campaign.domain.errors import SheetError
from campaign.domain.sheet import Sheet
from campaign.intake.files.read_options import Choices
from campaign.intake.text.delimited import read_delimited

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "cp1251", "cp932", "gb18030"]
# A surrogate is no character, a NUL is refused, and an escape asks for the encoding of Japanese mail.
CELLS = st.text(
    st.one_of(
        st.sampled_from(" ,;\t|\"'\\\n\r=+-x1é"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0\x1a\x1b\ufeff"),
    ),
    max_size=6,
)
Quoting = Literal[0, 1, 2, 3]
QUOTING = st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    width = draw(st.integers(2, 5))
    row = st.lists(CELLS, min_size=width, max_size=width)
    table = draw(st.lists(row, min_size=2, max_size=8))
    table[0] = [f"H{place}{cell}" for place, cell in enumerate(table[0])]
    return table


@pytest.fixture(scope="module")
def path() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "sheet.csv"


@given(
    table=tables(),
    delimiter=st.sampled_from(",;\t|"),
    quoting=QUOTING,
    encoding=st.sampled_from(ENCODINGS),
    said=st.booleans(),
    ending=st.sampled_from(["\r\n", "\n", "\r"]),
)
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_table_reads_back_exactly_or_is_refused(  # noqa: PLR0917 - hypothesis gives its examples by place
    path: Path, table: list[list[str]], delimiter: str, quoting: Quoting, encoding: str, *, said: bool, ending: str
) -> None:
    """Never differently: no cell elsewhere, no letter another, no row lost but blank ones."""
    # A bare CR within a cell is quoted by csv.writer only when it is part of the line end.
    ending = ending if quoting == csv.QUOTE_ALL else "\r\n"
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=ending).writerows(table)
    try:
        path.write_bytes(text.getvalue().encode(encoding))
    except UnicodeEncodeError:
        return
    choices = Choices(encoding=encoding, delimiter=delimiter) if said else Choices()
    with suppress(SheetError):
        sheet = read_delimited(path, choices=choices)
        rows = list(sheet.rows)
        assert list(sheet.header) == table[0]
        filled = [number for number, cells in enumerate(table[1:], start=2) if any(cell.strip() for cell in cells)]
        assert [row.number for row in rows] == filled
        assert [list(row.cells) for row in rows if not row.damage] == [
            table[row.number - 1] for row in rows if not row.damage
        ]
        assert all(any("\n" in cell or "\r" in cell for cell in table[row.number - 1]) for row in rows if row.damage)


@given(table=tables(), delimiter=st.sampled_from(",;\t|"), bom=st.booleans())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_table_without_line_breaks_in_it_is_never_refused_once_its_delimiter_is_said(
    path: Path, table: list[list[str]], delimiter: str, *, bom: bool
) -> None:
    """A test that allows a refusal would pass a reader that refuses everything."""
    table = [[" ".join(cell.split()) for cell in row] for row in table]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(table)
    path.write_bytes(text.getvalue().encode("utf-8-sig" if bom else "utf-8"))
    rows = list(read_delimited(path, choices=Choices(delimiter=delimiter)).rows)
    assert [(row.number, list(row.cells), row.damage) for row in rows] == [
        (number, cells, None) for number, cells in enumerate(table[1:], start=2) if any(map(str.strip, cells))
    ]


WIDTHS = {2: ["Name", "Phone"], 3: ["Name", "Phone", "Note"], 4: ["Id", "Name", "City", "Phone"]}


def people(width: int, delimiter: str, quoting: Quoting) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting)
    writer.writerow(WIDTHS[width])
    for number in range(12):
        cells = {"Id": f"id{number}", "Name": f"Name{number:02}", "Phone": f"+1415555{number:04}", "City": "Rome, IT"}
        cells["Note"] = 'a "b"\nc' if number % 4 == 1 else "d, e;"
        writer.writerow([cells[column] for column in WIDTHS[width]])
    return text.getvalue().encode()


def flipped(content: bytes, luck: random.Random) -> bytes:
    place = luck.randrange(len(content))
    byte = luck.choice([*b'",;\n\r\t| x\\', 0, 0x80, 0xE9, luck.randrange(256)])
    return luck.choice(
        [
            content[:place] + bytes([byte]) + content[place + 1 :],
            content[:place] + bytes([byte]) + content[place:],
            content[:place] + content[place + 1 :],
            content[:place],
        ]
    )


def edited(content: bytes, luck: random.Random) -> bytes:
    lines = content.splitlines(keepends=True)
    place = luck.randrange(len(lines))
    match luck.randrange(6):
        case 0:
            del lines[place]
        case 1:
            lines.insert(place, lines[luck.randrange(len(lines))])
        case 2:
            lines[place] = lines[place].rstrip(b"\r\n")
        case 3:
            cut = luck.randrange(len(lines[place]))
            lines[place] = lines[place][:cut] + b"\n" + lines[place][cut:]
        case 4:
            lines[place] = b'"' + lines[place]
            later = luck.randrange(place, len(lines))
            lines[later] = lines[later].rstrip(b"\r\n") + b'"\r\n'
        case _:
            lines[place] = luck.choice([b"\n", b"\x1a\n", b"Title\n", b"sep=,\n", b",,,\n"]) + lines[place]
    return b"".join(lines)


def sound(sheet: Sheet, width: int) -> Iterator[tuple[str, str, str]]:
    """Name, phone and all cells of the rows that would be called."""
    name, phone = WIDTHS[width].index("Name"), WIDTHS[width].index("Phone")
    for row in sheet.rows:
        if row.damage is None and len(row.cells) == width:
            yield row.cells[name], row.cells[phone], "\n".join(row.cells)


@pytest.mark.parametrize("seed", range(8))
def test_a_broken_file_raises_only_what_users_see_and_never_pairs_two_people(path: Path, seed: int) -> None:
    """A row is damaged or refused rather than that a name stands beside another row's number."""
    luck = random.Random(seed)
    true = {f"Name{number:02}": f"+1415555{number:04}" for number in range(12)}
    for _ in range(250):
        width, delimiter = luck.choice([2, 3, 4]), luck.choice(",;\t|")
        content = people(width, delimiter, luck.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
        for _ in range(luck.randrange(1, 4)):
            content = luck.choice([flipped, edited])(content or b"x", luck)
        path.write_bytes(content)
        with suppress(SheetError):
            sheet = read_delimited(path, choices=Choices(no_header=luck.random() < 0.2))
            for name, phone, cells in sound(sheet, width):
                alone = name not in true or phone not in true.values() or true[name] == phone
                assert alone, (seed, name, phone, content)
                # Nor is anyone swallowed by the row of another, and so forgotten.
                assert sum(other in cells for other in true) < 2, (seed, cells, content)
