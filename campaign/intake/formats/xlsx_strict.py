"""Strict validation of an .xlsx part, beside calamine, which repairs what is broken and joins rows on the way.

    bytes -> [regular: rows and texts as every program writes them] -> number of the row
          -> [tree: all the rest]                                   -> well-formed, every cell in its row, nothing twice

Together the two see every byte. Calamine goes on where a tag does not end, and believes a cell that says
that it stands in another row; spreadsheet programs call such a file damaged, and so is it here.
"""

import codecs
import re
from dataclasses import dataclass
from typing import IO, Literal

from campaign.domain.errors import SheetError
from campaign.intake.formats.xlsx_fast_rows import ROW, TEXT, TEXTS, row_expression
from campaign.intake.formats.xlsx_tree import Damage, Tree

CURE = "open it in a spreadsheet program, which may mend it, look at it and save it as .xlsx"

_BLOCK = 1 << 20
_BEGINNING = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_LONGEST = 4 << 20
_OVERLAP = 32
# More shapes than this, and the sheet is too odd for one expression to be worth its making.
_MOST_SHAPES, _MOST_COLUMNS = 24, 200


@dataclass(frozen=True, slots=True)
class Vetted:
    """Contents of a valid part.

    Attributes:
        telling: which of the words that were looked for may occur in it.
        texts: how many texts, where they are what it is there for.
        declared: how many of them it says that it holds, where it says so.
    """

    telling: frozenset[bytes]
    texts: int
    declared: int | None


def vet(stream: IO[bytes], *, name: str, root: Literal["worksheet", "sst"], words: tuple[bytes, ...] = ()) -> Vetted:
    """Validates a part to its end.

    Args:
        stream: its bytes.
        name: what the part is called.
        root: its outermost element.
        words: to search for on the way.

    Raises:
        SheetError: the part is damaged; names how, without the file's name.
    """
    part = _Part(root, words)
    try:
        while block := stream.read(_BLOCK):
            part.feed(block)
        return part.finished()
    except Damage as damage:
        raise SheetError(f"a damaged workbook (its part {name!r} {damage}); {CURE}") from None


class _Part:
    """Takes the bytes of one part; raises `Damage` as soon as something does not hold."""

    def __init__(self, root: Literal["worksheet", "sst"], words: tuple[bytes, ...]) -> None:
        self._words, self._found = words, set[bytes]()
        self._tree, self._utf8 = Tree(root), codecs.getincrementaldecoder("utf-8")()
        self._opening, self._around = (ROW, "sheetData") if root == "worksheet" else (TEXT, "sst")
        self._columns, self._expression, self._shapes = set[int](), row_expression(()), 0
        self._rest, self._tail = b"", b""
        self._begun, self._skips = False, True

    def feed(self, block: bytes) -> None:
        """Reads on."""
        self._check_letters(block)
        window = self._rest + block
        place = 0 if self._begun else self._begin(window)
        while self._skips and (start := window.find(self._opening, place)) >= 0:
            if start > place:
                self._parse(window[place:start])
            place = self._regular(window, start)
            if place == start:
                end = window.find(self._opening, start + 1)
                if end < 0:
                    break
                self._parse(window[start:end])
                place = end
        if not self._skips or len(window) - place > _LONGEST:
            self._parse(window[place:])
            place = len(window)
        self._rest = window[place:]

    def finished(self) -> Vetted:
        """Reads what is left, which must be its end."""
        self._check_letters(b"", final=True)
        self._parse(self._rest)
        self._tree.feed(b"", last=True)
        return Vetted(frozenset(self._found), self._tree.texts, self._tree.declared)

    def _begin(self, window: bytes) -> int:
        """What stands in front of the outermost element switches nothing off."""
        self._begun = True
        match = _BEGINNING.match(window)
        start = match.end() if match else 0
        self._tree.feed(window[:start])
        return start

    def _regular(self, window: bytes, start: int) -> int:
        """Where the regular rows or texts end that begin here; `start` when there are none."""
        if not self._skips:
            return start
        match = (TEXTS if self._opening is TEXT else self._expression).match(window, start)
        if match is None:
            return start
        self._tree.require_parent(self._around)
        if self._opening is ROW:
            return self._rows(window, match)
        self._tree.texts += window.count(TEXT, start, match.end())
        return match.end()

    def _rows(self, window: bytes, match: re.Match[bytes] | None) -> int:
        end, matches, row = 0, self._expression.match, self._tree.row
        while match is not None:
            number = int(match[1])
            if number != row + 1:
                self._tree.begin_row(number)
            self._tree.row = row = number
            end = match.end()
            if match.lastindex != 1:
                self._look(match[0])
            match = matches(window, end)
        return end

    def _parse(self, piece: bytes) -> None:
        window = self._tail + piece
        self._tail = window[-_OVERLAP:]
        # Inside of a comment, what looks like a row is none: with the first of them, all that follows is parsed.
        self._skips = self._skips and b"<!" not in window and b"<?" not in window
        self._look(window)
        self._tree.feed(piece)
        if len(self._columns) < len(self._tree.columns) <= _MOST_COLUMNS and self._shapes < _MOST_SHAPES:
            self._shapes += 1
            self._columns = set(self._tree.columns)
            self._expression = row_expression(self._columns)

    def _look(self, window: bytes) -> None:
        self._found.update(word for word in self._words if word not in self._found and word in window)

    def _check_letters(self, block: bytes, *, final: bool = False) -> None:
        try:
            self._utf8.decode(block, final)
        except UnicodeDecodeError:
            raise Damage("holds bytes that are not UTF-8") from None
