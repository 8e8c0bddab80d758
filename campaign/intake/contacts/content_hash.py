"""Content hashes of a row and of a sheet: of their cells, never of their position or the file's name."""

import hashlib
import json
from collections.abc import Sequence

from campaign.domain.model import Contact, Screened

_quoted = json.encoder.encode_basestring_ascii
"""A text as `json.dumps` writes it: the keys that stand in ledgers were made so."""

_KEY_HEX = 32
_MODULUS = 1 << 256


class ContentKeys:
    """Computes content keys of rows, and a content hash of the sheet, whatever the order of rows and columns."""

    def __init__(self, header: Sequence[str]) -> None:
        self._order = sorted(range(len(header)), key=lambda index: (header[index], index))
        self._names = [header[index] for index in self._order]
        # The text of [[[name, cell], ...], [cells beyond the header]], but for the cells.
        pairs = ", ".join(f"[{_quoted(name).replace('%', '%%')}, %s]" for name in self._names)
        self._pattern = f"[[{pairs}], [%s]]"
        self._repeated: dict[str, int] = {}
        self._sum = self._count = 0

    def key(self, screened: Screened) -> str:
        """Computes the row's key, unique in its sheet. Call it once for each row, in the sheet's order."""
        cells, width = screened.row.cells, len(self._names)
        if len(cells) < width:
            cells += ("",) * (width - len(cells))
        # What a row has beyond the header is its content too.
        beyond = ", ".join(map(_quoted, cells[width:]))
        content = self._pattern % (*[_quoted(cells[index]) for index in self._order], beyond)
        digest = hashlib.sha256(content.encode())
        self._sum = (self._sum + int.from_bytes(digest.digest())) % _MODULUS
        self._count += 1
        name = digest.hexdigest()[:_KEY_HEX]
        if isinstance(screened.verdict, Contact):
            return name  # Its number is unique in this sheet, and so is its content.
        occurrence = self._repeated[name] = self._repeated.get(name, 0) + 1
        return f"{name}-x{occurrence}"

    def fingerprint(self) -> str:
        """Hash of the content of all rows so far: hex, the same for the same rows in any order."""
        columns = json.dumps(self._names)
        return hashlib.sha256(f"{columns}|{self._count}|{self._sum:x}".encode()).hexdigest()
