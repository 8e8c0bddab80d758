"""Reads a results file that is fed back: each of its rows, with its number in the run and its cells.

Patient, Mobile, Remark, | _row, _status, _id, ...
the user's, by name      | ours: which row it is, and what proves it
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from campaign.domain.cures import Cure, CureCode
from campaign.domain.errors import SheetError
from campaign.domain.model import Row
from campaign.intake.files.own_results import bare, is_own_results
from campaign.intake.files.read_options import UNDECIDED, Choices
from campaign.intake.open_sheet import open_whole

_ROW, _ID, _SUBMITTED = "_row", "_id", "_submitted_at"
_LARGEST = 20_000_000


@dataclass(frozen=True, slots=True)
class FedRow:
    """Row of a fed-back results file.

    Attributes:
        number: of the run's row that it belongs to.
        call_id: as the file has it; empty for none.
        submitted_at: likewise.
        row: its cells, ours among them; `row.number` is the place in the file.
    """

    number: int
    call_id: str
    submitted_at: str
    row: Row


@dataclass(frozen=True, slots=True)
class FedBack:
    """Fed-back results file that is being read: iterate `rows` once.

    Attributes:
        header: the names of the columns before ours.
        added: names of foreign columns among ours or after them.
        without_row: numbers of the file's rows that stand for no row of a run; complete once `rows` has been read.
    """

    header: tuple[str, ...]
    rows: Iterator[FedRow]
    added: tuple[str, ...]
    without_row: list[int]

    def places(self, header: Sequence[str]) -> tuple[int | None, ...]:
        """For each of these columns, where the file has it; of two that are called the same, each its own."""
        taken, found = set[int](), list[int | None]()
        for name in header:
            here = (at for at, known in enumerate(self.header) if known == name and at not in taken)
            place = next(here, None)
            found.append(place)
            if place is not None:
                taken.add(place)
        return tuple(found)


def read_fed_back(path: Path, *, choices: Choices = UNDECIDED) -> FedBack:
    """Opens a results file of ours, CSV or workbook.

    Raises:
        UndecidedError: only its owner can say how it is to be read.
        SheetError: it cannot be read, or is none; also while rows are read: `_row` is no number, or stands there twice.
    """
    sheet, guarded = open_whole(path, choices=choices)
    header = tuple(bare(name, guarded) for name in sheet.header)
    if not is_own_results(header):
        raise SheetError(
            f"sheet {path}: not a results file: it has no columns _row, _status and _id",
            cure=Cure(CureCode.GIVE_RUN_OR_RESULTS),
        )
    # Ours come last, after columns of the user's own that may be called the same.
    last = {name: at for at, name in enumerate(header)}
    without_row = list[int]()
    return FedBack(
        header=header[: last[_ROW]],
        rows=_fed_rows(path, sheet.rows, last, guarded=guarded, without_row=without_row),
        # Whatever a later version of ours writes there begins so as well.
        added=tuple(name for name in header[last[_ROW] :] if name.strip() and not name.startswith("_")),
        without_row=without_row,
    )


def _fed_rows(
    path: Path, rows: Iterator[Row], last: dict[str, int], *, guarded: bool, without_row: list[int]
) -> Iterator[FedRow]:
    seen = dict[int, int]()
    for row in rows:
        cells = tuple(bare(cell, guarded) for cell in row.cells)
        fed = Row(row.number, cells, row.damage, row.line, row.marks)
        if row.damage is not None:
            raise SheetError(f"sheet {path}: row {row.number}: {row.damage}; correct it, then feed the file back")
        if not cells[last[_ROW]].strip():
            without_row.append(row.number)
            continue
        number = _number(path, fed, cells[last[_ROW]])
        if (first := seen.setdefault(number, row.number)) != row.number:
            raise SheetError(
                f"sheet {path}: rows {first} and {row.number} both say _row {number}; take out the one that is not it"
            )
        submitted = cells[last[_SUBMITTED]] if _SUBMITTED in last else ""
        yield FedRow(number, cells[last[_ID]].strip(), submitted.strip(), fed)


def _number(path: Path, row: Row, written: str) -> int:
    text = written.strip().removesuffix(".0")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(_LARGEST)) else 0
    if not 1 <= number <= _LARGEST:
        raise SheetError(
            f"sheet {path}: row {row.number} says _row {written[:20]!r}, which is no row's number; "
            "put back what campaign wrote there"
        )
    return number
