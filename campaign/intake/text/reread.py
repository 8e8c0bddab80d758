"""The second reading of a text file, which must meet the bytes of the first: a file that grows meanwhile is refused."""

import hashlib
import io
from types import TracebackType
from typing import Any, BinaryIO, Self

from campaign.domain.errors import SheetError
from campaign.intake.text.encoding import TextFile

_BLOCK = 1 << 16


class Rereading:
    """The characters of a proved file, line ends as they stand; left when all are read, or one is wrong.

    Attributes:
        characters: from the first behind the mark to the end of the text.

    Raises:
        SheetError: on leaving, the file has other bytes than when it was proved.
    """

    def __init__(self, file: BinaryIO, text: TextFile) -> None:
        self._bytes = _Counted(file, text)
        self._text = text
        self.characters = io.TextIOWrapper(io.BufferedReader(self._bytes, _BLOCK), text.encoding, newline="")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            # A fault of a file that changed is one of the moment.
            if error is None or isinstance(error, (SheetError, UnicodeDecodeError)):
                self._require_same()
        finally:
            self.characters.close()

    def _require_same(self) -> None:
        if self._bytes.digest_to_the_end() != self._text.digest:
            cure = "wait until it is complete, or copy it, and try again"
            raise SheetError(f"sheet {self._text.path}: it changed while it was read; {cure}") from None


class _Counted(io.RawIOBase):
    """The bytes of the text, each counted into a digest on its way."""

    def __init__(self, file: BinaryIO, text: TextFile) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        file.seek(0)
        self._digest.update(file.read(text.start))
        self._left = text.end - text.start

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:  # any that can be written to, for which 3.11 has no name
        block = self._file.read(min(len(buffer), self._left))
        self._left -= len(block)
        self._digest.update(block)
        buffer[: len(block)] = block
        return len(block)

    def digest_to_the_end(self) -> bytes:
        while block := self._file.read(_BLOCK):
            self._digest.update(block)
        return self._digest.digest()
