"""Overwrite guard: checks what exists at a results path; only a results file of ours is ever overwritten."""

import csv
import io
import os
import re
import stat
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from campaign.domain.cures import Cure, CureCode
from campaign.domain.errors import UsageError
from campaign.export.columns import PROBLEM_COLUMN, RESULT_COLUMNS
from campaign.export.printable import visible
from campaign.export.results_disk import LOCAL_DISK, Disk

_HEAD_BYTES = 1 << 20
_OUR_COLUMNS = RESULT_COLUMNS[:3]
MADE_BY = "campaign"
"""Who a workbook or a report says it was made by."""
HTML_HEAD = f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<meta name="generator" content="{MADE_BY}">\n'
"""How a report begins."""
_PROPERTIES, _LONGEST_PROPERTIES = "docProps/core.xml", 1 << 16
_OUR_JSON = re.compile(r'\[\n\]|(\[\n)?\{"row": [0-9]+, "status": "')


def refuse_foreign(path: Path, *, disk: Disk = LOCAL_DISK) -> None:
    """Refuses a path where no results file can be written, or where other data would be lost.

    Raises:
        UsageError: one line that names the file and what to do.
    """
    # The file first: a broken name (too long, a NUL inside) is no fault of the folder.
    reason = occupied_by(path)
    if reason is not None:
        raise UsageError(f"results file {shown(path)}: {reason}", cure=Cure(CureCode.NAME_OTHER_RESULTS))
    reason = _closed(path.parent, disk=disk)
    if reason is not None:
        raise UsageError(f"results file {shown(path)}: {reason}; make the folder, or name a file in another one")


def occupied_by(path: Path) -> str | None:
    """What exists at the path and must not be replaced; None if nothing, an empty file, or a results file of ours."""
    try:
        # Never through a link: it would let a prepared folder choose which file is written over.
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode):
            return _kind(found.st_mode)
        if found.st_size == 0 or _is_ours(_head(path)) or _is_our_workbook(path):
            return None
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        return because(error)
    return "is there already, and is not a results file"


def shown(path: Path) -> str:
    """The path as a message shows it: on one line, whatever its name contains."""
    return visible(str(path))


def because(error: OSError | ValueError) -> str:
    """The system's own error text, without the path that it repeats."""
    return visible((error.strerror if isinstance(error, OSError) else None) or str(error))


def _kind(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "is a link, and links are not followed"
    return "is a folder" if stat.S_ISDIR(mode) else "is a device or a pipe, not a file"


def _head(path: Path) -> str:
    with _opened(path) as file:
        return file.read(_HEAD_BYTES).decode("utf-8-sig", errors="replace")


def _opened(path: Path) -> BinaryIO:
    # NONBLOCK: if the file was swapped for a pipe since it was looked at, opening must not wait for a writer.
    flags = os.O_RDONLY
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):  # each missing on some system
        flags |= getattr(os, name, 0)
    return os.fdopen(os.open(path, flags), "rb")


def _is_our_workbook(path: Path) -> bool:
    """Whether it is unchanged: a program that saves it again changes the name in it, and may add a user's work."""
    try:
        with _opened(path) as file, zipfile.ZipFile(file) as book, book.open(_PROPERTIES) as part:
            said = part.read(_LONGEST_PROPERTIES).decode("utf-8", errors="replace")
    except (zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError, zlib.error, EOFError):
        return False
    return f"<dc:creator>{MADE_BY}<" in said and f"<cp:lastModifiedBy>{MADE_BY}<" in said


def _is_ours(head: str) -> bool:
    if _OUR_JSON.match(head) or head.startswith(HTML_HEAD):
        return True
    try:
        header = next(csv.reader(io.StringIO(head, newline="")), [])
    except csv.Error:
        return False
    width = len(_OUR_COLUMNS)
    return header[-1:] == [PROBLEM_COLUMN] or any(
        tuple(header[at : at + width]) == _OUR_COLUMNS for at in range(len(header))
    )


def _closed(folder: Path, *, disk: Disk) -> str | None:
    # Tested by creating a file: permission bits say little to root, on Windows, and on a read-only or full disk.
    try:
        descriptor, temporary = disk.create_temporary(folder)
        os.close(descriptor)
        temporary.unlink()
    except OSError as error:
        return f"its folder cannot be written to ({because(error)})"
    return None
