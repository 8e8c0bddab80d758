"""Legacy encodings: which ones a file that is not UTF-8 could be in, each shown by words of the file.

    lines with bytes beyond ASCII -> encodings that decode them all -> unlike each other -> likeliest first -> question

Old encodings carry no mark, and most decode anything: only a person can say which of the words are right.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from campaign.domain.cures import Cure, CureCode, Setting
from campaign.domain.cures.sheets import choose_encoding, leave_out
from campaign.domain.errors import SheetError, UndecidedError

# In the order in which they are offered when nothing else tells them apart.
_SINGLE = {
    "cp1252": "Western European, Windows",
    "cp1250": "Central European, Windows",
    "cp1251": "Cyrillic, Windows",
    "cp1253": "Greek, Windows",
    "cp1254": "Turkish, Windows",
    "cp1255": "Hebrew, Windows",
    "cp1256": "Arabic, Windows",
    "cp1257": "Baltic, Windows",
    "cp874": "Thai, Windows",
    "mac_roman": "Western European, old Mac",
    "iso8859_2": "Central European, ISO",
    "iso8859_15": "Western European, ISO",
    "iso8859_7": "Greek, ISO",
    "koi8_r": "Cyrillic, KOI8",
    "cp850": "Western European, DOS",
    "cp437": "American, DOS",
    "cp866": "Cyrillic, DOS",
}
# The second is the range of first bytes, in that encoding, of the characters that everyday words are written in.
_DOUBLE = {
    "cp932": ("Japanese, Shift-JIS", range(0x81, 0x98)),
    "cp949": ("Korean", range(0xB0, 0xC9)),
    "euc_jp": ("Japanese, EUC", range(0xA4, 0xD0)),
    "gb18030": ("Simplified Chinese", range(0xB0, 0xD8)),
    "cp950": ("Traditional Chinese, Big5", range(0xA4, 0xC7)),
}
# Categories of characters that stand in no name or address.
_ODD = frozenset({"So", "Sm", "Sk", "No", "Co", "Cn", "Lm", "Zs"})
_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL"})
_OFFERED = 6
_SHOWN = 3  # samples of each
_LONGEST_SAMPLE = 40
_WEIGHED = 200  # lines
_BLOCK = 1 << 18
_LONGEST_LINE = 4_000_000  # bytes
_TEXT = bytes({*range(0x20, 0x100), *b"\t\n\v\f\r\x1a\x1b"})
_ASCII = bytes(range(0x80))
_WORD = re.compile(r"[^\W\d_]+")
_USUAL = "cp1252"
"""What most programs write that write no UTF-8."""
# Signs beyond ASCII that are letters in other pages, where a letter stands beside them: £ukasz, Pawe³, but not £50.
_WITHIN_WORD = re.compile(
    r"[\xa1-\xac\xae-\xb4\xb6-\xbf\u02c6\u02dc\u2020-\u203a\u20ac\u2122][a-z]"
    r"|[a-z][\xa1-\xac\xaf\xb1-\xb4\xb6-\xbf]"
)
_CELL = re.compile(r"[^,;\t|\"]+")


def misread(path: Path, file: IO[bytes], fault: str) -> SheetError:
    """Builds the error for a file that does not decode, with the encodings that would.

    Args:
        path: named in the message.
        file: read from its start.
        fault: where and what the first wrong byte is.
    """
    seen = _Foreign()
    if not all(map(seen.add, _blocks(file))):
        return SheetError(f"sheet {path}: {fault}, and it is no text", cure=Cure(CureCode.SAY_ENCODING_OF_NO_TEXT))
    if not seen.other:
        return SheetError(f"sheet {path}: {fault}, but all of it is UTF-8", cure=leave_out(Setting.ENCODING))
    if seen.utf8:
        others = f"{seen.utf8:,} other lines are" if seen.utf8 > 1 else "another line is"
        fault = f"{fault}, while {others} UTF-8"
    pages = _candidates(seen)
    if not pages:
        return SheetError(f"sheet {path}: {fault}; correct that line, and save it as CSV UTF-8")
    samples = seen.samples()
    words = {page: [_word(line, page) for line in samples] for page in pages}
    return UndecidedError(
        f"sheet {path}: {fault}",
        cure=choose_encoding((page, words[page][0]) for page in pages),
        choice="encoding",
        options=[(page, f"{_title(page)}: {' | '.join(map(repr, words[page]))}") for page in pages],
    )


def utf8_beside(file: IO[bytes], encoding: str) -> tuple[str, ...]:
    """A notice if lines of a file that is read in an old encoding are sound UTF-8: chance hardly makes such lines."""
    seen = _Foreign()
    all(map(seen.add, _blocks(file)))
    if not seen.utf8:
        return ()
    right, wrong = _word(seen.first_utf8, "utf-8"), _word(seen.first_utf8, encoding)
    return (f"lines that are sound UTF-8 are read as {encoding}: {seen.utf8:,}; {right!r} becomes {wrong!r}",)


def all_utf8(file: IO[bytes]) -> bytes:
    """The first line that is not ASCII, where all such lines are sound UTF-8; empty elsewhere."""
    seen = _Foreign()
    all(map(seen.add, _blocks(file)))
    return b"" if seen.other else seen.first_utf8


def _blocks(file: IO[bytes]) -> Iterator[list[bytes]]:
    """The file's lines, without their ends; a line end is never part of a character in the encodings here."""
    file.seek(0)
    rest = b""
    while (block := file.read(_BLOCK)) and len(rest) < _LONGEST_LINE:
        *lines, rest = (rest + block).replace(b"\r", b"\n").split(b"\n")
        yield lines
    yield [rest]


