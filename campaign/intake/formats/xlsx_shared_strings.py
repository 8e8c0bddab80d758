"""Validation of the shared strings of .xlsx: with one too many or too few, every cell would show another's text."""

import re
import zipfile
from collections.abc import Sequence

from campaign.domain.errors import SheetError
from campaign.intake.formats.xlsx_strict import CURE, Vetted, vet

_PART = "xl/sharedStrings.xml"
_BLOCK = 1 << 20
_INDEX = re.compile(rb"<(?:\w+:)?c\b[^<>]* t=[\"']s[\"'][^<>]*><(?:\w+:)?v>([0-9]{1,9})<")
_OVERLAP = 200
_RUNS = (b"<r>", b"<r ", b":r>", b":r ")
# A text with a blank at its beginning or end, and nothing said of it.
_BLANK = re.compile(rb"(<(?:\w+:)?t)>(\s[^<]*|[^<]*\s)(?=</)")


def vet_texts(archive: zipfile.ZipFile, sheets: Sequence[str]) -> str | None:
    """Validates the part of shared strings, if there is one.

    Its reader takes off the blanks around each run of a text that has several, `<t>Ada </t><t>Lindqvist</t>`, where
    nothing says that they are to be kept; people see them.

    Args:
        archive: the workbook.
        sheets: the names of the parts whose cells share these texts.

    Returns:
        The part's name, if it has such runs: `with_blanks` says that they are to be kept.

    Raises:
        SheetError: it is damaged; names what.
    """
    for name in archive.NameToInfo:
        # Its reader finds it by this name, in letters of any size.
        if name.casefold() == _PART.casefold():
            with archive.open(name) as stream:
                vetted = vet(stream, name=name, root="sst", words=_RUNS)
            if not _counted(vetted, archive, sheets):
                said = f"holds {vetted.texts:,} texts, and says {vetted.declared:,}"
                raise SheetError(f"a damaged workbook (its part {name!r} {said}); {CURE}")
            if vetted.telling and _BLANK.search(archive.read(name)) is not None:
                return name
    return None


def with_blanks(content: bytes) -> bytes:
    """The part, with the blanks around each of its texts to be kept."""
    return _BLANK.sub(lambda text: text[1] + b' xml:space="preserve">' + text[2], content)


def _counted(vetted: Vetted, archive: zipfile.ZipFile, sheets: Sequence[str]) -> bool:
    if vetted.declared is None or vetted.declared == vetted.texts:
        return True
    # Some programs add texts and leave the count as it was: then there are cells that use those behind it.
    stale = vetted.declared < vetted.texts
    return stale and any(_last_index(archive, sheet) >= vetted.declared for sheet in sheets)


def _last_index(archive: zipfile.ZipFile, sheet: str) -> int:
    last, tail = -1, b""
    with archive.open(sheet) as stream:
        while block := stream.read(_BLOCK):
            last = max(last, *map(int, _INDEX.findall(tail + block)), -1)
            tail = block[-_OVERLAP:]
    return last
