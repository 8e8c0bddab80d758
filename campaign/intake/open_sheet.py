"""Opens a sheet: a CSV file or a workbook becomes a `Sheet`, with every cell as the text that the user sees.

    path -> regular file? -> first bytes -> workbook (`workbook`, in a process of its own) | CSV (`delimited`) -> Sheet

The type is detected from the first bytes, since file names can be wrong.
"""

import re
import stat
from dataclasses import replace
from itertools import chain
from pathlib import Path

from campaign.domain.cures import Setting
from campaign.domain.cures.sheets import leave_out
from campaign.domain.errors import SheetError
from campaign.domain.sheet import Sheet
from campaign.intake.files.file_type import START, Kind, kind_of
from campaign.intake.files.guards import text_without_guards
from campaign.intake.files.own_results import without_own_columns
from campaign.intake.files.read_options import UNDECIDED, Choices
from campaign.intake.text.delimited import read_delimited
from campaign.intake.workbook.reader_process import read_workbook

# A scheme has two letters or more: one is a Windows drive. `Path` has made one slash of the two.
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/.*")
_LOCKS = ("~$", ".~lock.")


def open_sheet(path: Path, *, choices: Choices = UNDECIDED) -> Sheet:
    """Opens a sheet: its header at once, its rows while they are read.

    Args:
        path: a CSV file, or a workbook (.xlsx, .xlsm, .xlsb, .xls, .ods).
        choices: of its owner, for reading it.

    Raises:
        UndecidedError: only its owner can say how it is to be read.
        SheetError: one line with the file, the thing and the cure. Trouble further down is raised while rows are read.
    """
    opened, guarded = open_whole(path, choices=choices)
    own = without_own_columns(opened, guarded=guarded)
    # A workbook's reader has taken them off already.
    return text_without_guards(opened) if own is opened and guarded else own


def open_whole(path: Path, *, choices: Choices = UNDECIDED) -> tuple[Sheet, bool]:
    """As `open_sheet`, with the columns of our own that a file of ours has: (sheet, whether its cells are guarded).

    Raises:
        UndecidedError, SheetError: as `open_sheet`.
    """
    if choices.no_header and choices.header_row is not None:
        both = Setting.NO_HEADER, " and ", Setting.HEADER_ROW
        raise SheetError(f"sheet {path}: ", *both, " exclude each other; give one of them")
    _require_regular(path)
    if _kind(path) is Kind.TEXT:
        if choices.sheet is not None:
            raise SheetError(f"sheet {path}: a CSV file has no sheet {choices.sheet!r}", cure=leave_out(Setting.SHEET))
        return _checked(path, read_delimited(path, choices=choices), choices), True
    for setting, value in ((Setting.ENCODING, choices.encoding), (Setting.DELIMITER, choices.delimiter)):
        if value is not None:
            what = f" {value!r} is for text files"
            raise SheetError(f"sheet {path}: a workbook, and ", setting, what, cure=leave_out(setting))
    return _checked(path, read_workbook(path, choices=choices), choices), False


def _require_regular(path: Path) -> None:
    try:
        status = path.stat()
    except FileNotFoundError:
        raise SheetError(f"sheet {path}: {_absent(path)}") from None
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    # Before opening: opening a FIFO waits for a writer, for ever.
    if stat.S_ISDIR(status.st_mode):
        raise SheetError(f"sheet {path}: a folder; give the path of a .csv or .xlsx file")
    if not stat.S_ISREG(status.st_mode):
        raise SheetError(f"sheet {path}: not a regular file; save the sheet as a file and give its path")


def _absent(path: Path) -> str:
    if str(path) == "-":
        return "standard input is not read; save the sheet as a file and give its path"
    if _ADDRESS.fullmatch(str(path)):
        return "an address, and nothing is fetched from there; download the file and give its path"
    return "no such file; give the path of a .csv or .xlsx file"


def _unreadable(path: Path, error: OSError | ValueError) -> SheetError:
    if isinstance(error, PermissionError):
        return SheetError(f"sheet {path}: it cannot be opened; close it in Excel, or ask for the right to read it")
    reason = getattr(error, "strerror", None) or str(error)
    return SheetError(f"sheet {path}: {reason.lower()}; it must be a file that you may read")


def _kind(path: Path) -> Kind:
    if path.name.startswith(_LOCKS):
        contacts = path.name.removeprefix("~$").removeprefix(".~lock.").removesuffix("#")
        raise SheetError(
            f"sheet {path}: only the mark that {contacts!r} is open; close it there, and give its own path"
        )
    try:
        with path.open("rb") as file:
            return kind_of(file.read(START))
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    except SheetError as error:
        raise SheetError(f"sheet {path}: ", error.message) from None


def _checked(path: Path, sheet: Sheet, choices: Choices) -> Sheet:
    if not any(name.strip() for name in sheet.header):
        row = f"row {sheet.header_row} is blank"
        raise SheetError(f"sheet {path}: {row}; the first row must hold the names of the columns")
    first = next(sheet.rows, None)
    if first is None and choices.one_column:
        return sheet  # its one number may stand where names of columns do
    if first is None:
        raise SheetError(f"sheet {path}: no contacts below the header; add a row for each contact")
    return replace(sheet, rows=chain([first], sheet.rows))