@dataclass(slots=True)
class _Foreign:
    """Statistics of the lines that are not ASCII."""

    utf8: int = 0
    first_utf8: bytes = b""
    other: int = 0
    high: set[int] = field(default_factory=set)
    lines: list[bytes] = field(default_factory=list)
    double: set[str] = field(default_factory=lambda: set(_DOUBLE))

    def add(self, lines: list[bytes]) -> bool:
        """Takes note of some lines; False if they are no text."""
        foreign = [line for line in lines if not line.isascii()]
        for line in foreign:
            self._count(line)
        block = b"\n".join(foreign)
        self.high.update(block.translate(None, _ASCII))
        self.double = {page for page in self.double if _decoded(block, page) is not None}
        return not b"\n".join(lines).translate(None, _TEXT)

    def samples(self) -> list[bytes]:
        """A few lines, those first that show other bytes than the ones before them."""
        shown: list[bytes] = []
        known: set[int] = set()
        for line in self.lines:
            high = {byte for byte in line if byte > 0x7F}  # noqa: PLR2004 - the last ASCII character
            if not high <= known and len(shown) < _SHOWN:
                shown.append(line)
                known |= high
        return shown

    def _count(self, line: bytes) -> None:
        if _decoded(line, "utf-8") is not None:
            self.utf8 += 1
            self.first_utf8 = self.first_utf8 or line
            return
        self.other += 1
        if len(self.lines) < _WEIGHED:
            self.lines.append(line)


def _candidates(seen: _Foreign) -> list[str]:
    # Chance makes a line of two-byte characters UTF-8 at times, but never a line of an alphabet: such a file is mixed.
    double = [page for page in _DOUBLE if page in seen.double and seen.utf8 * 10 <= seen.other]
    single = [] if seen.utf8 else list(_SINGLE)
    by_text: dict[str, str] = {}
    for page in [*double, *single]:
        high = bytes(sorted(seen.high)) if page in _SINGLE else b"\n".join(seen.lines)
        text = _decoded(high, page)
        if text is not None and not any("\x80" <= character <= "\x9f" for character in text):
            by_text.setdefault(text, page)
    weights = {page: _weight(b"\n".join(seen.lines).decode(page), page) for page in by_text.values()}
    best = max(weights.values(), default=0)
    likely = [page for page, weight in weights.items() if weight >= best / 2] or list(weights)
    offered = sorted(likely, key=lambda page: -weights[page])[:_OFFERED]
    if _USUAL not in weights:
        return offered
    # A sign of money, a dash or a blank is no letter and weighs nothing, where another page makes a letter of it.
    others = [page for page in offered if page != _USUAL]
    if _is_usual(b"\n".join(seen.lines).decode(_USUAL)):
        return [_USUAL, *others][:_OFFERED]
    return offered if _USUAL in offered else [*others[: _OFFERED - 1], _USUAL]


def _is_usual(text: str) -> bool:
    """Whether no letter speaks against the usual page: none looks odd in its word, and no sign stands within a word."""
    words = sum(_worth(word, _USUAL) for word in _WORD.findall(text) if not word.isascii())
    return words >= 0 and not _WITHIN_WORD.search(text)


def _decoded(block: bytes, encoding: str) -> str | None:
    try:
        return block.decode(encoding)
    except UnicodeDecodeError:
        return None


def _title(page: str) -> str:
    return _SINGLE[page] if page in _SINGLE else _DOUBLE[page][0]


def _word(line: bytes, encoding: str) -> str:
    """The first cell of a line that is not ASCII."""
    cells = (cell.strip(" ") for cell in _CELL.findall(line.decode(encoding)))
    return next((cell[:_LONGEST_SAMPLE] for cell in cells if not cell.isascii()), "")


def _weight(text: str, page: str) -> float:
    """How much the text looks like words: below zero for what is never written, per character beyond ASCII."""
    words = sum(_worth(word, page) for word in _WORD.findall(text) if not word.isascii())
    odd = sum(not c.isascii() and unicodedata.category(c) in _ODD for c in text)
    return (words - odd) / sum(not c.isascii() for c in text)


def _worth(word: str, page: str) -> int:
    scripts = {unicodedata.name(character, "?").split()[0] for character in word}
    if scripts <= _EAST_ASIAN and page in _DOUBLE:
        return 2 * _everyday(word, page) - len(word)
    # Two alphabets in one word, or hardly a plain letter in a Latin one: read in the wrong encoding.
    if len(scripts) > 1 or (scripts == {"LATIN"} and 2 * sum(map(str.isascii, word)) < len(word)):
        return -len(word)
    cased = word.lower() != word.upper()
    return len(word) if word.islower() or word.isupper() or word.istitle() or not cased else -len(word)


def _everyday(word: Iterable[str], page: str) -> int:
    return sum(character.encode(page)[0] in _DOUBLE[page][1] for character in word)
