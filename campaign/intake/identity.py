"""What makes a row itself, and a sheet itself: their content, never their position or their file's name."""

import hashlib
import json
from collections.abc import Sequence

from campaign.model import Contact, Screened

_KEY_HEX = 32
_MODULUS = 1 << 256


class ContentKeys:
    """Names rows by their content, and sums the sheet up as it goes by: order counts neither of rows nor of columns."""

    def __init__(self, header: Sequence[str]) -> None:
        self._order = sorted(range(len(header)), key=lambda index: (header[index], index))
        self._names = [header[index] for index in self._order]
        self._repeated: dict[str, int] = {}
        self._sum = self._count = 0

    def key(self, screened: Screened) -> str:
        """The row's key, unique in its sheet. To be asked once for each row, in the sheet's order."""
        cells = screened.row.cells
        content = [[name, cells[index] if index < len(cells) else ""] for name, index in self._named()]
        # What a row has beyond the header is its content too.
        digest = hashlib.sha256(json.dumps([content, cells[len(self._names) :]]).encode())
        self._sum = (self._sum + int.from_bytes(digest.digest())) % _MODULUS
        self._count += 1
        name = digest.hexdigest()[:_KEY_HEX]
        if isinstance(screened.verdict, Contact):
            return name  # Its number is nobody else's in this sheet, so neither is its content.
        occurrence = self._repeated[name] = self._repeated.get(name, 0) + 1
        return f"{name}-x{occurrence}"

    def fingerprint(self) -> str:
        """Names the content of all rows so far: hex, the same for the same rows in any order."""
        columns = json.dumps(self._names)
        return hashlib.sha256(f"{columns}|{self._count}|{self._sum:x}".encode()).hexdigest()

    def _named(self) -> list[tuple[str, int]]:
        return list(zip(self._names, self._order, strict=True))
