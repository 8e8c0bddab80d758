"""Rows as a page lists them, and the search in them: only in what the reader may see."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from campaign.domain.call_outcome import CallEnd
from campaign.domain.instants import from_text
from campaign.ledger.records.watching import RowGlance
from campaign.presentation.masking import Mask, masked_phone
from campaign.presentation.page.runs.run_words import ENDS

_FEWEST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class RowLine:
    """A row in one line."""

    number: int
    status: str
    name: str
    phone: str
    reason: str
    attempts: int
    at: str
    ended: str


def row_line(row: RowGlance, *, is_viewer: bool, mask: Mask) -> RowLine:
    """The line of a row."""
    phone = row.phone or ""
    ended = ENDS[CallEnd(row.ended_as)][0] if row.ended_as else (row.call_status or "")
    return RowLine(
        number=row.number,
        status=row.state.shown,
        name=row.name if row.name is not None else mask(_cells(row.cells)),
        phone=masked_phone(phone) if is_viewer and phone else phone,
        reason=mask(row.reason or ""),
        attempts=row.attempts,
        at=f"{from_text(row.submitted_at).astimezone():%Y-%m-%d %H:%M:%S}" if row.submitted_at else "",
        ended=ended,
    )


def search_for(text: str, *, is_viewer: bool, mask: Mask) -> Callable[[RowGlance], bool] | None:
    """Whether a row has that text in it, or a number with those digits; None for no search.

    Viewers search only in what they see: of a number its last digits, and of a sheet's cells nothing that is masked.
    Otherwise they could find a number out, digit by digit.
    """
    wanted = text.strip().casefold()
    if not wanted:
        return None
    digits = "".join(filter(str.isdigit, wanted))
    is_number = len(digits) >= _FEWEST_DIGITS and not any(map(str.isalpha, wanted))

    def takes(row: RowGlance) -> bool:
        if is_number and row.phone is not None:
            seen = masked_phone(row.phone) if is_viewer else row.phone
            return digits in seen or wanted in (row.name or "").casefold()
        cells = mask(_cells(row.cells)) if is_viewer else _cells(row.cells)
        if is_number and not is_viewer and digits in "".join(filter(str.isdigit, cells)):
            return True
        return wanted in (row.name or "").casefold() or wanted in cells.casefold()

    return takes


def _cells(cells: Sequence[str]) -> str:
    return " · ".join(cell for cell in cells if cell)
