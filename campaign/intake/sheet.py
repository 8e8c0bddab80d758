"""The pandas door: a CSV or Excel file becomes a `Sheet`, with every cell as the text that the user sees.

    path -> regular file? -> first bytes -> .xlsx (pandas, calamine) | CSV (`delimited`) -> header, rows -> Sheet

What a file is, its first bytes say: names lie.
"""

import stat
import zipfile
from datetime import date, datetime, time, timedelta
from itertools import chain
from pathlib import Path

from campaign.errors import SheetError, UndecidedError
from campaign.intake.choices import UNDECIDED, Choices
from campaign.intake.delimited import read_delimited
from campaign.intake.own_results import without_own_columns
from campaign.model import Row, Sheet

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
# A double holds every whole number below this exactly, and a spreadsheet program shows 15 digits.
_EXACT = 10**15


def open_sheet(path: Path, *, choices: Choices = UNDECIDED) -> Sheet:
    """Opens a sheet: its header at once, its rows while they are read.

    Args:
        path: a CSV file in UTF-8, or an .xlsx workbook.
        choices: what its owner says about how it is to be read.

    Raises:
        UndecidedError: only its owner can say how it is to be read.
        SheetError: one line with the file, the thing and the cure. Trouble further down is raised while rows are read.
    """
    start = _first_bytes(path)
    if not start:
        raise SheetError(f"sheet {path}: the file is empty; save the sheet again")
    if start == _OLE:
        raise SheetError(f"sheet {path}: an old .xls or a password-protected workbook; save it as .xlsx, no password")
    if start == _ZIP:
        return without_own_columns(_checked(path, _read_workbook(path, choices.sheet)), guarded=False)
    if choices.sheet is not None:
        raise SheetError(f"sheet {path}: a CSV file has no sheet {choices.sheet!r}; leave --sheet out")
    return without_own_columns(_checked(path, read_delimited(path, choices=choices)), guarded=True)


def _first_bytes(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        # Before opening: opening a FIFO waits for a writer, for ever.
        if stat.S_ISDIR(mode):
            raise SheetError(f"sheet {path}: a folder; give the path of a .csv or .xlsx file")
        if not stat.S_ISREG(mode):
            raise SheetError(f"sheet {path}: not a regular file; save the sheet as a file and give its path")
        with path.open("rb") as file:
            return file.read(len(_ZIP))
    except FileNotFoundError:
        raise SheetError(f"sheet {path}: no such file; give the path of a .csv or .xlsx file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SheetError(f"sheet {path}: {reason.lower()}; it must be a file that you may read") from None


def _checked(path: Path, sheet: Sheet) -> Sheet:
    if not any(name.strip() for name in sheet.header):
        raise SheetError(f"sheet {path}: row 1 is blank; the first row must hold the names of the columns")
    first = next(sheet.rows, None)
    if first is None:
        raise SheetError(f"sheet {path}: no contacts below the header; add a row for each contact")
    return Sheet(sheet.header, chain([first], sheet.rows))


def _read_workbook(path: Path, wanted: str | None) -> Sheet:
    _require_xlsx(path)
    # Foreign errors are mapped here and nowhere else; the reader raises anything for a damaged file.
    try:
        lines = _workbook_lines(path, wanted)
    except SheetError:
        raise
    except Exception as error:
        reason = " ".join(str(error).split())
        raise SheetError(f"sheet {path}: unreadable as a workbook ({reason}); open it and save it as .xlsx") from error
    rows = (Row(number, line) for number, line in enumerate(lines[1:], start=2) if any(map(str.strip, line)))
    return Sheet(lines[0] if lines else (), rows)


def _require_xlsx(path: Path) -> None:
    cure = "open it in a spreadsheet program and save it as .xlsx"
    try:
        with zipfile.ZipFile(path) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise SheetError(f"sheet {path}: a damaged workbook ({error}); {cure}") from None
    if "xl/workbook.xml" not in names:
        raise SheetError(f"sheet {path}: a zip file, but not an .xlsx workbook; {cure}")


def _workbook_lines(path: Path, wanted: str | None) -> list[tuple[str, ...]]:
    import pandas as pd  # noqa: PLC0415 - half a second that only a workbook needs to pay

    with pd.ExcelFile(path, engine="calamine") as book:
        name = _chosen(path, [str(name) for name in book.sheet_names], wanted)
        # Without a header, types and missing values, pandas hands over each cell as it stands, row 1 first.
        frame = pd.read_excel(book, sheet_name=name, header=None, dtype=object, keep_default_na=False, na_filter=False)
    lines = [tuple(map(_text, cells)) for cells in frame.itertuples(index=False, name=None)]
    # Formatting alone can stretch a sheet over thousands of columns.
    width = max((place for line in lines for place, cell in enumerate(line, start=1) if cell.strip()), default=0)
    return [line[:width] for line in lines]


def _chosen(path: Path, names: list[str], wanted: str | None) -> str:
    listed = ", ".join(repr(name) for name in names)
    if wanted is not None and wanted not in names:
        raise SheetError(f"sheet {path}: no sheet {wanted!r} in it; --sheet must be one of {listed}")
    if not names:
        raise SheetError(f"sheet {path}: no sheet with cells in it; save the contacts as an .xlsx or .csv file")
    if wanted is None and len(names) > 1:
        raise UndecidedError(
            f"sheet {path}: it holds {len(names)} sheets; choose one with --sheet: {listed}",
            choice="sheet",
            options=[(name, "") for name in names],
        )
    return wanted or names[0]


def _text(cell: object) -> str:  # noqa: PLR0911 - one return for each type of cell
    """A typed cell as text; whatever cannot be shown digit for digit gets a form that no phone number has."""
    match cell:
        case None:
            return ""
        case str():
            return cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case int() | float():
            return str(int(cell)) if abs(cell) < _EXACT and cell == int(cell) else repr(float(cell))
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
        case date() | time():
            return cell.isoformat()
        case timedelta():
            minutes, seconds = divmod(int(cell.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        case _:
            return str(cell)
