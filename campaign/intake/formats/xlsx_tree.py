"""Validation of the element tree of an .xlsx part: where each element may occur, and that none occurs there twice.

    sst > si > t | r > t                       sheetData > row > c > f, v | is > t | r > t

Elements of other kinds, and whatever they hold, need only be well-formed.
"""

import re
from xml.parsers import expat

MARK = "regular"
"""Stands for what was read without the parser."""

_RICH = frozenset({"t", "r", "rPh", "phoneticPr"})
_HOLDS = {
    "sst": frozenset({"si", "extLst"}),
    "sheetData": frozenset({"row"}),
    "row": frozenset({"c", "extLst"}),
    "c": frozenset({"f", "v", "is", "extLst"}),
    "si": _RICH,
    "is": _RICH,
    "r": frozenset({"rPr", "t"}),
    "rPh": frozenset({"t"}),
    **dict.fromkeys(("t", "v", "f"), frozenset[str]()),
}
# A cell has one value, whichever way it is written.
_ONCE = {"v": "value", "is": "value", "f": "formula", "t": "text"}
_NUMBER = re.compile("[1-9][0-9]{0,6}")
_INDEX = re.compile("[0-9]{1,9}")
_COUNT = re.compile("[0-9]{1,20}")
_PLACE = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")
_LAST_ROW = 1 << 20


class Damage(Exception):  # noqa: N818 - what is wrong with a part, said behind its name
    """Damage of a part; its text ends a sentence that begins with the part."""


class Tree:
    """Follows the elements of a part with this root.

    Attributes:
        row: the number of the last row that began.
        columns: where cells were seen, counted from 0.
        texts: how many texts there were in the part of texts.
        declared: how many of them it says that it holds.
    """

    def __init__(self, root: str) -> None:
        self.row, self.texts = 0, 0
        self.columns: set[int] = set()
        self.declared: int | None = None
        self._root, self._column = root, -1
        self._path: list[str] = []
        # For each element of the path: what it may hold, None if anything; and what it held once already.
        self._allowed: list[frozenset[str] | None] = [None]
        self._had: list[set[str]] = [set()]
        self._marking = self._marked = self._cells_seen = self._shared = False
        self._begins = {"row": self._begin_row, "c": self._begin_cell, "si": self._begin_text, "v": self._begin_value}
        self._index: list[str] = []
        self._parser = expat.ParserCreate("utf-8")  # the only encoding that gets here, whatever it says
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._start, self._end
        self._parser.StartDoctypeDeclHandler = _refuse_document_type

    def feed(self, piece: bytes, *, last: bool = False) -> None:
        """Parses on."""
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError as error:
            raise Damage(f"is not XML{self._behind()}: {expat.ErrorString(error.code)}") from None

    def require_parent(self, parent: str) -> None:
        """What is read without the parser must be a child of this element."""
        self._marking, self._marked = True, False
        self.feed(f"<{MARK}/>".encode())
        if not self._marked or self._path[-1:] != [parent]:
            raise Damage(f"has rows or texts inside of something else{self._behind()}")
        self._marking = False

    def begin_row(self, number: int) -> None:
        """A row with this number must be one that can follow."""
        if not self.row < number <= _LAST_ROW:
            raise Damage(f"says that row {number} follows row {self.row}")
        self.row, self._column = number, -1

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        allowed = self._allowed[-1]
        self._path.append(name)
        self._had.append(set())
        if name == MARK and self._marking:
            self._marked = True
            self._allowed.append(None)
        elif allowed is None:
            self._allowed.append(self._outside(name, attributes))
        elif name not in allowed:
            raise Damage(f"has an element {name!r} inside of {self._path[-2]!r}{self._behind()}")
        else:
            self._allowed.append(_HOLDS.get(name))
            self._only_once(name)
            if begin := self._begins.get(name):
                begin(attributes)

    def _outside(self, name: str, attributes: dict[str, str]) -> frozenset[str] | None:
        """What the element may hold, which stands outside of the rows and texts."""
        depth = len(self._path)
        if depth == 1:
            if name != self._root:
                raise Damage(f"begins with {name!r}")
            if name != "sst":
                return None
            said = attributes.get("uniqueCount", "")
            self.declared = int(said) if _COUNT.fullmatch(said) else None
        elif name != "sheetData" or self._root != "worksheet":
            return None
        elif depth != 2 or self._cells_seen:  # noqa: PLR2004 - right below the root
            raise Damage("has its rows in two places")
        self._cells_seen = True
        return _HOLDS[name]

    def _only_once(self, name: str) -> None:
        if (kind := _ONCE.get(name)) is None:
            return
        had = self._had[-2]
        if kind in had:
            raise Damage(f"has a second {kind} in one {self._path[-2]!r}{self._behind()}")
        had.add(kind)

    def _begin_row(self, attributes: dict[str, str]) -> None:
        said = attributes.get("r")
        if said is not None and not _NUMBER.fullmatch(said):
            raise Damage(f"has a row {said[:20]!r} behind row {self.row}")
        self.begin_row(self.row + 1 if said is None else int(said))

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        said = attributes.get("r")
        column = self._column + 1 if said is None else self._said_column(said)
        if column <= self._column:
            raise Damage(f"has its cell {said} behind a cell of the same place, or of a later one")
        self._column = column
        self.columns.add(column)
        self._shared = attributes.get("t") == "s"

    def _said_column(self, said: str) -> int:
        match = _PLACE.fullmatch(said)
        if match is None or int(match[2]) != self.row:
            raise Damage(f"has a cell in row {self.row} that says that it is {said[:20]!r}")
        column = 0
        for letter in match[1]:
            column = column * 26 + ord(letter) - ord("A") + 1
        return column - 1

    def _begin_text(self, _attributes: dict[str, str]) -> None:
        self.texts += 1

    def _begin_value(self, _attributes: dict[str, str]) -> None:
        # The reader of values takes whatever is no number here for the first of all texts.
        if self._shared:
            self._index = []
            self._parser.CharacterDataHandler = self._index.append

    def _end(self, _name: str) -> None:
        name = self._path.pop()
        self._allowed.pop()
        self._had.pop()
        if name == "v" and self._parser.CharacterDataHandler is not None:
            self._parser.CharacterDataHandler = None
            if not _INDEX.fullmatch("".join(self._index)):
                raise Damage(f"has a cell in row {self.row} whose text is said by {''.join(self._index)[:20]!r}")

    def _behind(self) -> str:
        return f" behind row {self.row}" if self.row else ""


def _refuse_document_type(*_: object) -> None:
    # Entities can grow without bound, and fetch files: no workbook needs them.
    raise Damage("has a document type, which no spreadsheet program writes")
