"""The second reading of a text file, which must meet the bytes of the first: a file that grows meanwhile is refused."""

import hashlib
import io
from types import TracebackType
from typing import Any, BinaryIO, Self

from campaign.errors import SheetError
from campaign.intake.encodings import TextFile

_BLOCK = 1 << 16


class Rereading:
    """The characters of a proved file, line ends as they stand.

    Attributes:
        characters: from the first behind the mark to the end of the text.
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
        self.characters.close()
        if isinstance(error, UnicodeDecodeError):
            raise self._changed() from None

    def require_same(self) -> None:
        """To be called when all characters are read.

        Raises:
            SheetError: the file has other bytes than when it was proved.
        """
        if self._bytes.digest_to_the_end() != self._text.digest:
            raise self._changed()

    def _changed(self) -> SheetError:
        cure = "wait until it is complete, or copy it, and try again"
        return SheetError(f"sheet {self._text.path}: it changed while it was read; {cure}")


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
