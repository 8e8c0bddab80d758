"""Encoding detection: proved over all bytes of a file before its first row is returned; else the file is refused.

    bytes -> mark? -> NUL pattern? -> strictly, block by block, to the end -> TextFile
                                        `-> not UTF-8: `code_pages` asks

A name that is read in the wrong encoding is spoken aloud, so nothing is guessed, and no letter is ever replaced.
"""

import codecs
import contextlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from campaign.domain.cures import Setting
from campaign.domain.cures.sheets import leave_encoding_out, say_byte_order, say_encoding
from campaign.domain.errors import SheetError, UndecidedError
from campaign.intake.text.code_pages import misread, utf8_beside

LONGEST_LINE = 1_000_000
"""Characters; no row of a real sheet comes near."""
LONGEST_CELL = 32_767
"""Characters; what a cell of a spreadsheet program holds."""

# A line that ends inside a block is shorter than the block, so only those that cross a border are measured.
_BLOCK = LONGEST_CELL
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",  # before UTF-16, whose mark is its beginning
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_OPEN_ENDED = ("utf-16", "utf-32")
# Here an ASCII character is not always that character: a phone's plus begins an escape in UTF-7.
_NO_CHARSETS = frozenset({"utf-7", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"})
_CTRL_Z = re.compile("(?:(?<=[\r\n])\x1a[\x1a\\s]*|\x1a+)\\Z")
# C1 controls: what Latin-1 makes of the curly apostrophe of cp1252.
_C1 = re.compile("[\x80-\x9f]")
BEFORE_GUARD = frozenset(',;\t|"\n\r')
"""What stands before the apostrophe of a cell that a program has guarded."""
# What a table cannot be without.
_TABLE = re.compile("[\r\n,;\t|]")
# ISO 2022: ASCII bytes only, that stand for Japanese.
_ESCAPE = "\x1b$"
_TAIL = 1_024
_CURE = "save it as CSV UTF-8"


@dataclass(frozen=True, slots=True)
class TextFile:
    """Encoding of a file, proved over all of its bytes.

    Attributes:
        path: the file.
        encoding: by Python's name.
        start: the offset of the first character, behind the mark.
        end: the offset at which the text ends; an old Ctrl-Z may stand there.
        long_lines: whether a line is longer than a cell may be.
        replaced: whether U+FFFD stands in it: letters that were lost before.
        notices: remarks for the sheet's owner.
        guarded: whether a cell may begin with an apostrophe, or with `="`.
    """

    path: Path
    encoding: str
    start: int
    end: int
    long_lines: bool
    replaced: bool
    notices: tuple[str, ...]
    guarded: bool = True


def prove_encoding(path: Path, file: IO[bytes], *, chosen: str | None) -> TextFile:
    """Detects the encoding: decodes the whole file once, in blocks, strictly.

    Args:
        path: named in errors.
        file: at its start.
        chosen: the encoding that its owner names; None to detect it.

    Raises:
        UndecidedError: it is not UTF-8, and nothing in it proves what it is.
        SheetError: no text, or not in the encoding that was chosen or that the file's own mark names.
    """
    named = None if chosen is None else _known(path, chosen)
    encoding, mark, notices = _claimed(path, file.read(_BLOCK), named)
    old = named is not None and not encoding.startswith("utf")
    scan = _Scan(file, encoding, mark)
    try:
        for text in scan.texts():
            if scan.first and encoding.startswith(_OPEN_ENDED) and not _TABLE.search(text):
                raise SheetError(f"sheet {path}: {encoding.upper()} is what it is said to be in, and is not; {_CURE}")
            if "\0" in text or scan.longest > LONGEST_LINE:
                raise SheetError(f"sheet {path}: {_first_bad_line(file, encoding, mark)}; {_CURE}")
            if named is None and _ESCAPE in text:
                raise _escaped(path, _first_bad_line(file, encoding, mark))
            if old and _C1.search(text):
                raise misread(path, file, _first_bad_line(file, encoding, mark))
    except UnicodeDecodeError as error:
        raise _undecodable(path, scan, error) from None
    return scan.result(path, notices + (utf8_beside(file, encoding) if old else ()))


def _known(path: Path, chosen: str) -> str:
    try:
        bytes(4).decode(chosen, "replace")  # raises for what changes bytes to bytes, or text to text
        codec = codecs.lookup(chosen)
    except (LookupError, ValueError):
        codec = None
    if codec is None or codec.name.replace("_", "-") in _NO_CHARSETS or codec.incrementaldecoder is None:
        cure = "try cp1252, or leave it out to see what fits"
        raise SheetError(f"sheet {path}: ", Setting.ENCODING, f" {chosen!r} is no encoding known here; {cure}")
    return "utf-8" if codec.name == "utf-8-sig" else codec.name


def _claimed(path: Path, start: bytes, named: str | None) -> tuple[str, int, tuple[str, ...]]:
    """Encoding by the file's own mark, or its owner's choice: encoding, bytes of the mark, notices."""
    for mark, encoding in _MARKS.items():
        if start.startswith(mark):
            if named not in (None, encoding, encoding[:6]):
                raise SheetError(
                    f"sheet {path}: it begins with the mark of {encoding.upper()}",
                    cure=leave_encoding_out(encoding=named),
                )
            return encoding, len(mark), ()
    if named is not None and named not in _OPEN_ENDED:
        return named, 0, ()
    seen = _by_its_nuls(start)
    if named is None:
        notice = f"read as {seen.upper()}, which no mark at its start says" if seen else ""
        return seen or "utf-8", 0, (notice,) if seen else ()
    if seen is None or not seen.startswith(named):
        raise SheetError(f"sheet {path}: it has no mark of {named.upper()}", cure=say_byte_order(encoding=named))
    return seen, 0, ()


def _by_its_nuls(start: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: each digit, delimiter and line end of it has its NUL bytes in the same place."""
    if b"\0" not in start:
        return None
    for encoding in ("utf-32-le", "utf-32-be"):
        with contextlib.suppress(UnicodeDecodeError):
            if start[: len(start) // 4 * 4].decode(encoding):
                return encoding
    first, second = start[::2].count(0), start[1::2].count(0)
    if (first and second) or (first + second) * 8 < len(start):
        return None
    return "utf-16-be" if first else "utf-16-le"


class _Scan:
    """Scan of the whole file, with its findings."""

    def __init__(self, file: IO[bytes], encoding: str, mark: int) -> None:
        self.longest = 0
        self.first = True
        self.file, self.encoding, self.mark = file, encoding, mark
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._read = self._held = self._open = 0
        self._tail = ""
        self._replaced = self._guarded = False

    def texts(self) -> Iterator[str]:
        self.file.seek(0)
        self._read = len(self.file.read(self.mark))
        block = b" "
        while block:
            block = self.file.read(_BLOCK)
            self._held = len(self._decoder.getstate()[0])
            text = self._decoder.decode(block, final=not block)
            self._read += len(block)
            self._measure(text)
            yield text
            self.first = False

    def offset_of(self, error: UnicodeDecodeError) -> int:
        """Of the first wrong byte, in the file. The decoder may still have held some bytes of the block before."""
        return self._read - self._held + error.start

    def result(self, path: Path, notices: tuple[str, ...]) -> TextFile:
        tail = _CTRL_Z.search(self._tail)
        end = self._read - (len(tail[0].encode(self.encoding)) if tail else 0)
        if tail:
            notices += ("the Ctrl-Z at its end, which once marked the end of a file, is left out",)
        long_lines = self.longest > LONGEST_CELL
        return TextFile(path, self.encoding, self.mark, end, long_lines, self._replaced, notices, self._guarded)

    def _measure(self, text: str) -> None:
        self._replaced = self._replaced or "\ufffd" in text
        if not self._guarded:
            self._guarded = _is_guarded(self._tail[-1:], text)
        self._tail = (self._tail + text[-_TAIL:])[-_TAIL:]
        last = max(text.rfind("\n"), text.rfind("\r"))
        if last < 0:
            self._open += len(text)
            self.longest = max(self.longest, self._open)
            return
        first = min(place for place in (text.find("\n"), text.find("\r"), last) if place >= 0)
        self.longest = max(self.longest, self._open + first)
        self._open = len(text) - last - 1


def _is_guarded(before: str, text: str) -> bool:
    """Whether a cell may begin with an apostrophe, or with `="`: most texts have few apostrophes, all within words."""
    place = text.find("'")
    while place >= 0:
        if (text[place - 1] if place else before) in BEFORE_GUARD:
            return True
        place = text.find("'", place + 1)
    return '="' in text or (before == "=" and text[:1] == '"')


def _undecodable(path: Path, scan: _Scan, error: UnicodeDecodeError) -> SheetError:
    offset = scan.offset_of(error)
    line = _line_of(scan.file, scan.encoding, offset)
    fault = f"line {line}, byte {offset} (0x{error.object[error.start]:02X}) is not {scan.encoding.upper()}"
    # An encoding that the file's own mark declares leaves no question to ask.
    if scan.mark or scan.encoding.startswith(_OPEN_ENDED):
        return SheetError(f"sheet {path}: {fault}, as it is said to be; correct it there, and {_CURE}")
    return misread(path, scan.file, fault)


def _escaped(path: Path, fault: str) -> UndecidedError:
    return UndecidedError(
        f"sheet {path}: {fault}",
        cure=say_encoding(encoding="iso2022_jp"),
        choice="encoding",
        options=[("iso2022_jp", "Japanese, as in mail")],
    )


def _first_bad_line(file: IO[bytes], encoding: str, mark: int) -> str:
    file.seek(mark)
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        for number, line in enumerate(iter(lambda: text.readline(LONGEST_LINE + 2), ""), start=1):
            if "\0" in line:
                return f"a NUL byte in line {number}: this is no text"
            if len(line.rstrip("\r\n")) > LONGEST_LINE:
                return f"line {number} has over {LONGEST_LINE:,} characters"
            if _ESCAPE in line:
                return f"line {number} has escape sequences as Japanese mail has them"
            if _C1.search(line):
                return f"line {number} has control characters in {encoding.upper()}"
    finally:
        text.detach()  # the file is the caller's to close
    return "no text"


def _line_of(file: IO[bytes], encoding: str, offset: int) -> int:
    """The number of the line in which a byte stands, as a text editor counts."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    lines = io.IncrementalNewlineDecoder(decoder, translate=True)
    file.seek(0)
    breaks = 0
    while offset > 0:
        block = file.read(min(_BLOCK, offset))
        offset -= len(block)
        breaks += lines.decode(block, final=offset == 0).count("\n")
    return breaks + 1
