"""Results as CSV: a file that grows during a run, and is replaced as a whole when the run ends."""

import contextlib
import errno
import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from types import TracebackType
from typing import Self

from campaign.domain.cures import Cure, CureCode, Message
from campaign.domain.result_row import ResultRow
from campaign.export.atomic_write import elsewhere, encoded, replace_whole, write_whole
from campaign.export.columns import RESULT_COLUMNS, fitted, values_under
from campaign.export.formula_guard import guard
from campaign.export.overwrite_guard import because, shown
from campaign.export.results_disk import LOCAL_DISK, Disk

# Without it Excel reads UTF-8 as the local code page.
BOM = "\ufeff"
# A cell of a quoted line that is not plain at its first look: most lines have none, and need no look at each cell.
_TO_LOOK_AT = re.compile(r'(?:^|,)"(?![A-Za-z0-9"]|\+[1-9][0-9]{6,14}")')


def write_results(
    path: Path,
    *,
    header: Sequence[str],
    rows: Iterable[ResultRow],
    columns: Sequence[str] = RESULT_COLUMNS,
    disk: Disk = LOCAL_DISK,
) -> Path:
    """Writes the whole file, in row order; returns the path actually written.

    Raises:
        UsageError: something else stands there, or the file cannot be written; what was there still is.
    """
    return write_whole(path, chunks=_lines(header, rows, columns=columns), disk=disk)


def line(cells: Sequence[str]) -> str:
    """One line of a file of ours, safe against formulas in spreadsheet programs."""
    # Every cell is quoted: a separator, quote or line end inside one can then never begin another.
    whole = _quoted(cells)
    if whole.count('"') == 2 * len(cells) and not _TO_LOOK_AT.search(whole):
        return whole
    return _quoted([guard(cell).replace('"', '""') for cell in cells])


def _quoted(cells: Sequence[str]) -> str:
    return '"' + '","'.join(cells) + '"\r\n'


class LiveResults:
    """The results file during a run: gets a line on disk for each row as it settles.

    It is a view, so its errors stop nothing: once the file cannot be written it is left alone until `finish`.

    Attributes:
        path: the file really written to; beside the one that was asked for if that could not be replaced.
        trouble: a message for the user; None while the file holds all that it should.
    """

    def __init__(
        self,
        path: Path,
        *,
        header: Sequence[str],
        rows: Iterable[ResultRow] = (),
        columns: Sequence[str] = RESULT_COLUMNS,
        disk: Disk = LOCAL_DISK,
    ) -> None:
        """`columns` are those of `columns_with`, the same from the first line to the last."""
        self._asked, self._disk = path, disk
        self._header, self._columns = tuple(header), tuple(columns)
        self._file: io.FileIO | None = None
        self.path = write_results(path, header=self._header, rows=rows, columns=self._columns, disk=disk)
        self.trouble = _elsewhere(path, written=self.path)
        try:
            self._file = disk.append_to(self.path)
        except OSError as error:
            self._give_up(error)

    def append(self, *rows: ResultRow) -> None:
        """Writes a line for each of these rows, all at once; never raises for the file's sake."""
        if self._file is None:
            return
        width, columns = len(self._header), self._columns
        try:
            _write_lines(self._file, [encoded(line(_cells(row, width=width, columns=columns))) for row in rows])
        except OSError as error:
            self._give_up(error)

    def finish(self, rows: Iterable[ResultRow]) -> Path | None:
        """Replaces the file by one that holds these rows, in row order.

        Returns:
            The path really written. None if there is none: `trouble` says why, and what `append` wrote still stands.
        """
        self.close()
        try:
            chunks = _lines(self._header, rows, columns=self._columns)
            self.path = replace_whole(self.path, chunks=chunks, disk=self._disk)
        except OSError as error:
            self._give_up(error)
            return None
        self.trouble = _elsewhere(self._asked, written=self.path)
        return self.path

    def close(self) -> None:
        """Closes the file and leaves it as it is. Windows cannot replace an open file."""
        file, self._file = self._file, None
        if file is not None:
            # A network disk may report a failed write only here: `finish` writes every row again.
            with contextlib.suppress(OSError):
                file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _give_up(self, error: OSError) -> None:
        self.close()
        what = f"results file {shown(self.path)} is not complete: {because(error)}"
        self.trouble = Message.of(what, Cure(CureCode.WRITE_RESULTS_ANEW))


def _elsewhere(asked: Path, *, written: Path) -> Message | None:
    what = elsewhere(asked, written=written)
    return None if what is None else Message.of(what)


def _write_lines(file: io.FileIO, lines: Sequence[bytes]) -> None:
    left = b"".join(lines)
    size = len(left)
    try:
        while left:  # a disk that is nearly full takes a part
            taken = file.write(left)
            if not taken:
                raise OSError(errno.EIO, os.strerror(errno.EIO))  # noqa: TRY301 - one place that cuts
            left = left[taken:]
    except OSError:
        # Half a line would be read as a row.
        written = size - len(left)
        half = written - max(end for end in accumulate(map(len, lines), initial=0) if end <= written)
        if half:
            with contextlib.suppress(OSError):
                file.truncate(file.seek(0, os.SEEK_END) - half)
        raise


def _lines(header: Sequence[str], rows: Iterable[ResultRow], *, columns: Sequence[str]) -> Iterator[str]:
    yield BOM + line([*header, *columns])
    for row in rows:
        yield line(_cells(row, width=len(header), columns=columns))


def _cells(row: ResultRow, *, width: int, columns: Sequence[str]) -> list[str]:
    values = values_under(row, columns=columns)
    return [*fitted(row.cells, width=width), *["" if value is None else str(value) for value in values]]
