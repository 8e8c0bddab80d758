"""Inspection of a zip package that claims to be a workbook: whole, small enough and unambiguous, or refused.

Two readers may disagree about an odd archive, and about which of two parts of one name is the sheet.
"""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from typing import BinaryIO

from campaign.domain.errors import SheetError
from campaign.intake.files.file_type import Kind, kind_of_package

_BLOCK = 1 << 20
_MOST_ENTRIES = 2_000
_RATIO = 100
# The rule of POI: what is small when unpacked does no harm, at any ratio.
_SMALL = 1 << 20
_CURE = "open it in a spreadsheet program and save it as .xlsx"
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# The only encoding that spreadsheet programs write, and the only one in which words can be looked for below.
_UTF8 = re.compile(
    rb'\s*<(?:\?xml(?![^>]*encoding)\s|\?xml[^>]*encoding\s*=\s*["\'](?:utf-8|us-ascii)["\']|(?!\?xml)[a-z_:!?])',
    re.IGNORECASE,
)
_ENTITIES = re.compile(rb"<!DOCTYPE|<!ENTITY", re.IGNORECASE)
# What the end of a block cuts in two is seen whole at the start of the next.
_OVERLAP = 32


def inspect(file: BinaryIO, *, unpacked: int) -> Kind:
    """Unpacks every entry of a zip file once, keeps nothing of it, and says which kind of workbook it is.

    Args:
        file: the zip file.
        unpacked: the most bytes that all entries together may hold.

    Raises:
        SheetError: why it is refused, without the file's name.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check_list(archive.infolist(), unpacked)
            kind = _kind(archive, frozenset(entry.filename for entry in entries))
            for entry in entries:
                _read_through(archive, entry)
            return kind
    except SheetError:
        raise
    except Exception as error:
        # The unpackers raise anything for a broken stream.
        raise SheetError(f"a damaged workbook ({' '.join(str(error).split())[:200]}); {_CURE}") from error


def _kind(archive: zipfile.ZipFile, names: frozenset[str]) -> Kind:
    mimetype = _beginning(archive, "mimetype", 100) if "mimetype" in names else b""
    kind = kind_of_package(names, mimetype.decode("ascii", "replace").strip())
    manifest = "META-INF/manifest.xml"
    if kind is Kind.ODS and manifest in names and b"encryption-data" in _beginning(archive, manifest, _SMALL):
        raise SheetError("password-protected; open it and save it without a password")
    return kind


def _beginning(archive: zipfile.ZipFile, name: str, size: int) -> bytes:
    with archive.open(name) as stream:
        return stream.read(size)


def _check_list(entries: list[zipfile.ZipInfo], unpacked: int) -> None:
    if len(entries) > _MOST_ENTRIES:
        raise SheetError(f"{len(entries):,} parts in one workbook, where {_MOST_ENTRIES:,} are many; {_CURE}")
    total = sum(entry.file_size for entry in entries)
    if total > unpacked:
        cure = "split it, or save the sheet as CSV"
        raise SheetError(f"{total:,} bytes when unpacked, and the limit is {unpacked:,}; {cure}")
    counts = Counter(entry.filename.casefold() for entry in entries)
    for entry in entries:
        fault = _fault(entry) or ("occurs twice" if counts[entry.filename.casefold()] > 1 else None)
        if fault is not None:
            raise SheetError(f"a damaged workbook (its part {entry.orig_filename[:80]!r} {fault}); {_CURE}")


def _fault(entry: zipfile.ZipInfo) -> str | None:
    name = entry.orig_filename
    if entry.flag_bits & _ENCRYPTED:
        return "is encrypted"
    if "\\" in name or "\0" in name or name.startswith("/") or ":" in name or ".." in name.split("/"):
        return "has a name that leaves the archive"
    if entry.compress_type not in _METHODS:
        return "is packed in an unusual way"
    if entry.file_size > max(_SMALL, _RATIO * entry.compress_size):
        return f"grows over {_RATIO} times when unpacked"
    return None


def _read_through(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    markup = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    size, tail = 0, b""
    with archive.open(entry) as stream:
        while block := stream.read(_BLOCK):
            if not size and markup and not _UTF8.match(block.removeprefix(b"\xef\xbb\xbf")[:200]):
                raise SheetError(f"a damaged workbook (its part {entry.filename!r} is not XML in UTF-8); {_CURE}")
            size += len(block)
            if markup:
                _refuse_entities(tail + block, entry.filename)
                tail = block[-_OVERLAP:]
    if size != entry.file_size:
        raise SheetError(f"a damaged workbook (its part {entry.filename!r} is cut off); {_CURE}")


def _refuse_entities(window: bytes, name: str) -> None:
    # Entities can grow without bound, and fetch files: no workbook needs them.
    # The single sign is found ten times as fast as the two, and there is hardly ever one.
    if b"!" in window and b"<!" in window and _ENTITIES.search(window):
        raise SheetError(f"a document type in its part {name!r}, which no spreadsheet program writes; {_CURE}")


def rewritten(file: BinaryIO, change: Callable[[str, bytes], bytes]) -> BinaryIO:
    """A copy of a package that may be unpacked, with each of its entries as `change` makes it of name and content."""
    made = io.BytesIO()
    with zipfile.ZipFile(file) as archive, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
        for entry in archive.infolist():
            copy.writestr(entry.filename, change(entry.filename, archive.read(entry)))
    made.seek(0)
    return made
