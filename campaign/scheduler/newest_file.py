"""Newest file: the file that a schedule's sheet is now, given as a path or as a pattern."""

import glob
import os.path
from pathlib import Path

from campaign.domain.errors import SheetError

_RESULTS = ".results.csv"
_UNFINISHED = (".", "~$")


def newest_sheet(sheet: str, *, results_folder: str) -> Path:
    """The sheet to read now.

    Of a pattern's files, hidden ones, the locks of spreadsheet programs (`~$...`) and our own results are no sheets.

    Raises:
        SheetError: there is no file.
    """
    if not _is_pattern(sheet):
        if not os.path.isfile(sheet):  # noqa: PTH113 - a name that is too long for a file is none
            raise SheetError(f"sheet {sheet}: there is no such file now; put it there")
        return Path(sheet)
    ours = Path(results_folder)
    found = [
        path
        for path in map(Path, glob.glob(sheet, recursive=True))  # noqa: PTH207 - the pattern is an absolute one
        if path.is_file()
        and not path.name.startswith(_UNFINISHED)
        and not path.name.endswith(_RESULTS)
        and ours not in path.parents
    ]
    if not found:
        raise SheetError(f"sheet {sheet}: no file matches now; put one there")
    return max(found, key=lambda path: (path.stat().st_mtime_ns, path.name))


def _is_pattern(sheet: str) -> bool:
    # A file may have such characters in its own name.
    return glob.has_magic(sheet) and not os.path.exists(sheet)  # noqa: PTH110 - likewise
